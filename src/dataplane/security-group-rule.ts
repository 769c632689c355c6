/** One rule of a security group as nftables rules: the far end, then protocol and ports. */
import { accept, copyMark, equals, lookup, match, type NftField, type NftStatement } from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { PrefixList, PrefixListId, SecurityGroupId, SecurityGroupRule } from "../model/index.ts";
import { attachedMemberSet, memberSet } from "./group-members.ts";
import type { FirewallRule } from "./kernel-state.ts";

export type Direction = "egress" | "ingress";
export type Family = "ipv4" | "ipv6";

/** Set on a packet that a rule for everywhere let pass: the flow may be untracked. [SG-61] */
export const openRuleBit = { egress: 0x10000, ingress: 0x20000 } as const;

/** What rules may name besides addresses. */
export interface RuleSources {
  readonly prefixLists: ReadonlyMap<PrefixListId, PrefixList>;
  /** Groups of other VPCs that are heard over a transit gateway. [SG-40] */
  readonly attached: { has(groupId: SecurityGroupId): boolean };
}

/** One nftables rule for each way in which the far end can match. */
export function planRule(rule: SecurityGroupRule, direction: Direction, sources: RuleSources): readonly FirewallRule[] {
  const allow: readonly NftStatement[] =
    everywhere(rule) === undefined
      ? [accept]
      : [copyMark("meta mark", "meta mark", { or: openRuleBit[direction] }), accept];
  return peerMatches(rule, direction, sources).map(({ family, statements }) => ({
    statements: [...statements, ...protocolMatch(rule, family), ...allow],
    comment: rule.securityGroupRuleId,
  }));
}

/** The far end's match: one alternative per address family that can match. */
function peerMatches(
  rule: SecurityGroupRule,
  direction: Direction,
  sources: RuleSources,
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
      const list = sources.prefixLists.get(peer.prefixListId);
      if (list === undefined) return [];
      const family = list.addressFamily === "IPv4" ? "ipv4" : "ipv6";
      return [{ family, statements: [lookup([address(family)], list.prefixListId)] }];
    }
    case "security-group": {
      const link: NftField = direction === "egress" ? "meta oifname" : "meta iifname";
      const overGateway = direction === "ingress" && sources.attached.has(peer.groupId);
      const setNames = overGateway ? [memberSet, attachedMemberSet] : [memberSet];
      return (["ipv4", "ipv6"] as const)
        .filter((family) => !(rule.protocol === 1 && family === "ipv6") && !(rule.protocol === 58 && family === "ipv4"))
        .flatMap((family) =>
          setNames.map((nameOf) => ({
            family,
            statements: [lookup([link, address(family)], nameOf(peer.groupId, family))],
          })),
        );
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

/** The family of a rule for everywhere. */
export function everywhere(rule: SecurityGroupRule): Family | undefined {
  if (rule.peer.kind !== "cidr") return undefined;
  if (rule.peer.cidr === "0.0.0.0/0") return "ipv4";
  return rule.peer.cidr === "::/0" ? "ipv6" : undefined;
}

/** TCP and UDP, where the rule opens all their ports. */
export function openProtocols(rule: SecurityGroupRule): readonly number[] {
  if (rule.protocol === -1) return [6, 17];
  if (rule.protocol !== 6 && rule.protocol !== 17) return [];
  const all = rule.fromPort === undefined || rule.fromPort === -1 || (rule.fromPort === 0 && rule.toPort === 65535);
  return all ? [rule.protocol] : [];
}
