/**
 * Security groups as nftables: stateful, allow only, judged at the sender's interface and again at the receiver's [SG-1..3].
 * A group is one chain per direction; an interface's chain asks the chains of its groups, and drops what none allowed.
 */
import {
  accept,
  copyMark,
  ct,
  drop,
  jump,
  lookup,
  match,
  type NftElement,
  returnToCaller,
  verdict,
} from "../host/index.ts";
import type { PrefixList, PrefixListId, SecurityGroup, SecurityGroupId } from "../model/index.ts";
import { byLink, gate, linkMap } from "./gate.ts";
import {
  type FirewallChain,
  type FirewallRule,
  type FirewallSection,
  type FirewallSet,
  firewallSet,
} from "./kernel-state.ts";
import type { AttachmentLink } from "./live-transit-gateways.ts";
import {
  type Direction,
  everywhere,
  openProtocols,
  openRuleBit,
  planRule,
  type RuleSources,
} from "./security-group-rule.ts";
import type { LiveInterface } from "./vpc-scope.ts";
import { tableMask } from "./wiring.ts";

const alwaysTrackedSet = "always-tracked";

/** The base chains. Links that are not interfaces (gateways, peerings) have no groups; an unknown link passes nothing. */
export function securityGroupGates(
  interfaces: readonly LiveInterface[],
  gatewayLinks: readonly string[],
  attachmentLinks: readonly AttachmentLink[],
): FirewallSection {
  const attached = attachmentLinks.map(({ link }) => link);
  const open = [...gatewayLinks, ...attached].map((link) => [link, verdict.accept] as const);
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
      ...(attached.length === 0 ? [] : [alwaysTracked(attached)]),
    ],
    chains: [
      gate("security-group-egress", "drop", [byLink("in", "egress-of-link")]),
      gate("security-group-ingress", "drop", [byLink("out", "ingress-of-link")]),
      gate("tracking", "accept", [
        // A flow is tracked where its first direction passed; an answer that rules let pass begins nothing. [SG-61, SG-65]
        { statements: [ct.direction("reply"), accept] },
        ...(attached.length === 0 ? [] : trackAlways),
        byLink("in", "track-egress"),
        byLink("out", "track-ingress"),
      ]),
    ],
  };
}

/** Links at which every flow is tracked, whatever the rules. [SG-63] */
function alwaysTracked(links: readonly string[]): FirewallSet {
  return firewallSet(
    { name: alwaysTrackedSet, key: ["ifname"] },
    links.map((link): NftElement => ({ key: [link] })),
  );
}

/** Takes off what `openRuleBit` said. */
const trackAlways: readonly FirewallRule[] = (["meta iifname", "meta oifname"] as const).map((link) => ({
  statements: [lookup([link], alwaysTrackedSet), copyMark("meta mark", "meta mark", { and: tableMask })],
}));

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
export function groupGates(group: SecurityGroup, sources: RuleSources): FirewallSection {
  const chain = (direction: Direction): FirewallChain => {
    const rules = group.rules.filter((rule) => rule.isEgress === (direction === "egress"));
    const narrowFirst = [
      ...rules.filter((rule) => everywhere(rule) === undefined),
      ...rules.filter((rule) => everywhere(rule) !== undefined),
    ];
    return {
      name: groupChain(group.groupId, direction),
      rules: narrowFirst.flatMap((rule) => planRule(rule, direction, sources)),
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

/** The entries of a prefix list, as one set of its family. Entries inside other entries say nothing more and are left out. */
export function prefixListSet(list: PrefixList, outermost: readonly string[]): FirewallSection {
  const key = list.addressFamily === "IPv4" ? "ipv4_addr" : "ipv6_addr";
  const elements = outermost.map((entry): NftElement => ({ key: [entry] }));
  return { sets: [firewallSet({ name: list.prefixListId, key: [key], intervals: true }, elements)], chains: [] };
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

function interfaceChain(live: LiveInterface, direction: Direction): string {
  return `${live.link}-${direction}`;
}

function trackingChain(live: LiveInterface, direction: Direction): string {
  return `${live.link}-track-${direction}`;
}

function groupChain(groupId: SecurityGroupId, direction: Direction): string {
  return `${groupId}-${direction}`;
}
