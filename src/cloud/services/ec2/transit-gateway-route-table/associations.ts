/** Which table an attachment's arriving packets are looked up in: none or one. [TG-30] */
import type {
  AssociateTransitGatewayRouteTableCommandInput,
  AssociateTransitGatewayRouteTableCommandOutput,
  DisassociateTransitGatewayRouteTableCommandInput,
  DisassociateTransitGatewayRouteTableCommandOutput,
  GetTransitGatewayRouteTableAssociationsCommandInput,
  GetTransitGatewayRouteTableAssociationsCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { invalidState } from "../transit-gateway/named.ts";
import { entriesPage, membersOf } from "./entries.ts";
import { associate } from "./membership.ts";
import { attachmentOfTable, routeTableNamed, usableAttachment, usableRouteTable } from "./named.ts";
import { attachmentKey, entryId, type TransitGatewayAssociationRecord } from "./record.ts";

export const associateTransitGatewayRouteTable: Action<
  AssociateTransitGatewayRouteTableCommandInput,
  AssociateTransitGatewayRouteTableCommandOutput
> = (input, context) => {
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const attachment = usableAttachment(table, input.TransitGatewayAttachmentId, context);
  const { TransitGatewayRouteTableId: tableId, TransitGatewayId } = table;
  const { TransitGatewayAttachmentId: attachmentId } = attachment;
  const key = attachmentKey(TransitGatewayId, attachmentId);
  if (context.by("transitGatewayAssociation", "attachment", key).length > 0) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `Transit Gateway Attachment ${attachmentId} is already associated to a route table.`,
    );
  }
  associate(context, tableId, attachmentId);
  return {
    Association: toAssociation(context.must("transitGatewayAssociation", entryId(tableId, attachmentId)), context),
  };
};

export const disassociateTransitGatewayRouteTable: Action<
  DisassociateTransitGatewayRouteTableCommandInput,
  DisassociateTransitGatewayRouteTableCommandOutput
> = (input, context) => {
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const { TransitGatewayAttachmentId: id } = attachmentOfTable(table, input.TransitGatewayAttachmentId, context);
  const association = context.get("transitGatewayAssociation", entryId(table.TransitGatewayRouteTableId, id));
  if (association === undefined) {
    throw new AwsError(
      "InvalidAssociation.NotFound",
      `Transit Gateway Attachment ${id} is not associated with route table ${table.TransitGatewayRouteTableId}.`,
    );
  }
  const after = context.fire("transitGatewayAssociation", association, "DisassociateTransitGatewayRouteTable");
  if (after === undefined) throw invalidState(id);
  return { Association: toAssociation(after, context) };
};

export const getTransitGatewayRouteTableAssociations: Action<
  GetTransitGatewayRouteTableAssociationsCommandInput,
  GetTransitGatewayRouteTableAssociationsCommandOutput
> = (input, context) => {
  const { TransitGatewayRouteTableId: id } = routeTableNamed(input.TransitGatewayRouteTableId, context);
  const rows = context.by("transitGatewayAssociation", "routeTable", id);
  const { records, NextToken } = entriesPage(rows, input, context);
  return {
    Associations: records.map((row) => {
      const { TransitGatewayRouteTableId: _, ...association } = toAssociation(row, context);
      return association;
    }),
    NextToken,
  };
};

function toAssociation(record: TransitGatewayAssociationRecord, context: ActionContext) {
  const { TransitGatewayRouteTableId, State } = record;
  return { TransitGatewayRouteTableId, ...membersOf(record, context), State };
}
