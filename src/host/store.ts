/**
 * The durable store: one SQLite file in the state folder, WAL and synchronous=NORMAL, so that what `commit` has taken survives
 * `kill -9`. SQLite comes from Node where Node has it, else from libsql. The file is locked while it is open; the lock ends with
 * the process, however it ends.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A record as the store keeps it. */
export interface StoredRecord {
  readonly kind: string;
  readonly id: string;
  readonly json: string;
}

/** `json: null` deletes. */
export interface StoreChange {
  readonly kind: string;
  readonly id: string;
  readonly json: string | null;
}

export interface Store {
  /** All records in the order in which they were first stored, which is the order that listings keep. */
  load(): Iterable<StoredRecord>;
  /** All or nothing; durable when it returns. */
  commit(changes: readonly StoreChange[]): void;
  readMeta(key: string): string | undefined;
  writeMeta(key: string, value: string): void;
  close(): void;
}

/**
 * `locked`: another process has it, `holder` is its process id where known. `corrupt`: the file is not what was written.
 * `newer`: written by a later version. `unavailable`: no SQLite here, or the folder cannot be used.
 */
export class StoreError extends Error {
  readonly reason: "locked" | "corrupt" | "newer" | "unavailable";
  readonly path: string;
  readonly hint: string;
  readonly holder: number | undefined;

  constructor(reason: StoreError["reason"], path: string, message: string, hint: string, holder?: number) {
    super(message);
    this.name = "StoreError";
    this.reason = reason;
    this.path = path;
    this.hint = hint;
    this.holder = holder;
  }
}

/** Opens (and when missing makes) the store of a state folder; `:memory:` is a store that ends with it. */
export function openStore(stateFolder: string): Store {
  if (stateFolder === ":memory:") return prepare(openDatabase(":memory:"), () => undefined);
  const path = join(stateFolder, "state.sqlite");
  const holderPath = join(stateFolder, "holder.pid");
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(
      "unavailable",
      path,
      `The state folder ${stateFolder} cannot be made: ${text(error)}.`,
      "Name another folder with --state.",
    );
  }
  let database: Database | undefined;
  try {
    database = openDatabase(path);
    const store = prepare(database, () => rmSync(holderPath, { force: true }));
    writeFileSync(holderPath, `${process.pid}\n`);
    return store;
  } catch (error) {
    database?.close();
    throw explained(error, path, holderPath);
  }
}

/** After so many pages, 32 MB, the log is written back into the database. That waits for the disk, so it should be rare. */
const checkpointPages = 8192;

/** Counts up when the tables change. */
const schemaVersion = 1;

function prepare(database: Database, onClose: () => void): Store {
  // Look before anything is written: a file that is damaged, or too new, stays as it is.
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  const check = Object.values(database.prepare("PRAGMA quick_check(1)").get() ?? {})[0];
  if (check !== "ok") throw new DamagedFile(String(check));
  const version = Number(Object.values(database.prepare("PRAGMA user_version").get() ?? {})[0] ?? 0);
  if (version > schemaVersion) throw new NewerSchema(version);
  // WAL under an exclusive lock has no shared-memory file: nobody else can open the database.
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${checkpointPages};
    BEGIN EXCLUSIVE;
    CREATE TABLE IF NOT EXISTS record (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = ${schemaVersion};
    COMMIT;`);

  const put = database.prepare(
    "INSERT INTO record (sequence, kind, id, json) VALUES (?, ?, ?, ?) ON CONFLICT (sequence) DO UPDATE SET json = excluded.json",
  );
  const drop = database.prepare("DELETE FROM record WHERE sequence = ?");
  const all = database.prepare("SELECT kind, id, json FROM record ORDER BY sequence");
  const places = database.prepare("SELECT sequence, kind, id FROM record ORDER BY sequence");
  const readMeta = database.prepare("SELECT value FROM meta WHERE key = ?");
  const writeMeta = database.prepare(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const [begin, commit, rollback] = ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"].map((sql) => database.prepare(sql));
  let open = true;

  // Rows are found by number alone. An index by kind and id would touch a page of its own for each row, at a random place.
  const sequences = new Map<string, number>();
  let lastSequence = 0;
  for (const { sequence, kind, id } of places.all()) {
    lastSequence = Number(sequence);
    sequences.set(keyOf({ kind: String(kind), id: String(id) }), lastSequence);
  }

  function write({ kind, id, json }: StoreChange): void {
    const key = keyOf({ kind, id });
    const known = sequences.get(key);
    if (json !== null) {
      const sequence = known ?? ++lastSequence;
      put.run(sequence, kind, id, json);
      sequences.set(key, sequence);
    } else if (known !== undefined) {
      drop.run(known);
      sequences.delete(key);
    }
  }

  return {
    *load() {
      for (const row of all.all()) {
        yield { kind: String(row.kind), id: String(row.id), json: String(row.json) };
      }
    },
    commit(changes) {
      if (changes.length === 0) return;
      begin?.run();
      const before = changes.map((change) => [keyOf(change), sequences.get(keyOf(change))] as const);
      try {
        for (const change of changes) write(change);
        commit?.run();
      } catch (error) {
        for (const [key, sequence] of before) {
          if (sequence === undefined) sequences.delete(key);
          else sequences.set(key, sequence);
        }
        rollback?.run();
        throw error;
      }
    },
    readMeta(key) {
      const row = readMeta.get(key);
      return row && String(row.value);
    },
    writeMeta(key, value) {
      writeMeta.run(key, value);
    },
    close() {
      if (!open) return;
      open = false;
      release(database);
      onClose();
    },
  };
}

function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

/**
 * Closes, and gives the lock back before: libsql keeps the file open until its statements are collected. Leaving WAL writes its
 * content into the database; an exclusive lock without shared memory can only be given up outside of WAL.
 */
function release(database: Database): void {
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema;");
  } finally {
    database.close();
  }
}

/** What node:sqlite and libsql have in common. */
interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

interface Statement {
  run(...values: readonly (string | number)[]): unknown;
  get(...values: readonly string[]): Readonly<Record<string, unknown>> | undefined;
  all(): readonly Readonly<Record<string, unknown>>[];
}

function openDatabase(path: string): Database {
  const require = createRequire(import.meta.url);
  const builtin: unknown = "getBuiltinModule" in process ? builtinSqlite() : undefined;
  if (hasMember(builtin, "DatabaseSync")) {
    // The codec boundary to a module that the pinned Node types do not know; `Database` is the part of it in use.
    const { DatabaseSync } = builtin as { readonly DatabaseSync: new (path: string) => Database };
    return new DatabaseSync(path);
  }
  let LibSql: new (path: string) => Database;
  try {
    LibSql = require("libsql");
  } catch (error) {
    throw new StoreError(
      "unavailable",
      path,
      `There is no SQLite: ${text(error)}.`,
      "Use Node 22.13 or later, or install the optional package libsql.",
    );
  }
  return new LibSql(path);
}

function builtinSqlite(): unknown {
  const { getBuiltinModule } = process as { getBuiltinModule?: (id: string) => unknown };
  return getBuiltinModule?.("node:sqlite");
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}

class NewerSchema extends Error {
  readonly version: number;
  constructor(version: number) {
    super(`schema ${version}`);
    this.version = version;
  }
}

class DamagedFile extends Error {}

function explained(error: unknown, path: string, holderPath: string): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof NewerSchema) {
    return new StoreError(
      "newer",
      path,
      `${path} was written by a later version (schema ${error.version}, this one knows ${schemaVersion}).`,
      "Use that version, or name another folder with --state.",
    );
  }
  const kind = error instanceof DamagedFile ? "corrupt" : sqliteResult(error);
  const aside =
    "It was left as it is. To start anew, move it away together with its -wal file, or name another folder with --state.";
  switch (kind) {
    case "locked": {
      const holder = existsSync(holderPath) ? Number.parseInt(readFileSync(holderPath, "latin1"), 10) : Number.NaN;
      const known = Number.isInteger(holder) ? holder : undefined;
      const who = known === undefined ? "another process" : `process ${known}`;
      return new StoreError(
        "locked",
        path,
        `${path} is in use by ${who}.`,
        "Stop that one first, or name another folder with --state.",
        known,
      );
    }
    case "corrupt":
      return new StoreError("corrupt", path, `${path} is damaged: ${text(error)}.`, aside);
    case "other":
      return new StoreError(
        "unavailable",
        path,
        `${path} cannot be opened: ${text(error)}.`,
        "Check the folder's permissions and free space, or name another with --state.",
      );
  }
}

/** node:sqlite gives SQLite's number, libsql its name. Source: sqlite.org/rescode.html. */
function sqliteResult(error: unknown): "locked" | "corrupt" | "other" {
  if (typeof error !== "object" || error === null) return "other";
  const number = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
  const name = "code" in error && typeof error.code === "string" ? error.code : "";
  if (number === 5 || number === 6 || /^SQLITE_(BUSY|LOCKED)/.test(name)) return "locked";
  if (number === 11 || number === 26 || /^SQLITE_(CORRUPT|NOTADB)/.test(name)) return "corrupt";
  return "other";
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
