/** Routes in use that this data plane cannot follow: their packets are dropped, and that is not AWS's answer. */
import { indexNetworkModel, type NetworkModel, type RouteTable, type Unknown } from "../model/index.ts";
import type { LiveTransitGateway } from "./live-transit-gateways.ts";
import type { LiveNetwork } from "./vpc-scope.ts";

/** Each with the table that leads there. */
export function unknownsOf(network: LiveNetwork, model: NetworkModel): readonly Unknown[] {
  return [
    ...[...network.scopes.values()].flatMap(({ routeTables }) => routeTables.flatMap((table) => beyond(table, model))),
    ...[...network.transitGateways.values()].flatMap((live) => beyondGateway(live, model)),
  ];
}

function beyond({ routeTableId, routes }: RouteTable, model: NetworkModel): readonly Unknown[] {
  const unknowns: Unknown[] = [];
  for (const { target } of routes) {
    if (target.kind === "other") unknowns.push(dropped(target.id, routeTableId));
    if (target.kind !== "transit-gateway") continue;
    const { transitGatewayId } = target;
    if (indexNetworkModel(model).transitGateway(transitGatewayId) === undefined)
      unknowns.push(dropped(transitGatewayId, routeTableId));
  }
  return unknowns;
}

/** Attachments that are no VPC's and no peering's (a VPN's, …), and peerings whose other gateway was not read. */
function beyondGateway({ routeTables }: LiveTransitGateway, model: NetworkModel): readonly Unknown[] {
  const index = indexNetworkModel(model);
  const isKnown = (id: string): boolean => {
    if (index.transitGatewayVpcAttachment(id) !== undefined) return true;
    const peering = index.transitGatewayPeeringAttachment(id);
    if (peering === undefined) return false;
    const sides = [peering.requester, peering.accepter];
    return sides.every(({ transitGatewayId }) => index.transitGateway(transitGatewayId) !== undefined);
  };
  return routeTables.flatMap(({ transitGatewayRouteTableId, routes }) =>
    routes
      .filter(({ state }) => state === "active")
      .flatMap(({ transitGatewayAttachmentIds }) => transitGatewayAttachmentIds)
      .filter((id) => !isKnown(id))
      .map((id) => dropped(id, transitGatewayRouteTableId)),
  );
}

function dropped(id: string, tableId: string): Unknown {
  return { id, reason: `a route of ${tableId} leads there; its packets are dropped` };
}
