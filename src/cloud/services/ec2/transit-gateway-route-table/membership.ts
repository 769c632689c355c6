/** How attachments come into a gateway's tables by themselves, how they leave them, and how a table is emptied. [TG-3, TG-16, TG-63] */
import type { Transaction } from "../../../state/transaction.ts";
import { attachmentKey, entryId } from "./record.ts";

interface Joining {
  readonly TransitGatewayId: string;
  readonly TransitGatewayAttachmentId: string;
  /** A peering brings no routes of its own. [TG-63] */
  readonly propagates: boolean;
}

/** Associates the attachment with its gateway's default table, and lets it propagate, where the gateway says so now. [TG-4] */
export function joinDefaultRouteTables(
  transaction: Transaction,
  { TransitGatewayId, TransitGatewayAttachmentId, propagates }: Joining,
): void {
  const { Options } = transaction.must("transitGateway", TransitGatewayId);
  const { AssociationDefaultRouteTableId: association, PropagationDefaultRouteTableId: propagation } = Options;
  if (association !== undefined) associate(transaction, association, TransitGatewayAttachmentId);
  if (propagation !== undefined && propagates) propagate(transaction, propagation, TransitGatewayAttachmentId);
}

export function associate(transaction: Transaction, routeTableId: string, attachmentId: string): void {
  transaction.put("transitGatewayAssociation", {
    ...entryOf(transaction, routeTableId),
    TransitGatewayAttachmentId: attachmentId,
    State: "associating",
  });
}

export function propagate(transaction: Transaction, routeTableId: string, attachmentId: string): void {
  transaction.put("transitGatewayPropagation", {
    ...entryOf(transaction, routeTableId),
    TransitGatewayAttachmentId: attachmentId,
    State: "enabling",
  });
}

/** What every new entry of a table begins with. */
export function entryOf(transaction: Transaction, routeTableId: string) {
  const { OwnerId, Region, TransitGatewayId } = transaction.must("transitGatewayRouteTable", routeTableId);
  return { OwnerId, Region, CreatedAt: transaction.now, TransitGatewayRouteTableId: routeTableId, TransitGatewayId };
}

/** The attachment is going: its association and propagations end with it. Static routes to it stay, as blackholes. [TG-16] */
export function leaveRouteTables(transaction: Transaction, transitGatewayId: string, attachmentId: string): void {
  const key = attachmentKey(transitGatewayId, attachmentId);
  for (const association of transaction.by("transitGatewayAssociation", "attachment", key)) {
    transaction.fire("transitGatewayAssociation", association, "DeleteTransitGatewayAttachment");
  }
  for (const propagation of transaction.by("transitGatewayPropagation", "attachment", key)) {
    transaction.fire("transitGatewayPropagation", propagation, "DeleteTransitGatewayAttachment");
  }
}

/** Ends all that a deleted table held. */
export function emptyRouteTable(transaction: Transaction, routeTableId: string): void {
  for (const { TransitGatewayAttachmentId } of transaction.by(
    "transitGatewayAssociation",
    "routeTable",
    routeTableId,
  )) {
    transaction.delete("transitGatewayAssociation", entryId(routeTableId, TransitGatewayAttachmentId));
  }
  for (const { TransitGatewayAttachmentId } of transaction.by(
    "transitGatewayPropagation",
    "routeTable",
    routeTableId,
  )) {
    transaction.delete("transitGatewayPropagation", entryId(routeTableId, TransitGatewayAttachmentId));
  }
  for (const { DestinationCidrBlock } of transaction.by("transitGatewayRoute", "routeTable", routeTableId)) {
    transaction.delete("transitGatewayRoute", entryId(routeTableId, DestinationCidrBlock));
  }
  for (const { PrefixListId } of transaction.by("transitGatewayPrefixListReference", "routeTable", routeTableId)) {
    transaction.delete("transitGatewayPrefixListReference", entryId(routeTableId, PrefixListId));
  }
}
