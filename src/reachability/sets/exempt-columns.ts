/**
 * Whose packets come to a column through a transit gateway by the column's own subnet: that subnet's network ACL does not judge them [NA-20].
 */
import type { Subnet } from "../../model/index.ts";
import { type Cuts, cutsOf, partOf } from "./address-order.ts";
import { type BitRow, emptyRow, isEmpty, subtract, unite } from "./bit-rows.ts";
import type { Plane } from "./plane.ts";
import type { SubnetWays, Ways } from "./ways.ts";

export interface Exempt {
  /** Equal numbers, equal rows. */
  readonly number: number;
  readonly row: BitRow | undefined;
}

interface Known {
  readonly users: ReadonlyMap<number, { readonly all: BitRow; readonly each: readonly SubnetWays[] }>;
  readonly rows: Map<string, Exempt>;
  /** Between two of these all columns of a subnet have the same. */
  readonly bounds: Cuts;
  readonly exitSubnets: ReadonlySet<string>;
  readonly known: Map<string, Exempt>;
}

const nobody: Exempt = { number: 0, row: undefined };
const known = new WeakMap<Ways, Known>();

export function exemptColumns(plane: Plane, ways: Ways, subnet: Subnet, column: number): Exempt {
  let before = known.get(ways);
  if (before === undefined) {
    before = knownOf(plane, ways);
    known.set(ways, before);
  }
  if (!before.exitSubnets.has(subnet.subnetId)) return nobody;
  const key = `${subnet.subnetId} ${partOf(before.bounds, column)}`;
  let exempt = before.known.get(key);
  if (exempt === undefined) {
    exempt = find(plane, ways, before, subnet, column);
    before.known.set(key, exempt);
  }
  return exempt;
}

function knownOf(plane: Plane, ways: Ways): Known {
  const users = usersOf(plane, ways);
  const exits = ways.transit.flatMap((each) => each.exits);
  const ranges = [...users.values()].flatMap(({ each }) =>
    each.flatMap(({ routed }) => routed.transit.flatMap((use) => use.ranges)),
  );
  return {
    users,
    rows: new Map(),
    bounds: cutsOf([...exits, ...ranges].flatMap(({ from, to }) => [from, to])),
    exitSubnets: new Set(exits.map(({ subnet }) => subnet.subnetId)),
    known: new Map(),
  };
}

function find(plane: Plane, ways: Ways, { users, rows }: Known, { subnetId }: Subnet, column: number): Exempt {
  const relevant = [...users].filter(([way]) =>
    ways.transit[way]?.exits.some(
      ({ subnet, from, to }) => subnet.subnetId === subnetId && from <= column && column < to,
    ),
  );
  if (relevant.length === 0) return nobody;
  // Users of a way lead some columns elsewhere: mostly those of their own VPC, which are local.
  const absent = relevant.map(([way, { each }]) => each.filter((user) => !leads(user, way, column)));
  const key = relevant
    .map(([way], at) => `${way}:${absent[at]?.map((user) => user.subnet.subnetId).join(",")}`)
    .join(" ");
  let exempt = rows.get(key);
  if (exempt === undefined) {
    const row = emptyRow(plane.size);
    for (const [at, [, { all }]] of relevant.entries()) {
      const present = all.slice();
      for (const user of absent[at] ?? []) subtract(present, user.same);
      unite(row, present);
    }
    exempt = { number: rows.size + 1, row };
    rows.set(key, exempt);
  }
  return exempt;
}

function leads({ routed }: SubnetWays, way: number, column: number): boolean {
  return routed.transit.some(
    (use) => use.way === way && use.ranges.some(({ from, to }) => from <= column && column < to),
  );
}

/** By way, the subnets whose packets take it for some columns. */
function usersOf(plane: Plane, ways: Ways): Known["users"] {
  const users = new Map<number, { all: BitRow; each: SubnetWays[] }>();
  for (const subnetId of plane.subnetColumns.keys()) {
    const subnet = plane.prepared.index.subnet(subnetId);
    const user = subnet === undefined ? undefined : ways.of(subnet);
    if (user === undefined || isEmpty(user.same)) continue;
    for (const { way } of user.routed.transit) {
      const entry = users.get(way) ?? { all: emptyRow(plane.size), each: [] };
      users.set(way, entry);
      unite(entry.all, user.same);
      if (!entry.each.includes(user)) entry.each.push(user);
    }
  }
  return users;
}
