/** VPC attachments of transit gateways: answering, changing, ending and describing them. [TG-10, TG-15, TG-18, TG-81] */
import type {
  AcceptTransitGatewayVpcAttachmentCommandInput,
  AcceptTransitGatewayVpcAttachmentCommandOutput,
  DeleteTransitGatewayVpcAttachmentCommandInput,
  DeleteTransitGatewayVpcAttachmentCommandOutput,
  DescribeTransitGatewayVpcAttachmentsCommandInput,
  DescribeTransitGatewayVpcAttachmentsCommandOutput,
  ModifyTransitGatewayVpcAttachmentCommandInput,
  ModifyTransitGatewayVpcAttachmentCommandOutput,
  RejectTransitGatewayVpcAttachmentCommandInput,
  RejectTransitGatewayVpcAttachmentCommandOutput,
} from "@aws-sdk/client-ec2";
import { unauthorizedOperation } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { invalidState } from "../transit-gateway/named.ts";
import { withSwitches } from "../transit-gateway/switches.ts";
import { createTransitGatewayVpcAttachment } from "./create.ts";
import { toVpcAttachment, vpcAttachmentDescription, vpcAttachmentNamed } from "./describe.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";
import { changedSubnets } from "./subnets.ts";

const acceptTransitGatewayVpcAttachment: Action<
  AcceptTransitGatewayVpcAttachmentCommandInput,
  AcceptTransitGatewayVpcAttachmentCommandOutput
> = (input, context) => {
  const record = vpcAttachmentNamed(input.TransitGatewayAttachmentId, context);
  checkOwner(record, record.TransitGatewayOwnerId, context);
  return moved(record, "AcceptTransitGatewayVpcAttachment", context);
};

const rejectTransitGatewayVpcAttachment: Action<
  RejectTransitGatewayVpcAttachmentCommandInput,
  RejectTransitGatewayVpcAttachmentCommandOutput
> = (input, context) => {
  const record = vpcAttachmentNamed(input.TransitGatewayAttachmentId, context);
  checkOwner(record, record.TransitGatewayOwnerId, context);
  return moved(record, "RejectTransitGatewayVpcAttachment", context);
};

const modifyTransitGatewayVpcAttachment: Action<
  ModifyTransitGatewayVpcAttachmentCommandInput,
  ModifyTransitGatewayVpcAttachmentCommandOutput
> = (input, context) => {
  const record = vpcAttachmentNamed(input.TransitGatewayAttachmentId, context);
  checkOwner(record, record.OwnerId, context);
  const Wanted = {
    SubnetIds: changedSubnets(record, input.AddSubnetIds ?? [], input.RemoveSubnetIds ?? [], context),
    Options: withSwitches(record.Options, input.Options ?? {}),
  };
  return moved({ ...record, Wanted }, "ModifyTransitGatewayVpcAttachment", context);
};

/** Either owner may end it. [TG-18] */
const deleteTransitGatewayVpcAttachment: Action<
  DeleteTransitGatewayVpcAttachmentCommandInput,
  DeleteTransitGatewayVpcAttachmentCommandOutput
> = (input, context) => {
  const record = vpcAttachmentNamed(input.TransitGatewayAttachmentId, context);
  return moved(record, "DeleteTransitGatewayVpcAttachment", context);
};

const describeTransitGatewayVpcAttachments: Action<
  DescribeTransitGatewayVpcAttachmentsCommandInput,
  DescribeTransitGatewayVpcAttachmentsCommandOutput
> = (input, context) => {
  const { records, NextToken } = describe(vpcAttachmentDescription, input.TransitGatewayAttachmentIds, input, context);
  return { TransitGatewayVpcAttachments: records.map((record) => toVpcAttachment(record, context)), NextToken };
};

export const transitGatewayVpcAttachmentActions = {
  CreateTransitGatewayVpcAttachment: createTransitGatewayVpcAttachment,
  AcceptTransitGatewayVpcAttachment: acceptTransitGatewayVpcAttachment,
  RejectTransitGatewayVpcAttachment: rejectTransitGatewayVpcAttachment,
  ModifyTransitGatewayVpcAttachment: modifyTransitGatewayVpcAttachment,
  DeleteTransitGatewayVpcAttachment: deleteTransitGatewayVpcAttachment,
  DescribeTransitGatewayVpcAttachments: describeTransitGatewayVpcAttachments,
} satisfies Actions;

function moved(record: TransitGatewayVpcAttachmentRecord, event: string, context: ActionContext) {
  const after = context.fire("transitGatewayVpcAttachment", record, event);
  if (after === undefined) throw invalidState(record.TransitGatewayAttachmentId);
  return { TransitGatewayVpcAttachment: toVpcAttachment(after, context) };
}

/** The gateway's owner answers, the VPC's owner changes. [TG-80, TG-81] */
function checkOwner(
  { TransitGatewayAttachmentId }: TransitGatewayVpcAttachmentRecord,
  ownerId: string,
  { caller }: ActionContext,
): void {
  if (caller.accountId === ownerId) return;
  throw unauthorizedOperation(`You are not authorized to perform this operation on ${TransitGatewayAttachmentId}.`);
}
