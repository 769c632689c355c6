/**
 * What a change of a network opens and closes, exactly and for all pairs: both networks' sets are asked about classes fine enough for both,
 * and pairs that change alike are told together.
 */
import type { IpFamily } from "../../ip/index.ts";
import type { NetworkInterface, NetworkInterfaceId, NetworkModel } from "../../model/index.ts";
import type { Verdict } from "../explanation.ts";
import { compileSets, type ReachabilitySets } from "../sets/reachability-sets.ts";
import { type TrafficKind, trafficKinds } from "./traffic-kinds.ts";
import { trafficWords } from "./traffic-words.ts";

/** One end of pairs: these interfaces, or the internet. */
export type ChangedEnds = readonly NetworkInterfaceId[] | "internet";

/** Every pair of the one end and the other changes like this. Nothing is said of pairs on one instance. */
export interface ReachabilityChange {
  readonly family: IpFamily;
  readonly from: ChangedEnds;
  readonly to: ChangedEnds;
  /** `unreachable` where an end was not there. */
  readonly before: Verdict;
  readonly after: Verdict;
  readonly traffic: readonly TrafficKind[];
  /** `tcp 22, 443; icmp`. */
  readonly words: string;
}

export interface ReachabilityDifference {
  /** From unreachable or unknown to more. */
  readonly opened: readonly ReachabilityChange[];
  readonly closed: readonly ReachabilityChange[];
}

export function differenceOf(before: NetworkModel, after: NetworkModel): ReachabilityDifference {
  const changes = familiesOf(before, after).flatMap((family) => changesOf(before, after, family));
  const isOpening = (each: ReachabilityChange) => rank[each.after] > rank[each.before];
  return { opened: changes.filter(isOpening), closed: changes.filter((each) => !isOpening(each)) };
}

const rank: Readonly<Record<Verdict, number>> = { unreachable: 0, unknown: 1, reachable: 2 };

function familiesOf(...models: readonly NetworkModel[]): readonly IpFamily[] {
  const hasIpv6 = models.some(({ networkInterfaces }) =>
    networkInterfaces.some((each) => each.ipv6Addresses.length > 0),
  );
  return hasIpv6 ? ["ipv4", "ipv6"] : ["ipv4"];
}

/** Interfaces that neither network tells apart. */
interface JointClass {
  readonly members: readonly NetworkInterface[];
  /** Its class in the network before, and after; `undefined`: not there. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

interface Comparison {
  readonly before: ReachabilitySets;
  readonly after: ReachabilitySets;
  readonly classes: readonly JointClass[];
}

function changesOf(before: NetworkModel, after: NetworkModel, family: IpFamily): readonly ReachabilityChange[] {
  const sets = { before: compileSets(before, family), after: compileSets(after, family) };
  const comparison: Comparison = { ...sets, classes: jointClasses(sets.before, sets.after) };
  const kinds = trafficKinds([before, after], family);
  const cells = new Map<string, Cell>();
  for (const [number, { representative }] of kinds.entries()) {
    const note = (from: End, to: End, was: Verdict, is: Verdict) => {
      if (was === is) return;
      const key = `${from} ${to} ${was} ${is}`;
      const cell = cells.get(key) ?? { from, to, before: was, after: is, kinds: [] };
      cells.set(key, cell);
      cell.kinds.push(number);
    };
    comparePairs(comparison, representative, note);
    compareInternet(comparison, representative, note);
  }
  return together([...cells.values()]).map(({ from, to, before: was, after: is, kinds: chosen }) => {
    const traffic = chosen.flatMap((number) => kinds[number] ?? []);
    return {
      family,
      from: interfacesOf(comparison, from),
      to: interfacesOf(comparison, to),
      before: was,
      after: is,
      traffic,
      words: trafficWords(traffic, kinds),
    };
  });
}

/** The number of a joint class. */
type End = number | "internet";

interface Cell {
  readonly from: End;
  readonly to: End;
  readonly before: Verdict;
  readonly after: Verdict;
  readonly kinds: number[];
}

type Note = (from: End, to: End, before: Verdict, after: Verdict) => void;

function jointClasses(before: ReachabilitySets, after: ReachabilitySets): readonly JointClass[] {
  const joint = new Map<string, JointClass & { readonly members: NetworkInterface[] }>();
  const meet = (networkInterface: NetworkInterface) => {
    const { networkInterfaceId } = networkInterface;
    const each = { before: before.classOf(networkInterfaceId), after: after.classOf(networkInterfaceId) };
    const key = `${each.before} ${each.after}`;
    const found = joint.get(key);
    if (found === undefined) joint.set(key, { members: [networkInterface], ...each });
    else found.members.push(networkInterface);
  };
  for (const { members } of after.classes) members.forEach(meet);
  for (const { members } of before.classes)
    for (const each of members) if (after.classOf(each.networkInterfaceId) === undefined) meet(each);
  return [...joint.values()];
}

function comparePairs(
  { before, after, classes }: Comparison,
  traffic: TrafficKind["representative"],
  note: Note,
): void {
  const was = before.matrix(traffic);
  const is = after.matrix(traffic);
  for (const [from, sender] of classes.entries()) {
    for (const [to, receiver] of classes.entries()) {
      const old = was.verdict(sender.before, receiver.before);
      const now = is.verdict(sender.after, receiver.after);
      if (old !== now && havePair(sender, receiver)) note(from, to, old, now);
    }
  }
}

/** Whether there are two of them that are not on one host. */
function havePair({ members: from }: JointClass, { members: to }: JointClass): boolean {
  return from.some((a) =>
    to.some(
      (b) => a.networkInterfaceId !== b.networkInterfaceId && (hostOf(a) === undefined || hostOf(a) !== hostOf(b)),
    ),
  );
}

function hostOf({ attachment }: NetworkInterface): string | undefined {
  return attachment?.instanceId;
}

function compareInternet(
  { before, after, classes }: Comparison,
  traffic: TrafficKind["representative"],
  note: Note,
): void {
  const verdict = (sets: ReachabilitySets, number: number | undefined, direction: "from" | "to") =>
    number === undefined ? "unreachable" : sets.internet(number, direction, traffic);
  for (const [number, each] of classes.entries()) {
    note("internet", number, verdict(before, each.before, "from"), verdict(after, each.after, "from"));
    note(number, "internet", verdict(before, each.before, "to"), verdict(after, each.after, "to"));
  }
}

interface Block {
  readonly from: readonly End[];
  readonly to: readonly End[];
  readonly before: Verdict;
  readonly after: Verdict;
  readonly kinds: readonly number[];
}

/** Senders with equal receivers, and receivers that change alike, in one. */
function together(cells: readonly Cell[]): readonly Block[] {
  const rows = new Map<string, Cell & { readonly receivers: End[] }>();
  for (const cell of cells) {
    const key = `${cell.from} ${cell.before} ${cell.after} ${cell.kinds.join(",")}`;
    const row = rows.get(key) ?? { ...cell, receivers: [] };
    rows.set(key, row);
    row.receivers.push(cell.to);
  }
  const blocks = new Map<string, Block & { readonly from: End[] }>();
  for (const { from, receivers, before, after, kinds } of rows.values()) {
    const isOutside = from === "internet";
    const key = `${isOutside} ${receivers.join(",")} ${before} ${after} ${kinds.join(",")}`;
    const block = blocks.get(key) ?? { from: [], to: receivers, before, after, kinds };
    blocks.set(key, block);
    block.from.push(from);
  }
  return [...blocks.values()].flatMap(apartFromInternet);
}

/** The internet is told by itself. */
function apartFromInternet(block: Block): readonly Block[] {
  const inside = block.to.filter((each) => each !== "internet");
  if (inside.length === 0 || inside.length === block.to.length) return [block];
  return [
    { ...block, to: inside },
    { ...block, to: ["internet"] },
  ];
}

function interfacesOf({ classes }: Comparison, ends: readonly End[]): ChangedEnds {
  if (ends[0] === "internet") return "internet";
  return ends
    .flatMap((each) => (each === "internet" ? [] : (classes[each]?.members ?? [])))
    .map(({ networkInterfaceId }) => networkInterfaceId);
}
