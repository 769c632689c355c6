/** The internet gateway actions of EC2: one gateway per VPC, one VPC per gateway. [IG-1] */
import type {
  AttachInternetGatewayCommandInput,
  AttachInternetGatewayCommandOutput,
  CreateInternetGatewayCommandInput,
  CreateInternetGatewayCommandOutput,
  DeleteInternetGatewayCommandInput,
  DeleteInternetGatewayCommandOutput,
  DescribeInternetGatewaysCommandInput,
  DescribeInternetGatewaysCommandOutput,
  DetachInternetGatewayCommandInput,
  DetachInternetGatewayCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, dependencyViolation, invalidParameterValue } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { internetGatewayDescription, internetGatewayToApi } from "./describe.ts";
import type { InternetGatewayRecord } from "./record.ts";

const createInternetGateway: Action<CreateInternetGatewayCommandInput, CreateInternetGatewayCommandOutput> = (
  input,
  context,
) => {
  const { accountId, region } = context.caller;
  checkQuota("internetGatewaysPerRegion", context.inScope("internetGateway", accountId, region).length + 1);
  const gateway: InternetGatewayRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: context.now,
    InternetGatewayId: context.newId("igw"),
  };
  context.put("internetGateway", gateway);
  tagNewResource(context, input.TagSpecifications, "internet-gateway", gateway.InternetGatewayId);
  return { InternetGateway: internetGatewayToApi(gateway, context) };
};

const attachInternetGateway: Action<AttachInternetGatewayCommandInput, AttachInternetGatewayCommandOutput> = (
  input,
  context,
) => {
  const gateway = named(internetGatewayDescription, "InternetGatewayId", input.InternetGatewayId, context);
  const { VpcId } = named(vpcDescription, "VpcId", input.VpcId, context);
  if (gateway.VpcId !== undefined) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `resource ${gateway.InternetGatewayId} is already attached to network ${gateway.VpcId}`,
    );
  }
  if (context.by("internetGateway", "vpc", VpcId).length > 0) {
    throw invalidParameterValue(`Network ${VpcId} already has an internet gateway attached`);
  }
  context.put("internetGateway", { ...gateway, VpcId });
  return {};
};

const detachInternetGateway: Action<DetachInternetGatewayCommandInput, DetachInternetGatewayCommandOutput> = (
  input,
  context,
) => {
  const gateway = named(internetGatewayDescription, "InternetGatewayId", input.InternetGatewayId, context);
  const { InternetGatewayId } = gateway;
  const { VpcId } = named(vpcDescription, "VpcId", input.VpcId, context);
  if (gateway.VpcId !== VpcId) {
    throw new AwsError("Gateway.NotAttached", `resource ${InternetGatewayId} is not attached to network ${VpcId}`);
  }
  if (hasMappedPublicAddress(context, VpcId)) {
    throw dependencyViolation(
      `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
  // An edge association routes what enters at the gateway: without the gateway there is nothing that it could say. [RT-40]
  for (const table of context.by("routeTable", "gateway", InternetGatewayId)) {
    context.put("routeTable", {
      ...table,
      Associations: table.Associations.filter(({ GatewayId }) => GatewayId !== InternetGatewayId),
    });
  }
  const { VpcId: _left, ...detached } = gateway;
  context.put("internetGateway", detached);
  return {};
};

const deleteInternetGateway: Action<DeleteInternetGatewayCommandInput, DeleteInternetGatewayCommandOutput> = (
  input,
  context,
) => {
  const gateway = named(internetGatewayDescription, "InternetGatewayId", input.InternetGatewayId, context);
  const { InternetGatewayId } = gateway;
  if (gateway.VpcId !== undefined) {
    throw dependencyViolation(`The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`);
  }
  context.delete("internetGateway", InternetGatewayId);
  forgetTags(context, InternetGatewayId);
  return {};
};

const describeInternetGateways: Action<DescribeInternetGatewaysCommandInput, DescribeInternetGatewaysCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(internetGatewayDescription, input.InternetGatewayIds, input, context);
  return { InternetGateways: records.map((gateway) => internetGatewayToApi(gateway, context)), NextToken };
};

export const internetGatewayActions = {
  CreateInternetGateway: createInternetGateway,
  AttachInternetGateway: attachInternetGateway,
  DetachInternetGateway: detachInternetGateway,
  DeleteInternetGateway: deleteInternetGateway,
  DescribeInternetGateways: describeInternetGateways,
} satisfies Actions;

function hasMappedPublicAddress(context: ActionContext, vpcId: string): boolean {
  return context
    .by("networkInterface", "vpc", vpcId)
    .some(
      ({ NetworkInterfaceId, PrivateIpAddresses }) =>
        PrivateIpAddresses.some(({ AutoPublicIp }) => AutoPublicIp !== undefined) ||
        context.by("address", "networkInterface", NetworkInterfaceId).length > 0,
    );
}
