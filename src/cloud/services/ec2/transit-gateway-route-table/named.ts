/** The table, and the attachment of its gateway, that a call names; and whether both may be used now. (semantics 6.7) */
import { ec2Errors } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { named } from "../required.ts";
import { checkAvailable, invalidState } from "../transit-gateway/named.ts";
import { type AnyAttachment, attachmentNamed } from "../transit-gateway-attachment/attachments.ts";
import { routeTableDescription } from "./describe.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";

/** One of the caller's gateways. A deleted one is only shown, no longer used. */
export function routeTableNamed(id: string | undefined, context: ActionContext): TransitGatewayRouteTableRecord {
  const table = named(routeTableDescription, "TransitGatewayRouteTableId", id, context);
  if (table.State !== "deleted") return table;
  throw ec2Errors.notFound("transit-gateway-route-table", table.TransitGatewayRouteTableId);
}

/** A table that may be changed. */
export function usableRouteTable(id: string | undefined, context: ActionContext): TransitGatewayRouteTableRecord {
  const table = routeTableNamed(id, context);
  checkAvailable(table.TransitGatewayRouteTableId, table);
  return table;
}

/** A usable table of this very gateway. */
export function routeTableOf(
  transitGatewayId: string,
  id: string,
  context: ActionContext,
): TransitGatewayRouteTableRecord {
  const table = usableRouteTable(id, context);
  if (table.TransitGatewayId !== transitGatewayId) throw ec2Errors.notFound("transit-gateway-route-table", id);
  return table;
}

/** An attachment of the table's gateway, in whatever state. One of another gateway is told like one that is not there. */
export function attachmentOfTable(
  table: TransitGatewayRouteTableRecord,
  id: string | undefined,
  context: ActionContext,
): AnyAttachment {
  const attachment = attachmentNamed(id, context);
  if (attachment.TransitGatewayId === table.TransitGatewayId && attachment.State !== "deleted") return attachment;
  throw ec2Errors.notFound("transit-gateway-attachment", attachment.TransitGatewayAttachmentId);
}

/** An attachment that associations, propagations and routes may be made for. [TG-33, TG-68] */
export function usableAttachment(
  table: TransitGatewayRouteTableRecord,
  id: string | undefined,
  context: ActionContext,
): AnyAttachment {
  const attachment = attachmentOfTable(table, id, context);
  if (attachment.State !== "available") throw invalidState(attachment.TransitGatewayAttachmentId);
  return attachment;
}
