/**
 * An AWS route table as a kernel routing table: longest prefix decides in both, so what is left to decide here is which of
 * several routes with one destination counts [RT-26, RT-29], and which are never considered [RT-24].
 */
import type { KernelRoute } from "../host/index.ts";
import { cidrContains, familyOf } from "../ip/index.ts";
import type { Cidr, PrefixList, PrefixListId, Route, RouteTable, RouteTarget } from "../model/index.ts";
import { everyAddress } from "./wiring.ts";

/** Where packets for a target go; `undefined`: nowhere, they are dropped. */
export type NextHopOf = (target: RouteTarget, family: "ipv4" | "ipv6") => NextHop | undefined;

export interface NextHop {
  readonly link: string;
  readonly gateway: string;
}

export interface RouteContext {
  /** Kernel number of the table. */
  readonly table: number;
  readonly prefixLists: ReadonlyMap<PrefixListId, PrefixList>;
  readonly nextHopOf: NextHopOf;
  readonly ipv6: boolean;
}

/** The kernel's routes for the table; a packet that none of AWS's routes names is dropped without an answer. */
export function planRouteTable(routeTable: RouteTable, context: RouteContext): readonly KernelRoute[] {
  const chosen = chooseRoutes(routeTable, context.prefixLists);
  const routes: KernelRoute[] = [];
  for (const [destination, route] of chosen) {
    const family = familyOf(destination);
    if (family === "ipv6" && !context.ipv6) continue;
    routes.push({ table: context.table, destination, ...kernelTarget(route, family, context.nextHopOf) });
  }
  for (const family of context.ipv6 ? (["ipv4", "ipv6"] as const) : (["ipv4"] as const)) {
    const destination = everyAddress[family];
    if (!chosen.has(destination)) routes.push({ table: context.table, destination, type: "blackhole" });
  }
  return routes;
}

/** The one route that counts for each destination. */
export function chooseRoutes(
  routeTable: RouteTable,
  prefixLists: ReadonlyMap<PrefixListId, PrefixList>,
): ReadonlyMap<Cidr, Route> {
  const local = routeTable.routes.flatMap((route) =>
    route.target.kind === "local" && route.destination.kind === "cidr" ? [route.destination.cidr] : [],
  );
  const chosen = new Map<Cidr, { route: Route; rank: number }>();
  for (const route of routeTable.routes) {
    const rank = isPropagated(route) ? 2 : route.destination.kind === "prefix-list" ? 1 : 0;
    for (const destination of destinationsOf(route, prefixLists)) {
      if (rank === 2 && local.some((block) => cidrContains(block, destination))) continue;
      const rival = chosen.get(destination);
      if (rival === undefined || rank < rival.rank) chosen.set(destination, { route, rank });
    }
  }
  return new Map([...chosen].map(([destination, { route }]) => [destination, route]));
}

function isPropagated(route: Route): boolean {
  return route.origin === "EnableVgwRoutePropagation" || route.origin === "Advertisement";
}

function destinationsOf(route: Route, prefixLists: ReadonlyMap<PrefixListId, PrefixList>): readonly Cidr[] {
  if (route.destination.kind === "cidr") return [route.destination.cidr];
  return prefixLists.get(route.destination.prefixListId)?.entries ?? [];
}

/** `local` falls through to the table of interfaces; a blackhole swallows, so that a ping hangs as it does on AWS. */
function kernelTarget(
  route: Route,
  family: "ipv4" | "ipv6",
  nextHopOf: NextHopOf,
): { type: "throw" | "blackhole" } | { type: "unicast"; link: string; gateway: string; onLink: true } {
  if (route.state === "blackhole") return { type: "blackhole" };
  if (route.target.kind === "local") return { type: "throw" };
  const hop = nextHopOf(route.target, family);
  return hop === undefined ? { type: "blackhole" } : { type: "unicast", ...hop, onLink: true };
}
