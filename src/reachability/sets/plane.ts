/** What all of the compilation of one address family works on: the classes as columns, and the columns of VPCs, subnets and groups. */
import { addressFrom, cidrFrom, contains, type IpAddress, rfc1918, rfc6598 } from "../../ip/index.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { boundsOf } from "./address-order.ts";
import { add, type BitRow, emptyRow } from "./bit-rows.ts";
import type { InterfaceClasses } from "./interface-classes.ts";
import { type Routed, walked } from "./routed.ts";

export interface Plane {
  /** The newest model; see `followSets`. */
  prepared: PreparedModel;
  readonly classes: InterfaceClasses;
  /** The number of classes. */
  readonly size: number;
  /** The addresses of the columns' first members. */
  readonly addresses: readonly IpAddress[];
  readonly vpcColumns: ReadonlyMap<string, BitRow>;
  readonly subnetColumns: ReadonlyMap<string, BitRow>;
  readonly groupColumns: ReadonlyMap<string, BitRow>;
  /** Columns that an internet gateway may let out: not those of private and shared ranges. [IG-3] */
  readonly beyondInternetGateways: Routed;
  /** No two VPCs share an address. */
  readonly isDisjoint: boolean;
}

export function planeOf(prepared: PreparedModel, classes: InterfaceClasses): Plane {
  const size = classes.classes.length;
  const addresses = classes.classes.map(({ address }) => addressFrom(address));
  const vpcColumns = new Map<string, BitRow>();
  const subnetColumns = new Map<string, BitRow>();
  const groupColumns = new Map<string, BitRow>();
  for (const [column, { vpcId, subnet, groupSet }] of classes.classes.entries()) {
    add(rowIn(vpcColumns, vpcId, size), column);
    if (subnet !== undefined) add(rowIn(subnetColumns, subnet.subnetId, size), column);
    for (const groupId of classes.groupSets[groupSet] ?? []) add(rowIn(groupColumns, groupId, size), column);
  }
  return {
    prepared,
    classes,
    size,
    addresses,
    vpcColumns,
    subnetColumns,
    groupColumns,
    beyondInternetGateways: beyondInternetGateways(addresses),
    isDisjoint: areDisjoint(prepared, classes),
  };
}

const refusedOutside = [...rfc1918, rfc6598];

function beyondInternetGateways(addresses: readonly IpAddress[]): Routed {
  return addresses.flatMap((address, column) =>
    refusedOutside.some((block) => contains(block, address)) ? [] : [{ from: column, to: column + 1, value: walked }],
  );
}

function rowIn(rows: Map<string, BitRow>, key: string, size: number): BitRow {
  let row = rows.get(key);
  if (row === undefined) {
    row = emptyRow(size);
    rows.set(key, row);
  }
  return row;
}

function areDisjoint({ index }: PreparedModel, { family }: InterfaceClasses): boolean {
  const blocks = index.model.vpcs.flatMap(({ cidrBlocks, ipv6CidrBlocks }) =>
    family === "ipv4" ? cidrBlocks : ipv6CidrBlocks,
  );
  const bounds = blocks.map((block) => boundsOf(cidrFrom(block))).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return bounds.every(([first], at) => {
    const before = bounds[at - 1];
    return before === undefined || before[1] <= first;
  });
}
