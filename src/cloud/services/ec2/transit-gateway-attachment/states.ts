/** What an attachment's state means for those who use it. (semantics 6.2) */
import type { TransitGatewayAttachmentState } from "../../../../model/index.ts";

const ended: ReadonlySet<TransitGatewayAttachmentState> = new Set(["deleted", "rejected", "failed"]);

/** Over for good: it is only shown for a while, and stands in nobody's way. */
export function hasEnded({ State }: { readonly State: TransitGatewayAttachmentState }): boolean {
  return ended.has(State);
}

/** Packets pass, also while it is being modified. [TG-15] */
export function carriesPackets({ State }: { readonly State: TransitGatewayAttachmentState }): boolean {
  return State === "available" || State === "modifying";
}
