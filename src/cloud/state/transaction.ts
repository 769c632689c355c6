/** What an action may do to the state: read, replace, remove, move along a life cycle. All of it becomes durable together, or none. */
import type { IndexName, TableName, Tables } from "./tables.ts";

export interface Transaction {
  /** Milliseconds since the epoch; the same for the whole transaction. */
  readonly now: number;
  get<K extends TableName>(table: K, id: string): Tables[K] | undefined;
  /** The record, which must be there: a dangling id is a bug. */
  must<K extends TableName>(table: K, id: string): Tables[K];
  by<K extends TableName>(table: K, index: IndexName<K>, key: string): readonly Tables[K][];
  /** What an account sees in a Region, oldest first. */
  inScope<K extends TableName>(table: K, accountId: string, region: string): readonly Tables[K][];
  /** The record if that account sees it in that Region. */
  visible<K extends TableName>(table: K, id: string, accountId: string, region: string): Tables[K] | undefined;
  all<K extends TableName>(table: K): Iterable<Tables[K]>;
  put<K extends TableName>(table: K, record: Tables[K]): void;
  delete<K extends TableName>(table: K, id: string): void;
  /** Fires an event of the record's life cycle and stores the outcome; undefined (and nothing stored) when the event is not allowed now. */
  fire<K extends TableName>(table: K, record: Tables[K], event: string): Tables[K] | undefined;
  /** `prefix-` and 17 hexadecimal digits, unused so far. */
  newId(prefix: string): string;
  randomBytes(count: number): Uint8Array;
  /** Runs after the transaction is durable; never when it is rolled back. */
  afterCommit(effect: () => void): void;
}
