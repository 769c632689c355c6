/**
 * A small internet: one namespace in which every public address answers ping and tells a TCP client which source it saw,
 * with routes to the public addresses and IPv6 blocks of the VPCs. What belongs to a VPC but has no way in stays silent.
 */
import type { HttpRequest, HttpResponse, KernelRoute } from "../host/index.ts";
import { type Fragment, fragment, type KernelItem } from "./kernel-state.ts";
import type { Allocation } from "./naming.ts";
import type { LiveNetwork, PublicFacts, VpcScope } from "./vpc-scope.ts";
import {
  egressOnlyLink,
  everyAddress,
  forwarding,
  hostCidr,
  internetLink,
  internetMtu,
  internetNamespace,
  localTable,
  mainTable,
  nextHopIpv4,
  nextHopIpv6,
  nextHopNeighbours,
  routerMac,
} from "./wiring.ts";

/** Addresses that the internet's own packets come from (documentation ranges: nobody else's). */
export const internetHostIpv4 = "203.0.113.10";
export const internetHostIpv6 = "2001:db8:ffff::10";

/**
 * Where this cloud's public addresses come from (docs/decisions/0002-public-addresses.md). One that no interface has is nobody's:
 * what is sent there is lost without a word, as on AWS.
 */
const publicPools = ["198.18.0.0/16", "2001:db8::/33"];

/**
 * The namespace itself, with a host behind every address: port 80 says over HTTP which source it saw, as services that tell you
 * your public address do; port 443 says it without TLS to whoever connects, and echoes.
 */
export function planInternet(): Fragment {
  const namespace = internetNamespace;
  const items: KernelItem[] = [
    { kind: "namespace", namespace },
    ...forwarding(namespace),
    { kind: "address", namespace, link: "lo", address: hostCidr(internetHostIpv4) },
    { kind: "address", namespace, link: "lo", address: hostCidr(internetHostIpv6) },
  ];
  // Everything is local here, but the next hop must not be: the kernel would refuse it as a gateway.
  const nextHop: KernelRoute = { table: localTable, destination: hostCidr(nextHopIpv4), type: "throw" };
  items.push({ kind: "route", namespace, route: nextHop });
  for (const destination of publicPools) {
    items.push({ kind: "route", namespace, route: { table: mainTable, destination, type: "blackhole" } });
  }
  for (const family of ["ipv4", "ipv6"] as const) {
    const route: KernelRoute = { table: localTable, destination: everyAddress[family], type: "local", link: "lo" };
    items.push({ kind: "route", namespace, route }, { kind: "local-last", namespace, family });
    const address = family === "ipv4" ? "0.0.0.0" : "::";
    const web = { kind: "http", handlerId: internetNamespace } as const;
    for (const [port, service] of [
      [80, web],
      [443, { kind: "echo" }],
    ] as const) {
      items.push({ kind: "listener", namespace, request: { namespace, protocol: "tcp", address, port, service } });
    }
  }
  return fragment(items);
}

/** What the internet's web servers answer to every request. */
export function answerInternet({ remoteAddress }: HttpRequest): HttpResponse {
  return { status: 200, headers: { "Content-Type": "text/plain" }, body: `${remoteAddress}\n` };
}

/** One VPC's links to the internet, and the internet's routes to it. */
export function planPublicSide(facts: PublicFacts, network: LiveNetwork, links: Allocation<string>): Fragment {
  const scope = network.scopes.get(facts.vpc.vpcId);
  const items: KernelItem[] = [];
  const gateway = link(items, scope, scope?.internetGateway?.internetGatewayId, internetLink, links);
  const egressOnly = link(
    items,
    scope,
    scope?.egressOnlyInternetGateway?.egressOnlyInternetGatewayId,
    egressOnlyLink,
    links,
  );
  const addRoute = (destination: string, link: string | undefined, nextHop: string) => {
    const route: KernelRoute =
      link === undefined
        ? { table: mainTable, destination, type: "blackhole" }
        : { table: mainTable, destination, type: "unicast", link, gateway: nextHop, onLink: true };
    items.push({ kind: "route", namespace: internetNamespace, route });
  };
  for (const networkInterface of facts.interfaces) {
    const alive = network.interfaces.has(networkInterface.networkInterfaceId);
    for (const { publicIp } of networkInterface.privateAddresses) {
      if (publicIp !== undefined) addRoute(hostCidr(publicIp), alive ? gateway : undefined, nextHopIpv4);
    }
  }
  for (const block of facts.vpc.ipv6CidrBlocks) addRoute(block, gateway ?? egressOnly, nextHopIpv6);
  return fragment(items);
}

/** The link of a gateway, when there is one; its name in the internet's namespace. */
function link(
  items: KernelItem[],
  scope: VpcScope | undefined,
  gatewayId: string | undefined,
  nameInVpc: string,
  links: Allocation<string>,
): string | undefined {
  if (scope === undefined || gatewayId === undefined) return undefined;
  const name = links.of(gatewayId);
  items.push({
    kind: "veth",
    end: { namespace: scope.vpc.vpcId, link: nameInVpc, macAddress: routerMac },
    peer: { namespace: internetNamespace, link: name, macAddress: routerMac },
    mtu: internetMtu,
  });
  items.push(...nextHopNeighbours(internetNamespace, name));
  return name;
}
