/** Describe filters as EC2 reads them: names AND, values OR, `*` and `?` as wildcards, tags alike for every resource. (semantics 13.1) */
import type { Filter } from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue } from "../../../aws/index.ts";
import type { ActionContext } from "../action.ts";
import { tagsOf } from "./tag/tags.ts";

export type FilterValue = string | boolean | number | undefined | readonly (string | number | undefined)[];

/** For each filter name, the record's values; a filter matches when any of them does. */
export type FilterTable<R> = { readonly [name: string]: (record: R, context: ActionContext) => FilterValue };

/** Both per call. */
const maxFilters = 50;
const maxValues = 200;

/** A predicate for all the filters together. Throws `InvalidParameterValue` for a name that the resource does not have. */
export function matcher<R>(
  filters: readonly Filter[] | undefined,
  table: FilterTable<R>,
  idOf: (record: R) => string,
  context: ActionContext,
): (record: R) => boolean {
  if (!filters?.length) return () => true;
  if (filters.length > maxFilters) throw limitExceeded("filters", maxFilters);
  const values = filters.reduce((count, { Values = [] }) => count + Values.length, 0);
  if (values > maxValues) throw limitExceeded("filter values", maxValues);
  const tests = filters.map((filter) => test(filter, table, idOf, context));
  return (record) => tests.every((matches) => matches(record));
}

function test<R>(
  { Name, Values }: Filter,
  table: FilterTable<R>,
  idOf: (record: R) => string,
  context: ActionContext,
): (record: R) => boolean {
  const name = Name ?? "";
  if (!Values?.length) throw invalidParameterValue(`The filter '${name}' has no values; give at least one.`);
  const wanted = anyOf(Values);
  if (name.startsWith("tag:")) {
    const key = name.slice("tag:".length);
    return (record) => tagsOf(context, idOf(record)).some((tag) => tag.Key === key && wanted(tag.Value));
  }
  if (name === "tag-key") return (record) => tagsOf(context, idOf(record)).some((tag) => wanted(tag.Key));
  if (name === "tag-value") return (record) => tagsOf(context, idOf(record)).some((tag) => wanted(tag.Value));
  const valuesOf = Object.hasOwn(table, name) ? table[name] : undefined;
  if (valuesOf === undefined) throw invalidParameterValue(`The filter '${name}' is invalid`);
  return (record) => {
    const value = valuesOf(record, context);
    return Array.isArray(value)
      ? value.some((each) => each !== undefined && wanted(String(each)))
      : value !== undefined && wanted(String(value));
  };
}

function limitExceeded(what: string, limit: number): AwsError {
  return new AwsError("FilterLimitExceeded", `The maximum number of ${what} specified on a single call is ${limit}`);
}

function anyOf(patterns: readonly string[]): (value: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !/[*?\\]/.test(pattern)));
  const wild = patterns.filter((pattern) => !exact.has(pattern)).map(wildcard);
  return (value) => exact.has(value) || wild.some((pattern) => pattern.test(value));
}

/** `*` is any run of characters, `?` exactly one, `\` takes the next one literally. */
function wildcard(pattern: string): RegExp {
  let source = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === "*") source += "[^]*";
    else if (character === "?") source += "[^]";
    else if (character === "\\" && index + 1 < pattern.length) source += literal(pattern.charAt(++index));
    else source += literal(character);
  }
  return new RegExp(`^${source}$`);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
