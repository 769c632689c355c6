/**
 * Security groups as nftables: stateful, allow only, judged at the sender's interface and again at the receiver's [SG-1..3].
 * A group is one chain per direction; an interface's chain asks the chains of its groups, and drops what none allowed.
 */
import {
  accept,
  copyMark,
  ct,
  drop,
  equals,
  jump,
  lookup,
  match,
  type NftElement,
  type NftField,
  type NftSet,
  type NftStatement,
  returnToCaller,
  verdict,
} from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { PrefixList, PrefixListId, SecurityGroup, SecurityGroupId, SecurityGroupRule } from "../model/index.ts";
import { byLink, gate, linkMap } from "./gate.ts";
import { type FirewallChain, type FirewallRule, type FirewallSection, firewallSet } from "./kernel-state.ts";
import { addressesOf } from "./plan-host.ts";
import type { LiveInterface } from "./vpc-scope.ts";

type Direction = "egress" | "ingress";
type Family = "ipv4" | "ipv6";

/** Set on a packet that a rule for everywhere let pass: the flow may be untracked. [SG-61] */
const openRuleBit = { egress: 0x10000, ingress: 0x20000 } as const;

/** The base chains. Links that are not interfaces (gateways, peerings) have no groups; an unknown link passes nothing. */
export function securityGroupGates(
  interfaces: readonly LiveInterface[],
  gatewayLinks: readonly string[],
): FirewallSection {
  const open = gatewayLinks.map((link) => [link, verdict.accept] as const);
  const judged = (direction: Direction) =>
    interfaces.map(
      (live) =>
        [
          live.link,
          live.networkInterface.securityGroupIds.length === 0
            ? verdict.accept
            : verdict.goto(interfaceChain(live, direction)),
        ] as const,
    );
  const tracked = (direction: Direction) =>
    interfaces
      .filter((live) => live.networkInterface.securityGroupIds.length > 0)
      .map((live) => [live.link, verdict.jump(trackingChain(live, direction))] as const);
  return {
    sets: [
      linkMap("egress-of-link", [...open, ...judged("egress")]),
      linkMap("ingress-of-link", [...open, ...judged("ingress")]),
      linkMap("track-egress", tracked("egress")),
      linkMap("track-ingress", tracked("ingress")),
    ],
    chains: [
      gate("security-group-egress", "drop", [byLink("in", "egress-of-link")]),
      gate("security-group-ingress", "drop", [byLink("out", "ingress-of-link")]),
      gate("tracking", "accept", [
        // A flow is tracked where its first direction passed; an answer that rules let pass begins nothing. [SG-61, SG-65]
        { statements: [ct.direction("reply"), accept] },
        byLink("in", "track-egress"),
        byLink("out", "track-ingress"),
      ]),
    ],
  };
}

/**
 * One interface: what it has seen pass belongs to a tracked flow and passes both ways, also after the rule is gone [SG-2, SG-62];
 * a flow that passed elsewhere does not count here [SG-65].
 */
export function interfaceGates(live: LiveInterface, groups: readonly SecurityGroup[]): FirewallSection {
  const judge = (direction: Direction): FirewallChain => ({
    name: interfaceChain(live, direction),
    rules: [
      { statements: [ct.established(), ct.label(live.label), accept] },
      ...groups.map((group) => ({ statements: [jump(groupChain(group.groupId, direction))] })),
      { statements: [drop] },
    ],
  });
  const track = (direction: Direction): FirewallChain => ({
    name: trackingChain(live, direction),
    rules: [...untrackedRules(groups, direction), { statements: [ct.setLabel(live.label)] }],
  });
  return { sets: [], chains: [judge("egress"), judge("ingress"), track("egress"), track("ingress")] };
}

/** A text that changes exactly when `interfaceGates` would, as far as the group's rules matter to it. */
export function untrackedKey(group: SecurityGroup): string {
  const keys = new Set<string>();
  for (const rule of group.rules) {
    const family = everywhere(rule);
    if (family === undefined) continue;
    for (const protocol of openProtocols(rule)) keys.add(`${rule.isEgress} ${family} ${protocol}`);
  }
  return [...keys].sort().join();
}

/** The group's rules in both directions. A rule for everywhere comes last: a flow that a narrower one allows is tracked. */
export function groupGates(group: SecurityGroup, prefixLists: ReadonlyMap<PrefixListId, PrefixList>): FirewallSection {
  const chain = (direction: Direction): FirewallChain => {
    const rules = group.rules.filter((rule) => rule.isEgress === (direction === "egress"));
    const narrowFirst = [
      ...rules.filter((rule) => everywhere(rule) === undefined),
      ...rules.filter((rule) => everywhere(rule) !== undefined),
    ];
    return {
      name: groupChain(group.groupId, direction),
      rules: narrowFirst.flatMap((rule) => planRule(rule, direction, prefixLists)),
    };
  };
  return { sets: [], chains: [chain("egress"), chain("ingress")] };
}

/** The groups and prefix lists that the rules name. */
export function referencesOf(groups: Iterable<SecurityGroup>): {
  readonly groupIds: ReadonlySet<SecurityGroupId>;
  readonly prefixListIds: ReadonlySet<PrefixListId>;
} {
  const groupIds = new Set<SecurityGroupId>();
  const prefixListIds = new Set<PrefixListId>();
  for (const group of groups) {
    for (const { peer } of group.rules) {
      if (peer.kind === "security-group") groupIds.add(peer.groupId);
      if (peer.kind === "prefix-list") prefixListIds.add(peer.prefixListId);
    }
  }
  return { groupIds, prefixListIds };
}

/** A member of a referenced group, and the link over which its packets come: another way in is not the member. [SG-32] */
export interface GroupMember {
  readonly link: string;
  readonly member: LiveInterface;
}

/** The private addresses of a group's members, each on its own link. [SG-31] */
export function memberSets(groupId: SecurityGroupId, members: readonly GroupMember[]): FirewallSection {
  const elements = (family: Family): readonly NftElement[] =>
    members.flatMap(({ link, member }) =>
      addressesOf(member)
        .filter((address) => familyOf(address) === family)
        .map((address) => ({ key: [link, address] })),
    );
  const setOf = (family: Family): NftSet => ({
    name: memberSet(groupId, family),
    key: ["ifname", family === "ipv4" ? "ipv4_addr" : "ipv6_addr"],
  });
  return {
    sets: [firewallSet(setOf("ipv4"), elements("ipv4")), firewallSet(setOf("ipv6"), elements("ipv6"))],
    chains: [],
  };
}

/** The entries of a prefix list, as one set of its family. Entries inside other entries say nothing more and are left out. */
export function prefixListSet(list: PrefixList, outermost: readonly string[]): FirewallSection {
  const key = list.addressFamily === "IPv4" ? "ipv4_addr" : "ipv6_addr";
  const elements = outermost.map((entry): NftElement => ({ key: [entry] }));
  return { sets: [firewallSet({ name: list.prefixListId, key: [key], intervals: true }, elements)], chains: [] };
}

function planRule(
  rule: SecurityGroupRule,
  direction: Direction,
  prefixLists: ReadonlyMap<PrefixListId, PrefixList>,
): readonly FirewallRule[] {
  const allow: readonly NftStatement[] =
    everywhere(rule) === undefined
      ? [accept]
      : [copyMark("meta mark", "meta mark", { or: openRuleBit[direction] }), accept];
  return peerMatches(rule, direction, prefixLists).map(({ family, statements }) => ({
    statements: [...statements, ...protocolMatch(rule, family), ...allow],
    comment: rule.securityGroupRuleId,
  }));
}

/** The far end's match: one alternative per address family that can match. */
function peerMatches(
  rule: SecurityGroupRule,
  direction: Direction,
  prefixLists: ReadonlyMap<PrefixListId, PrefixList>,
): readonly { readonly family: Family; readonly statements: readonly NftStatement[] }[] {
  const { peer } = rule;
  const address = (family: Family): NftField =>
    family === "ipv4"
      ? direction === "egress"
        ? "ip daddr"
        : "ip saddr"
      : direction === "egress"
        ? "ip6 daddr"
        : "ip6 saddr";
  switch (peer.kind) {
    case "cidr": {
      const family = familyOf(peer.cidr);
      if (everywhere(rule) !== undefined)
        return [{ family, statements: [family === "ipv4" ? match.ipv4() : match.ipv6()] }];
      return [{ family, statements: [equals(address(family), peer.cidr)] }];
    }
    case "prefix-list": {
      const list = prefixLists.get(peer.prefixListId);
      if (list === undefined) return [];
      const family = list.addressFamily === "IPv4" ? "ipv4" : "ipv6";
      return [{ family, statements: [lookup([address(family)], list.prefixListId)] }];
    }
    case "security-group": {
      const link: NftField = direction === "egress" ? "meta oifname" : "meta iifname";
      return (["ipv4", "ipv6"] as const)
        .filter((family) => !(rule.protocol === 1 && family === "ipv6") && !(rule.protocol === 58 && family === "ipv4"))
        .map((family) => ({ family, statements: [lookup([link, address(family)], memberSet(peer.groupId, family))] }));
    }
  }
}

/** Protocol and ports, or ICMP type and code; -1 is any. */
function protocolMatch(rule: SecurityGroupRule, family: Family): readonly NftStatement[] {
  const { protocol, fromPort, toPort } = rule;
  if (protocol === -1) return [];
  if (protocol === 6 || protocol === 17) {
    if (fromPort === undefined || fromPort === -1 || (fromPort === 0 && toPort === 65535))
      return [match.l4proto(protocol)];
    return [equals(protocol === 6 ? "tcp dport" : "udp dport", portsOf(fromPort, toPort ?? fromPort))];
  }
  if ((protocol === 1 && family === "ipv4") || (protocol === 58 && family === "ipv6")) {
    return icmpMatch(protocol, fromPort ?? -1, toPort ?? -1);
  }
  return [match.l4proto(protocol)];
}

/** ICMP or ICMPv6 of a type and code; -1 is any. */
export function icmpMatch(protocol: 1 | 58, type: number, code: number): readonly NftStatement[] {
  const statements: NftStatement[] = [];
  if (type === -1) return [match.l4proto(protocol)];
  statements.push(protocol === 1 ? match.icmpType(type) : match.icmpv6Type(type));
  if (code !== -1) statements.push(protocol === 1 ? match.icmpCode(code) : match.icmpv6Code(code));
  return statements;
}

/** A single port, or a range with both ends. */
export function portsOf(from: number, to: number): number | { readonly from: number; readonly to: number } {
  return from === to ? from : { from, to };
}

/**
 * Flows that a rule for everywhere lets pass are untracked, if the groups let everything of that protocol out the other way:
 * then the answers are judged by rules, and removing a rule cuts at once. ICMP is always tracked. [SG-61]
 */
function untrackedRules(groups: readonly SecurityGroup[], direction: Direction): readonly FirewallRule[] {
  const rules = new Map<string, FirewallRule>();
  for (const rule of groups.flatMap((group) => group.rules)) {
    const family = everywhere(rule);
    if (family === undefined || rule.isEgress === (direction === "egress")) continue;
    for (const protocol of openProtocols(rule)) {
      const bit = openRuleBit[direction];
      rules.set(`${family} ${protocol}`, {
        statements: [
          match.mark(bit, bit),
          family === "ipv4" ? match.ipv4() : match.ipv6(),
          match.l4proto(protocol),
          returnToCaller,
        ],
      });
    }
  }
  return [...rules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

/** The family of a rule for everywhere. */
function everywhere(rule: SecurityGroupRule): Family | undefined {
  if (rule.peer.kind !== "cidr") return undefined;
  if (rule.peer.cidr === "0.0.0.0/0") return "ipv4";
  return rule.peer.cidr === "::/0" ? "ipv6" : undefined;
}

/** TCP and UDP, where the rule opens all their ports. */
function openProtocols(rule: SecurityGroupRule): readonly number[] {
  if (rule.protocol === -1) return [6, 17];
  if (rule.protocol !== 6 && rule.protocol !== 17) return [];
  const all = rule.fromPort === undefined || rule.fromPort === -1 || (rule.fromPort === 0 && rule.toPort === 65535);
  return all ? [rule.protocol] : [];
}

function interfaceChain(live: LiveInterface, direction: Direction): string {
  return `${live.link}-${direction}`;
}

function trackingChain(live: LiveInterface, direction: Direction): string {
  return `${live.link}-track-${direction}`;
}

function groupChain(groupId: SecurityGroupId, direction: Direction): string {
  return `${groupId}-${direction}`;
}

function memberSet(groupId: SecurityGroupId, family: Family): string {
  return `${groupId}-members-${family}`;
}
