/** Which routes of VPCs are active, as it follows from their targets. [RT-30] */
import { indexNetworkModel, type NetworkModel, type RouteTarget } from "../../../model/index.ts";
import { carriesPackets } from "../../walk/attachment-state.ts";
import { editModel } from "./edit-model.ts";

/** The routes to a target that has come to work. */
export function activateRoutes(
  model: NetworkModel,
  isTarget: (target: RouteTarget, vpcId: string) => boolean,
): NetworkModel {
  return editModel(model, "routeTables", (table) => {
    const { routes, vpcId } = table;
    if (!routes.some(({ state, target }) => state === "blackhole" && isTarget(target, vpcId))) return table;
    return {
      ...table,
      routes: routes.map((route) => (isTarget(route.target, vpcId) ? { ...route, state: "active" } : route)),
    };
  });
}

/** The state that a new route of the VPC begins with; `undefined` where AWS refuses the target. [RT-13] */
export function stateOfNewRoute(
  model: NetworkModel,
  vpcId: `vpc-${string}`,
  target: RouteTarget,
): "active" | "blackhole" | undefined {
  const index = indexNetworkModel(model);
  const works = (isWorking: boolean) => (isWorking ? "active" : "blackhole");
  switch (target.kind) {
    case "internet-gateway":
      return index.internetGateway(target.internetGatewayId)?.vpcId === vpcId ? "active" : undefined;
    case "egress-only-internet-gateway":
      return index.egressOnlyInternetGateway(target.egressOnlyInternetGatewayId)?.vpcId === vpcId
        ? "active"
        : undefined;
    case "nat-gateway": {
      const gateway = index.natGateway(target.natGatewayId);
      return gateway?.vpcId === vpcId ? works(gateway.state === "available") : undefined;
    }
    case "vpc-peering-connection": {
      const peering = index.vpcPeeringConnection(target.vpcPeeringConnectionId);
      return peering === undefined ? undefined : works(peering.statusCode === "active");
    }
    case "transit-gateway": {
      const attachments = index
        .transitGatewayAttachmentsOf(vpcId)
        .filter(({ transitGatewayId, state }) => transitGatewayId === target.transitGatewayId && state !== "deleted");
      return attachments.length === 0 ? undefined : works(attachments.some(carriesPackets));
    }
    // No fix makes routes to these.
    case "network-interface":
    case "local":
    case "other":
      return undefined;
  }
}
