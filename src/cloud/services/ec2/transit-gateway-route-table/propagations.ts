/** Which attachments bring their routes into a table by themselves: any number into any number. [TG-31] */
import type {
  DisableTransitGatewayRouteTablePropagationCommandInput,
  DisableTransitGatewayRouteTablePropagationCommandOutput,
  EnableTransitGatewayRouteTablePropagationCommandInput,
  EnableTransitGatewayRouteTablePropagationCommandOutput,
  GetTransitGatewayAttachmentPropagationsCommandInput,
  GetTransitGatewayAttachmentPropagationsCommandOutput,
  GetTransitGatewayRouteTablePropagationsCommandInput,
  GetTransitGatewayRouteTablePropagationsCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { matcher } from "../filters.ts";
import { checkPageSize, page, usualPageSize } from "../pages.ts";
import { invalidState } from "../transit-gateway/named.ts";
import { attachmentNamed } from "../transit-gateway-attachment/attachments.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { entriesPage, membersOf } from "./entries.ts";
import { propagate } from "./membership.ts";
import { attachmentOfTable, routeTableNamed, usableAttachment, usableRouteTable } from "./named.ts";
import { attachmentKey, entryId, type TransitGatewayPropagationRecord } from "./record.ts";
import { checkRouteQuota } from "./route-quota.ts";

export const enableTransitGatewayRouteTablePropagation: Action<
  EnableTransitGatewayRouteTablePropagationCommandInput,
  EnableTransitGatewayRouteTablePropagationCommandOutput
> = (input, context) => {
  const { TransitGatewayRouteTableAnnouncementId } = input;
  refuseUnmodelled("EnableTransitGatewayRouteTablePropagation", { TransitGatewayRouteTableAnnouncementId });
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const { TransitGatewayAttachmentId } = usableAttachment(table, input.TransitGatewayAttachmentId, context);
  const { TransitGatewayRouteTableId } = table;
  const id = entryId(TransitGatewayRouteTableId, TransitGatewayAttachmentId);
  if (context.get("transitGatewayPropagation", id) !== undefined) {
    throw new AwsError(
      "TransitGatewayRouteTablePropagation.Duplicate",
      `Propagation ${TransitGatewayAttachmentId} already exists in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    );
  }
  propagate(context, TransitGatewayRouteTableId, TransitGatewayAttachmentId);
  checkRouteQuota(table.TransitGatewayId, context);
  return { Propagation: toPropagation(context.must("transitGatewayPropagation", id), context) };
};

export const disableTransitGatewayRouteTablePropagation: Action<
  DisableTransitGatewayRouteTablePropagationCommandInput,
  DisableTransitGatewayRouteTablePropagationCommandOutput
> = (input, context) => {
  const { TransitGatewayRouteTableAnnouncementId } = input;
  refuseUnmodelled("DisableTransitGatewayRouteTablePropagation", { TransitGatewayRouteTableAnnouncementId });
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const { TransitGatewayAttachmentId: id } = attachmentOfTable(table, input.TransitGatewayAttachmentId, context);
  const propagation = context.get("transitGatewayPropagation", entryId(table.TransitGatewayRouteTableId, id));
  if (propagation === undefined) {
    throw new AwsError(
      "TransitGatewayRouteTablePropagation.NotFound",
      `Propagation ${id} does not exist in Transit Gateway Route Table ${table.TransitGatewayRouteTableId}.`,
    );
  }
  const after = context.fire("transitGatewayPropagation", propagation, "DisableTransitGatewayRouteTablePropagation");
  if (after === undefined) throw invalidState(id);
  return { Propagation: toPropagation(after, context) };
};

export const getTransitGatewayRouteTablePropagations: Action<
  GetTransitGatewayRouteTablePropagationsCommandInput,
  GetTransitGatewayRouteTablePropagationsCommandOutput
> = (input, context) => {
  const { TransitGatewayRouteTableId: id } = routeTableNamed(input.TransitGatewayRouteTableId, context);
  const rows = context.by("transitGatewayPropagation", "routeTable", id);
  const { records, NextToken } = entriesPage(rows, input, context);
  return {
    TransitGatewayRouteTablePropagations: records.map((row) => ({ ...membersOf(row, context), State: row.State })),
    NextToken,
  };
};

/** The tables are the gateway owner's to see. [TG-80] */
export const getTransitGatewayAttachmentPropagations: Action<
  GetTransitGatewayAttachmentPropagationsCommandInput,
  GetTransitGatewayAttachmentPropagationsCommandOutput
> = (input, context) => {
  const attachment = attachmentNamed(input.TransitGatewayAttachmentId, context);
  const { TransitGatewayId, TransitGatewayAttachmentId, TransitGatewayOwnerId } = attachment;
  if (TransitGatewayOwnerId !== context.caller.accountId) {
    throw ec2Errors.notFound("transit-gateway-attachment", TransitGatewayAttachmentId);
  }
  checkPageSize(input.MaxResults, usualPageSize);
  const idOf = (row: TransitGatewayPropagationRecord) => row.TransitGatewayRouteTableId;
  const matches = matcher(input.Filters, { "transit-gateway-route-table-id": idOf }, idOf, context);
  const key = attachmentKey(TransitGatewayId, TransitGatewayAttachmentId);
  const rows = context.by("transitGatewayPropagation", "attachment", key).filter(matches);
  const { records, NextToken } = page(rows, idOf, input);
  return {
    TransitGatewayAttachmentPropagations: records.map(({ TransitGatewayRouteTableId, State }) => ({
      TransitGatewayRouteTableId,
      State,
    })),
    NextToken,
  };
};

function toPropagation(record: TransitGatewayPropagationRecord, context: ActionContext) {
  const { TransitGatewayRouteTableId, State } = record;
  return { ...membersOf(record, context), TransitGatewayRouteTableId, State };
}
