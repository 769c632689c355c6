/** The gates on the way of the agent's connection, TCP to port 443 and the answers: security groups and network ACLs. */
import { cidrContains, familyOf } from "../../../../ip/index.ts";
import type {
  NetworkAcl,
  NetworkInterface,
  NetworkModelIndex,
  SecurityGroupPeer,
  SecurityGroupRule,
  SubnetId,
} from "../../../../model/index.ts";
import type { Missing } from "./missing.ts";

const https = 443;
const tcp = 6;

/** The other end of a connection: an address, and the groups of the interface that has it. */
export interface Peer {
  readonly address: string;
  readonly groupIds: readonly string[];
}

/** Whether some rule of the interface's groups lets the connection pass. An interface without groups lets everything. [SG-1, SG-6] */
export function groupsAllow(
  network: NetworkModelIndex,
  { securityGroupIds }: NetworkInterface,
  direction: "egress" | "ingress",
  peer: Peer,
): boolean {
  if (securityGroupIds.length === 0) return true;
  const rules = securityGroupIds.flatMap((id) => network.securityGroup(id)?.rules ?? []);
  return rules.some(
    (rule) => rule.isEgress === (direction === "egress") && hasPort(rule) && names(network, rule.peer, peer),
  );
}

function hasPort({ protocol, fromPort = 0, toPort = 65535 }: SecurityGroupRule): boolean {
  return protocol === -1 || (protocol === tcp && fromPort <= https && https <= toPort);
}

function names(network: NetworkModelIndex, rulePeer: SecurityGroupPeer, { address, groupIds }: Peer): boolean {
  switch (rulePeer.kind) {
    case "cidr":
      return holds(rulePeer.cidr, address);
    case "prefix-list":
      return network.prefixList(rulePeer.prefixListId)?.entries.some((cidr) => holds(cidr, address)) ?? false;
    case "security-group":
      return rulePeer.vpcPeeringConnectionId === undefined && groupIds.includes(rulePeer.groupId);
  }
}

/** One end of a connection that crosses subnet borders; what is outside of the VPC is in no subnet. */
export interface Place {
  readonly subnetId?: SubnetId;
  readonly address: string;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Where Linux takes the ports that answers go to. */
export const linuxPorts: PortRange = { from: 32768, to: 60999 };
/** Where a NAT gateway takes them. [NG-3] */
export const natGatewayPorts: PortRange = { from: 1024, to: 65535 };

/** What network ACLs stop of a connection, and of its answers: stateless, and only at a subnet's border. [NA-1, NA-2] */
export function borderProblems(
  network: NetworkModelIndex,
  client: Place,
  server: Place,
  clientPorts: PortRange,
): readonly Missing[] {
  if (client.subnetId === server.subnetId) return [];
  const request = { from: https, to: https };
  return [
    ...stopped(network, client.subnetId, "out", server.address, request),
    ...stopped(network, server.subnetId, "in", client.address, request),
    ...stopped(network, server.subnetId, "out", client.address, clientPorts),
    ...stopped(network, client.subnetId, "in", server.address, clientPorts),
  ];
}

function stopped(
  network: NetworkModelIndex,
  subnetId: SubnetId | undefined,
  direction: "in" | "out",
  peer: string,
  ports: PortRange,
): readonly Missing[] {
  const acl = subnetId === undefined ? undefined : network.networkAclOf(subnetId);
  if (subnetId === undefined || acl === undefined || aclAllows(acl, direction, peer, ports)) return [];
  const text = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
  return [{ what: "acl-entry", networkAclId: acl.networkAclId, subnetId, direction, peer, ports: text }];
}

/** The first entry that is about a port decides on it; all ports have to be allowed. [NA-3, NA-5] */
function aclAllows(acl: NetworkAcl, direction: "in" | "out", peer: string, ports: PortRange): boolean {
  const entries = acl.entries
    .filter((entry) => entry.egress === (direction === "out") && holds(entry.cidrBlock, peer))
    .filter(({ protocol }) => protocol === -1 || protocol === tcp)
    .sort((a, b) => a.ruleNumber - b.ruleNumber);
  let open: readonly PortRange[] = [ports];
  for (const { protocol, portRange, ruleAction } of entries) {
    const about = protocol === tcp && portRange !== undefined ? portRange : { from: 0, to: 65535 };
    const rest = open.flatMap((range) => without(range, about));
    if (ruleAction === "deny" && size(rest) < size(open)) return false;
    open = rest;
  }
  return open.length === 0;
}

function without({ from, to }: PortRange, hole: PortRange): readonly PortRange[] {
  return [
    { from, to: Math.min(to, hole.from - 1) },
    { from: Math.max(from, hole.to + 1), to },
  ].filter((range) => range.from <= range.to);
}

function size(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

function holds(cidr: string, address: string): boolean {
  return familyOf(cidr) === familyOf(address) && cidrContains(cidr, address);
}
