/** Managed prefix lists with the entries that GetManagedPrefixListEntries tells; DescribePrefixLists tells AWS's own with theirs. */
import { amazonAccountId } from "../aws/index.ts";
import { familyOf } from "../ip/index.ts";
import type { Cidr, PrefixList } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";

export function readPrefixLists(parts: readonly Part[], report: Report): readonly PrefixList[] {
  return mergeResources(parts.flatMap(prefixListsOf), report);
}

function prefixListsOf(part: Part): readonly Seen<PrefixList>[] {
  const entriesOf = entriesByList(part);
  return part.readEach("PrefixLists", { field: "PrefixListId", prefix: "pl" }, (item, prefixListId) => {
    if (item.text("State") === "delete-complete") return undefined;
    const entries = item.has("Cidrs") ? cidrsOf(item) : entriesOf.get(prefixListId);
    const known = required(item, "its entries (GetManagedPrefixListEntries)", entries);
    const resource = resourceFields(item, part);
    return {
      ...resource,
      ownerId: isAmazons(item) ? amazonAccountId : resource.ownerId,
      prefixListId,
      prefixListName: item.text("PrefixListName") ?? prefixListId,
      addressFamily: item.choice("AddressFamily", ["IPv4", "IPv6"]) ?? familyOfEntries(known),
      // AWS does not tell how long its own lists may grow.
      maxEntries: item.integer("MaxEntries") ?? known.length,
      entries: known,
    };
  });
}

/** AWS calls itself by that name where accounts have ids, and DescribePrefixLists tells no others. */
function isAmazons(item: Item): boolean {
  return item.text("OwnerId") === "AWS" || (item.has("Cidrs") && !item.has("OwnerId"));
}

function entriesByList(part: Part): ReadonlyMap<string, readonly Cidr[]> {
  const lists = new Map<string, readonly Cidr[]>();
  for (const answer of part.items("PrefixListEntries")) {
    const id = answer.text("PrefixListId");
    if (id === undefined) continue;
    const entries = answer.items("Entries").map((entry) => entry.cidr("Cidr"));
    // A list of which one entry cannot be read is not known.
    if (entries.every((each) => each !== undefined)) lists.set(id, [...(lists.get(id) ?? []), ...entries]);
  }
  return lists;
}

function cidrsOf(item: Item): readonly Cidr[] | undefined {
  const cidrs = item.cidrs("Cidrs");
  return cidrs.length === item.texts("Cidrs").length ? cidrs : undefined;
}

function familyOfEntries(entries: readonly Cidr[]): PrefixList["addressFamily"] {
  return entries.some((each) => familyOf(each) === "ipv6") ? "IPv6" : "IPv4";
}
