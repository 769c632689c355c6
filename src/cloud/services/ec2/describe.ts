/** What every Describe action does alike: ids that must all be there, filters, pages. (semantics 13.1 "Describe semantics") */
import type { Filter } from "@aws-sdk/client-ec2";
import {
  type Ec2ResourceKind,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
} from "../../../aws/index.ts";
import { type IndexName, type TableName, type Tables, tables } from "../../state/tables.ts";
import type { ActionContext } from "../action.ts";
import { type FilterTable, matcher } from "./filters.ts";

export interface DescribeDefinition<K extends TableName> {
  readonly table: K;
  /** Names the error codes of unknown and malformed ids. */
  readonly kind: Ec2ResourceKind;
  readonly idPrefix: string;
  readonly filters: FilterTable<Tables[K]>;
  /** Filters that an index can answer without looking at every row. */
  readonly indexed?: { readonly [filter: string]: IndexName<K> };
  /** Rows in scope that this caller no longer sees. */
  readonly shown?: (record: Tables[K], context: ActionContext) => boolean;
  /** What `MaxResults` may be; 5 to 1000 for most. */
  readonly pageSize?: { readonly min: number; readonly max: number };
}

export interface DescribeRequest {
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface Page<R> {
  readonly records: readonly R[];
  readonly NextToken?: string;
}

export function describe<K extends TableName>(
  definition: DescribeDefinition<K>,
  ids: readonly string[] | undefined,
  request: DescribeRequest,
  context: ActionContext,
): Page<Tables[K]> {
  if (ids?.length && request.MaxResults !== undefined) {
    throw invalidParameterCombination(
      "The parameter MaxResults cannot be used together with a list of ids. Leave one of them out.",
    );
  }
  const { min, max } = definition.pageSize ?? { min: 5, max: 1000 };
  if (request.MaxResults !== undefined && (request.MaxResults < min || request.MaxResults > max)) {
    throw invalidParameterValue(
      `Value ( ${request.MaxResults} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`,
    );
  }
  const matches = matcher(request.Filters, definition.filters, idOf(definition.table), context);
  const rows = (ids?.length ? byIds(definition, ids, context) : candidates(definition, request, context)).filter(
    matches,
  );
  return page(definition.table, rows, request);
}

/** The records with these ids, all visible to the caller, in the order asked; otherwise one error that names every missing id. */
export function byIds<K extends TableName>(
  definition: DescribeDefinition<K>,
  ids: readonly string[],
  context: ActionContext,
): Tables[K][] {
  for (const id of ids) if (!isWellFormedId(definition.idPrefix, id)) throw ec2Errors.malformed(definition.kind, id);
  const found: Tables[K][] = [];
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const record = context.visible(definition.table, id, context.caller.accountId, context.caller.region);
    if (record !== undefined && (definition.shown?.(record, context) ?? true)) found.push(record);
    else missing.push(id);
  }
  if (missing.length > 0) throw ec2Errors.notFound(definition.kind, ...missing);
  return found;
}

function candidates<K extends TableName>(
  definition: DescribeDefinition<K>,
  request: DescribeRequest,
  context: ActionContext,
): readonly Tables[K][] {
  const { accountId, region } = context.caller;
  const shown = definition.shown ?? (() => true);
  for (const filter of request.Filters ?? []) {
    const index = definition.indexed?.[filter.Name ?? ""];
    if (index === undefined || !filter.Values?.length || filter.Values.some((value) => /[*?\\]/.test(value))) continue;
    const id = idOf(definition.table);
    // A row may be found by several values: a connection by both of its VPCs, an interface by each of its groups.
    return [...new Set(filter.Values.flatMap((value) => context.by(definition.table, index, value)))].filter(
      (record) =>
        context.visible(definition.table, id(record), accountId, region) !== undefined && shown(record, context),
    );
  }
  return context.inScope(definition.table, accountId, region).filter((record) => shown(record, context));
}

/** Tokens name the last row given and the next one, so that rows made or removed meanwhile neither repeat nor hide another. */
function page<K extends TableName>(
  table: K,
  rows: readonly Tables[K][],
  { MaxResults, NextToken }: DescribeRequest,
): Page<Tables[K]> {
  const id = idOf(table);
  const start = NextToken === undefined ? 0 : startAt(readToken(NextToken), rows.map(id));
  const end = MaxResults === undefined ? rows.length : Math.min(start + MaxResults, rows.length);
  const last = rows[end - 1];
  const next = rows[end];
  if (last === undefined || next === undefined) return { records: rows.slice(start, end) };
  return { records: rows.slice(start, end), NextToken: btoa(JSON.stringify([end, id(last), id(next)])) };
}

interface Position {
  readonly index: number;
  readonly last: string;
  readonly next: string;
}

function startAt({ index, last, next }: Position, ids: readonly string[]): number {
  const given = ids.indexOf(last);
  if (given >= 0) return given + 1;
  const following = ids.indexOf(next);
  return following >= 0 ? following : Math.min(index, ids.length);
}

function readToken(token: string): Position {
  try {
    const value: unknown = JSON.parse(atob(token));
    if (Array.isArray(value)) {
      const [index, last, next]: unknown[] = value;
      if (typeof index === "number" && index >= 0 && typeof last === "string" && typeof next === "string") {
        return { index: Math.floor(index), last, next };
      }
    }
  } catch (error) {
    // Not base64, or not JSON inside: answered below like any other token that is not ours.
    if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error;
  }
  throw invalidParameterValue(
    `The token '${token}' is invalid or has expired. Start again without NextToken.`,
    "InvalidNextToken",
  );
}

function idOf<K extends TableName>(table: K): (record: Tables[K]) => string {
  // The register pairs each definition with its own record type.
  return tables[table].id as (record: Tables[K]) => string;
}
