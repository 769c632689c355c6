/**
 * The namespace of an instance or a NAT gateway, and the router's ends of its links. The host holds the addresses that the
 * API returned, and sends everything, also within its subnet, to the VPC router.
 */

import type { KernelRoute } from "../host/index.ts";
import { ct, drop, equals, match, snat, write } from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import { type Firewall, type FirewallRule, type Fragment, fragment, type KernelItem } from "./kernel-state.ts";
import type { LiveInterface } from "./vpc-scope.ts";
import {
  addressInSubnet,
  everyAddress,
  forwarding,
  hostCidr,
  interfaceTable,
  jumboMtu,
  mainTable,
  metadataIpv4,
  metadataIpv6,
  routerAddress,
  routerIpv6,
  routerMac,
} from "./wiring.ts";

/** Everything that one host needs, its interfaces in device order. */
export function planHost(interfaces: readonly LiveInterface[]): Fragment {
  const host = interfaces[0]?.host;
  if (host === undefined) throw new Error("bug: a host without interfaces");
  const namespace = host.id;
  const items: KernelItem[] = [{ kind: "namespace", namespace }];
  const forwards = host.kind === "nat-gateway" || interfaces.some((live) => !live.networkInterface.sourceDestCheck);
  // An appliance's image would switch forwarding on itself; ours has no image.
  if (forwards) items.push(...forwarding(namespace));
  for (const [index, live] of interfaces.entries()) items.push(...planLink(live, index));
  if (host.kind === "nat-gateway") return fragment(items, natGatewayFirewall(namespace, interfaces));
  items.push(...planMetadataService(namespace, interfaces));
  return fragment(items, interfaces.length > 1 ? sourceRouting(namespace, interfaces, items) : undefined);
}

/** All addresses of an interface, IPv4 first, the primary one first. */
export function addressesOf(live: LiveInterface): readonly string[] {
  const { privateAddresses, ipv6Addresses } = live.networkInterface;
  const primaryFirst = [...privateAddresses].sort((a, b) => Number(b.primary) - Number(a.primary));
  return [...primaryFirst.map((address) => address.address), ...ipv6Addresses];
}

/** One interface: its link, both ends' neighbours, and the router's host routes to it. */
function planLink(live: LiveInterface, index: number): readonly KernelItem[] {
  const namespace = live.host.id;
  const router = live.networkInterface.vpcId;
  const device = `eth${index}`;
  const { macAddress } = live.networkInterface;
  const items: KernelItem[] = [
    {
      kind: "veth",
      end: { namespace, link: device, macAddress },
      peer: { namespace: router, link: live.link, macAddress: routerMac },
      mtu: jumboMtu,
    },
  ];
  for (const address of addressesOf(live)) {
    items.push(
      { kind: "address", namespace, link: device, address: addressInSubnet(address, live.subnet) },
      { kind: "neighbour", namespace: router, link: live.link, address, macAddress },
      {
        kind: "route",
        namespace: router,
        route: { table: interfaceTable, destination: hostCidr(address), type: "unicast", link: live.link },
      },
    );
  }
  for (const route of defaultRoutes(live, device, index === 0 ? mainTable : 1000 + index)) {
    items.push({ kind: "route", namespace, route });
  }
  items.push({
    kind: "neighbour",
    namespace,
    link: device,
    address: routerAddress(live.subnet),
    macAddress: routerMac,
  });
  if (live.networkInterface.ipv6Addresses.length > 0) {
    items.push(
      { kind: "neighbour", namespace, link: device, address: routerIpv6, macAddress: routerMac },
      { kind: "address", namespace: router, link: live.link, address: `${routerIpv6}/64` },
    );
  }
  return items;
}

/** Packets without a source of their own get the primary address. */
function defaultRoutes(live: LiveInterface, link: string, table: number): readonly KernelRoute[] {
  const common = { table, type: "unicast", link, onLink: true } as const;
  const gateway = routerAddress(live.subnet);
  const primary = live.networkInterface.privateAddresses.find((address) => address.primary)?.address;
  const ipv4 = { ...common, destination: everyAddress.ipv4, gateway };
  const routes: KernelRoute[] = [primary === undefined ? ipv4 : { ...ipv4, preferredSource: primary }];
  if (live.networkInterface.ipv6Addresses.length > 0) {
    routes.push({ ...common, destination: everyAddress.ipv6, gateway: routerIpv6 });
  }
  return routes;
}

/** What an instance finds on itself: the metadata service. */
function planMetadataService(namespace: string, interfaces: readonly LiveInterface[]): readonly KernelItem[] {
  const items: KernelItem[] = [];
  const ipv6 = interfaces.some((live) => live.networkInterface.ipv6Addresses.length > 0);
  for (const address of ipv6 ? [metadataIpv4, metadataIpv6] : [metadataIpv4]) {
    items.push(
      { kind: "address", namespace, link: "lo", address: hostCidr(address) },
      {
        kind: "listener",
        namespace,
        request: { namespace, protocol: "tcp", address, port: 80, service: { kind: "http", handlerId: namespace } },
      },
    );
  }
  return items;
}

/**
 * Several interfaces: a packet leaves by the interface that holds its source, as Amazon Linux sets it up; otherwise the
 * source check would drop the replies of every interface but the first.
 */
function sourceRouting(namespace: string, interfaces: readonly LiveInterface[], items: KernelItem[]): Firewall {
  const rules: FirewallRule[] = [];
  for (const [index, live] of interfaces.entries()) {
    if (index === 0) continue;
    const table = 1000 + index;
    for (const family of ["ipv4", "ipv6"] as const) {
      const addresses = addressesOf(live).filter((address) => familyOf(address) === family);
      if (addresses.length === 0) continue;
      const rule = { family, priority: table, table, fwmark: { value: table, mask: 0xffff } };
      items.push({ kind: "rule", namespace, rule: { ...rule, priority: table } });
      const field = family === "ipv4" ? "ip saddr" : "ip6 saddr";
      for (const address of addresses) rules.push({ statements: [equals(field, address), write("meta mark", table)] });
    }
    if (live.subnet.subnetId !== interfaces[0]?.subnet.subnetId) {
      const gateway = routerAddress(live.subnet);
      const route = {
        table: mainTable,
        destination: live.subnet.cidrBlock,
        type: "unicast",
        link: `eth${index}`,
      } as const;
      items.push({ kind: "route", namespace, route: { ...route, gateway, onLink: true } });
    }
  }
  const base = { type: "route", hook: "output", priority: -150, policy: "accept" } as const;
  return { namespace, sections: [{ sets: [], chains: [{ name: "source-routing", base, rules }] }] };
}

/**
 * A NAT gateway gives every flow its private address and a port of 1024-65535 [NG-3]; what it did not send out finds
 * nobody here, so that no connection begins from outside.
 */
function natGatewayFirewall(namespace: string, interfaces: readonly LiveInterface[]): Firewall {
  const address = interfaces[0] === undefined ? undefined : addressesOf(interfaces[0])[0];
  if (address === undefined) throw new Error(`bug: ${namespace} has no private address`);
  const ports = { from: 1024, to: 65535 };
  const translate = (protocol: number): FirewallRule => ({
    statements: [match.ipv4(), match.oifname("eth0"), match.l4proto(protocol), snat("ip", address, ports)],
  });
  return {
    namespace,
    sections: [
      {
        sets: [],
        chains: [
          { name: "nobody-here", base: { type: "filter", hook: "input", priority: 0, policy: "drop" }, rules: [] },
          {
            name: "only-own-flows",
            base: { type: "filter", hook: "forward", priority: 0, policy: "accept" },
            // An answer whose request went another way: the kernel would pass it on as it is. [NG-3]
            rules: [{ statements: [ct.invalid(), drop] }],
          },
          {
            name: "translate",
            base: { type: "nat", hook: "postrouting", priority: 100, policy: "accept" },
            rules: [
              translate(6),
              translate(17),
              { statements: [match.ipv4(), match.oifname("eth0"), snat("ip", address)] },
            ],
          },
        ],
      },
    ],
  };
}
