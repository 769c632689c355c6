/** What network ACLs and security groups say of a packet to or from every column, as rows. They judge by the walk's own functions. */
import type { NetworkAcl, SecurityGroup, SecurityGroupRule, VpcId } from "../../model/index.ts";
import type { Packet } from "../packet.ts";
import { isStale } from "../walk/group-references.ts";
import { aclAllows } from "../walk/network-acls.ts";
import { concerns } from "../walk/security-groups.ts";
import { add, type BitRow, emptyRow, fill, fullRow, unite } from "./bit-rows.ts";
import type { Plane } from "./plane.ts";

export type Direction = "egress" | "ingress";

/** `all`: no column is denied. */
export type AclRow = BitRow | "all";

export function aclRow(plane: Plane, acl: NetworkAcl, direction: Direction, packet: Packet): AclRow {
  const { prepared, addresses, size, classes } = plane;
  const entries = prepared.acl(acl)[direction].filter(({ block }) => block.family === classes.family);
  const starts = new Set<number>([0]);
  for (const { entry } of entries) for (const bound of classes.range(entry.cidrBlock)) starts.add(bound);
  const bounds = [...starts].filter((each) => each < size).sort((a, b) => a - b);
  const row = emptyRow(size);
  let denied = false;
  for (const [at, from] of bounds.entries()) {
    const far = addresses[from];
    if (far !== undefined && aclAllows(entries, far, packet)) fill(row, from, bounds[at + 1] ?? size);
    else denied = true;
  }
  return denied ? row : "all";
}

/** What a set of groups lets pass in one direction. */
export interface GroupSetRow {
  /** By blocks, and by groups of the interface's own VPC. */
  readonly row: BitRow;
  /** Members of other VPCs' groups: heard on some ways only. */
  readonly foreign: readonly { readonly vpcId: string; readonly members: BitRow }[];
  /** A rule that names something unread might let pass what is not in the row. */
  readonly isDoubtful: boolean;
}

export function groupSetRow(
  plane: Plane,
  groups: readonly SecurityGroup[],
  vpcId: VpcId,
  direction: Direction,
  packet: Packet,
): GroupSetRow {
  // A service's interface has no groups and lets everything pass. [SG-6]
  if (groups.length === 0) return { row: fullRow(plane.size), foreign: [], isDoubtful: false };
  const row = emptyRow(plane.size);
  const foreign: { vpcId: string; members: BitRow }[] = [];
  let isDoubtful = false;
  for (const { rules } of groups) {
    for (const rule of rules) {
      if (rule.isEgress !== (direction === "egress") || !concerns(rule, packet)) continue;
      const far = farColumns(plane, rule, vpcId);
      if (far === "unread") isDoubtful = true;
      else if (far.kind === "blocks") for (const [from, to] of far.ranges) fill(row, from, to);
      else if (far.vpcId === vpcId) unite(row, far.members);
      else foreign.push(far);
    }
  }
  return { row, foreign, isDoubtful };
}

type FarColumns =
  | { readonly kind: "blocks"; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: "members"; readonly vpcId: string; readonly members: BitRow }
  | "unread";

const nobody: FarColumns = { kind: "blocks", ranges: [] };

function farColumns({ prepared, classes, groupColumns }: Plane, { peer }: SecurityGroupRule, vpcId: VpcId): FarColumns {
  const { index } = prepared;
  switch (peer.kind) {
    case "cidr":
      return { kind: "blocks", ranges: [classes.range(peer.cidr)] };
    case "prefix-list": {
      const list = index.prefixList(peer.prefixListId);
      return list === undefined
        ? "unread"
        : { kind: "blocks", ranges: list.entries.map((each) => classes.range(each)) };
    }
    case "security-group": {
      const group = index.securityGroup(peer.groupId);
      if (group === undefined) return isStale(prepared, peer, vpcId) ? nobody : "unread";
      const members = groupColumns.get(peer.groupId);
      return members === undefined ? nobody : { kind: "members", vpcId: group.vpcId, members };
    }
  }
}

/** The members that are heard, one by one. */
export function heardMembers(size: number, members: readonly number[], isHeard: (member: number) => boolean): BitRow {
  const row = emptyRow(size);
  for (const member of members) if (isHeard(member)) add(row, member);
  return row;
}
