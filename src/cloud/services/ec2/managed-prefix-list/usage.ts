/** Which route tables, of VPCs and of transit gateways, and which security groups name a prefix list: while any does, the list cannot go. */
import type { StateView } from "../../../state/state.ts";
import type { ManagedPrefixListRecord } from "./record.ts";

/** Their ids, those of the owner's account and Region. */
export function resourcesUsing(
  { PrefixListId, Region }: Pick<ManagedPrefixListRecord, "PrefixListId" | "Region">,
  accountId: string,
  view: Pick<StateView, "by" | "inScope">,
): readonly string[] {
  return [
    ...view
      .by("transitGatewayPrefixListReference", "prefixList", PrefixListId)
      .filter(({ OwnerId }) => OwnerId === accountId)
      .map(({ TransitGatewayRouteTableId }) => TransitGatewayRouteTableId),
    ...view
      .by("routeTable", "target", PrefixListId)
      .filter(({ OwnerId }) => OwnerId === accountId)
      .map(({ RouteTableId }) => RouteTableId),
    ...view
      .inScope("securityGroup", accountId, Region)
      .filter(({ Rules }) => Rules.some((rule) => rule.PrefixListId === PrefixListId))
      .map(({ GroupId }) => GroupId),
  ];
}
