/** VPC attachments as the API shows them, how they are found, and the one that a call names. */
import type { TransitGatewayVpcAttachment } from "@aws-sdk/client-ec2";
import { ec2Errors } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { named } from "../required.ts";
import { tagsOf } from "../tag/tags.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";

export const vpcAttachmentDescription: DescribeDefinition<"transitGatewayVpcAttachment"> = {
  table: "transitGatewayVpcAttachment",
  kind: "transit-gateway-attachment",
  idPrefix: "tgw-attach",
  filters: {
    state: ({ State }) => State,
    "transit-gateway-attachment-id": ({ TransitGatewayAttachmentId }) => TransitGatewayAttachmentId,
    "transit-gateway-id": ({ TransitGatewayId }) => TransitGatewayId,
    "vpc-id": ({ VpcId }) => VpcId,
  },
  indexed: { "transit-gateway-id": "transitGateway", "vpc-id": "vpc" },
};

/** What is wanted of one that is being modified is shown at once. */
export function toVpcAttachment(
  record: TransitGatewayVpcAttachmentRecord,
  context: ActionContext,
): TransitGatewayVpcAttachment {
  const { TransitGatewayAttachmentId, TransitGatewayId, VpcId, OwnerId, State, CreatedAt } = record;
  const { SubnetIds, Options } = record.Wanted ?? record;
  return {
    TransitGatewayAttachmentId,
    TransitGatewayId,
    VpcId,
    VpcOwnerId: OwnerId,
    State,
    SubnetIds: [...SubnetIds],
    CreationTime: new Date(CreatedAt),
    Options: { ...Options },
    Tags: tagsOf(context, TransitGatewayAttachmentId),
  };
}

/** One that the caller sees as the owner of the VPC or of the gateway. A deleted one is only shown, no longer used. */
export function vpcAttachmentNamed(id: string | undefined, context: ActionContext): TransitGatewayVpcAttachmentRecord {
  const record = named(vpcAttachmentDescription, "TransitGatewayAttachmentId", id, context);
  if (record.State !== "deleted") return record;
  throw ec2Errors.notFound("transit-gateway-attachment", record.TransitGatewayAttachmentId);
}
