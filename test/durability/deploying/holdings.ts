/** What a cloud holds that is at rest or was killed, read from a copy of its store: how many records of each kind, and how far its stacks are. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../src/host/index.ts";

export interface Holdings {
  /** By kind; what is only remembered for a while, as AWS remembers it, does not count, nor what stacks are known to leave. */
  readonly counts: { readonly [kind: string]: number };
  /** Statuses of the stacks that are at work, nested ones too. */
  readonly atWork: readonly string[];
}

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly record: {
    readonly Due?: { readonly what: string };
    readonly StackId?: string;
    readonly StackStatus?: string;
    readonly Operation?: object;
    readonly ResourceId?: string;
    readonly LogGroupName?: string;
  };
}

/** What tells of the past, of which there is more with every play: events, sessions of roles, the first answers to tokens. */
const history = new Set(["stackEvent", "changeSet", "roleSession", "clientToken", "logStream", "logEvents"]);

/** Functions write into groups that CloudFormation knows nothing of: on AWS, too, they stay. */
const groupsOfFunctions = "/aws/lambda/";

export function holdingsOf(state: string): Holdings {
  const rows = rowsOf(state);
  const remembered = new Set(rows.filter(isRemembered).map(({ id }) => id));
  const counts = new Map<string, number>();
  for (const { kind, id, record } of rows) {
    const { StackId = "", ResourceId = "", LogGroupName = "" } = record;
    if (history.has(kind) || [id, StackId, ResourceId].some((each) => remembered.has(each))) continue;
    if (LogGroupName.startsWith(groupsOfFunctions)) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return {
    counts: Object.fromEntries([...counts].sort()),
    atWork: rows.flatMap(({ record }) => (record.Operation === undefined ? [] : (record.StackStatus ?? []))),
  };
}

/** How much of everything there is while no stack is at work. */
export function countsAtRest(state: string): Holdings["counts"] {
  const { atWork, counts } = holdingsOf(state);
  if (atWork.length > 0) throw new Error(`stacks are still at work: ${atWork.join(", ")}`);
  return counts;
}

const isRemembered = ({ record }: Row): boolean => record.Due?.what === "vanish";

function rowsOf(state: string): readonly Row[] {
  // The store is locked while its cloud runs.
  const copy = mkdtempSync(join(tmpdir(), "causeway-holdings-"));
  try {
    const files = readdirSync(state).filter((name) => name.startsWith("state.sqlite"));
    for (const file of files) cpSync(join(state, file), join(copy, file));
    const store = openStore(copy);
    const rows = [...store.load()].map(({ kind, id, json }) => ({ kind, id, record: JSON.parse(json) }));
    store.close();
    return rows;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
