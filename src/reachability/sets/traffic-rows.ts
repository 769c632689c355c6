/**
 * The rows of one kind of traffic. Everything that is judged on a pair's way is judged beside one of its two ends, so the pair i → j is open when j
 * is in i's forward row and i is in j's backward row:
 *
 * - forward, beside the sender: the way there, its subnet's list out, its groups out, and its subnet's list in for the answer;
 * - backward, beside the receiver: the way back for the answer with its subnet's list out, its groups in, its subnet's list in for the request.
 *
 * Groups do not judge the answer: what passed is tracked [SG-2].
 */
import type { SecurityGroup, Subnet } from "../../model/index.ts";
import type { FlowTraffic } from "../flow.ts";
import { answerTo, type Packet, requestPacket } from "../packet.ts";
import { concerns } from "../walk/security-groups.ts";
import {
  addRange,
  type BitRow,
  clear,
  eachColumn,
  emptyRow,
  fill,
  has,
  intersect,
  subtract,
  unite,
} from "./bit-rows.ts";
import { exemptColumns } from "./exempt-columns.ts";
import { type AclRow, aclRow, type Direction, type GroupSetRow, groupSetRow, heardMembers } from "./filters.ts";
import type { Plane } from "./plane.ts";
import type { SubnetWays, Ways } from "./ways.ts";

export interface TrafficRows {
  /** Writes the row of a class into an empty one. */
  forward(column: number, row: BitRow): void;
  backward(column: number, row: BitRow): void;
  /** Columns to which, and from which, only the walk knows the verdict, whatever the rows say. */
  walkedForward(column: number): BitRow | undefined;
  walkedBackward(column: number): BitRow | undefined;
  /** Whether the group's rules for this traffic differ. */
  isTouched(before: SecurityGroup, after: SecurityGroup, direction: Direction): boolean;
  /** What is known of sets that hold the group is asked again. */
  forget(groupId: string, direction: Direction): void;
}

/** The request, or its answer. */
type Leg = "request" | "answer";

interface Context {
  readonly plane: Plane;
  readonly ways: Ways;
  readonly packets: Readonly<Record<Leg, Packet | undefined>>;
  readonly acls: Readonly<Record<Leg, Readonly<Record<Direction, Map<string, AclRow>>>>>;
  /** By the number of the way. */
  readonly exits: ByLeg<(BitRow | undefined)[]>;
  readonly outward: ByLeg<Map<SubnetWays, Outward>>;
  /** Of a subnet, by the number of whom it exempts. */
  readonly arrivals: ByLeg<Map<SubnetWays, (BitRow | undefined)[]>>;
  /** By the number of the set. */
  readonly groupSets: Readonly<Record<Direction, (GroupSetRow | undefined)[]>>;
}

type ByLeg<T> = Readonly<Record<Leg, T>>;

export function trafficRows(plane: Plane, ways: Ways, traffic: FlowTraffic): TrafficRows {
  const any = plane.classes.family === "ipv4" ? "0.0.0.0" : "::";
  const request = requestPacket(any, any, traffic);
  const context: Context = {
    plane,
    ways,
    packets: { request, answer: answerTo(request) },
    acls: {
      request: { egress: new Map(), ingress: new Map() },
      answer: { egress: new Map(), ingress: new Map() },
    },
    exits: { request: [], answer: [] },
    outward: { request: new Map(), answer: new Map() },
    arrivals: { request: new Map(), answer: new Map() },
    groupSets: { egress: [], ingress: [] },
  };
  return {
    forward: (column, row) => forward(context, column, row),
    backward: (column, row) => backward(context, column, row),
    walkedForward: (column) => walkedForward(context, column),
    walkedBackward: (column) => walkedBackward(context, column),
    isTouched: (before, after, direction) => {
      const [old, now] = [before, after].map(({ rules }) =>
        rules.filter((rule) => rule.isEgress === (direction === "egress") && concerns(rule, request)),
      );
      return old?.length !== now?.length || !old?.every((rule, at) => rule === now?.[at]);
    },
    forget: (groupId, direction) => {
      for (const [number, ids] of plane.classes.groupSets.entries())
        if (ids.includes(groupId)) context.groupSets[direction][number] = undefined;
    },
  };
}

function forward(context: Context, column: number, row: BitRow): void {
  const ways = compiledWays(context, column);
  if (ways === undefined) return;
  leave(context, column, ways, "request", row);
  const groups = groupsOf(context, column, "egress");
  if (groups.foreign.length === 0) intersect(row, groups.row);
  else {
    const heard = groups.row.slice();
    for (const { members } of groups.foreign) {
      const known = members.slice();
      intersect(known, ways.routed.heard);
      unite(heard, known);
    }
    intersect(row, heard);
  }
  arrive(context, column, ways, "answer", row);
}

function backward(context: Context, column: number, row: BitRow): void {
  const ways = compiledWays(context, column);
  if (ways === undefined) return;
  if (context.packets.answer === undefined) fill(row, 0, context.plane.size);
  else leave(context, column, ways, "answer", row);
  intersect(row, admitted(context, column));
  arrive(context, column, ways, "request", row);
}

/** Whom the receiver's groups let in. */
function admitted(context: Context, column: number): BitRow {
  const { row, foreign } = groupsOf(context, column, "ingress");
  if (foreign.length === 0) return row;
  const all = row.slice();
  for (const { members } of foreign) unite(all, heardFrom(context, members, column));
  return all;
}

/** The members whose requests come by a way on which the receiver hears their group. [SG-40, SG-50] */
function heardFrom({ plane, ways }: Context, members: BitRow, receiver: number): BitRow {
  const candidates: number[] = [];
  eachColumn(members, (member) => candidates.push(member));
  return heardMembers(plane.size, candidates, (member) => {
    const subnet = plane.classes.classes[member]?.subnet;
    if (subnet === undefined) return false;
    const { heard, transit } = ways.of(subnet).routed;
    if (has(heard, receiver)) return true;
    return transit.some(({ entry, way, ranges }) => {
      if (!entry.attachment.securityGroupReferencingSupport || !isIn(ranges, receiver)) return false;
      const vpcId = plane.classes.classes[receiver]?.vpcId;
      return ways.transit[way]?.exits.some(
        (exit) => exit.hearsReferences && exit.vpcId === vpcId && exit.from <= receiver && receiver < exit.to,
      );
    });
  });
}

function isIn(ranges: readonly { readonly from: number; readonly to: number }[], column: number): boolean {
  return ranges.some(({ from, to }) => from <= column && column < to);
}

function compiledWays({ plane, ways }: Context, column: number): SubnetWays | undefined {
  const { kind, subnet } = plane.classes.classes[column] ?? {};
  return kind === "compiled" && subnet !== undefined ? ways.of(subnet) : undefined;
}

function groupsOf({ plane, groupSets, packets }: Context, column: number, direction: Direction): GroupSetRow {
  const { groupSet, vpcId } = plane.classes.classes[column] ?? {};
  if (groupSet === undefined || vpcId === undefined || packets.request === undefined)
    throw new Error(`bug: there is no class ${column}`);
  let known = groupSets[direction][groupSet];
  if (known === undefined) {
    const groups = (plane.classes.groupSets[groupSet] ?? []).flatMap(
      (id) => plane.prepared.index.securityGroup(id) ?? [],
    );
    known = groupSetRow(plane, groups, vpcId, direction, packets.request);
    groupSets[direction][groupSet] = known;
  }
  return known;
}

/** What the subnet's packets may leave to: all but what asks about the sender's address. */
interface Outward {
  readonly row: BitRow;
  /** Columns behind a gateway into which a network ACL judges the sender. [NA-20] */
  readonly judged: readonly { readonly entry: BitRow; readonly row: BitRow }[];
}

function leave(context: Context, column: number, ways: SubnetWays, leg: Leg, row: BitRow): void {
  const { row: open, judged } = outwardOf(context, ways, leg);
  row.set(open);
  for (const each of judged) if (has(each.entry, column)) unite(row, each.row);
}

function outwardOf(context: Context, ways: SubnetWays, leg: Leg): Outward {
  const { plane, outward } = context;
  const { subnet, same, routed } = ways;
  const known = outward[leg].get(ways);
  if (known !== undefined) return known;
  const list = aclOf(context, subnet, "egress", leg);
  const row = routed.direct.slice();
  const judged: { entry: BitRow; row: BitRow }[] = [];
  for (const { entry, way, ranges } of routed.transit) {
    const entryList = aclOf(context, entry.subnet, "ingress", leg);
    const target = entryList === "all" ? row : emptyRow(plane.size);
    const exits = exitsOf(context, way, leg);
    for (const { from, to } of ranges) addRange(target, exits, from, to);
    if (entryList === "all") continue;
    withoutOwn(ways, target);
    if (list !== "all") intersect(target, list);
    judged.push({ entry: entryList, row: target });
  }
  withoutOwn(ways, row);
  if (list !== "all") intersect(row, list);
  unite(row, same);
  const made = { row, judged };
  outward[leg].set(ways, made);
  return made;
}

function withoutOwn({ own }: SubnetWays, row: BitRow): void {
  for (const [from, to] of own) clear(row, from, to);
}

/** Where a way through gateways comes out, as far as the lists of the attachments' subnets let it. */
function exitsOf(context: Context, way: number, leg: Leg): BitRow {
  const { plane, ways, exits } = context;
  const known = exits[leg][way];
  if (known !== undefined) return known;
  const row = emptyRow(plane.size);
  for (const { from, to, vpcId, subnet } of ways.transit[way]?.exits ?? []) {
    const columns = plane.vpcColumns.get(vpcId);
    if (columns === undefined) continue;
    const list = aclOf(context, subnet, "egress", leg);
    if (list === "all") addRange(row, columns, from, to);
    else {
      const allowed = columns.slice();
      intersect(allowed, list);
      addRange(row, allowed, from, to);
      const own = plane.subnetColumns.get(subnet.subnetId);
      if (own !== undefined) addRange(row, own, from, to);
    }
  }
  exits[leg][way] = row;
  return row;
}

/** Takes away whom the list of the receiver's own subnet does not let in. */
function arrive(context: Context, column: number, ways: SubnetWays, leg: Leg, row: BitRow): void {
  if (context.packets[leg] === undefined) return;
  const list = aclOf(context, ways.subnet, "ingress", leg);
  if (list === "all") return;
  const exempt = exemptColumns(context.plane, context.ways, ways.subnet, column);
  const arrivals = context.arrivals[leg];
  const byExempt = arrivals.get(ways) ?? [];
  let allowed = byExempt[exempt.number];
  if (allowed === undefined) {
    allowed = list.slice();
    unite(allowed, ways.same);
    if (exempt.row !== undefined) unite(allowed, exempt.row);
    byExempt[exempt.number] = allowed;
    arrivals.set(ways, byExempt);
  }
  intersect(row, allowed);
}

function aclOf({ plane, acls, packets }: Context, { networkAclId }: Subnet, direction: Direction, leg: Leg): AclRow {
  const packet = packets[leg];
  if (packet === undefined) return "all";
  const known = acls[leg][direction];
  let row = known.get(networkAclId);
  if (row === undefined) {
    const acl = plane.prepared.index.networkAcl(networkAclId);
    // Ways by a subnet whose list is not in the model are walked.
    row = acl === undefined ? "all" : aclRow(plane, acl, direction, packet);
    known.set(networkAclId, row);
  }
  return row;
}

function walkedForward(context: Context, column: number): BitRow | undefined {
  const { plane } = context;
  const walked = walkedByWay(context, column);
  if (plane.classes.classes[column]?.kind !== "compiled") return walked;
  return withDoubts(plane, walked, groupsOf(context, column, "egress"));
}

function walkedBackward(context: Context, column: number): BitRow | undefined {
  const { plane, packets } = context;
  const { kind, connected = [] } = plane.classes.classes[column] ?? {};
  let walked = packets.answer === undefined && kind === "compiled" ? undefined : walkedByWay(context, column);
  if (kind !== "compiled") return walked;
  if (connected.length > 0) {
    walked = walked?.slice() ?? emptyRow(plane.size);
    for (const block of connected) fill(walked, ...plane.classes.range(block));
  }
  return withDoubts(plane, walked, groupsOf(context, column, "ingress"));
}

function walkedByWay({ plane, ways }: Context, column: number): BitRow | undefined {
  const { kind, subnet } = plane.classes.classes[column] ?? {};
  if (kind === "dead") return undefined;
  if (kind === "walked" || subnet === undefined) {
    const all = emptyRow(plane.size);
    fill(all, 0, plane.size);
    return all;
  }
  return ways.of(subnet).walked;
}

function withDoubts({ size }: Plane, walked: BitRow | undefined, { row, isDoubtful }: GroupSetRow): BitRow | undefined {
  if (!isDoubtful) return walked;
  const doubtful = emptyRow(size);
  fill(doubtful, 0, size);
  subtract(doubtful, row);
  if (walked !== undefined) unite(doubtful, walked);
  return doubtful;
}
