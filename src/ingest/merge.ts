/** One thing seen by several accounts is one thing in the model. Its owner's sight counts; others see less, and with tags of their own. */
import type { Resource } from "../model/index.ts";
import type { Item } from "./item.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";

/** The things once each, in the order in which they were first seen. What the chosen sight could not tell is reported. */
export function mergeSeen<T>(
  seen: readonly Seen<T>[],
  isOwn: (seen: { readonly value: T; readonly part: Part }) => boolean,
  report: Report,
): readonly T[] {
  const chosen = new Map<string, Seen<T>>();
  for (const each of seen) {
    const before = chosen.get(each.id);
    if (before === undefined || rank(each) > rank(before)) chosen.set(each.id, each);
  }
  return [...chosen.values()].flatMap(({ value, unknowns }) => {
    for (const { id, reason } of unknowns) report.unknown(id, reason);
    return value === undefined ? [] : [value];
  });

  function rank({ value, part }: Seen<T>): number {
    if (value === undefined) return 0;
    return isOwn({ value, part }) ? 2 : 1;
  }
}

/** Resources have one owner, in one Region. */
export function mergeResources<T extends Resource>(seen: readonly Seen<T>[], report: Report): readonly T[] {
  return mergeSeen(seen, ({ value, part }) => value.ownerId === part.account && value.region === part.region, report);
}

/** What every resource has. The name is the owner's tag: everybody else has tags of their own. */
export function resourceFields(item: Item, part: Part, ownerField = "OwnerId"): Resource {
  const ownerId = item.text(ownerField) ?? part.account;
  const name = ownerId === part.account ? nameTag(item) : undefined;
  return { ownerId, region: part.region, ...(name !== undefined && { name }) };
}

/** The value of the Name tag. Interfaces call their tags `TagSet`. */
export function nameTag(item: Item): string | undefined {
  const tags = item.items(item.has("TagSet") ? "TagSet" : "Tags");
  return tags.find((tag) => tag.text("Key") === "Name")?.text("Value");
}
