/**
 * Projections of records that are made again only when something they read has changed. Reads are noted while a projection is made;
 * a noted read that gives the same records again proves that the projection would come out the same.
 */
import type { StateView } from "./state.ts";

interface Read {
  /** Repeats the read on the current state. */
  again(view: StateView): unknown;
  readonly gave: unknown;
}

export interface ProjectionCache {
  /** `make(record, view)`, or its last outcome for `key` when nothing it read has changed. The outcome keeps its identity. */
  project<R extends object, T>(key: string, record: R, view: StateView, make: (record: R, view: StateView) => T): T;
  /** Forgets outcomes that were not asked for since the last call. */
  sweep(): void;
}

export function projectionCache(): ProjectionCache {
  let current = new Map<
    string,
    { readonly record: object; readonly reads: readonly Read[]; readonly outcome: unknown }
  >();
  let used = new Map<string, { readonly record: object; readonly reads: readonly Read[]; readonly outcome: unknown }>();
  return {
    project<R extends object, T>(key: string, record: R, view: StateView, make: (record: R, view: StateView) => T): T {
      const known = used.get(key) ?? current.get(key);
      if (
        known !== undefined &&
        known.record === record &&
        known.reads.every((read) => same(read.again(view), read.gave))
      ) {
        used.set(key, known);
        // What is kept under a key was made by the same `make`: keys carry the table's name.
        return known.outcome as T;
      }
      const reads: Read[] = [];
      const outcome = make(record, tracked(view, reads));
      used.set(key, { record, reads, outcome });
      return outcome;
    },
    sweep() {
      current = used;
      used = new Map();
    },
  };
}

function tracked(view: StateView, reads: Read[]): StateView {
  const note = <T>(gave: T, again: (view: StateView) => unknown): T => {
    reads.push({ again, gave });
    return gave;
  };
  return {
    get: (table, id) => note(view.get(table, id), (now) => now.get(table, id)),
    must: (table, id) => note(view.must(table, id), (now) => now.get(table, id)),
    by: (table, index, key) => note(view.by(table, index, key), (now) => now.by(table, index, key)),
    inScope: (table, accountId, region) =>
      note(view.inScope(table, accountId, region), (now) => now.inScope(table, accountId, region)),
    visible: (table, id, accountId, region) =>
      note(view.visible(table, id, accountId, region), (now) => now.visible(table, id, accountId, region)),
    all: (table) => note([...view.all(table)], (now) => [...now.all(table)]),
  };
}

function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((each, index) => each === right[index]);
  return left === right;
}
