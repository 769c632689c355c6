/** What a collection tells while it goes on. */
import type { ReadAction } from "./reads.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

export type CollectEvent =
  | (Place & { readonly kind: "read"; readonly action: ReadAction; readonly count: number })
  /** AWS asks for patience. */
  | (Place & { readonly kind: "waiting"; readonly action: ReadAction; readonly ms: number; readonly code: string })
  /** AWS refuses; the answers say so too. */
  | (Place & { readonly kind: "refused"; readonly action: ReadAction; readonly reason: string });
