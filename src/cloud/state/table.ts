/** One table in memory: records by id, and look-ups by scope and by declared index that are kept in step with every change. */
import { type CloudRecord, scopeKey } from "./record.ts";

interface Definition<R extends CloudRecord> {
  id(record: R): string;
  readonly indexes: { readonly [index: string]: (record: R) => readonly string[] };
  readonly scopes?: (record: R) => readonly string[];
}

type Lookup<R> = Map<string, Map<string, R>>;

export class Table<R extends CloudRecord> {
  readonly #definition: Definition<R>;
  readonly #records = new Map<string, R>();
  readonly #scopes: Lookup<R> = new Map();
  readonly #indexes = new Map<string, Lookup<R>>();
  /** When each record came, as a rising number. */
  readonly #positions = new Map<string, number>();
  #nextPosition = 0;
  #version = 0;

  constructor(definition: Definition<R>) {
    this.#definition = definition;
    for (const name of Object.keys(definition.indexes)) this.#indexes.set(name, new Map());
  }

  /** Rises with every change of the table, also with one that undoes another. */
  get version(): number {
    return this.#version;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  all(): Iterable<R> {
    return this.#records.values();
  }

  by(index: string, key: string): readonly R[] {
    return [...(this.#indexes.get(index)?.get(key)?.values() ?? [])];
  }

  inScope(scope: string): readonly R[] {
    return [...(this.#scopes.get(scope)?.values() ?? [])];
  }

  isVisible(id: string, scope: string): boolean {
    return this.#scopes.get(scope)?.has(id) ?? false;
  }

  set(record: R): void {
    this.#version += 1;
    const id = this.#definition.id(record);
    const previous = this.#records.get(id);
    this.#records.set(id, record);
    if (previous === undefined) this.#positions.set(id, this.#nextPosition++);
    this.#refile(this.#scopes, id, previous && this.#scopesOf(previous), this.#scopesOf(record), record);
    for (const [name, keysOf] of Object.entries(this.#definition.indexes)) {
      const lookup = this.#indexes.get(name);
      if (lookup) this.#refile(lookup, id, previous && keysOf(previous), keysOf(record), record);
    }
  }

  delete(id: string): void {
    const previous = this.#records.get(id);
    if (previous === undefined) return;
    this.#version += 1;
    this.#records.delete(id);
    this.#positions.delete(id);
    this.#refile(this.#scopes, id, this.#scopesOf(previous), [], previous);
    for (const [name, keysOf] of Object.entries(this.#definition.indexes)) {
      const lookup = this.#indexes.get(name);
      if (lookup) this.#refile(lookup, id, keysOf(previous), [], previous);
    }
  }

  positionOf(id: string): number | undefined {
    return this.#positions.get(id);
  }

  /** Undoes what happened to a record: where it had left a listing, it takes its old place among the others again. */
  restore(record: R, position: number | undefined): void {
    const id = this.#definition.id(record);
    const left = this.#filings(record).filter(({ lookup, key }) => lookup.get(key)?.has(id) !== true);
    const gone = !this.#records.has(id);
    this.set(record);
    if (gone && position !== undefined) {
      this.#positions.set(id, position);
      this.#sort(this.#records);
    }
    for (const { lookup, key } of left) this.#sort(lookup.get(key));
  }

  /** Everywhere that a record is listed. */
  #filings(record: R): { readonly lookup: Lookup<R>; readonly key: string }[] {
    const filings = this.#scopesOf(record).map((key) => ({ lookup: this.#scopes, key }));
    for (const [name, keysOf] of Object.entries(this.#definition.indexes)) {
      const lookup = this.#indexes.get(name);
      if (lookup) filings.push(...keysOf(record).map((key) => ({ lookup, key })));
    }
    return filings;
  }

  #sort(records: Map<string, R> | undefined): void {
    const place = (id: string) => this.#positions.get(id) ?? 0;
    const sorted = [...(records ?? [])].sort(([a], [b]) => place(a) - place(b));
    records?.clear();
    for (const [id, record] of sorted) records?.set(id, record);
  }

  #scopesOf(record: R): readonly string[] {
    return this.#definition.scopes?.(record) ?? [scopeKey(record.OwnerId, record.Region)];
  }

  /** Entries that stay keep their place, so that listings are in order of creation. */
  #refile(lookup: Lookup<R>, id: string, from: readonly string[] | undefined, to: readonly string[], record: R): void {
    for (const key of from ?? []) {
      if (to.includes(key)) continue;
      const bucket = lookup.get(key);
      bucket?.delete(id);
      if (bucket?.size === 0) lookup.delete(key);
    }
    for (const key of to) {
      const bucket = lookup.get(key);
      if (bucket) bucket.set(id, record);
      else lookup.set(key, new Map([[id, record]]));
    }
  }
}
