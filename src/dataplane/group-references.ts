/**
 * Where the members of a group that a rule names are heard: in the VPC itself, over an active peering within the Region [SG-30, SG-50],
 * or, for inbound rules, over a transit gateway that lets references through, as both attachments must. [SG-40]
 */
import type { SecurityGroup, SecurityGroupId } from "../model/index.ts";
import type { GroupMember } from "./group-members.ts";
import type { LiveAttachment } from "./live-transit-gateways.ts";
import type { LiveInterface, LiveNetwork, VpcScope } from "./vpc-scope.ts";

/** Who carries the group and by which link it is heard, without transit gateways. */
export function membersOf(groupId: SecurityGroupId, scope: VpcScope, network: LiveNetwork): readonly GroupMember[] {
  if (scope.securityGroups.has(groupId)) {
    return (scope.interfacesOfGroup.get(groupId) ?? []).map((member) => ({ link: member.link, member }));
  }
  for (const { link, peerVpc, sameRegion } of scope.peerings) {
    const peer = network.scopes.get(peerVpc.vpcId);
    if (!sameRegion || peer === undefined || !peer.securityGroups.has(groupId)) continue;
    return (peer.interfacesOfGroup.get(groupId) ?? []).map((member) => ({ link, member }));
  }
  return [];
}

/** The members of one group of another VPC, heard over one attachment of this one. */
export interface AttachedMembers {
  readonly groupId: SecurityGroupId;
  readonly heardBy: LiveAttachment;
  readonly members: readonly LiveInterface[];
}

/** Every such group that an inbound rule in use names. */
export function attachedMembers(scope: VpcScope, network: LiveNetwork): readonly AttachedMembers[] {
  const found: AttachedMembers[] = [];
  const passing = scope.attachments.filter(letsReferencesThrough);
  if (passing.length === 0) return found;
  for (const groupId of inboundReferences(scope)) {
    for (const heardBy of passing) {
      const members = membersBehind(heardBy, groupId, network);
      if (members.length > 0) found.push({ groupId, heardBy, members });
    }
  }
  return found;
}

/** The gateway and the attachment must both say so. [SG-40] */
export function letsReferencesThrough({ attachment, gateway }: LiveAttachment): boolean {
  return attachment.securityGroupReferencingSupport && gateway.securityGroupReferencingSupport;
}

/** By the links on which packets come from the members' own VPC and nowhere else. */
export function heardByLinks({ heardBy, members }: AttachedMembers): readonly GroupMember[] {
  return heardBy.zones.flatMap(({ memberLink }) => members.map((member) => ({ link: memberLink, member })));
}

function inboundReferences(scope: VpcScope): ReadonlySet<SecurityGroupId> {
  const named = new Set<SecurityGroupId>();
  for (const group of usedGroups(scope)) {
    for (const { isEgress, peer } of group.rules) {
      if (!isEgress && peer.kind === "security-group" && !scope.securityGroups.has(peer.groupId))
        named.add(peer.groupId);
    }
  }
  return named;
}

function membersBehind(
  { gateway, vpc }: LiveAttachment,
  groupId: SecurityGroupId,
  network: LiveNetwork,
): readonly LiveInterface[] {
  for (const other of network.transitGateways.get(gateway.transitGatewayId)?.attachments ?? []) {
    if (other.vpc.vpcId === vpc.vpcId || !letsReferencesThrough(other)) continue;
    const there = network.scopes.get(other.vpc.vpcId);
    if (there?.securityGroups.has(groupId)) return there.interfacesOfGroup.get(groupId) ?? [];
  }
  return [];
}

/** The VPC's groups that an interface carries. */
export function usedGroups(scope: VpcScope): readonly SecurityGroup[] {
  return [...scope.securityGroups.values()].filter(({ groupId }) => scope.interfacesOfGroup.has(groupId));
}
