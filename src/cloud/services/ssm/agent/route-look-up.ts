/** The route that a subnet's packets take to an address: the longest prefix, and of equal ones the one that AWS prefers. [RT-26, RT-29] */
import { cidrContains, familyOf, prefixLengthOf } from "../../../../ip/index.ts";
import type { NetworkModelIndex, Route, SubnetId } from "../../../../model/index.ts";

export interface ChosenRoute {
  readonly route: Route;
  /** The block that matched. */
  readonly destination: string;
}

export function routeTo(network: NetworkModelIndex, subnetId: SubnetId, address: string): ChosenRoute | undefined {
  const candidates = (network.effectiveRouteTable(subnetId)?.routes ?? []).flatMap((route) =>
    destinationsOf(network, route)
      .filter((cidr) => familyOf(cidr) === familyOf(address) && cidrContains(cidr, address))
      .map((destination) => ({ route, destination })),
  );
  const [best] = candidates.sort(
    (a, b) => prefixLengthOf(b.destination) - prefixLengthOf(a.destination) || rank(a.route) - rank(b.route),
  );
  return best;
}

function destinationsOf(network: NetworkModelIndex, { destination }: Route): readonly string[] {
  if (destination.kind === "cidr") return [destination.cidr];
  return network.prefixList(destination.prefixListId)?.entries ?? [];
}

function rank({ origin, destination }: Route): number {
  if (origin === "EnableVgwRoutePropagation" || origin === "Advertisement") return 2;
  return destination.kind === "prefix-list" ? 1 : 0;
}
