/** The entries of a prefix list: what may be in one, and how a change makes the next version. */
import type { AddPrefixListEntry, RemovePrefixListEntry } from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import { formatCidr, parseCidr } from "../../../../ip/index.ts";
import { required } from "../required.ts";
import type { ManagedPrefixListRecord, PrefixListEntry } from "./record.ts";

const mostEntries = 1_000;
const longestDescription = 255;
/** Entries that one call may add, and remove. */
const mostChanges = 100;

type Family = ManagedPrefixListRecord["AddressFamily"];

export function checkedFamily(family: string): Family {
  if (family === "IPv4" || family === "IPv6") return family;
  throw invalidParameterValue(
    `Value (${family}) for parameter addressFamily is invalid. Valid values are 'IPv4' and 'IPv6'.`,
  );
}

export function checkedMaxEntries(count: number): number {
  if (count >= 1 && count <= mostEntries) return count;
  throw invalidParameterValue(
    `Value (${count}) for parameter maxEntries is invalid. The value must be between 1 and ${mostEntries}.`,
  );
}

export function checkedName(name: string): string {
  if (/^com\.amazonaws/i.test(name)) {
    throw invalidParameterValue(
      `Value (${name}) for parameter prefixListName is invalid. It cannot start with 'com.amazonaws'.`,
    );
  }
  if (name.length > longestDescription) {
    throw invalidParameterValue(`The prefix list name is longer than ${longestDescription} characters.`);
  }
  return name;
}

/** The entries after removals and additions. An entry that is there already gets the new description. */
export function changedEntries(
  family: Family,
  before: readonly PrefixListEntry[],
  added: readonly AddPrefixListEntry[],
  removed: readonly RemovePrefixListEntry[],
): readonly PrefixListEntry[] {
  if (added.length > mostChanges || removed.length > mostChanges) {
    throw new AwsError("RequestResourceCountExceeded", `At most ${mostChanges} entries can be changed in one request.`);
  }
  const entries = new Map(before.map((entry) => [entry.Cidr, entry]));
  for (const { Cidr } of removed) {
    const cidr = checkedCidr(required("RemoveEntry.Cidr", Cidr), family);
    if (!entries.delete(cidr)) {
      throw invalidParameterValue(`The prefix list does not contain the entry ${cidr}.`);
    }
  }
  const gone = new Set(removed.map(({ Cidr }) => checkedCidr(required("RemoveEntry.Cidr", Cidr), family)));
  const named = new Set<string>();
  for (const { Cidr, Description } of added) {
    const cidr = checkedCidr(required("Entry.Cidr", Cidr), family);
    if (named.has(cidr)) throw invalidParameterValue(`The entry ${cidr} is specified more than once.`);
    named.add(cidr);
    if (gone.has(cidr)) {
      throw invalidParameterValue(
        `Request cannot contain Cidr ${cidr} in both AddPrefixListEntries and RemovePrefixListEntries`,
      );
    }
    if (Description !== undefined && Description.length > longestDescription) {
      throw invalidParameterValue(
        `The description of the entry ${cidr} is longer than ${longestDescription} characters.`,
      );
    }
    entries.set(cidr, { Cidr: cidr, ...(Description ? { Description } : {}) });
  }
  return [...entries.values()];
}

/** Refuses more entries than the list has room for. */
export function checkRoom(entries: readonly PrefixListEntry[], maxEntries: number): void {
  if (entries.length > maxEntries) {
    throw new AwsError(
      "PrefixListMaxEntriesExceeded",
      `You've reached the maximum number of entries for the prefix list: ${maxEntries}.`,
    );
  }
}

function checkedCidr(text: string, family: Family): string {
  const block = parseCidr(text);
  if (block === undefined || block.family !== (family === "IPv4" ? "ipv4" : "ipv6")) {
    throw invalidParameterValue(`The CIDR (${text}) is not a valid ${family} CIDR block.`);
  }
  return formatCidr(block);
}
