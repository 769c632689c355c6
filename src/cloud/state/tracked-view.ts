/**
 * Projections of a table's records that are made again only when something they read has changed. Reads are noted while a projection
 * is made; while no table that was read has changed, nothing is looked at; else a noted read that gives the same records again proves
 * that the projection would come out the same.
 */
import type { StateView, VersionedView } from "./state.ts";
import type { TableName } from "./tables.ts";

interface Read {
  /** Repeats the read on the current state. */
  again(view: StateView): unknown;
  readonly gave: unknown;
}

interface Made<R, T> {
  readonly record: R;
  readonly reads: readonly Read[];
  readonly outcome: T;
}

/**
 * A function that gives the projections of all rows of a table, leaving out the undefined ones. Outcomes keep their identity while what
 * they read stays, and so does the whole list.
 */
export function tableProjection<R extends object, T>(
  table: TableName,
  rows: (view: StateView) => Iterable<R>,
  idOf: (record: R) => string,
  make: (record: R, view: StateView) => T | undefined,
): (view: VersionedView) => readonly T[] {
  let made = new Map<string, Made<R, T | undefined>>();
  let list: readonly T[] = [];
  /** Every table that a projection has ever read, with its version when the list was made. */
  const versions = new Map<TableName, number>([[table, -1]]);

  function project(known: Made<R, T | undefined> | undefined, record: R, view: StateView): Made<R, T | undefined> {
    if (known?.record === record && known.reads.every((read) => same(read.again(view), read.gave))) return known;
    const reads: Read[] = [];
    return { record, reads, outcome: make(record, tracked(view, reads, versions)) };
  }

  return (view) => {
    if ([...versions].every(([name, version]) => view.version(name) === version)) return list;
    const next = new Map<string, Made<R, T | undefined>>();
    const outcomes: T[] = [];
    for (const record of rows(view)) {
      const id = idOf(record);
      const projected = project(made.get(id), record, view);
      next.set(id, projected);
      if (projected.outcome !== undefined) outcomes.push(projected.outcome);
    }
    made = next;
    list = outcomes;
    for (const name of versions.keys()) versions.set(name, view.version(name));
    return list;
  };
}

function tracked(view: StateView, reads: Read[], tables: Map<TableName, number>): StateView {
  const note = <G>(table: TableName, gave: G, again: (view: StateView) => unknown): G => {
    if (!tables.has(table)) tables.set(table, -1);
    reads.push({ again, gave });
    return gave;
  };
  return {
    get: (table, id) => note(table, view.get(table, id), (now) => now.get(table, id)),
    must: (table, id) => note(table, view.must(table, id), (now) => now.get(table, id)),
    by: (table, index, key) => note(table, view.by(table, index, key), (now) => now.by(table, index, key)),
    inScope: (table, accountId, region) =>
      note(table, view.inScope(table, accountId, region), (now) => now.inScope(table, accountId, region)),
    visible: (table, id, accountId, region) =>
      note(table, view.visible(table, id, accountId, region), (now) => now.visible(table, id, accountId, region)),
    all: (table) => note(table, [...view.all(table)], (now) => [...now.all(table)]),
  };
}

function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((each, index) => each === right[index]);
  return left === right;
}
