/** Where a route leads, by the id that people know the target by. */
import type { RouteTarget } from "./network-model.ts";

/** The id that a target goes by; `local` has none of its own. */
export function routeTargetId(target: RouteTarget): string {
  switch (target.kind) {
    case "local":
      return "local";
    case "internet-gateway":
      return target.internetGatewayId;
    case "egress-only-internet-gateway":
      return target.egressOnlyInternetGatewayId;
    case "nat-gateway":
      return target.natGatewayId;
    case "network-interface":
      return target.networkInterfaceId;
    case "vpc-peering-connection":
      return target.vpcPeeringConnectionId;
    case "transit-gateway":
      return target.transitGatewayId;
    case "other":
      return target.id;
  }
}
