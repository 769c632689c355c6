/**
 * Network ACLs as nftables: stateless, in rule-number order, and only where a packet crosses a subnet's border [NA-1..3].
 * Which subnet an end lies in follows from its link, never from an address, so that middleboxes are judged right.
 */
import {
  accept,
  drop,
  equals,
  goto,
  lookup,
  match,
  type NftElement,
  type NftField,
  type NftStatement,
  verdict,
} from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { NetworkAcl, NetworkAclEntry, NetworkAclId, Subnet, SubnetId } from "../model/index.ts";
import { byLink, gate, linkMap } from "./gate.ts";
import { type FirewallChain, type FirewallRule, type FirewallSection, firewallSet } from "./kernel-state.ts";
import type { AttachmentLink } from "./live-transit-gateways.ts";
import { icmpMatch, portsOf } from "./security-group-rule.ts";
import type { LiveInterface } from "./vpc-scope.ts";

type Direction = "egress" | "ingress";

/** The base chains, and per subnet: its own links pass, everything else is for the ACL to judge. */
export function networkAclGates(
  interfaces: readonly LiveInterface[],
  gatewayLinks: readonly string[],
  attachmentLinks: readonly AttachmentLink[],
): FirewallSection {
  const open = gatewayLinks.map((link) => [link, verdict.accept] as const);
  const border = (links: readonly AttachmentLink[], direction: Direction) =>
    links.map(({ link, subnet }) => [link, verdict.goto(borderChain(subnet.subnetId, direction))] as const);
  // Into a transit gateway by the attachment subnet's list, from within that subnet too. [NA-20]
  const intoGateway = attachmentLinks.map(
    ({ link, subnet }) => [link, verdict.goto(aclChain(subnet.networkAclId, "ingress"))] as const,
  );
  const subnets = subnetsOf(interfaces, attachmentLinks);
  return {
    sets: [
      linkMap("leaving-subnet", [...open, ...border(interfaces, "egress"), ...border(attachmentLinks, "egress")]),
      linkMap("entering-subnet", [...open, ...border(interfaces, "ingress"), ...intoGateway]),
      ...[...subnets].map(([subnetId, { links }]) =>
        firewallSet(
          { name: subnetLinksSet(subnetId), key: ["ifname"] },
          links.map((link): NftElement => ({ key: [link] })),
        ),
      ),
    ],
    chains: [
      gate("network-acl-egress", "drop", [byLink("in", "leaving-subnet")]),
      gate("network-acl-ingress", "drop", [byLink("out", "entering-subnet")]),
      ...[...subnets].flatMap(([subnetId, { networkAclId, attachmentLinks }]) => [
        borderOf(subnetId, networkAclId, "egress", []),
        borderOf(subnetId, networkAclId, "ingress", attachmentLinks),
      ]),
    ],
  };
}

interface SubnetBorder {
  readonly networkAclId: NetworkAclId;
  readonly links: string[];
  readonly attachmentLinks: string[];
}

function subnetsOf(
  interfaces: readonly LiveInterface[],
  attachmentLinks: readonly AttachmentLink[],
): ReadonlyMap<SubnetId, SubnetBorder> {
  const subnets = new Map<SubnetId, SubnetBorder>();
  const borderFor = ({ subnetId, networkAclId }: Subnet): SubnetBorder => {
    const border = subnets.get(subnetId) ?? { networkAclId, links: [], attachmentLinks: [] };
    subnets.set(subnetId, border);
    return border;
  };
  for (const { link, subnet } of interfaces) borderFor(subnet).links.push(link);
  for (const { link, subnet } of attachmentLinks) borderFor(subnet).attachmentLinks.push(link);
  return subnets;
}

/** The ACL's own two lists; the last, unremovable entry denies the rest [NA-3]. */
export function aclGates(acl: NetworkAcl): FirewallSection {
  const chain = (direction: Direction): FirewallChain => ({
    name: aclChain(acl.networkAclId, direction),
    rules: [
      ...acl.entries
        .filter((entry) => entry.egress === (direction === "egress"))
        .sort((a, b) => a.ruleNumber - b.ruleNumber)
        .map((entry) => planEntry(entry, direction)),
      { statements: [drop] },
    ],
  });
  return { sets: [], chains: [chain("egress"), chain("ingress")] };
}

/** What a transit gateway delivers into its own subnet is not judged there. [NA-20] */
function borderOf(
  subnetId: SubnetId,
  networkAclId: NetworkAclId,
  direction: Direction,
  unjudged: readonly string[],
): FirewallChain {
  const otherEnd: NftField = direction === "egress" ? "meta oifname" : "meta iifname";
  return {
    name: borderChain(subnetId, direction),
    rules: [
      { statements: [lookup([otherEnd], subnetLinksSet(subnetId)), accept], comment: "within the subnet" },
      ...unjudged.map((link) => ({ statements: [match.iifname(link), accept], comment: "from the transit gateway" })),
      { statements: [goto(aclChain(networkAclId, direction))] },
    ],
  };
}

function planEntry(entry: NetworkAclEntry, direction: Direction): FirewallRule {
  const family = familyOf(entry.cidrBlock);
  const field: NftField =
    family === "ipv4"
      ? direction === "egress"
        ? "ip daddr"
        : "ip saddr"
      : direction === "egress"
        ? "ip6 daddr"
        : "ip6 saddr";
  const every = entry.cidrBlock === "0.0.0.0/0" || entry.cidrBlock === "::/0";
  const far = every ? (family === "ipv4" ? match.ipv4() : match.ipv6()) : equals(field, entry.cidrBlock);
  const statements: readonly NftStatement[] = [
    far,
    ...protocolMatch(entry),
    entry.ruleAction === "allow" ? accept : drop,
  ];
  return { statements, comment: `rule ${entry.ruleNumber}` };
}

/** Ports are the packet's destination ports in both directions [NA-5]; protocols other than TCP, UDP, ICMP have none [NA-7]. */
function protocolMatch(entry: NetworkAclEntry): readonly NftStatement[] {
  const { protocol, portRange, icmpTypeCode } = entry;
  if (protocol === -1) return [];
  if (
    (protocol === 6 || protocol === 17) &&
    portRange !== undefined &&
    !(portRange.from === 0 && portRange.to === 65535)
  ) {
    return [equals(protocol === 6 ? "tcp dport" : "udp dport", portsOf(portRange.from, portRange.to))];
  }
  const family = familyOf(entry.cidrBlock);
  if ((protocol === 1 && family === "ipv4") || (protocol === 58 && family === "ipv6")) {
    return icmpMatch(protocol, icmpTypeCode?.type ?? -1, icmpTypeCode?.code ?? -1);
  }
  return [match.l4proto(protocol)];
}

function borderChain(subnetId: SubnetId, direction: Direction): string {
  return `${subnetId}-${direction}`;
}

/** The set of the links of a subnet's interfaces. */
export function subnetLinksSet(subnetId: SubnetId): string {
  return `${subnetId}-links`;
}

function aclChain(networkAclId: NetworkAclId, direction: Direction): string {
  return `${networkAclId}-${direction}`;
}
