/**
 * One object of an answer, with the file and the place it stands in. Fields are asked for by AWS's names; one that is absent,
 * null or of another type than AWS gives is `undefined`, the last with a problem. Nothing here throws but `required`.
 */
import { canonicalAddress, canonicalCidr } from "../ip/index.ts";
import type { Address, Cidr } from "../model/index.ts";

/** Where an item tells what is wrong with it. */
export interface ItemNotes {
  problem(path: string, message: string): void;
  /** A fact that the item does not tell; `id` is the thing's, or `id.field` for one field of it. */
  unknown(id: string, reason: string): void;
}

export interface Item {
  readonly file: string;
  /** The place in the file, e.g. `Vpcs[3]`. */
  readonly path: string;
  readonly notes: ItemNotes;
  has(name: string): boolean;
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  /** In canonical form. */
  cidr(name: string): Cidr | undefined;
  address(name: string): Address | undefined;
  id<P extends string>(name: string, prefix: P): `${P}-${string}` | undefined;
  choice<T extends string>(name: string, values: readonly T[]): T | undefined;
  item(name: string): Item | undefined;
  /** Empty when the list is absent. */
  items(name: string): readonly Item[];
  texts(name: string): readonly string[];
  cidrs(name: string): readonly Cidr[];
}

/** Thrown by `required`, and caught where items are read one by one: the thing is then named in `unknowns`. */
export class MissingField extends Error {
  readonly field: string;

  constructor(path: string, field: string) {
    super(`${path} lacks ${field}`);
    this.name = "MissingField";
    this.field = field;
  }
}

/** The value of a field that a thing cannot be told without. */
export function required<T>(item: Item, field: string, value: T | undefined): T {
  if (value === undefined) throw new MissingField(item.path, field);
  return value;
}

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isIdOf<P extends string>(prefix: P, text: string): text is `${P}-${string}` {
  return text.startsWith(`${prefix}-`) && /^[0-9A-Za-z-]+$/.test(text.slice(prefix.length + 1));
}

export function itemOf(fields: Fields, { file, path }: Pick<Item, "file" | "path">, notes: ItemNotes): Item {
  const inner = (value: Fields, place: string): Item => itemOf(value, { file, path: place }, notes);
  const given = (name: string): unknown => (Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined);

  function read<T>(name: string, meaning: string, convert: (value: unknown) => T | undefined): T | undefined {
    const value = given(name);
    if (value === undefined) return undefined;
    const converted = convert(value);
    if (converted === undefined) notes.problem(`${path}.${name}`, `expected ${meaning}, got ${shown(value)}`);
    return converted;
  }

  function list<T>(name: string, meaning: string, convert: (value: unknown, path: string) => T | undefined): T[] {
    const values = read(name, "a list", (value) => (Array.isArray(value) ? (value as readonly unknown[]) : undefined));
    return (values ?? []).flatMap((value, at) => {
      const place = `${path}.${name}[${at}]`;
      const converted = convert(value, place);
      if (converted === undefined) notes.problem(place, `expected ${meaning}, got ${shown(value)}`);
      return converted === undefined ? [] : [converted];
    });
  }

  return {
    file,
    path,
    notes,
    has: (name) => given(name) !== undefined,
    text: (name) => read(name, "text", asText),
    integer: (name) => read(name, "a whole number", asInteger),
    boolean: (name) => read(name, "true or false", asBoolean),
    cidr: (name) => read(name, "a CIDR block", whenText(canonicalCidr)),
    address: (name) => read(name, "an IP address", whenText(canonicalAddress)),
    id: <P extends string>(name: string, prefix: P) =>
      read(name, `an id ${prefix}-…`, (value) =>
        typeof value === "string" && isIdOf(prefix, value) ? value : undefined,
      ),
    choice: (name, values) => read(name, values.join(" or "), (value) => values.find((each) => each === value)),
    item: (name) => read(name, "an object", (value) => (isFields(value) ? inner(value, `${path}.${name}`) : undefined)),
    items: (name) => list(name, "an object", (value, place) => (isFields(value) ? inner(value, place) : undefined)),
    texts: (name) => list(name, "text", asText),
    cidrs: (name) => list(name, "a CIDR block", whenText(canonicalCidr)),
  };
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The CLI prints numbers; some tools that rewrite its answers make them text. */
function asInteger(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function whenText<T>(convert: (text: string) => T | undefined): (value: unknown) => T | undefined {
  return (value) => (typeof value === "string" ? convert(value) : undefined);
}

const longestShown = 60;

/** A value in a message: short, and safe for anything that JSON can hold. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
}
