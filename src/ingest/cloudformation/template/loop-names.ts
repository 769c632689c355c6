/** Names that loops make: keys with items in them, and which names may come of those whose items are not known. */
import {
  functionCallOf,
  isList,
  isObject,
  type TemplateObject,
  type TemplateValue,
  type UnknownValue,
} from "./value.ts";

/** A key, or the name of a condition, with the items that are known in it; `&{Zone}` without what is not alphanumeric. */
export function withItems(text: string, items: ReadonlyMap<string, string>): string {
  return text.replaceAll(/([$&])\{([^{}]*)\}/g, (whole, form: string, name: string) => {
    const item = items.get(name.trim());
    if (item === undefined) return whole;
    return form === "&" ? item.replaceAll(/[^0-9A-Za-z]/g, "") : item;
  });
}

/** What is between those placeholders of a key that may stand for anything. */
export function fixedPartsOf(key: string, isOpen: (name: string) => boolean): readonly string[] {
  const parts = [""];
  for (const part of key.split(/([$&]\{[^{}]*\})/)) {
    const name = /^[$&]\{([^{}]*)\}$/.exec(part)?.[1]?.trim();
    if (name !== undefined && isOpen(name)) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${part}`);
  }
  return parts;
}

/** Of known names, those that the references in a value may turn out to be whose names are not settled. */
export interface PossibleReferences {
  /** For each, what an identifier would have to be. */
  readonly items: readonly (readonly [identifier: string, item: string])[];
  /** Those of which that cannot be said. */
  readonly names: readonly string[];
}

export function possibleReferences(
  value: TemplateValue,
  open: ReadonlyMap<string, UnknownValue>,
  known: readonly string[],
): PossibleReferences {
  const items = new Map<string, readonly [string, string]>();
  const names = new Set<string>();
  for (const name of computedNamesIn(value)) {
    const text = functionCallOf(name)?.name === "Fn::Sub" ? functionCallOf(name)?.argument : undefined;
    const parts = typeof text === "string" ? fixedPartsOf(text, () => true) : ["", ""];
    const [identifier, ...others] = typeof text === "string" ? placeholdersIn(text) : [];
    for (const each of known.filter((one) => hasParts(one, parts))) {
      const [first = "", last = ""] = parts;
      const item = each.slice(first.length, each.length - last.length);
      if (identifier === undefined || !open.has(identifier) || others.length > 0) names.add(each);
      else items.set(`${identifier} ${item}`, [identifier, item]);
    }
  }
  return { items: [...items.values()], names: [...names] };
}

/** Functions in the place of names. */
function* computedNamesIn(value: TemplateValue): Iterable<TemplateObject> {
  if (typeof value !== "object" || value === null) return;
  const call = functionCallOf(value);
  const argument = call?.argument ?? null;
  const name =
    call?.name === "Ref" ? argument : call?.name === "Fn::GetAtt" && isList(argument) ? argument[0] : undefined;
  if (isObject(name)) yield name;
  else for (const each of Object.values(value)) yield* computedNamesIn(each);
}

function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{([^{}]*)\}/g)].map(([, name = ""]) => name.trim());
}

/** Whether a name begins with the first, ends with the last, and has the others between them in order. */
export function hasParts(name: string, parts: readonly string[]): boolean {
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
