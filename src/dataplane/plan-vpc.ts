/**
 * A VPC's router: its namespace, the kernel tables of its route tables, the links to its gateways, and the gates. Which table
 * routes a packet follows from the link it came in on; what comes over a peering is delivered to interfaces only [PX-52].
 */
import { accept, equals, type KernelRoute, lookup, type NftElement, type NftSet, writeFromMap } from "../host/index.ts";
import { cidrContains, cidrsOverlap, familyOf } from "../ip/index.ts";
import type {
  Cidr,
  PrefixList,
  RouteTable,
  RouteTableId,
  SecurityGroup,
  SecurityGroupId,
  SubnetId,
} from "../model/index.ts";
import { gatewayGates, internetGatewayTranslation } from "./gateway-gate.ts";
import { type FirewallSection, type Fragment, firewallSet, fragment, type KernelItem } from "./kernel-state.ts";
import type { Memo } from "./memo.ts";
import { aclGates, networkAclGates, subnetLinksSet } from "./network-acl-gate.ts";
import { addressesOf } from "./plan-host.ts";
import { chooseRoutes, type NextHopOf, planRouteTable } from "./plan-routes.ts";
import {
  type GroupMember,
  groupGates,
  interfaceGates,
  memberSets,
  prefixListSet,
  referencesOf,
  securityGroupGates,
  untrackedKey,
} from "./security-group-gate.ts";
import { sourceDestCheckGate } from "./source-dest-check-gate.ts";
import type { LiveNetwork, VpcScope } from "./vpc-scope.ts";
import {
  egressOnlyLink,
  everyAddress,
  forwarding,
  hostCidr,
  interfaceTable,
  internetLink,
  nextHopIpv4,
  nextHopIpv6,
  routerAddress,
  routerMac,
  tableMask,
} from "./wiring.ts";

export interface VpcPlanContext {
  readonly network: LiveNetwork;
  /** The kernel's number for a route table. */
  readonly tableOf: (routeTableId: RouteTableId) => number;
  /** Sections by name, kept while their facts stay the same. */
  readonly sections: Memo<FirewallSection>;
}

/** Everything that decides how this VPC's router is set up, for comparing with the last time. */
export function vpcDependencies(scope: VpcScope, network: LiveNetwork): readonly unknown[] {
  const groups = [...scope.securityGroups.values()];
  const { groupIds, prefixListIds } = referencesOf(groups);
  return [
    scope.vpc,
    ...scope.routeTables,
    ...scope.networkAcls.values(),
    ...groups,
    ...scope.interfaces,
    scope.internetGateway,
    scope.egressOnlyInternetGateway,
    ...scope.peerings.flatMap((live) => [live.peering, live.peerVpc, live.link]),
    ...[...groupIds].flatMap((groupId) =>
      membersOf(groupId, scope, network).flatMap(({ link, member }) => [link, member]),
    ),
    ...[...prefixListIds].map((id) => network.prefixLists.get(id)),
    ...scope.routeTables.flatMap(({ routes }) =>
      routes.map(({ destination }) =>
        destination.kind === "prefix-list" ? network.prefixLists.get(destination.prefixListId) : undefined,
      ),
    ),
  ];
}

/** The router's namespace. */
export function planVpc(scope: VpcScope, context: VpcPlanContext): Fragment {
  const namespace = scope.vpc.vpcId;
  const items: KernelItem[] = [{ kind: "namespace", namespace }, ...forwarding(namespace)];
  // The router's own addresses, for the one thing that it says: that a packet is too big.
  for (const subnet of new Set(scope.interfaces.map((live) => live.subnet))) {
    items.push({ kind: "address", namespace, link: "lo", address: hostCidr(routerAddress(subnet)) });
  }
  for (const link of gatewayLinks(scope)) {
    items.push(
      { kind: "neighbour", namespace, link, address: nextHopIpv4, macAddress: routerMac },
      { kind: "neighbour", namespace, link, address: nextHopIpv6, macAddress: routerMac },
    );
  }
  items.push(...planRouting(scope, context));
  return fragment(items, { namespace, sections: planSections(scope, context) });
}

/** The table that routes what leaves a subnet: its own, else the main one. [RT-2] */
export function effectiveRouteTable(scope: VpcScope, routeTableId: RouteTableId | undefined): RouteTable | undefined {
  return scope.routeTables.find((table) =>
    routeTableId === undefined ? table.main : table.routeTableId === routeTableId,
  );
}

function gatewayLinks(scope: VpcScope): readonly string[] {
  const links = scope.peerings.map((peering) => peering.link);
  if (scope.internetGateway !== undefined) links.push(internetLink);
  if (scope.egressOnlyInternetGateway !== undefined) links.push(egressOnlyLink);
  return links;
}

/** Links whose arriving packets a route table routes; the others' go to the table of interfaces. */
function routedLinks(scope: VpcScope): readonly (readonly [string, RouteTable])[] {
  const routed: (readonly [string, RouteTable])[] = [];
  for (const live of scope.interfaces) {
    const table = effectiveRouteTable(scope, live.subnet.routeTableId);
    if (table !== undefined) routed.push([live.link, table]);
  }
  const gatewayId = scope.internetGateway?.internetGatewayId;
  const edge =
    gatewayId === undefined ? undefined : scope.routeTables.find((table) => table.gatewayIds.includes(gatewayId));
  if (edge !== undefined) routed.push([internetLink, edge]);
  return routed;
}

function planRouting(scope: VpcScope, context: VpcPlanContext): readonly KernelItem[] {
  const namespace = scope.vpc.vpcId;
  const ipv6 = scope.vpc.ipv6CidrBlocks.length > 0;
  const families = ipv6 ? (["ipv4", "ipv6"] as const) : (["ipv4"] as const);
  const items: KernelItem[] = [];
  const addRoute = (route: KernelRoute) => items.push({ kind: "route", namespace, route });
  for (const family of families) {
    addRoute({ table: interfaceTable, destination: everyAddress[family], type: "blackhole" });
    items.push({ kind: "rule", namespace, rule: { family, priority: 20_000, table: interfaceTable } });
  }
  const nextHopOf = nextHops(scope, context.network);
  for (const routeTable of new Set(routedLinks(scope).map(([, table]) => table))) {
    const table = context.tableOf(routeTable.routeTableId);
    for (const family of families) {
      const fwmark = { value: table, mask: tableMask };
      items.push({ kind: "rule", namespace, rule: { family, priority: 1000 + table, table, fwmark } });
    }
    for (const route of planRouteTable(routeTable, {
      table,
      prefixLists: context.network.prefixLists,
      nextHopOf,
      ipv6,
    })) {
      addRoute(route);
    }
  }
  return items;
}

/** Where each kind of target is, seen from this router. A target that carries no packets is nowhere. */
function nextHops(scope: VpcScope, network: LiveNetwork): NextHopOf {
  const viaGateway = (link: string, family: "ipv4" | "ipv6") => ({
    link,
    gateway: family === "ipv4" ? nextHopIpv4 : nextHopIpv6,
  });
  return (target, family) => {
    switch (target.kind) {
      case "local":
      case "other":
      case "transit-gateway":
        return undefined;
      case "internet-gateway":
        return target.internetGatewayId === scope.internetGateway?.internetGatewayId
          ? viaGateway(internetLink, family)
          : undefined;
      case "egress-only-internet-gateway":
        return family === "ipv6" &&
          target.egressOnlyInternetGatewayId === scope.egressOnlyInternetGateway?.egressOnlyInternetGatewayId
          ? viaGateway(egressOnlyLink, family)
          : undefined;
      case "vpc-peering-connection": {
        const live = scope.peerings.find(
          (candidate) => candidate.peering.vpcPeeringConnectionId === target.vpcPeeringConnectionId,
        );
        return live === undefined ? undefined : viaGateway(live.link, family);
      }
      case "nat-gateway":
      case "network-interface": {
        const live =
          target.kind === "network-interface"
            ? network.interfaces.get(target.networkInterfaceId)
            : network.hosts.get(target.natGatewayId)?.[0];
        if (live === undefined || live.networkInterface.vpcId !== scope.vpc.vpcId) return undefined;
        const gateway = addressesOf(live).find((address) => address.includes(":") === (family === "ipv6"));
        return gateway === undefined ? undefined : { link: live.link, gateway };
      }
    }
  };
}

function planSections(scope: VpcScope, context: VpcPlanContext): readonly FirewallSection[] {
  const { network } = context;
  const { interfaces } = scope;
  const links = gatewayLinks(scope);
  const keep = (name: string, dependencies: readonly unknown[], make: () => FirewallSection) =>
    context.sections.of(`${scope.vpc.vpcId} ${name}`, dependencies, make);

  const bypassed = blocksThatBypassTables(scope, network);
  const sections: FirewallSection[] = [
    keep("links", [...interfaces, ...links], () =>
      joined([
        sourceDestCheckGate(interfaces),
        securityGroupGates(interfaces, links),
        networkAclGates(interfaces, links),
      ]),
    ),
    keep("gateways", [scope.vpc, ...links, ...scope.peerings.map((live) => live.peerVpc)], () => gatewayGates(scope)),
    keep(
      "routing",
      [
        ...routedLinks(scope).flatMap(([link, table]) => [link, table.routeTableId]),
        ...bypassed.flatMap(({ subnetId, block }) => [subnetId, block]),
      ],
      () => routingMarks(scope, context, bypassed),
    ),
  ];
  if (scope.internetGateway !== undefined) {
    sections.push(keep("translation", interfaces, () => internetGatewayTranslation(interfaces)));
  }
  for (const networkAclId of new Set(interfaces.map((live) => live.subnet.networkAclId))) {
    const acl = scope.networkAcls.get(networkAclId);
    if (acl === undefined) throw new Error(`bug: ${networkAclId} is not in the model`);
    sections.push(keep(networkAclId, [acl], () => aclGates(acl)));
  }
  sections.push(...planGroups(scope, network, keep));
  return sections;
}

type Keep = (name: string, dependencies: readonly unknown[], make: () => FirewallSection) => FirewallSection;

function planGroups(scope: VpcScope, network: LiveNetwork, keep: Keep): readonly FirewallSection[] {
  const sections: FirewallSection[] = [];
  const used = [...scope.securityGroups.values()].filter((group) => scope.interfacesOfGroup.has(group.groupId));
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
  for (const group of used) {
    const lists = group.rules.flatMap(({ peer }) =>
      peer.kind === "prefix-list" ? [network.prefixLists.get(peer.prefixListId)?.addressFamily] : [],
    );
    sections.push(keep(group.groupId, [group, ...lists], () => groupGates(group, network.prefixLists)));
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

/** Who carries the group and by which link it is heard: in this VPC, or over an active peering within the Region. [SG-30, SG-50] */
function membersOf(groupId: SecurityGroupId, scope: VpcScope, network: LiveNetwork): readonly GroupMember[] {
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

interface SubnetBlock {
  readonly subnetId: SubnetId;
  readonly block: Cidr;
}

/**
 * What stays within a subnet asks no table [RT-6]. That shows only where a table leads a part of the subnet elsewhere: by a
 * replaced local route or by one more specific than it [RT-22, RT-23].
 */
function blocksThatBypassTables(scope: VpcScope, network: LiveNetwork): readonly SubnetBlock[] {
  const vpcBlocks = [...scope.vpc.cidrBlocks, ...scope.vpc.ipv6CidrBlocks];
  const detours = new Map<RouteTable, readonly Cidr[]>();
  const detoursOf = (table: RouteTable): readonly Cidr[] => {
    const known = detours.get(table);
    if (known !== undefined) return known;
    const made = [...chooseRoutes(table, network.prefixLists)].flatMap(([destination, { target }]) =>
      target.kind !== "local" && vpcBlocks.some((block) => contained(destination, block)) ? [destination] : [],
    );
    detours.set(table, made);
    return made;
  };
  return [...new Set(scope.interfaces.map(({ subnet }) => subnet))].flatMap((subnet) => {
    const table = effectiveRouteTable(scope, subnet.routeTableId);
    if (table === undefined) return [];
    return [subnet.cidrBlock, ...subnet.ipv6CidrBlocks]
      .filter((block) =>
        detoursOf(table).some((detour) => familyOf(detour) === familyOf(block) && cidrsOverlap(detour, block)),
      )
      .map((block) => ({ subnetId: subnet.subnetId, block }));
  });
}

function contained(inner: Cidr, outer: Cidr): boolean {
  return familyOf(inner) === familyOf(outer) && cidrContains(outer, inner);
}

/** The mark that picks a routing table, by the link that a packet came in on. */
function routingMarks(scope: VpcScope, context: VpcPlanContext, bypassed: readonly SubnetBlock[]): FirewallSection {
  const set: NftSet = { name: "route-table-of-link", key: ["ifname"], data: "mark" };
  const elements = routedLinks(scope).map(
    ([link, table]): NftElement => ({ key: [link], data: context.tableOf(table.routeTableId) }),
  );
  return {
    sets: [firewallSet(set, elements)],
    chains: [
      {
        name: "route-table",
        base: { type: "filter", hook: "prerouting", priority: -150, policy: "accept" },
        rules: [
          ...bypassed.map(({ subnetId, block }) => ({
            statements: [
              lookup(["meta iifname"], subnetLinksSet(subnetId)),
              equals(familyOf(block) === "ipv4" ? "ip daddr" : "ip6 daddr", block),
              accept,
            ],
            comment: "within the subnet",
          })),
          { statements: [writeFromMap("meta mark", ["meta iifname"], set.name)] },
        ],
      },
    ],
  };
}

/** The entries that no other entry contains: interval sets take no overlaps. */
function outermost(list: PrefixList): readonly string[] {
  const entries = [...new Set(list.entries)];
  return entries.filter((entry) => !entries.some((other) => other !== entry && cidrContains(other, entry)));
}

function joined(sections: readonly FirewallSection[]): FirewallSection {
  return { sets: sections.flatMap((section) => section.sets), chains: sections.flatMap((section) => section.chains) };
}
