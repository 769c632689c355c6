/** DescribeTransitGatewayAttachments: attachments of every kind, with the tables that they are associated with. (semantics 6.2) */
import type {
  DescribeTransitGatewayAttachmentsCommandInput,
  DescribeTransitGatewayAttachmentsCommandOutput,
  TransitGatewayAttachment,
} from "@aws-sdk/client-ec2";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describeRows, type RowsDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import { attachmentKey, type TransitGatewayAssociationRecord } from "../transit-gateway-route-table/record.ts";
import { type AnyAttachment, attachmentsSeen } from "./attachments.ts";

const definition: RowsDefinition<AnyAttachment> = {
  kind: "transit-gateway-attachment",
  idPrefix: "tgw-attach",
  idOf: (row) => row.TransitGatewayAttachmentId,
  filters: {
    "association.state": (row, context) => associationOf(row, context)?.State,
    "association.transit-gateway-route-table-id": (row, context) =>
      associationOf(row, context)?.TransitGatewayRouteTableId,
    "resource-id": (row) => row.ResourceId,
    "resource-owner-id": (row) => row.ResourceOwnerId,
    "resource-type": (row) => row.ResourceType,
    state: (row) => row.State,
    "transit-gateway-attachment-id": (row) => row.TransitGatewayAttachmentId,
    "transit-gateway-id": (row) => row.TransitGatewayId,
    "transit-gateway-owner-id": (row) => row.TransitGatewayOwnerId,
  },
};

const describeTransitGatewayAttachments: Action<
  DescribeTransitGatewayAttachmentsCommandInput,
  DescribeTransitGatewayAttachmentsCommandOutput
> = (input, context) => {
  const seen = attachmentsSeen(context);
  const { records, NextToken } = describeRows(definition, seen, input.TransitGatewayAttachmentIds, input, context);
  return { TransitGatewayAttachments: records.map((row) => toAttachment(row, context)), NextToken };
};

export const transitGatewayAttachmentActions = {
  DescribeTransitGatewayAttachments: describeTransitGatewayAttachments,
} satisfies Actions;

function toAttachment({ CreatedAt, ...row }: AnyAttachment, context: ActionContext): TransitGatewayAttachment {
  const association = associationOf(row, context);
  return {
    ...row,
    CreationTime: new Date(CreatedAt),
    ...(association && {
      Association: {
        TransitGatewayRouteTableId: association.TransitGatewayRouteTableId,
        State: association.State,
      },
    }),
    Tags: tagsOf(context, row.TransitGatewayAttachmentId),
  };
}

/** The tables are the gateway owner's to see. [TG-80] */
function associationOf(
  row: Omit<AnyAttachment, "CreatedAt">,
  context: ActionContext,
): TransitGatewayAssociationRecord | undefined {
  if (row.TransitGatewayOwnerId !== context.caller.accountId) return undefined;
  const key = attachmentKey(row.TransitGatewayId, row.TransitGatewayAttachmentId);
  return context.by("transitGatewayAssociation", "attachment", key)[0];
}
