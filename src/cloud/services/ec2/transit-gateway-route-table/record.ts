/** A transit gateway's route table and what is in it, each a record of its own because each has a life of its own. [TG-30 to TG-35] */
import type { TransitGatewayRouteTable } from "../../../../model/index.ts";
import type { CloudRecord } from "../../../state/record.ts";

/** Whether it is one of its gateway's default tables is the gateway's to tell. [TG-4] */
export interface TransitGatewayRouteTableRecord extends CloudRecord {
  readonly TransitGatewayRouteTableId: string;
  readonly TransitGatewayId: string;
  readonly State: TransitGatewayRouteTable["state"];
}

/** What every entry of a table has; owner and Region are the table's. */
interface EntryRecord extends CloudRecord {
  readonly TransitGatewayRouteTableId: string;
  readonly TransitGatewayId: string;
}

export interface TransitGatewayAssociationRecord extends EntryRecord {
  readonly TransitGatewayAttachmentId: string;
  readonly State: TransitGatewayRouteTable["associations"][number]["state"];
}

export interface TransitGatewayPropagationRecord extends EntryRecord {
  readonly TransitGatewayAttachmentId: string;
  readonly State: TransitGatewayRouteTable["propagations"][number]["state"];
}

/** A static route. Whether an `active` one is a blackhole follows from its target, at every read. [TG-42] */
export interface TransitGatewayRouteRecord extends EntryRecord {
  readonly DestinationCidrBlock: string;
  /** Absent for a route that is meant to be a blackhole. */
  readonly TransitGatewayAttachmentId?: string;
  readonly State: "pending" | "active" | "deleting" | "deleted";
}

export interface TransitGatewayPrefixListReferenceRecord extends EntryRecord {
  readonly PrefixListId: string;
  readonly PrefixListOwnerId: string;
  /** Absent for a reference that is meant to be a blackhole. */
  readonly TransitGatewayAttachmentId?: string;
  /** `deleted` is no state of the API: the row is gone at once. */
  readonly State: "pending" | "available" | "modifying" | "deleting" | "deleted";
}

/** The key of an entry: one for each table and attachment, destination or list. */
export function entryId(routeTableId: string, what: string): string {
  return `${routeTableId}/${what}`;
}

/** The key under which an attachment's entries are found. Both sides of a peering may know it by one id. [TG-62] */
export function attachmentKey(transitGatewayId: string, attachmentId: string): string {
  return `${transitGatewayId}/${attachmentId}`;
}
