/**
 * Matrices that follow a network while it changes. A change of security groups' rules touches the rows of the classes that hold these groups, and
 * in the matrix the pairs that differ; everything else is kept. Any other change is compiled anew.
 */
import type { IpFamily } from "../../ip/index.ts";
import type { NetworkModel, SecurityGroup } from "../../model/index.ts";
import type { FlowTraffic } from "../flow.ts";
import { prepareModel } from "../prepared-model.ts";
import { add, type BitRow, eachColumn, emptyRow, has, remove, wordsFor } from "./bit-rows.ts";
import type { Direction } from "./filters.ts";
import { classify, type InterfaceClass } from "./interface-classes.ts";
import { type Plane, planeOf } from "./plane.ts";
import { matrixOf, meet, type ReachabilityMatrix } from "./reachability-matrix.ts";
import { compileSets } from "./reachability-sets.ts";
import { type TrafficRows, trafficRows } from "./traffic-rows.ts";
import { waysOf } from "./ways.ts";

export interface LiveSets {
  /** Of the newest model; they may be finer than those of a fresh compilation. */
  readonly classes: readonly InterfaceClass[];
  classOf(networkInterfaceId: string): number | undefined;
  /** Of one of the kinds of traffic, by its place in the list. */
  matrix(traffic: number): ReachabilityMatrix;
  /** Follows to another state of the network. True when the matrices were touched up, false when they were compiled anew. */
  become(model: NetworkModel): boolean;
}

export function followSets(model: NetworkModel, traffics: readonly FlowTraffic[], family: IpFamily = "ipv4"): LiveSets {
  let state = compileState(model, traffics, family);
  return {
    get classes() {
      return state.plane.classes.classes;
    },
    classOf: (id) => state.plane.classes.classOf(id),
    matrix: (traffic) => {
      const followed = state.followed[traffic];
      if (followed === undefined) throw new Error(`bug: there are ${traffics.length} kinds of traffic`);
      return followed.matrix;
    },
    become(next) {
      const changes = changedGroups(state.model, next);
      if (changes === undefined || state.isWalked || !changes.every(({ after }) => canFollow(state.plane, after))) {
        state = compileState(next, traffics, family);
        return false;
      }
      state = { ...state, model: next };
      state.plane.prepared = prepareModel(next);
      for (const change of changes) for (const followed of state.followed) touch(state.plane, followed, change);
      return true;
    },
  };
}

interface State {
  readonly model: NetworkModel;
  readonly plane: Plane;
  readonly followed: readonly Followed[];
  /** Somewhere only the walk knows the verdict, which may hang on any group on the way. */
  readonly isWalked: boolean;
}

/** One kind of traffic. */
interface Followed {
  readonly rows: TrafficRows;
  /** All forward rows and all backward rows, and the pairs that are in both. */
  readonly forward: Int32Array;
  readonly backward: Int32Array;
  readonly both: Int32Array;
  readonly matrix: ReachabilityMatrix;
}

function compileState(model: NetworkModel, traffics: readonly FlowTraffic[], family: IpFamily): State {
  const prepared = prepareModel(model);
  const plane = planeOf(prepared, classify(prepared, family));
  const ways = waysOf(plane);
  const all = traffics.map((traffic) => trafficRows(plane, ways, traffic));
  const isWalked = all.some((rows) =>
    plane.addresses.some((_, column) => rows.walkedForward(column) ?? rows.walkedBackward(column)),
  );
  if (!isWalked) return { model, plane, isWalked, followed: all.map((rows) => follow(plane, rows)) };
  // Their classes are the same: both come from the one model.
  const sets = compileSets(model, family);
  const none = new Int32Array(0);
  const followed = all.map((rows, at) => {
    const traffic = traffics[at];
    if (traffic === undefined) throw new Error("bug: rows without traffic");
    return { rows, forward: none, backward: none, both: none, matrix: sets.matrix(traffic) };
  });
  return { model, plane, isWalked, followed };
}

function follow({ size }: Plane, rows: TrafficRows): Followed {
  const words = wordsFor(size);
  const forward = new Int32Array(size * words);
  const backward = new Int32Array(size * words);
  for (let column = 0; column < size; column += 1) {
    rows.forward(column, rowAt(forward, column, words));
    rows.backward(column, rowAt(backward, column, words));
  }
  const both = forward.slice();
  meet(both, backward, size, words);
  return { rows, forward, backward, both, matrix: matrixOf(both, new Map(), size, words) };
}

function rowAt(rows: Int32Array, column: number, words: number): BitRow {
  return rows.subarray(column * words, (column + 1) * words);
}

interface GroupChange {
  readonly before: SecurityGroup;
  readonly after: SecurityGroup;
}

/** The groups whose rules are all that changed; `undefined` when anything else did. */
function changedGroups(before: NetworkModel, after: NetworkModel): readonly GroupChange[] | undefined {
  const { securityGroups: old, ...rest } = before;
  const { securityGroups: now, ...others } = after;
  const names = Object.keys(rest) as readonly (keyof typeof rest)[];
  if (!names.every((name) => isSame(rest[name], others[name])) || old.length !== now.length) return undefined;
  const changes: GroupChange[] = [];
  for (const [at, group] of now.entries()) {
    const earlier = old[at];
    if (earlier === group) continue;
    if (earlier?.groupId !== group.groupId || earlier.vpcId !== group.vpcId) return undefined;
    changes.push({ before: earlier, after: group });
  }
  return changes;
}

/** The model keeps what did not change. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, at) => each === b[at]);
}

/** Whether the group's new rules split no class, and name nothing that was not read. */
function canFollow({ classes, prepared: { index } }: Plane, { rules }: SecurityGroup): boolean {
  return rules.every(({ peer }) => {
    if (peer.kind === "cidr") return classes.fits(peer.cidr);
    if (peer.kind === "prefix-list") return index.prefixList(peer.prefixListId) !== undefined;
    return index.securityGroup(peer.groupId) !== undefined;
  });
}

function touch(plane: Plane, followed: Followed, change: GroupChange): void {
  const holders = plane.groupColumns.get(change.after.groupId);
  if (holders === undefined) return;
  for (const direction of ["egress", "ingress"] as const) {
    if (!followed.rows.isTouched(change.before, change.after, direction)) continue;
    followed.rows.forget(change.after.groupId, direction);
    eachColumn(holders, (column) => renew(plane, followed, column, direction));
  }
}

/** Computes one row again, and the pairs of the bits in it that changed. */
function renew(
  { size }: Plane,
  { rows, forward, backward, both }: Followed,
  column: number,
  direction: Direction,
): void {
  const words = wordsFor(size);
  const row = emptyRow(size);
  const isForward = direction === "egress";
  if (isForward) rows.forward(column, row);
  else rows.backward(column, row);
  const old = rowAt(isForward ? forward : backward, column, words);
  const differs = row.map((word, at) => word ^ (old[at] ?? 0));
  old.set(row);
  eachColumn(differs, (other) => {
    const [from, to] = isForward ? [column, other] : [other, column];
    const pairs = rowAt(both, from, words);
    const isOpen = has(row, other) && has(rowAt(isForward ? backward : forward, other, words), column);
    if (isOpen) add(pairs, to);
    else remove(pairs, to);
  });
}
