/**
 * The properties of a resource after evaluation, read by name. What is not known before a deployment is thrown as `NotTold` to whoever
 * cannot do without it, and names what it depends on.
 */
import { canonicalAddress, canonicalCidr } from "../../../ip/index.ts";
import type { Address, Cidr } from "../../../model/index.ts";
import { isIdOf } from "../../item.ts";
import { type Evaluated, isUnknownValue, type UnknownValue } from "../template/index.ts";

/** Why something cannot be said of a template. */
export class NotTold extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NotTold";
  }
}

type Fields = { readonly [name: string]: Evaluated };

export interface Given {
  /** The names that are there. */
  readonly names: readonly string[];
  raw(name: string): Evaluated | undefined;
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  cidr(name: string): Cidr | undefined;
  address(name: string): Address | undefined;
  /** An id that only the deployment knows, of something outside of the templates, has a name of ours instead. */
  id<P extends string>(name: string, prefix: P): `${P}-${string}` | undefined;
  ids<P extends string>(name: string, prefix: P): readonly `${P}-${string}`[];
  item(name: string): Given | undefined;
  items(name: string): readonly Given[];
}

/** A name for something outside of the templates whose id is not known. */
export type NameOutside = <P extends string>(prefix: P, value: UnknownValue) => `${P}-${string}`;

export function givenOf(fields: Fields, nameOutside: NameOutside): Given {
  const read = <T>(name: string, meaning: string, convert: (value: Evaluated) => T | undefined): T | undefined => {
    const value = fields[name];
    if (value === undefined || value === null) return undefined;
    if (isUnknownValue(value)) throw new NotTold(`${name} is known when it is deployed: ${value.name}`);
    const converted = convert(value);
    if (converted === undefined) throw new NotTold(`${name} is ${JSON.stringify(value)}, which is not ${meaning}`);
    return converted;
  };
  const idIn = <P extends string>(name: string, prefix: P, value: Evaluated): `${P}-${string}` => {
    if (isUnknownValue(value)) return nameOutside(prefix, value);
    if (typeof value === "string" && isIdOf(prefix, value)) return value;
    throw new NotTold(`${name} is ${JSON.stringify(value)}, which is not an id ${prefix}-…`);
  };
  const list = (name: string): readonly Evaluated[] => read(name, "a list", listOf) ?? [];
  return {
    names: Object.keys(fields),
    raw: (name) => fields[name],
    text: (name) => read(name, "a text", scalarText),
    integer: (name) => read(name, "a whole number", integerOf),
    boolean: (name) => read(name, "true or false", booleanOf),
    cidr: (name) => read(name, "a CIDR block", (value) => canonicalCidr(scalarText(value) ?? "")),
    address: (name) => read(name, "an address", (value) => canonicalAddress(scalarText(value) ?? "")),
    id(name, prefix) {
      const value = fields[name];
      return value === undefined || value === null ? undefined : idIn(name, prefix, value);
    },
    ids: (name, prefix) => list(name).map((value) => idIn(name, prefix, value)),
    item(name) {
      const value = read(name, "an object", fieldsOf);
      return value && givenOf(value, nameOutside);
    },
    items: (name) =>
      list(name).map((value) => {
        if (isUnknownValue(value)) throw new NotTold(`${name} is known when it is deployed: ${value.name}`);
        const each = fieldsOf(value);
        if (each === undefined) throw new NotTold(`${name} has ${JSON.stringify(value)}, which is not an object`);
        return givenOf(each, nameOutside);
      }),
  };
}

/** The value of a property that a resource cannot be without. */
export function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new NotTold(`${name} is missing`);
  return value;
}

function scalarText(value: Evaluated): string | undefined {
  return typeof value === "object" ? undefined : String(value);
}

function integerOf(value: Evaluated): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}

function booleanOf(value: Evaluated): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" || value === "false" ? value === "true" : undefined;
}

function listOf(value: Evaluated): readonly Evaluated[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function fieldsOf(value: Evaluated): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknownValue(value)
    ? (value as Fields)
    : undefined;
}
