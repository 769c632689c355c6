/** A managed prefix list as the network model sees it: the entries of its newest version. */
import { amazonAccountId } from "../../../../aws/index.ts";
import type { PrefixList, PrefixListId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { awsOwner, type ManagedPrefixListRecord } from "./record.ts";

export function projectManagedPrefixList(record: ManagedPrefixListRecord, view: StateView): PrefixList | undefined {
  if (record.State === "delete-complete") return undefined;
  return {
    ownerId: record.OwnerId === awsOwner ? amazonAccountId : record.OwnerId,
    region: record.Region,
    name: ownName(record, record.PrefixListId, view),
    // Ids of records were made with their prefix.
    prefixListId: record.PrefixListId as PrefixListId,
    prefixListName: record.PrefixListName,
    addressFamily: record.AddressFamily,
    maxEntries: record.MaxEntries,
    entries: (record.Versions[record.Version - 1] ?? []).map(({ Cidr }) => Cidr),
  };
}
