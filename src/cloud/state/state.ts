/**
 * The cloud's state: tables in memory, every transaction in the durable store before its outcome is told to anybody,
 * and the clockwork that moves rows along their life cycles when their time has come.
 */
import { elapse, fire, pending } from "../lifecycle/lifecycle.ts";
import type { Pace, RandomSource, Store, StoredChange } from "../ports.ts";
import { forgetTags } from "../services/ec2/tag/tags.ts";
import { DueQueue } from "./due-queue.ts";
import { type CloudRecord, scopeKey } from "./record.ts";
import { Table } from "./table.ts";
import { type IndexName, type TableName, type Tables, tables } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

export interface StateOptions {
  readonly store: Store;
  readonly random: RandomSource;
  readonly pace: Pace;
}

export interface State {
  /** Runs `work` as one transaction: undone when it throws, durable when this returns, or when what is gathered is written down. */
  transact<T>(now: number, work: (transaction: Transaction) => T): T;
  /** Lets the transactions from here on wait for `writeDown`, so that many become durable in one write. */
  gather(): void;
  /** Makes durable what was gathered. When the store cannot take it, all of it is undone, and its error thrown. */
  writeDown(): void;
  /** Reads without a transaction. The view stays valid; what it shows changes with the state. */
  readonly view: VersionedView;
  /** Moves every row whose time has come, each in a transaction of its own. Returns whether any moved. */
  advance(now: number): boolean;
  /** When the next row is due, milliseconds since the epoch. */
  nextDue(): number | undefined;
  /** Called after each commit that changed something. */
  onCommit(listener: (changes: readonly CommittedChange[]) => void): void;
}

/** A record before and after a transaction; `undefined` where there was or is none. */
export type CommittedChange = {
  readonly [K in TableName]: {
    readonly table: K;
    readonly id: string;
    readonly before: Tables[K] | undefined;
    readonly after: Tables[K] | undefined;
  };
}[TableName];

export type StateView = Pick<Transaction, "get" | "must" | "by" | "inScope" | "visible" | "all">;

/** A view that tells when it has changed. */
export interface VersionedView extends StateView {
  /** Rises with every change of a table: while it stays, every read of the table gives what it gave before. */
  version(table: TableName): number;
}

const tableNames = Object.keys(tables).filter((name): name is TableName => Object.hasOwn(tables, name));

export function openState({ store, random, pace }: StateOptions): State {
  const held = new Map<TableName, Table<CloudRecord>>();
  const due = new DueQueue();
  const listeners: ((changes: readonly CommittedChange[]) => void)[] = [];

  for (const name of tableNames) held.set(name, new Table<CloudRecord>(definitionOf(name)));
  const everyTable = [...held.values()];
  for (const { kind, id, json } of store.load()) {
    if (!isTableName(kind)) throw new Error(`bug: the store holds a record of unknown kind ${kind} (${id})`);
    const record: CloudRecord = JSON.parse(json);
    tableOf(kind).set(record);
    if (record.Due) due.add({ at: record.Due.at, table: kind, id });
  }

  function definitionOf(name: TableName): ErasedDefinition {
    // The register above pairs each definition with its own record type; a table only ever meets its own records.
    return tables[name] as unknown as ErasedDefinition;
  }

  function tableOf<K extends TableName>(name: K): Table<Tables[K]> {
    const table = held.get(name);
    if (table === undefined) throw new Error(`bug: no table ${name}`);
    // `held` is filled per name from the register, so the table's record type is the one the register gives.
    return table as unknown as Table<Tables[K]>;
  }

  const view: VersionedView = {
    get: (name, id) => tableOf(name).get(id),
    must(name, id) {
      const record = tableOf(name).get(id);
      if (record === undefined) throw new Error(`bug: ${name} ${id} is gone`);
      return record;
    },
    by: <K extends TableName>(name: K, index: IndexName<K>, key: string) => tableOf(name).by(index, key),
    inScope: (name, accountId, region) => tableOf(name).inScope(scopeKey(accountId, region)),
    visible(name, id, accountId, region) {
      const table = tableOf(name);
      return table.isVisible(id, scopeKey(accountId, region)) ? table.get(id) : undefined;
    },
    all: (name) => tableOf(name).all(),
    version: (name) => tableOf(name).version,
  };

  /** Rows as they were before the transactions that are not durable yet; `undefined` when all are. */
  let unwritten: Changes | undefined;

  function gather(): void {
    unwritten ??= { before: new Map(), effects: [] };
  }

  function writeDown(): void {
    const changes = unwritten;
    unwritten = undefined;
    if (changes !== undefined) makeDurable(changes);
  }

  function makeDurable({ before, effects }: Changes): void {
    const stored: StoredChange[] = [];
    const committed: CommittedChange[] = [];
    for (const { table, id, record } of before.values()) {
      const after = held.get(table)?.get(id);
      if (after === record) continue;
      stored.push({ kind: table, id, json: after === undefined ? null : JSON.stringify(after) });
      // Both records come from the table that is named beside them.
      committed.push({ table, id, before: record, after } as CommittedChange);
    }
    if (stored.length > 0) {
      try {
        store.commit(stored);
      } catch (error) {
        undo(before);
        throw error;
      }
      for (const listener of listeners) listener(committed);
    }
    for (const effect of effects) effect();
  }

  /** Rows come out as they were, and in the order they had. */
  function undo(before: Before): void {
    for (const { table, id, record, position } of before.values()) {
      if (record === undefined) held.get(table)?.delete(id);
      else held.get(table)?.restore(record, position);
    }
  }

  function transact<T>(now: number, work: (transaction: Transaction) => T): T {
    if (unwritten !== undefined) return transactWithin(now, work, unwritten);
    const own: Changes = { before: new Map(), effects: [] };
    const result = transactWithin(now, work, own);
    makeDurable(own);
    return result;
  }

  function transactWithin<T>(now: number, work: (transaction: Transaction) => T, changes: Changes): T {
    const before: Before = new Map();
    const effects: (() => void)[] = [];

    const remember = (table: TableName, id: string): void => {
      const key = `${table} ${id}`;
      if (before.has(key)) return;
      before.set(key, { table, id, record: held.get(table)?.get(id), position: held.get(table)?.positionOf(id) });
    };

    const transaction: Transaction = {
      ...view,
      now,
      put(name, record) {
        const definition = definitionOf(name);
        const id = definition.id(record);
        remember(name, id);
        tableOf(name).set(withDue(name, record, held.get(name)?.get(id)));
      },
      delete(name, id) {
        remember(name, id);
        tableOf(name).delete(id);
      },
      fire(name, record, event) {
        const binding = definitionOf(name).lifecycle;
        if (binding === undefined) throw new Error(`bug: ${name} has no life cycle`);
        const to = fire(binding.lifecycle, binding.stateOf(record), event, (guard) =>
          binding.holds(record, guard, transaction),
        );
        if (to === undefined) return undefined;
        transaction.put(name, binding.enter(record, to, transaction) as typeof record);
        return view.must(name, definitionOf(name).id(record));
      },
      newId(prefix) {
        for (;;) {
          const id = `${prefix}-${hexDigits(random.bytes(9)).slice(0, 17)}`;
          if (!everyTable.some((table) => table.get(id))) return id;
        }
      },
      randomBytes: (count) => random.bytes(count),
      afterCommit: (effect) => effects.push(effect),
    };

    function withDue<R extends CloudRecord>(name: TableName, record: R, previous: CloudRecord | undefined): R {
      const binding = definitionOf(name).lifecycle;
      if (binding === undefined) return record;
      const state = binding.stateOf(record);
      if (previous !== undefined && binding.stateOf(previous) === state) return { ...record, Due: previous.Due };
      const next = pending(binding.lifecycle, state);
      const at = next === undefined ? undefined : now + paced(next.delayMs, next.kind, pace);
      return { ...record, Due: next === undefined || at === undefined ? undefined : { at, what: next.what } };
    }

    let result: T;
    try {
      result = work(transaction);
    } catch (error) {
      undo(before);
      throw error;
    }
    for (const [key, row] of before) {
      const { table, id, record } = row;
      const after = held.get(table)?.get(id);
      if (after === record) continue;
      if (!changes.before.has(key)) changes.before.set(key, row);
      // Told apart by identity: a row may enter a state that ends at the very time at which the one before it ended.
      if (after?.Due && after.Due !== record?.Due) due.add({ at: after.Due.at, table, id });
    }
    changes.effects.push(...effects);
    return result;
  }

  function advance(now: number): boolean {
    let moved = false;
    // Bounded: a row moves at most once per declared state in a row, and no life cycle is longer than this.
    for (let steps = 0; steps < 1_000_000; steps += 1) {
      const entry = due.takeUntil(now);
      if (entry === undefined) return moved;
      const record = held.get(entry.table)?.get(entry.id);
      if (record?.Due === undefined || record.Due.at !== entry.at) continue;
      moved = true;
      const { what } = record.Due;
      transact(now, (transaction) => {
        if (what === "vanish") {
          const tagged = definitionOf(entry.table).taggedIds?.(record) ?? [entry.id];
          for (const id of tagged) forgetTags(transaction, id);
          transaction.delete(entry.table, entry.id);
          return;
        }
        const definition = definitionOf(entry.table);
        const binding = definition.lifecycle;
        if (binding === undefined) throw new Error(`bug: ${entry.table} ${entry.id} is due without a life cycle`);
        const to = elapse(binding.lifecycle, binding.stateOf(record), (guard) =>
          binding.holds(record, guard, transaction),
        );
        if (to === undefined)
          throw new Error(`bug: ${entry.table} ${entry.id} cannot leave ${binding.stateOf(record)}`);
        transaction.put(entry.table, binding.enter(record, to, transaction) as Tables[typeof entry.table]);
      });
    }
    throw new Error("bug: the clockwork does not come to rest");
  }

  return {
    transact,
    gather,
    writeDown,
    view,
    advance,
    nextDue: () => due.next(),
    onCommit: (listener) => listeners.push(listener),
  };
}

/** Rows as they were, by table and id, in the order in which they were first written. */
type Before = Map<
  string,
  {
    readonly table: TableName;
    readonly id: string;
    /** `undefined` where there was none. */
    readonly record: CloudRecord | undefined;
    readonly position: number | undefined;
  }
>;

interface Changes {
  readonly before: Before;
  /** To run once the changes are durable. */
  readonly effects: (() => void)[];
}

interface ErasedDefinition {
  id(record: CloudRecord): string;
  readonly indexes: { readonly [index: string]: (record: CloudRecord) => readonly string[] };
  readonly scopes?: (record: CloudRecord) => readonly string[];
  readonly lifecycle?: import("./lifecycle-binding.ts").LifecycleBinding<CloudRecord>;
  readonly taggedIds?: (record: CloudRecord) => readonly string[];
}

function paced(delayMs: number, kind: "work" | "deadline", pace: Pace): number {
  if (pace === "20x") return delayMs / 20;
  return pace === "instant" && kind === "work" ? 0 : delayMs;
}

function isTableName(name: string): name is TableName {
  return Object.hasOwn(tables, name);
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexDigits(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexOfByte[byte];
  return text;
}
