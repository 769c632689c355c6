/**
 * Where a VPC's router sends a packet: the kernel tables of the route tables, and which of them counts by the link that the packet came
 * in on. What comes over a peering is delivered to interfaces only [PX-52]; what a transit gateway delivers is routed by the
 * table of the attachment subnet [TG-20].
 */
import { accept, equals, type KernelRoute, lookup, type NftElement, type NftSet, writeFromMap } from "../host/index.ts";
import { cidrContains, cidrsOverlap, familyOf } from "../ip/index.ts";
import type { Cidr, RouteTable, RouteTableId, SubnetId, TransitGatewayId } from "../model/index.ts";
import { type FirewallSection, firewallSet, type KernelItem } from "./kernel-state.ts";
import { subnetLinksSet } from "./network-acl-gate.ts";
import { addressesOf } from "./plan-host.ts";
import { chooseRoutes, type NextHop, type NextHopOf, planRouteTable } from "./plan-routes.ts";
import { attachmentLinks } from "./vpc-links.ts";
import { type LiveNetwork, noZone, type VpcScope } from "./vpc-scope.ts";
import { egressOnlyLink, everyAddress, interfaceTable, internetLink, tableMask, viaNextHop } from "./wiring.ts";

interface RoutingContext {
  readonly network: LiveNetwork;
  readonly tableOf: (routeTableId: RouteTableId, zoneId: string) => number;
}

/** A link whose arriving packets a route table routes. */
export interface RoutedLink {
  readonly link: string;
  readonly table: RouteTable;
  /** Where they come from: a transit gateway is reached from zones that the attachment has a subnet in. [TG-20] */
  readonly zoneId: string;
}

/** The table that routes what leaves a subnet: its own, else the main one. [RT-2] */
function effectiveRouteTable(scope: VpcScope, routeTableId: RouteTableId | undefined): RouteTable | undefined {
  return scope.routeTables.find((table) =>
    routeTableId === undefined ? table.main : table.routeTableId === routeTableId,
  );
}

/** Packets from all other links go to the table of interfaces. */
export function routedLinks(scope: VpcScope, network: LiveNetwork): readonly RoutedLink[] {
  const routed: RoutedLink[] = [];
  for (const { link, subnet } of [...scope.interfaces, ...attachmentLinks(scope, network)]) {
    const table = effectiveRouteTable(scope, subnet.routeTableId);
    if (table !== undefined) routed.push({ link, table, zoneId: subnet.availabilityZoneId });
  }
  const gatewayId = scope.internetGateway?.internetGatewayId;
  const edge =
    gatewayId === undefined ? undefined : scope.routeTables.find((table) => table.gatewayIds.includes(gatewayId));
  if (edge !== undefined) routed.push({ link: internetLink, table: edge, zoneId: noZone });
  return routed;
}

/** One kernel table for each route table and zone in use. */
export function planRouting(scope: VpcScope, { network, tableOf }: RoutingContext): readonly KernelItem[] {
  const namespace = scope.vpc.vpcId;
  const ipv6 = scope.vpc.ipv6CidrBlocks.length > 0;
  const families = ipv6 ? (["ipv4", "ipv6"] as const) : (["ipv4"] as const);
  const items: KernelItem[] = [];
  const addRoute = (route: KernelRoute) => items.push({ kind: "route", namespace, route });
  for (const family of families) {
    addRoute({ table: interfaceTable, destination: everyAddress[family], type: "blackhole" });
    items.push({ kind: "rule", namespace, rule: { family, priority: 20_000, table: interfaceTable } });
  }
  const planned = new Set<number>();
  for (const { table: routeTable, zoneId } of routedLinks(scope, network)) {
    const table = tableOf(routeTable.routeTableId, zoneId);
    if (planned.has(table)) continue;
    planned.add(table);
    for (const family of families) {
      const fwmark = { value: table, mask: tableMask };
      items.push({ kind: "rule", namespace, rule: { family, priority: 1000 + table, table, fwmark } });
    }
    const nextHopOf = nextHops(scope, network, zoneId);
    const context = { table, prefixLists: network.prefixLists, nextHopOf, ipv6 };
    for (const route of planRouteTable(routeTable, context)) addRoute(route);
  }
  return items;
}

/** Where each kind of target is, seen by packets from a zone. A target that carries no packets is nowhere. */
function nextHops(scope: VpcScope, network: LiveNetwork, zoneId: string): NextHopOf {
  return (target, family) => {
    switch (target.kind) {
      case "local":
      case "other":
        return undefined;
      case "transit-gateway":
        return toTransitGateway(scope, target.transitGatewayId, zoneId, family);
      case "internet-gateway":
        return target.internetGatewayId === scope.internetGateway?.internetGatewayId
          ? viaNextHop(internetLink, family)
          : undefined;
      case "egress-only-internet-gateway":
        return family === "ipv6" &&
          target.egressOnlyInternetGatewayId === scope.egressOnlyInternetGateway?.egressOnlyInternetGatewayId
          ? viaNextHop(egressOnlyLink, family)
          : undefined;
      case "vpc-peering-connection": {
        const live = scope.peerings.find(
          (candidate) => candidate.peering.vpcPeeringConnectionId === target.vpcPeeringConnectionId,
        );
        return live === undefined ? undefined : viaNextHop(live.link, family);
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

/** By the attachment's subnet in the zone that the packet comes from, or not at all. [TG-20] */
function toTransitGateway(
  scope: VpcScope,
  transitGatewayId: TransitGatewayId,
  zoneId: string,
  family: "ipv4" | "ipv6",
): NextHop | undefined {
  const live = scope.attachments.find(({ gateway }) => gateway.transitGatewayId === transitGatewayId);
  const zone = live?.zones.find((candidate) => candidate.zoneId === zoneId);
  if (zone === undefined || (family === "ipv6" && !live?.attachment.ipv6Support)) return undefined;
  return viaNextHop(zone.link, family);
}

export interface SubnetBlock {
  readonly subnetId: SubnetId;
  readonly block: Cidr;
}

/**
 * What stays within a subnet asks no table [RT-6]. That shows only where a table leads a part of the subnet elsewhere: by a
 * replaced local route or by one more specific than it [RT-22, RT-23].
 */
export function blocksThatBypassTables(scope: VpcScope, network: LiveNetwork): readonly SubnetBlock[] {
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
export function routingMarks(
  scope: VpcScope,
  { network, tableOf }: RoutingContext,
  bypassed: readonly SubnetBlock[],
): FirewallSection {
  const set: NftSet = { name: "route-table-of-link", key: ["ifname"], data: "mark" };
  const elements = routedLinks(scope, network).map(
    ({ link, table, zoneId }): NftElement => ({ key: [link], data: tableOf(table.routeTableId, zoneId) }),
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
