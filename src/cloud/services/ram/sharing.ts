/** What sharing does to the resources themselves: each is told the accounts that all its shares together give it to. */
import type { Transaction } from "../../state/transaction.ts";
import { shareTransitGateway } from "../ec2/transit-gateway/sharing.ts";
import { shareableResource } from "./shareable-resources.ts";

type Sharing = Pick<Transaction, "get" | "must" | "by" | "put">;

/** Writes down which other accounts are in a share, and so see it. */
export function noteAccounts(shareArn: string, transaction: Sharing): void {
  const share = transaction.must("resourceShare", shareArn);
  const SharedWith = accountsIn(shareArn, transaction).filter((account) => account !== share.OwnerId);
  transaction.put("resourceShare", { ...share, SharedWith });
}

/** Tells every resource of a share whom it is shared with by now. */
export function passOnAll(shareArn: string, transaction: Sharing): void {
  for (const { ResourceArn } of transaction.by("resourceAssociation", "share", shareArn))
    passOn(ResourceArn, transaction);
}

/** Tells a resource whom it is shared with by now. One that is gone has nobody to tell. */
export function passOn(resourceArn: string, transaction: Sharing): void {
  const { id, ownerId } = shareableResource(resourceArn);
  if (transaction.get("transitGateway", id) === undefined) return;
  const accounts = transaction
    .by("resourceAssociation", "resource", resourceArn)
    .filter(({ Status }) => Status === "ASSOCIATED")
    .flatMap(({ ResourceShareArn }) => accountsIn(ResourceShareArn, transaction));
  shareTransitGateway(
    id,
    accounts.filter((account) => account !== ownerId),
    transaction,
  );
}

function accountsIn(shareArn: string, transaction: Sharing): string[] {
  return transaction
    .by("principalAssociation", "share", shareArn)
    .filter(({ Status }) => Status === "ASSOCIATED")
    .map(({ Principal }) => Principal);
}
