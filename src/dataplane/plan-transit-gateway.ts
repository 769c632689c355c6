/**
 * A transit gateway: its namespace, with one kernel table for each of its route tables and zone that packets come from, chosen by the
 * link of the attachment that they came in on. It judges nothing: no source, no port, only where packets go. [TG-30, TG-44]
 */
import type { KernelRoute, NftElement, NftSet } from "../host/index.ts";
import { accept, copyMark, lookup, match, writeFromMap } from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { TransitGatewayAttachmentId, TransitGatewayRouteTable } from "../model/index.ts";
import { letsReferencesThrough } from "./group-references.ts";
import {
  type FirewallChain,
  type FirewallSection,
  type Fragment,
  firewallSet,
  fragment,
  type KernelItem,
} from "./kernel-state.ts";
import type { LiveAttachment, LiveGatewayPeering, LiveTransitGateway } from "./live-transit-gateways.ts";
import { planTransitGatewayRoutes } from "./plan-transit-gateway-routes.ts";
import { noZone } from "./vpc-scope.ts";
import {
  everyAddress,
  forwarding,
  hostCidr,
  mainTable,
  memberBit,
  nextHopNeighbours,
  routerMac,
  sysctl,
  tableMask,
  transitGatewayIpv4,
  transitGatewayIpv6,
  transitGatewayMtu,
} from "./wiring.ts";

export interface TransitGatewayContext {
  /** The kernel's number for a route table, as packets from a zone see it. */
  readonly tableOf: (transitGatewayRouteTableId: string, zoneId: string) => number;
  /** Attachments into whose VPC the members of groups have links of their own. [SG-40] */
  readonly asked: ReadonlySet<TransitGatewayAttachmentId>;
}

/** Everything that decides how the namespace is set up, for comparing with the last time. */
export function transitGatewayDependencies(
  live: LiveTransitGateway,
  { asked }: TransitGatewayContext,
): readonly unknown[] {
  return [
    live.gateway,
    ...live.routeTables,
    ...live.attachments.flatMap(({ attachment, vpc, zones }) => [
      attachment,
      vpc,
      asked.has(attachment.transitGatewayAttachmentId),
      ...zones.flatMap(({ zoneId, link }) => [zoneId, link]),
    ]),
    ...live.peerings.flatMap(({ attachmentId, link }) => [attachmentId, link]),
  ];
}

/** The gateway's namespace; its links are the attachments' and the peerings'. */
export function planTransitGateway(live: LiveTransitGateway, context: TransitGatewayContext): Fragment {
  const namespace = live.gateway.transitGatewayId;
  const items: KernelItem[] = [
    { kind: "namespace", namespace },
    ...forwarding(namespace),
    ...kindOfForwarding(namespace),
    { kind: "address", namespace, link: "lo", address: hostCidr(transitGatewayIpv4) },
    { kind: "address", namespace, link: "lo", address: hostCidr(transitGatewayIpv6) },
  ];
  for (const destination of Object.values(everyAddress)) {
    items.push({ kind: "route", namespace, route: { table: mainTable, destination, type: "blackhole" } });
  }
  const entries = entriesOf(live, context);
  items.push(...planTables(live, entries, context));
  return fragment(items, { namespace, sections: [tableMarks(entries), gatewayItself] });
}

/** The links of one attachment: in its VPC's namespace the router's, here the gateway's. */
export function planAttachment({ attachment, zones, vpc }: LiveAttachment, asked: boolean): Fragment {
  const namespace = attachment.transitGatewayId;
  const items: KernelItem[] = [];
  for (const zone of zones) {
    for (const link of asked ? [zone.link, zone.memberLink] : [zone.link]) {
      items.push(
        {
          kind: "veth",
          end: { namespace: vpc.vpcId, link, macAddress: routerMac },
          peer: { namespace, link, macAddress: routerMac },
          mtu: transitGatewayMtu,
        },
        ...nextHopNeighbours(namespace, link),
      );
    }
  }
  return fragment(items);
}

/** The link between two gateways. */
export function planGatewayPeering({ peering, link }: LiveGatewayPeering): Fragment {
  const ends = [peering.requester, peering.accepter].map(({ transitGatewayId }) => ({
    namespace: transitGatewayId,
    link,
    macAddress: routerMac,
  }));
  const [end, peer] = ends;
  if (end === undefined || peer === undefined) throw new Error("bug: a peering has two ends");
  const neighbours = ends.flatMap(({ namespace }) => nextHopNeighbours(namespace, link));
  return fragment([{ kind: "veth", end, peer, mtu: transitGatewayMtu }, ...neighbours]);
}

/** Source and destination address, protocol, source and destination port. linux/ip-sysctl: fib_multipath_hash_fields. */
const fiveTuple = 0x37;

/**
 * Of several equal hops a flow takes one by a hash of its own five-tuple, the same in both directions [TG-20]; hashed here, because
 * Linux' usual way takes a hash that the sender's socket drew. And what is said about a packet goes back by the table that the
 * packet was routed by.
 */
function kindOfForwarding(namespace: string): readonly KernelItem[] {
  return ["ipv4", "ipv6"].flatMap((family) => [
    sysctl(namespace, `net/${family}/fib_multipath_hash_policy`, "3"),
    sysctl(namespace, `net/${family}/fib_multipath_hash_fields`, `${fiveTuple}`),
    sysctl(namespace, `net/${family}/fwmark_reflect`, "1"),
  ]);
}

/** A link by which packets come in, where the associated table routes them. Without an association there is no entry. [TG-30] */
interface Entry {
  readonly link: string;
  readonly routeTable: TransitGatewayRouteTable;
  readonly zoneId: string;
  readonly table: number;
  /** Blocks whose packets may be a group member's. */
  readonly memberBlocks: readonly string[];
}

function entriesOf(live: LiveTransitGateway, { tableOf, asked }: TransitGatewayContext): readonly Entry[] {
  const tables = associatedTables(live.routeTables);
  const entries: Entry[] = [];
  const add = (
    attachmentId: TransitGatewayAttachmentId,
    link: string,
    zoneId: string,
    memberBlocks: readonly string[],
  ) => {
    const routeTable = tables.get(attachmentId);
    if (routeTable === undefined) return;
    const table = tableOf(routeTable.transitGatewayRouteTableId, zoneId);
    entries.push({ link, routeTable, zoneId, table, memberBlocks });
  };
  for (const attached of live.attachments) {
    const { attachment, vpc, zones } = attached;
    const passes = asked.size > 0 && letsReferencesThrough(attached);
    const memberBlocks = passes ? [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks] : [];
    for (const { link, zoneId } of zones) add(attachment.transitGatewayAttachmentId, link, zoneId, memberBlocks);
  }
  // No zone is kept, and no reference passes. [TG-67, TG-66]
  for (const { attachmentId, link } of live.peerings) add(attachmentId, link, noZone, []);
  return entries;
}

function associatedTables(
  routeTables: readonly TransitGatewayRouteTable[],
): ReadonlyMap<TransitGatewayAttachmentId, TransitGatewayRouteTable> {
  const tables = new Map<TransitGatewayAttachmentId, TransitGatewayRouteTable>();
  for (const table of routeTables) {
    if (table.state !== "available") continue;
    for (const { transitGatewayAttachmentId, state } of table.associations) {
      if (state === "associated") tables.set(transitGatewayAttachmentId, table);
    }
  }
  return tables;
}

/** The tables that some entry leads to; those for members as well where an entry has some. */
function planTables(
  live: LiveTransitGateway,
  entries: readonly Entry[],
  { asked }: TransitGatewayContext,
): readonly KernelItem[] {
  const namespace = live.gateway.transitGatewayId;
  const items: KernelItem[] = [];
  const planned = new Set<number>();
  const plan = ({ routeTable, zoneId, table }: Entry, members: boolean) => {
    const number = members ? table | memberBit : table;
    if (planned.has(number)) return;
    planned.add(number);
    const routes = planTransitGatewayRoutes(routeTable, live, {
      table: number,
      zoneId,
      asked: members ? asked : new Set(),
    });
    for (const family of familiesOf(routes)) {
      const priority = (members ? 10_000 : 1000) + table;
      const fwmark = { value: number, mask: tableMask };
      items.push({ kind: "rule", namespace, rule: { family, priority, table: number, fwmark } });
    }
    for (const route of routes) items.push({ kind: "route", namespace, route });
  };
  for (const entry of entries) {
    plan(entry, false);
    if (entry.memberBlocks.length > 0) plan(entry, true);
  }
  return items;
}

function familiesOf(routes: readonly KernelRoute[]): readonly ("ipv4" | "ipv6")[] {
  return (["ipv4", "ipv6"] as const).filter((family) =>
    routes.some(({ destination }) => familyOf(destination) === family),
  );
}

/** The mark that picks a table; what comes from a member's own VPC gets the members' one. */
function tableMarks(entries: readonly Entry[]): FirewallSection {
  const tables: NftSet = { name: "route-table-of-link", key: ["ifname"], data: "mark" };
  const ownBlocks = (family: "ipv4" | "ipv6") =>
    entries.flatMap(({ link, memberBlocks }) =>
      memberBlocks.filter((block) => familyOf(block) === family).map((block): NftElement => ({ key: [link, block] })),
    );
  const members = entries.some(({ memberBlocks }) => memberBlocks.length > 0);
  const own = (["ipv4", "ipv6"] as const).map((family) => {
    const set: NftSet = { name: `own-${family}`, key: ["ifname", `${family}_addr`], intervals: true };
    const source = family === "ipv4" ? "ip saddr" : "ip6 saddr";
    const statements = [
      lookup(["meta iifname", source], set.name),
      copyMark("meta mark", "meta mark", { and: tableMask, or: memberBit }),
    ];
    return { set: firewallSet(set, ownBlocks(family)), rule: { statements } };
  });
  const toTables = firewallSet(
    tables,
    entries.map(({ link, table }): NftElement => ({ key: [link], data: table })),
  );
  return {
    sets: [toTables, ...(members ? own.map(({ set }) => set) : [])],
    chains: [
      {
        name: "route-table",
        base: { type: "filter", hook: "prerouting", priority: -150, policy: "accept" },
        rules: [
          { statements: [writeFromMap("meta mark", ["meta iifname"], tables.name)] },
          ...(members ? own.map(({ rule }) => rule) : []),
        ],
      },
    ],
  };
}

/** It answers nothing, and says nothing but that a packet went round until its time was over, so that a loop shows. */
const gatewayItself: FirewallSection = {
  sets: [],
  chains: [
    { name: "to-gateway", base: { type: "filter", hook: "input", priority: 0, policy: "drop" }, rules: [] },
    {
      name: "from-gateway",
      base: { type: "filter", hook: "output", priority: 0, policy: "drop" },
      rules: [{ statements: [match.icmpType(11), accept] }, { statements: [match.icmpv6Type(3), accept] }],
    },
  ] satisfies readonly FirewallChain[],
};
