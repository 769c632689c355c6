/** How many routes a transit gateway has, static and propagated, over all of its tables; a prefix list counts with its greatest size. */
import type { StateView } from "../../../state/state.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { propagatedBlocks } from "./propagated-blocks.ts";

type View = Pick<StateView, "get" | "by">;

/** Refuses when there are more than a gateway may have; call it with the new entry in place. (semantics 6.10) */
export function checkRouteQuota(transitGatewayId: string, view: View): void {
  let count = 0;
  for (const table of view.by("transitGatewayRouteTable", "transitGateway", transitGatewayId)) {
    count += routeCount(table.TransitGatewayRouteTableId, view);
  }
  checkQuota("transitGatewayRoutes", count, transitGatewayId);
}

function routeCount(routeTableId: string, view: View): number {
  let count = view.by("transitGatewayRoute", "routeTable", routeTableId).length;
  for (const { PrefixListId } of view.by("transitGatewayPrefixListReference", "routeTable", routeTableId)) {
    count += view.get("managedPrefixList", PrefixListId)?.MaxEntries ?? 0;
  }
  for (const propagation of view.by("transitGatewayPropagation", "routeTable", routeTableId)) {
    count += propagatedBlocks(propagation, view).length;
  }
  return count;
}
