/** Which accounts a transit gateway is shared with. What they have attached stays when the sharing ends. [TG-80, TG-82] */
import type { Transaction } from "../../../state/transaction.ts";

/** From here on exactly these accounts, besides its owner, see the gateway and may attach their VPCs to it. */
export function shareTransitGateway(
  transitGatewayId: string,
  sharedWith: readonly string[],
  transaction: Pick<Transaction, "must" | "put">,
): void {
  const gateway = transaction.must("transitGateway", transitGatewayId);
  transaction.put("transitGateway", { ...gateway, SharedWith: [...new Set(sharedWith)] });
}
