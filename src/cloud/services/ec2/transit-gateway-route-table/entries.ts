/** What associations and propagations show alike: which attachment, of what; and the filters and pages over them. */
import type { ActionContext } from "../../action.ts";
import type { DescribeRequest } from "../describe.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { checkPageSize, type Page, page, usualPageSize } from "../pages.ts";
import { attachmentOfGateway } from "../transit-gateway-attachment/attachments.ts";

interface Entry {
  readonly TransitGatewayId: string;
  readonly TransitGatewayAttachmentId: string;
}

const filters: FilterTable<Entry> = {
  "resource-id": (entry, context) => membersOf(entry, context).ResourceId,
  "resource-type": (entry, context) => membersOf(entry, context).ResourceType,
  "transit-gateway-attachment-id": (entry) => entry.TransitGatewayAttachmentId,
};

export function membersOf(
  { TransitGatewayId, TransitGatewayAttachmentId }: Entry,
  context: Pick<ActionContext, "by" | "get">,
) {
  const attachment = attachmentOfGateway(TransitGatewayId, TransitGatewayAttachmentId, context);
  return {
    TransitGatewayAttachmentId,
    ResourceId: attachment?.ResourceId,
    ResourceType: attachment?.ResourceType,
  };
}

export function entriesPage<R extends Entry>(
  rows: readonly R[],
  request: DescribeRequest,
  context: ActionContext,
): Page<R> {
  checkPageSize(request.MaxResults, usualPageSize);
  const idOf = (row: Entry) => row.TransitGatewayAttachmentId;
  return page(rows.filter(matcher(request.Filters, filters, idOf, context)), idOf, request);
}
