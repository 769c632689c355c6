/**
 * A rule for exactly the flow: its protocol, its port, and the far end by its group where a group is heard [SG-30], else by its address. It
 * goes into the group of the interface that the fewest others have.
 */
import type { NetworkInterface, SecurityGroup, SecurityGroupPeer } from "../../../model/index.ts";
import type { PacketHeader } from "../../explanation.ts";
import type { ChangeOf, Permission } from "../network-change.ts";
import { type Candidate, type Lift, type Lifting, narrowestBlock } from "./lifting.ts";

export const liftSecurityGroups: Lift = (lifting) => {
  const { hop, prepared } = lifting;
  const { networkInterfaceId, groupIds = [], direction, packet } = hop;
  const own = networkInterfaceId === undefined ? undefined : prepared.index.networkInterface(networkInterfaceId);
  const group = leastUsed(lifting, groupIds);
  if (own === undefined || group === undefined || direction === undefined) return [];
  const far = direction === "egress" ? packet.destination : packet.source;
  const kind = direction === "egress" ? "authorize-security-group-egress" : "authorize-security-group-ingress";
  const byGroup = groupPeer(lifting, own, far);
  const peers: readonly SecurityGroupPeer[] = [
    ...(byGroup === undefined ? [] : [byGroup]),
    { kind: "cidr", cidr: narrowestBlock(lifting, far) },
  ];
  return peers
    .map((peer): Permission => ({ ...trafficOf(packet), peer }))
    .filter((permission) => !isThere(group, permission, direction === "egress"))
    .map((permission): Candidate => {
      const change: ChangeOf<typeof kind> = { ...placeOf(group), kind, groupId: group.groupId, permission };
      return [change];
    });
};

function placeOf({ ownerId, region }: SecurityGroup) {
  return { ownerId, region };
}

function leastUsed({ prepared: { index } }: Lifting, groupIds: readonly string[]): SecurityGroup | undefined {
  const groups = groupIds.map((id) => index.securityGroup(id)).filter((group) => group !== undefined);
  const users = ({ groupId }: SecurityGroup) => index.networkInterfacesInGroup(groupId).length;
  return [...groups].sort((a, b) => users(a) - users(b))[0];
}

/** The far end's group, where it is known at all: within the VPC, and over an active peering of one Region. [SG-30, SG-50] */
function groupPeer(lifting: Lifting, own: NetworkInterface, address: string): SecurityGroupPeer | undefined {
  const { prepared, goal, start } = lifting;
  const { index } = prepared;
  const within = prepared.interfaceAt(own.vpcId, address);
  const outside = [goal, start].find((end) => end.address === address)?.networkInterface;
  const far = within ?? outside;
  const group = far === undefined ? undefined : leastUsed(lifting, far.securityGroupIds);
  if (far === undefined || group === undefined) return undefined;
  const reference = { kind: "security-group", groupId: group.groupId, userId: group.ownerId } as const;
  if (far.vpcId === own.vpcId) return reference;
  const peering = index
    .peeringsOf(own.vpcId)
    .find(
      ({ statusCode, requester, accepter }) =>
        statusCode === "active" &&
        requester.region === accepter.region &&
        [requester.vpcId, accepter.vpcId].includes(far.vpcId),
    );
  return peering && { ...reference, vpcPeeringConnectionId: peering.vpcPeeringConnectionId };
}

/** The packet's own; of an answer that no group remembers, all ports that clients take. [SG-65] */
function trafficOf({ protocol, ports, icmp }: PacketHeader): Omit<Permission, "peer"> {
  if (icmp !== undefined) return { protocol, fromPort: icmp.type, toPort: icmp.code };
  return ports === undefined ? { protocol } : { protocol, fromPort: ports.from, toPort: ports.to };
}

/** AWS refuses a second one. [SG-20] */
function isThere({ rules }: SecurityGroup, permission: Permission, isEgress: boolean): boolean {
  const { protocol, fromPort, toPort, peer } = permission;
  return rules.some(
    (rule) =>
      rule.isEgress === isEgress &&
      rule.protocol === protocol &&
      rule.fromPort === fromPort &&
      rule.toPort === toPort &&
      peerId(rule.peer) === peerId(peer),
  );
}

function peerId(peer: SecurityGroupPeer): string {
  switch (peer.kind) {
    case "cidr":
      return peer.cidr;
    case "prefix-list":
      return peer.prefixListId;
    case "security-group":
      return peer.groupId;
  }
}
