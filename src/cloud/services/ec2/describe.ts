/** What every Describe action does alike: ids that must all be there, filters, pages. (semantics 13.1 "Describe semantics") */
import type { Filter } from "@aws-sdk/client-ec2";
import { type Ec2ResourceKind, ec2Errors, invalidParameterCombination, isWellFormedId } from "../../../aws/index.ts";
import { type IndexName, type TableName, type Tables, tables } from "../../state/tables.ts";
import type { ActionContext } from "../action.ts";
import { type FilterTable, matcher } from "./filters.ts";
import { checkPageSize, type Page, type PageRequest, type PageSize, page, usualPageSize } from "./pages.ts";

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
  readonly pageSize?: PageSize;
}

export interface DescribeRequest extends PageRequest {
  readonly Filters?: readonly Filter[] | undefined;
}

export function describe<K extends TableName>(
  definition: DescribeDefinition<K>,
  ids: readonly string[] | undefined,
  request: DescribeRequest,
  context: ActionContext,
): Page<Tables[K]> {
  checkIdsAlone(ids, request);
  checkPageSize(request.MaxResults, definition.pageSize ?? usualPageSize);
  const matches = matcher(request.Filters, definition.filters, idOf(definition.table), context);
  const rows = (ids?.length ? byIds(definition, ids, context) : candidates(definition, request, context)).filter(
    matches,
  );
  return page(rows, idOf(definition.table), request);
}

/** Rows that are no records of one table: the sides of a peering, say, or attachments of every kind. */
export interface RowsDefinition<R> {
  readonly kind: Ec2ResourceKind;
  readonly idPrefix: string;
  readonly idOf: (row: R) => string;
  readonly filters: FilterTable<R>;
}

/** As `describe`, over the rows that the caller sees. */
export function describeRows<R>(
  definition: RowsDefinition<R>,
  seen: readonly R[],
  ids: readonly string[] | undefined,
  request: DescribeRequest,
  context: ActionContext,
): Page<R> {
  checkIdsAlone(ids, request);
  checkPageSize(request.MaxResults, usualPageSize);
  const matches = matcher(request.Filters, definition.filters, definition.idOf, context);
  const rows = (ids?.length ? rowsByIds(definition, seen, ids) : seen).filter(matches);
  return page(rows, definition.idOf, request);
}

/** The rows with these ids, in the order asked; otherwise one error that names every missing id. */
export function rowsByIds<R>(definition: RowsDefinition<R>, seen: readonly R[], ids: readonly string[]): R[] {
  for (const id of ids) if (!isWellFormedId(definition.idPrefix, id)) throw ec2Errors.malformed(definition.kind, id);
  const byId = new Map(seen.map((row) => [definition.idOf(row), row]));
  const wanted = [...new Set(ids)];
  const missing = wanted.filter((id) => !byId.has(id));
  if (missing.length > 0) throw ec2Errors.notFound(definition.kind, ...missing);
  return wanted.flatMap((id) => byId.get(id) ?? []);
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

function idOf<K extends TableName>(table: K): (record: Tables[K]) => string {
  // The register pairs each definition with its own record type.
  return tables[table].id as (record: Tables[K]) => string;
}

function checkIdsAlone(ids: readonly string[] | undefined, { MaxResults }: PageRequest): void {
  if (ids?.length && MaxResults !== undefined) {
    throw invalidParameterCombination(
      "The parameter MaxResults cannot be used together with a list of ids. Leave one of them out.",
    );
  }
}
