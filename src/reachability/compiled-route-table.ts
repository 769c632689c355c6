/** Route tables as prefix maps: what is left to decide beforehand is which of several routes for one destination counts. [RT-26, RT-29] */
import { type CidrBlock, cidrFrom, contains, type IpAddress, type PrefixMap, prefixMap } from "../ip/index.ts";
import type {
  Cidr,
  NetworkModelIndex,
  Route,
  RouteTable,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
} from "../model/index.ts";

/** A route that counts for its destination. */
export interface ChosenRoute {
  readonly destination: Cidr;
  readonly route: Route;
}

export interface CompiledRouteTable {
  /** The one route that counts for the address. */
  match(address: IpAddress): ChosenRoute | undefined;
  /** Every route that counts for some address, each destination once. */
  readonly chosen: readonly ChosenRoute[];
  /** Those that hold the address and do not count, the next best first. */
  passedOver(address: IpAddress): readonly ChosenRoute[];
  /** Routes of prefix lists that the model does not have: they may match anything. */
  readonly unknownLists: readonly Route[];
}

/** Longest prefix first [RT-28]; of equal ones static before prefix list before propagated. */
export function compileRouteTable(table: RouteTable, index: NetworkModelIndex): CompiledRouteTable {
  const local = table.routes.flatMap(({ target, destination }) =>
    target.kind === "local" && destination.kind === "cidr" ? [cidrFrom(destination.cidr)] : [],
  );
  const ranked = new Map<Cidr, readonly RankedRoute[]>();
  const unknownLists: Route[] = [];
  for (const route of table.routes) {
    const destinations = destinationsOf(route, index);
    if (destinations === undefined) {
      unknownLists.push(route);
      continue;
    }
    const rank = rankOf(route);
    for (const destination of destinations) {
      if (rank === propagatedRank && isWithin(local, cidrFrom(destination))) continue;
      const rivals = ranked.get(destination);
      const own = { destination, route, rank };
      ranked.set(destination, rivals === undefined ? [own] : [...rivals, own].sort((a, b) => a.rank - b.rank));
    }
  }
  const byPrefix = prefixMap([...ranked].map(([destination, routes]) => [cidrFrom(destination), routes] as const));
  return {
    match: (address) => byPrefix.longestMatch(address)?.value[0],
    chosen: [...ranked.values()].flatMap((routes) => routes.slice(0, 1)),
    passedOver: (address) =>
      byPrefix
        .matches(address)
        .flatMap(({ value }) => value)
        .slice(1),
    unknownLists,
  };
}

interface RankedRoute extends ChosenRoute {
  readonly rank: number;
}

export type CompiledTransitGatewayTable = PrefixMap<TransitGatewayRoute>;

/** The model lists the preferred routes only. [TG-41] */
export function compileTransitGatewayTable({ routes }: TransitGatewayRouteTable): CompiledTransitGatewayTable {
  return prefixMap(routes.map((route) => [cidrFrom(route.destinationCidrBlock), route] as const));
}

const propagatedRank = 2;

function rankOf({ origin, destination }: Route): number {
  if (origin === "EnableVgwRoutePropagation" || origin === "Advertisement") return propagatedRank;
  return destination.kind === "prefix-list" ? 1 : 0;
}

/** A propagated route never beats the local one, even if more specific. [RT-24] */
function isWithin(blocks: readonly CidrBlock[], inner: CidrBlock): boolean {
  return blocks.some((block) => contains(block, inner));
}

function destinationsOf({ destination }: Route, index: NetworkModelIndex): readonly Cidr[] | undefined {
  if (destination.kind === "cidr") return [destination.cidr];
  return index.prefixList(destination.prefixListId)?.entries;
}
