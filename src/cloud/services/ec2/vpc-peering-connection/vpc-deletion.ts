/** What deleting a VPC does to its peering connections, and the one kind that prevents it. [PX-30] */
import type { Transaction } from "../../../state/transaction.ts";
import type { VpcPeeringConnectionRecord } from "./record.ts";

/** The request from another account that the VPC's owner has to reject before the VPC can go. */
export function blockingPeering(
  transaction: Pick<Transaction, "by">,
  vpcId: string,
): VpcPeeringConnectionRecord | undefined {
  return transaction
    .by("vpcPeeringConnection", "vpc", vpcId)
    .find(
      ({ StatusCode, Requester, Accepter }) =>
        StatusCode === "pending-acceptance" &&
        Accepter.VpcId === vpcId &&
        Requester.VpcId !== vpcId &&
        Requester.OwnerId !== Accepter.OwnerId,
    );
}

/**
 * Ends the connections and requests of a VPC that is about to be deleted; call it while the VPC is still there. A request that has
 * not reached the VPC yet is left to fail by itself, as one to a VPC that is not there.
 */
export function endPeeringsOf(transaction: Transaction, vpcId: string): void {
  for (const record of transaction.by("vpcPeeringConnection", "vpc", vpcId)) {
    const side = record.Requester.VpcId === vpcId ? record.Requester : record.Accepter;
    if (record.StatusCode === "initiating-request" && side === record.Accepter) continue;
    // Not allowed in a state that has ended or is ending: then there is nothing to do.
    transaction.fire("vpcPeeringConnection", { ...record, DeletedBy: side.OwnerId }, "DeleteVpc");
  }
}
