/** Internet gateways as the API shows them: an attachment's state reads `available`, whatever the model's enum says. [IG-1] */
import type { InternetGateway } from "@aws-sdk/client-ec2";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { InternetGatewayRecord } from "./record.ts";

/** What EC2 answers here, which its own enum of attachment states does not list. */
const attachedState = "available";

export const internetGatewayDescription: DescribeDefinition<"internetGateway"> = {
  table: "internetGateway",
  kind: "internet-gateway",
  idPrefix: "igw",
  filters: {
    "attachment.state": (gateway) => (gateway.VpcId === undefined ? undefined : attachedState),
    "attachment.vpc-id": (gateway) => gateway.VpcId,
    "internet-gateway-id": (gateway) => gateway.InternetGatewayId,
    "owner-id": (gateway) => gateway.OwnerId,
  },
  indexed: { "attachment.vpc-id": "vpc" },
};

export function internetGatewayToApi(gateway: InternetGatewayRecord, context: ActionContext): InternetGateway {
  return {
    InternetGatewayId: gateway.InternetGatewayId,
    OwnerId: gateway.OwnerId,
    // The SDK's enum lacks the state that the service sends.
    Attachments: gateway.VpcId === undefined ? [] : [{ State: attachedState as "attached", VpcId: gateway.VpcId }],
    Tags: tagsOf(context, gateway.InternetGatewayId),
  };
}
