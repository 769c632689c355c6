/**
 * A whole network's reachability as sets: for every pair of interfaces the verdict that `explain` gives, computed for all pairs at once. What
 * tables, peerings, transit gateways, groups and network ACLs decide is in compiled rows; the verdict of what is left (see `Routed`) is the
 * walk's, asked once for each pair of classes.
 */
import type { IpFamily } from "../../ip/index.ts";
import type { InstanceId, NetworkInterface, NetworkModel } from "../../model/index.ts";
import { explain } from "../explain.ts";
import type { Verdict } from "../explanation.ts";
import { type FlowEnd, type FlowTraffic, internetHost } from "../flow.ts";
import { type PreparedModel, prepareModel } from "../prepared-model.ts";
import { add, type BitRow, eachColumn, emptyRow, has, wordsFor } from "./bit-rows.ts";
import { instancesWithSeveral } from "./class-facts.ts";
import { classify, type InterfaceClass, type InterfaceClasses, ownAddress } from "./interface-classes.ts";
import { type Plane, planeOf } from "./plane.ts";
import { matrixOf, meet, type ReachabilityMatrix, weigh } from "./reachability-matrix.ts";
import { type TrafficRows, trafficRows } from "./traffic-rows.ts";
import { type Ways, waysOf } from "./ways.ts";

export interface ReachabilitySets {
  readonly model: NetworkModel;
  readonly family: IpFamily;
  /** Interfaces that nothing in the model tells apart. Interfaces of gateways are no end of a pair and in none. */
  readonly classes: readonly InterfaceClass[];
  classOf(networkInterfaceId: string): number | undefined;
  /** What `explain` says of a flow between the two interfaces' own addresses. */
  verdict(from: string, to: string, traffic: FlowTraffic): Verdict;
  /** Of every class towards every class. */
  matrix(traffic: FlowTraffic): ReachabilityMatrix;
  /** Ordered pairs of interfaces, not both of one instance, of which the first reaches the second. */
  reachablePairs(traffic: FlowTraffic): number;
  /** Whether there are a member of the one and a member of the other that are not on one host. */
  havePair(from: number, to: number): boolean;
  /** Of the class from, or to, any host on the internet. */
  internet(column: number, direction: "from" | "to", traffic: FlowTraffic): Verdict;
}

export function compileSets(model: NetworkModel, family: IpFamily = "ipv4"): ReachabilitySets {
  const prepared = prepareModel(model);
  const classes = classify(prepared, family);
  const plane = planeOf(prepared, classes);
  const compiled: Compiled = {
    prepared,
    plane,
    ways: waysOf(plane),
    classes,
    traffics: new Map(),
    latest: undefined,
    several: instancesWithSeveral(model),
    internet: new Map(),
    scratch: scratchFor(plane.size),
  };
  return {
    model,
    family,
    classes: classes.classes,
    classOf: classes.classOf,
    verdict: (from, to, traffic) => verdictOf(compiled, from, to, traffic),
    matrix: (traffic) => matrixFor(compiled, compiledTraffic(compiled, traffic)),
    reachablePairs: (traffic) => countPairs(compiled, traffic),
    havePair: (from, to) => strangers(classes.classes[from], classes.classes[to]) !== undefined,
    internet: (column, direction, traffic) => internetVerdict(compiled, column, direction, traffic),
  };
}

interface Compiled {
  readonly prepared: PreparedModel;
  readonly plane: Plane;
  readonly ways: Ways;
  readonly classes: InterfaceClasses;
  readonly traffics: Map<string, CompiledTraffic>;
  /** The one that was asked about last: mostly the next question is about the same. */
  latest: CompiledTraffic | undefined;
  /** Instances with several interfaces. */
  readonly several: ReadonlySet<InstanceId>;
  readonly internet: Map<string, Verdict>;
  /** Room for a row of each class, emptied; there are two. */
  scratch(number: 0 | 1): Int32Array;
}

function scratchFor(size: number): Compiled["scratch"] {
  const rooms: Int32Array[] = [];
  return (number) => {
    const room = rooms[number]?.fill(0) ?? new Int32Array(size * wordsFor(size));
    rooms[number] = room;
    return room;
  };
}

interface CompiledTraffic {
  readonly traffic: FlowTraffic;
  readonly rows: TrafficRows;
  /** Rows that single verdicts asked for. */
  readonly forward: (BitRow | undefined)[];
  readonly backward: (BitRow | undefined)[];
  readonly walked: Map<number, Verdict>;
  matrix?: ReachabilityMatrix;
}

function compiledTraffic(compiled: Compiled, traffic: FlowTraffic): CompiledTraffic {
  if (compiled.latest?.traffic === traffic) return compiled.latest;
  const key = trafficKey(traffic);
  let each = compiled.traffics.get(key);
  if (each === undefined) {
    each = newTraffic(compiled, traffic);
    compiled.traffics.set(key, each);
  }
  if (each.traffic === traffic) compiled.latest = each;
  return each;
}

function newTraffic({ plane, ways }: Compiled, traffic: FlowTraffic): CompiledTraffic {
  return { traffic, rows: trafficRows(plane, ways, traffic), forward: [], backward: [], walked: new Map() };
}

function trafficKey(traffic: FlowTraffic): string {
  if (traffic.protocol === "tcp" || traffic.protocol === "udp") return `${traffic.protocol}/${traffic.port}`;
  return traffic.protocol === "icmp" ? `icmp/${traffic.type}/${traffic.code}` : `${traffic.protocol}`;
}

function verdictOf(compiled: Compiled, from: string, to: string, traffic: FlowTraffic): Verdict {
  const sender = compiled.classes.classOf(from);
  const receiver = compiled.classes.classOf(to);
  if (sender === undefined || receiver === undefined || areOneHost(compiled, from, to))
    return walkFor(compiled, from, to, traffic);
  return pairVerdict(compiled, compiledTraffic(compiled, traffic), sender, receiver);
}

function pairVerdict(compiled: Compiled, each: CompiledTraffic, sender: number, receiver: number): Verdict {
  const { rows, matrix } = each;
  if (matrix !== undefined) return matrix.verdict(sender, receiver);
  const asksWalk = isSet(rows.walkedForward(sender), receiver) || isSet(rows.walkedBackward(receiver), sender);
  if (asksWalk && compiled.classes.classes[sender]?.kind !== "dead")
    return walkedVerdict(compiled, each, sender, receiver);
  const { size } = compiled.plane;
  if (!has(rowOf(each.forward, sender, size, rows.forward), receiver)) return "unreachable";
  return has(rowOf(each.backward, receiver, size, rows.backward), sender) ? "reachable" : "unreachable";
}

function isSet(row: BitRow | undefined, column: number): boolean {
  return row !== undefined && has(row, column);
}

function rowOf(
  rows: (BitRow | undefined)[],
  column: number,
  size: number,
  write: (column: number, row: BitRow) => void,
): BitRow {
  let row = rows[column];
  if (row === undefined) {
    row = emptyRow(size);
    write(column, row);
    rows[column] = row;
  }
  return row;
}

/** The walk of two members that are not on one host; `unreachable` when there are none, as in a class of one with itself. */
function walkedVerdict(
  compiled: Compiled,
  { traffic, walked }: CompiledTraffic,
  sender: number,
  receiver: number,
): Verdict {
  const key = sender * compiled.plane.size + receiver;
  let verdict = walked.get(key);
  if (verdict === undefined) {
    const pair = strangers(compiled.classes.classes[sender], compiled.classes.classes[receiver]);
    verdict = pair === undefined ? "unreachable" : walkFor(compiled, ...pair, traffic);
    walked.set(key, verdict);
  }
  return verdict;
}

function strangers(
  from: InterfaceClass | undefined,
  to: InterfaceClass | undefined,
): readonly [string, string] | undefined {
  for (const a of from?.members ?? []) {
    const b = to?.members.find((each) => !isOneHost(a, each));
    if (b !== undefined) return [a.networkInterfaceId, b.networkInterfaceId];
  }
  return undefined;
}

function areOneHost({ prepared: { index }, several }: Compiled, from: string, to: string): boolean {
  if (from === to || several.size === 0) return from === to;
  const sender = index.networkInterface(from);
  const receiver = index.networkInterface(to);
  return sender !== undefined && receiver !== undefined && isOneHost(sender, receiver);
}

function isOneHost(a: NetworkInterface, b: NetworkInterface): boolean {
  return a === b || (a.attachment?.instanceId !== undefined && a.attachment.instanceId === b.attachment?.instanceId);
}

function walkFor({ prepared, classes }: Compiled, from: string, to: string, traffic: FlowTraffic): Verdict {
  return explain(prepared.index.model, { source: endOf(from), destination: endOf(to), traffic, family: classes.family })
    .verdict;
}

function endOf(id: string): FlowEnd {
  // An id of another kind is no interface, and found to be none.
  return { kind: "network-interface", networkInterfaceId: `eni-${id.replace(/^eni-/, "")}` };
}

function matrixFor(compiled: Compiled, each: CompiledTraffic): ReachabilityMatrix {
  if (each.matrix === undefined) {
    const { size } = compiled.plane;
    const forward = new Int32Array(size * wordsFor(size));
    each.matrix = computed(compiled, each, forward);
  }
  return each.matrix;
}

/** Writes all pairs into the rows. */
function computed(compiled: Compiled, each: CompiledTraffic, forward: Int32Array): ReachabilityMatrix {
  const { size } = compiled.plane;
  const words = wordsFor(size);
  const backward = compiled.scratch(1);
  for (let column = 0; column < size; column += 1) {
    each.rows.forward(column, forward.subarray(column * words, (column + 1) * words));
    each.rows.backward(column, backward.subarray(column * words, (column + 1) * words));
  }
  meet(forward, backward, size, words);
  return matrixOf(forward, askWalks(compiled, each, forward, words), size, words);
}

/** Writes the walk's verdicts over the rows', where only the walk knows. */
function askWalks(
  compiled: Compiled,
  each: CompiledTraffic,
  rows: Int32Array,
  words: number,
): ReadonlyMap<number, BitRow> {
  const { size } = compiled.plane;
  const unknowns = new Map<number, BitRow>();
  const ask = (from: number, to: number) => {
    if (compiled.classes.classes[from]?.kind === "dead") return;
    const verdict = walkedVerdict(compiled, each, from, to);
    const at = from * words + (to >> 5);
    const bit = 1 << (to & 31);
    rows[at] = verdict === "reachable" ? (rows[at] ?? 0) | bit : (rows[at] ?? 0) & ~bit;
    if (verdict !== "unknown") return;
    const row = unknowns.get(from) ?? emptyRow(size);
    unknowns.set(from, row);
    add(row, to);
  };
  for (let column = 0; column < size; column += 1) {
    const to = each.rows.walkedForward(column);
    if (to !== undefined) eachColumn(to, (receiver) => ask(column, receiver));
    const from = each.rows.walkedBackward(column);
    if (from !== undefined) eachColumn(from, (sender) => ask(sender, column));
  }
  return unknowns;
}

/** Nothing of it is kept: the next traffic is counted in the same memory. */
function countPairs(compiled: Compiled, traffic: FlowTraffic): number {
  const known = compiled.traffics.get(trafficKey(traffic));
  const matrix = known?.matrix ?? computed(compiled, known ?? newTraffic(compiled, traffic), compiled.scratch(0));
  const { classes } = compiled.classes;
  const weights = classes.map(({ members }) => members.length);
  let pairs = weigh(matrix.words, weights, wordsFor(classes.length));
  for (const [column, weight] of weights.entries()) if (matrix.isOpen(column, column)) pairs -= weight;
  return pairs - pairsOfOneHost(compiled, matrix);
}

function pairsOfOneHost({ prepared: { index }, classes, several }: Compiled, matrix: ReachabilityMatrix): number {
  let pairs = 0;
  for (const instanceId of several) {
    const own = index
      .networkInterfacesOf(instanceId)
      .flatMap(({ networkInterfaceId }) => classes.classOf(networkInterfaceId) ?? []);
    if (own.length < 2) continue;
    for (const [a, from] of own.entries())
      for (const [b, to] of own.entries()) if (a !== b && matrix.isOpen(from, to)) pairs += 1;
  }
  return pairs;
}

function internetVerdict(compiled: Compiled, column: number, direction: "from" | "to", traffic: FlowTraffic): Verdict {
  const key = `${column} ${direction} ${trafficKey(traffic)}`;
  let verdict = compiled.internet.get(key);
  if (verdict === undefined) {
    const [member] = compiled.classes.classes[column]?.members ?? [];
    if (member === undefined) throw new Error(`bug: there is no class ${column}`);
    verdict = isShut(compiled, member, direction) ? "unreachable" : walkOutside(compiled, member, direction, traffic);
    compiled.internet.set(key, verdict);
  }
  return verdict;
}

/** What the walk would say first: there is no public address to come to, or no route to leave by. */
function isShut({ prepared, classes }: Compiled, member: NetworkInterface, direction: "from" | "to"): boolean {
  const own = ownAddress(member, classes.family);
  if (direction === "from") {
    if (classes.family === "ipv6") return false;
    return member.privateAddresses.every(({ address, publicIp }) => address !== own || publicIp === undefined);
  }
  const table = prepared.index.effectiveRouteTable(member.subnetId);
  if (table === undefined) return false;
  const { match, unknownLists } = prepared.routeTable(table);
  return unknownLists.length === 0 && match(prepared.address(internetHost[classes.family])) === undefined;
}

function walkOutside(
  { prepared, classes: { family } }: Compiled,
  { networkInterfaceId }: NetworkInterface,
  direction: "from" | "to",
  traffic: FlowTraffic,
): Verdict {
  const own = endOf(networkInterfaceId);
  const internet = { kind: "internet" } as const;
  const ends = direction === "from" ? { source: internet, destination: own } : { source: own, destination: internet };
  return explain(prepared.index.model, { ...ends, traffic, family }).verdict;
}
