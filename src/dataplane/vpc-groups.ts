/** The security groups of a VPC as sections of its firewall: prefix lists, members of referenced groups, groups, interfaces. */
import { cidrContains } from "../ip/index.ts";
import type { PrefixList, SecurityGroup, SecurityGroupId } from "../model/index.ts";
import { attachedMemberSets, type GroupMember, memberSets } from "./group-members.ts";
import { attachedMembers, heardByLinks, membersOf, usedGroups } from "./group-references.ts";
import type { FirewallSection } from "./kernel-state.ts";
import { groupGates, interfaceGates, prefixListSet, referencesOf, untrackedKey } from "./security-group-gate.ts";
import type { LiveNetwork, VpcScope } from "./vpc-scope.ts";

type Keep = (name: string, dependencies: readonly unknown[], make: () => FirewallSection) => FirewallSection;

/** Those that some interface carries, and what their rules need. */
export function planGroups(scope: VpcScope, network: LiveNetwork, keep: Keep): readonly FirewallSection[] {
  const sections: FirewallSection[] = [];
  const used = usedGroups(scope);
  const { groupIds, prefixListIds } = referencesOf(used);
  for (const prefixListId of prefixListIds) {
    const list = network.prefixLists.get(prefixListId);
    if (list !== undefined) sections.push(keep(prefixListId, [list], () => prefixListSet(list, outermost(list))));
  }
  for (const groupId of groupIds) {
    const members = membersOf(groupId, scope, network);
    const dependencies = members.flatMap(({ link, member }) => [link, member]);
    sections.push(keep(`members of ${groupId}`, dependencies, () => memberSets(groupId, members)));
  }
  const attached = new Map<SecurityGroupId, GroupMember[]>();
  for (const heard of attachedMembers(scope, network)) {
    attached.set(heard.groupId, [...(attached.get(heard.groupId) ?? []), ...heardByLinks(heard)]);
  }
  for (const [groupId, members] of attached) {
    const dependencies = members.flatMap(({ link, member }) => [link, member]);
    sections.push(keep(`attached members of ${groupId}`, dependencies, () => attachedMemberSets(groupId, members)));
  }
  for (const group of used) {
    const lists = group.rules.flatMap(({ peer }) =>
      peer.kind === "prefix-list" ? [network.prefixLists.get(peer.prefixListId)?.addressFamily] : [],
    );
    const heard = group.rules.map(({ peer }) => peer.kind === "security-group" && attached.has(peer.groupId));
    const sources = { prefixLists: network.prefixLists, attached };
    sections.push(keep(group.groupId, [group, ...lists, ...heard], () => groupGates(group, sources)));
  }
  const openness = new Map(used.map((group) => [group.groupId, untrackedKey(group)]));
  for (const live of scope.interfaces) {
    const groups = live.networkInterface.securityGroupIds.flatMap((id): SecurityGroup[] => {
      const group = scope.securityGroups.get(id);
      return group === undefined ? [] : [group];
    });
    if (live.networkInterface.securityGroupIds.length === 0) continue;
    const dependencies = [
      live,
      ...groups.map((group) => group.groupId),
      ...groups.map((group) => openness.get(group.groupId)),
    ];
    sections.push(keep(live.link, dependencies, () => interfaceGates(live, groups)));
  }
  return sections;
}

/** The entries that no other entry contains: interval sets take no overlaps. */
function outermost(list: PrefixList): readonly string[] {
  const entries = [...new Set(list.entries)];
  return entries.filter((entry) => !entries.some((other) => other !== entry && cidrContains(other, entry)));
}
