/** Where a static route or a prefix list reference leads: to one attachment, or nowhere on purpose. [TG-33, TG-34] */
import { invalidParameterCombination, missingParameter } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { usableAttachment } from "./named.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";

interface TargetParameters {
  readonly TransitGatewayAttachmentId?: string | undefined;
  readonly Blackhole?: boolean | undefined;
}

/** The target of a request; empty for a blackhole. */
export function targetFrom(
  { TransitGatewayAttachmentId, Blackhole }: TargetParameters,
  table: TransitGatewayRouteTableRecord,
  context: ActionContext,
): { readonly TransitGatewayAttachmentId?: string } {
  if (Blackhole === true) {
    if (!TransitGatewayAttachmentId) return {};
    throw invalidParameterCombination("A blackhole route cannot have a Transit Gateway Attachment.");
  }
  if (!TransitGatewayAttachmentId) throw missingParameter("TransitGatewayAttachmentId");
  const attachment = usableAttachment(table, TransitGatewayAttachmentId, context);
  return { TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId };
}
