/**
 * By which ways the packets of a subnet's interfaces reach the columns, as far as routes alone decide. Which way it is decides which network
 * ACLs are asked [NA-1, NA-20], and whether a rule that names a group is heard [SG-30, SG-40, SG-50].
 */
import type { RouteTable, Subnet } from "../../model/index.ts";
import { addRange, type BitRow, clear, emptyRow, fill, isEmpty } from "./bit-rows.ts";
import type { Plane } from "./plane.ts";
import { routedBy } from "./routed.ts";
import { type TransitEntry, type TransitWays, transitEntry, transitKey, transitWays } from "./transit.ts";

export interface SubnetWays {
  readonly subnet: Subnet;
  /** Columns of the subnet itself: no table and no network ACL is asked. [RT-6, NA-2] */
  readonly same: BitRow;
  /** The range of the subnet's own blocks, in which no route is asked. */
  readonly own: readonly (readonly [number, number])[];
  readonly routed: RoutedWays;
  /** Nobody but the walk knows. */
  readonly walked: BitRow | undefined;
}

/** What the subnets of one table in one zone share. */
export interface RoutedWays {
  /** In the table's VPC, and in VPCs that it peers with. */
  readonly direct: BitRow;
  /** Of these, what a peering within one Region leads to: there references to groups are heard. */
  readonly heard: BitRow;
  readonly transit: readonly TransitUse[];
  readonly walked: BitRow | undefined;
}

/** Ranges of columns, by one transit gateway. */
export interface TransitUse {
  readonly entry: TransitEntry;
  /** Among all ways through gateways. */
  readonly way: number;
  readonly ranges: Ranges;
}

type Ranges = readonly { readonly from: number; readonly to: number }[];

export interface Ways {
  of(subnet: Subnet): SubnetWays;
  /** Where what enters a gateway comes out, by number. */
  readonly transit: readonly TransitWays[];
}

/** Found when they are first asked for. */
export function waysOf(plane: Plane): Ways {
  const transit: TransitWays[] = [];
  const context: Context = { plane, transit, numbers: new Map() };
  const bySubnet = new Map<string, SubnetWays>();
  const byTable = new Map<string, RoutedWays>();
  return {
    transit,
    of(subnet) {
      let ways = bySubnet.get(subnet.subnetId);
      if (ways === undefined) {
        ways = subnetWays(context, subnet, byTable);
        bySubnet.set(subnet.subnetId, ways);
      }
      return ways;
    },
  };
}

interface Context {
  readonly plane: Plane;
  readonly transit: TransitWays[];
  readonly numbers: Map<string, number>;
}

function subnetWays(context: Context, subnet: Subnet, byTable: Map<string, RoutedWays>): SubnetWays {
  const { plane } = context;
  const { index } = plane.prepared;
  const table = index.effectiveRouteTable(subnet.subnetId);
  const key = `${table?.routeTableId} ${subnet.availabilityZoneId} ${subnet.vpcId}`;
  let routed = byTable.get(key);
  if (routed === undefined) {
    routed = table === undefined ? unknownWays(plane) : routedWays(context, table, subnet);
    byTable.set(key, routed);
  }
  const blocks = plane.classes.family === "ipv4" ? [subnet.cidrBlock] : subnet.ipv6CidrBlocks;
  const own = blocks.map((block) => plane.classes.range(block));
  const same = plane.subnetColumns.get(subnet.subnetId) ?? emptyRow(plane.size);
  const walked = routed.walked?.slice();
  if (walked !== undefined) for (const [from, to] of own) clear(walked, from, to);
  return { subnet, same, own, routed, walked: walked === undefined || isEmpty(walked) ? undefined : walked };
}

function unknownWays({ size }: Plane): RoutedWays {
  const all = emptyRow(size);
  fill(all, 0, size);
  return { direct: emptyRow(size), heard: emptyRow(size), transit: [], walked: all };
}

function routedWays(context: Context, table: RouteTable, { vpcId, availabilityZoneId }: Subnet): RoutedWays {
  const { plane } = context;
  const direct = emptyRow(plane.size);
  const heard = emptyRow(plane.size);
  const transit = new Map<string, { from: number; to: number }[]>();
  let walked: BitRow | undefined;
  const walk = (from: number, to: number) => {
    walked ??= emptyRow(plane.size);
    fill(walked, from, to);
  };
  for (const { from, to, value } of routedBy(plane, table, vpcId)) {
    if (value.kind === "local") addColumns(plane, direct, vpcId, from, to);
    else if (value.kind === "peering") {
      const far = peered(plane, value.vpcPeeringConnectionId, vpcId);
      if (far.kind === "walked") walk(from, to);
      if (far.kind === "open") addColumns(plane, direct, far.vpcId, from, to);
      if (far.kind === "open" && far.hearsReferences) addColumns(plane, heard, far.vpcId, from, to);
    } else if (value.kind === "transit") {
      const ranges = transit.get(value.transitGatewayId) ?? [];
      transit.set(value.transitGatewayId, ranges);
      ranges.push({ from, to });
    } else walk(from, to);
  }
  const uses = [...transit].flatMap(([transitGatewayId, ranges]) => {
    const entry = transitEntry(plane, transitGatewayId, vpcId, availabilityZoneId);
    if (entry === "walked") for (const { from, to } of ranges) walk(from, to);
    return typeof entry === "string" ? [] : [transitUse(context, entry, ranges, walk)];
  });
  return { direct, heard, transit: uses, walked };
}

function addColumns({ vpcColumns }: Plane, row: BitRow, vpcId: string, from: number, to: number): void {
  const columns = vpcColumns.get(vpcId);
  if (columns !== undefined) addRange(row, columns, from, to);
}

type Peered =
  | { readonly kind: "blocked" | "walked" }
  | { readonly kind: "open"; readonly vpcId: string; readonly hearsReferences: boolean };

function peered({ prepared: { index } }: Plane, id: string, fromVpcId: string): Peered {
  const peering = index.vpcPeeringConnection(id);
  if (peering === undefined) return { kind: "walked" };
  const { requester, accepter, statusCode } = peering;
  const isOwn = requester.vpcId === fromVpcId || accepter.vpcId === fromVpcId;
  if (!isOwn || statusCode !== "active") return { kind: "blocked" };
  const { vpcId } = requester.vpcId === fromVpcId ? accepter : requester;
  if (index.vpc(vpcId) === undefined) return { kind: "walked" };
  return { kind: "open", vpcId, hearsReferences: requester.region === accepter.region };
}

function transitUse(
  context: Context,
  entry: TransitEntry,
  ranges: Ranges,
  walk: (from: number, to: number) => void,
): TransitUse {
  const key = transitKey(context.plane, entry);
  let way = context.numbers.get(key);
  if (way === undefined) {
    way = context.transit.length;
    context.transit.push(transitWays(context.plane, entry));
    context.numbers.set(key, way);
  }
  const { walked = [], exits = [] } = context.transit[way] ?? {};
  // Back into the sender's own VPC, where its groups would not be heard: rare enough for the walk.
  const back = exits.filter(({ vpcId }) => vpcId === entry.attachment.vpcId);
  for (const each of [...within(walked, ranges), ...within(back, ranges)]) walk(each.from, each.to);
  return { entry, way, ranges };
}

function within(pieces: Ranges, ranges: Ranges): Ranges {
  return pieces.flatMap((piece) =>
    ranges.flatMap(({ from, to }) => {
      const clipped = { from: Math.max(from, piece.from), to: Math.min(to, piece.to) };
      return clipped.from < clipped.to ? [clipped] : [];
    }),
  );
}
