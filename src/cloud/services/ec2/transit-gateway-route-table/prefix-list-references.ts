/** Routes of a transit gateway's table for all the entries of a prefix list. [TG-34] */
import type {
  CreateTransitGatewayPrefixListReferenceCommandInput,
  CreateTransitGatewayPrefixListReferenceCommandOutput,
  DeleteTransitGatewayPrefixListReferenceCommandInput,
  DeleteTransitGatewayPrefixListReferenceCommandOutput,
  GetTransitGatewayPrefixListReferencesCommandInput,
  GetTransitGatewayPrefixListReferencesCommandOutput,
  ModifyTransitGatewayPrefixListReferenceCommandInput,
  ModifyTransitGatewayPrefixListReferenceCommandOutput,
  TransitGatewayPrefixListReference,
} from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { managedPrefixListDescription } from "../managed-prefix-list/describe.ts";
import type { ManagedPrefixListRecord } from "../managed-prefix-list/record.ts";
import { checkPageSize, page, usualPageSize } from "../pages.ts";
import { named } from "../required.ts";
import { invalidState } from "../transit-gateway/named.ts";
import { membersOf } from "./entries.ts";
import { entryOf } from "./membership.ts";
import { routeTableNamed, usableRouteTable } from "./named.ts";
import { entryId, type TransitGatewayPrefixListReferenceRecord } from "./record.ts";
import { checkRouteQuota } from "./route-quota.ts";
import { targetFrom } from "./targets.ts";

export const createTransitGatewayPrefixListReference: Action<
  CreateTransitGatewayPrefixListReferenceCommandInput,
  CreateTransitGatewayPrefixListReferenceCommandOutput
> = (input, context) => {
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const { PrefixListId, OwnerId: PrefixListOwnerId } = prefixListNamed(input.PrefixListId, context);
  const { TransitGatewayRouteTableId, TransitGatewayId } = table;
  if (context.get("transitGatewayPrefixListReference", entryId(TransitGatewayRouteTableId, PrefixListId))) {
    // The code of routes; that of references is not published.
    throw new AwsError(
      "RouteAlreadyExists",
      `Route ${PrefixListId} already exists in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    );
  }
  const record: TransitGatewayPrefixListReferenceRecord = {
    ...entryOf(context, TransitGatewayRouteTableId),
    PrefixListId,
    PrefixListOwnerId,
    ...targetFrom(input, table, context),
    State: "pending",
  };
  context.put("transitGatewayPrefixListReference", record);
  checkRouteQuota(TransitGatewayId, context);
  return { TransitGatewayPrefixListReference: toReference(record, context) };
};

export const modifyTransitGatewayPrefixListReference: Action<
  ModifyTransitGatewayPrefixListReferenceCommandInput,
  ModifyTransitGatewayPrefixListReferenceCommandOutput
> = (input, context) => {
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const { TransitGatewayAttachmentId: _, ...rest } = referenceNamed(input, context);
  const record = { ...rest, ...targetFrom(input, table, context) };
  return moved(record, "ModifyTransitGatewayPrefixListReference", context);
};

export const deleteTransitGatewayPrefixListReference: Action<
  DeleteTransitGatewayPrefixListReferenceCommandInput,
  DeleteTransitGatewayPrefixListReferenceCommandOutput
> = (input, context) => {
  usableRouteTable(input.TransitGatewayRouteTableId, context);
  return moved(referenceNamed(input, context), "DeleteTransitGatewayPrefixListReference", context);
};

const filters: FilterTable<TransitGatewayPrefixListReferenceRecord> = {
  "attachment.resource-id": (record, context) => attachmentShown(record, context)?.ResourceId,
  "attachment.resource-type": (record, context) => attachmentShown(record, context)?.ResourceType,
  "attachment.transit-gateway-attachment-id": (record) => record.TransitGatewayAttachmentId,
  "is-blackhole": (record) => record.TransitGatewayAttachmentId === undefined,
  "prefix-list-id": (record) => record.PrefixListId,
  "prefix-list-owner-id": (record) => record.PrefixListOwnerId,
  state: (record) => record.State,
};

export const getTransitGatewayPrefixListReferences: Action<
  GetTransitGatewayPrefixListReferencesCommandInput,
  GetTransitGatewayPrefixListReferencesCommandOutput
> = (input, context) => {
  const { TransitGatewayRouteTableId: id } = routeTableNamed(input.TransitGatewayRouteTableId, context);
  checkPageSize(input.MaxResults, usualPageSize);
  const idOf = (record: TransitGatewayPrefixListReferenceRecord) => record.PrefixListId;
  const matches = matcher(input.Filters, filters, idOf, context);
  const rows = context.by("transitGatewayPrefixListReference", "routeTable", id).filter(matches);
  const { records, NextToken } = page(rows, idOf, input);
  return { TransitGatewayPrefixListReferences: records.map((record) => toReference(record, context)), NextToken };
};

function prefixListNamed(id: string | undefined, context: ActionContext): ManagedPrefixListRecord {
  const list = named(managedPrefixListDescription, "PrefixListId", id, context);
  if (list.State === "delete-complete") throw ec2Errors.notFound("prefix-list", list.PrefixListId);
  return list;
}

function referenceNamed(
  input: { readonly TransitGatewayRouteTableId: string | undefined; readonly PrefixListId: string | undefined },
  context: ActionContext,
): TransitGatewayPrefixListReferenceRecord {
  const { TransitGatewayRouteTableId: tableId } = routeTableNamed(input.TransitGatewayRouteTableId, context);
  const { PrefixListId } = prefixListNamed(input.PrefixListId, context);
  const record = context.get("transitGatewayPrefixListReference", entryId(tableId, PrefixListId));
  if (record !== undefined) return record;
  throw new AwsError(
    "InvalidRoute.NotFound",
    `The route ${PrefixListId} does not exist in Transit Gateway Route Table ${tableId}.`,
  );
}

function moved(record: TransitGatewayPrefixListReferenceRecord, event: string, context: ActionContext) {
  const after = context.fire("transitGatewayPrefixListReference", record, event);
  if (after === undefined) throw invalidState(record.PrefixListId);
  return { TransitGatewayPrefixListReference: toReference(after, context) };
}

function toReference(
  record: TransitGatewayPrefixListReferenceRecord,
  context: ActionContext,
): TransitGatewayPrefixListReference {
  const { TransitGatewayRouteTableId, PrefixListId, PrefixListOwnerId, TransitGatewayAttachmentId } = record;
  const TransitGatewayAttachment = attachmentShown(record, context);
  return {
    TransitGatewayRouteTableId,
    PrefixListId,
    PrefixListOwnerId,
    ...(record.State !== "deleted" && { State: record.State }),
    Blackhole: TransitGatewayAttachmentId === undefined,
    ...(TransitGatewayAttachment && { TransitGatewayAttachment }),
  };
}

function attachmentShown(
  { TransitGatewayId, TransitGatewayAttachmentId }: TransitGatewayPrefixListReferenceRecord,
  context: ActionContext,
) {
  if (TransitGatewayAttachmentId === undefined) return undefined;
  return membersOf({ TransitGatewayId, TransitGatewayAttachmentId }, context);
}
