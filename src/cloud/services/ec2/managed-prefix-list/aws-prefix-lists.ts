/**
 * The prefix lists that AWS keeps in every Region for its gateway endpoints. Their entries here are documentation ranges (RFC 5737):
 * the services themselves are not in this cloud, and no rule should name hosts of the real ones.
 */
import type { Scope } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { awsOwner, type ManagedPrefixListRecord } from "./record.ts";

const lists: readonly { readonly service: string; readonly cidr: string }[] = [
  { service: "s3", cidr: "198.51.100.0/25" },
  { service: "dynamodb", cidr: "198.51.100.128/25" },
];

/** Lets an account see AWS's lists of a Region; makes them when nobody has used the Region before. */
export function showAwsPrefixLists(transaction: Transaction, { accountId, region }: Scope): void {
  const existing = transaction.inScope("managedPrefixList", awsOwner, region);
  for (const { service, cidr } of lists) {
    const PrefixListName = `com.amazonaws.${region}.${service}`;
    const list = existing.find((each) => each.PrefixListName === PrefixListName);
    const record: ManagedPrefixListRecord = list ?? {
      OwnerId: awsOwner,
      Region: region,
      CreatedAt: transaction.now,
      PrefixListId: transaction.newId("pl"),
      PrefixListName,
      AddressFamily: "IPv4",
      MaxEntries: 1,
      Version: 1,
      State: "create-complete",
      Versions: [[{ Cidr: cidr }]],
    };
    transaction.put("managedPrefixList", { ...record, Viewers: [...(record.Viewers ?? []), accountId] });
  }
}
