/** The egress-only internet gateway actions of EC2. Deleting one leaves its routes behind as blackholes. (semantics 9.5, [RT-30]) */
import type {
  CreateEgressOnlyInternetGatewayCommandInput,
  CreateEgressOnlyInternetGatewayCommandOutput,
  DeleteEgressOnlyInternetGatewayCommandInput,
  DeleteEgressOnlyInternetGatewayCommandOutput,
  DescribeEgressOnlyInternetGatewaysCommandInput,
  DescribeEgressOnlyInternetGatewaysCommandOutput,
  EgressOnlyInternetGateway,
} from "@aws-sdk/client-ec2";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { type DescribeDefinition, describe } from "../describe.ts";
import { named } from "../required.ts";
import { forgetTags, tagNewResource, tagsOf } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import type { EgressOnlyInternetGatewayRecord } from "./record.ts";

const createEgressOnlyInternetGateway: Action<
  CreateEgressOnlyInternetGatewayCommandInput,
  CreateEgressOnlyInternetGatewayCommandOutput
> = (input, context) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const gateway: EgressOnlyInternetGatewayRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: context.now,
    EgressOnlyInternetGatewayId: context.newId("eigw"),
    VpcId: vpc.VpcId,
  };
  context.put("egressOnlyInternetGateway", gateway);
  tagNewResource(context, input.TagSpecifications, "egress-only-internet-gateway", gateway.EgressOnlyInternetGatewayId);
  return { EgressOnlyInternetGateway: toApi(gateway, context), ClientToken: input.ClientToken };
};

const deleteEgressOnlyInternetGateway: Action<
  DeleteEgressOnlyInternetGatewayCommandInput,
  DeleteEgressOnlyInternetGatewayCommandOutput
> = (input, context) => {
  const id = input.EgressOnlyInternetGatewayId;
  const gateway = named(egressOnlyInternetGatewayDescription, "EgressOnlyInternetGatewayId", id, context);
  context.delete("egressOnlyInternetGateway", gateway.EgressOnlyInternetGatewayId);
  forgetTags(context, gateway.EgressOnlyInternetGatewayId);
  return { ReturnCode: true };
};

const describeEgressOnlyInternetGateways: Action<
  DescribeEgressOnlyInternetGatewaysCommandInput,
  DescribeEgressOnlyInternetGatewaysCommandOutput
> = (input, context) => {
  const ids = input.EgressOnlyInternetGatewayIds;
  const { records, NextToken } = describe(egressOnlyInternetGatewayDescription, ids, input, context);
  return { EgressOnlyInternetGateways: records.map((gateway) => toApi(gateway, context)), NextToken };
};

export const egressOnlyInternetGatewayActions = {
  CreateEgressOnlyInternetGateway: createEgressOnlyInternetGateway,
  DeleteEgressOnlyInternetGateway: deleteEgressOnlyInternetGateway,
  DescribeEgressOnlyInternetGateways: describeEgressOnlyInternetGateways,
} satisfies Actions;

const egressOnlyInternetGatewayDescription: DescribeDefinition<"egressOnlyInternetGateway"> = {
  table: "egressOnlyInternetGateway",
  kind: "egress-only-internet-gateway",
  idPrefix: "eigw",
  pageSize: { min: 5, max: 255 },
  filters: {
    "egress-only-internet-gateway-id": (gateway) => gateway.EgressOnlyInternetGatewayId,
    "attachment.vpc-id": (gateway) => gateway.VpcId,
    "attachment.state": () => "attached",
    "owner-id": (gateway) => gateway.OwnerId,
  },
  indexed: { "attachment.vpc-id": "vpc" },
};

function toApi(gateway: EgressOnlyInternetGatewayRecord, context: ActionContext): EgressOnlyInternetGateway {
  return {
    EgressOnlyInternetGatewayId: gateway.EgressOnlyInternetGatewayId,
    Attachments: [{ State: "attached", VpcId: gateway.VpcId }],
    Tags: tagsOf(context, gateway.EgressOnlyInternetGatewayId),
  };
}
