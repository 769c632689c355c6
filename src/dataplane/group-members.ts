/** The members of groups that rules name, as sets of their addresses, each on the link that its packets come by. */
import type { NftElement, NftSet } from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { SecurityGroupId } from "../model/index.ts";
import { type FirewallSection, firewallSet } from "./kernel-state.ts";
import { addressesOf } from "./plan-host.ts";
import type { LiveInterface } from "./vpc-scope.ts";

type Family = "ipv4" | "ipv6";

/** A member of a referenced group, and the link over which its packets come: another way in is not the member. [SG-32] */
export interface GroupMember {
  readonly link: string;
  readonly member: LiveInterface;
}

/** The private addresses of a group's members, each on its own link. [SG-31] */
export function memberSets(groupId: SecurityGroupId, members: readonly GroupMember[]): FirewallSection {
  return setsOfMembers((family) => memberSet(groupId, family), members);
}

/** The same of members whose packets come over a transit gateway: only inbound rules ask. [SG-40] */
export function attachedMemberSets(groupId: SecurityGroupId, members: readonly GroupMember[]): FirewallSection {
  return setsOfMembers((family) => attachedMemberSet(groupId, family), members);
}

function setsOfMembers(nameOf: (family: Family) => string, members: readonly GroupMember[]): FirewallSection {
  const elements = (family: Family): readonly NftElement[] =>
    members.flatMap(({ link, member }) =>
      addressesOf(member)
        .filter((address) => familyOf(address) === family)
        .map((address) => ({ key: [link, address] })),
    );
  const setOf = (family: Family): NftSet => ({
    name: nameOf(family),
    key: ["ifname", family === "ipv4" ? "ipv4_addr" : "ipv6_addr"],
  });
  return {
    sets: [firewallSet(setOf("ipv4"), elements("ipv4")), firewallSet(setOf("ipv6"), elements("ipv6"))],
    chains: [],
  };
}

/** The set that rules of both directions ask. */
export function memberSet(groupId: SecurityGroupId, family: Family): string {
  return `${groupId}-members-${family}`;
}

/** The set that only inbound rules ask. */
export function attachedMemberSet(groupId: SecurityGroupId, family: Family): string {
  return `${groupId}-attached-${family}`;
}
