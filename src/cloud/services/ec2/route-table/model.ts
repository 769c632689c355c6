/** A route table as the network model sees it, with each route's state as it follows from its target. [RT-30] */
import type {
  EgressOnlyInternetGatewayId,
  InternetGatewayId,
  NatGatewayId,
  NetworkInterfaceId,
  PrefixListId,
  Route,
  RouteTable,
  RouteTableId,
  RouteTarget,
  TransitGatewayId,
  VpcId,
  VpcPeeringConnectionId,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { routeState } from "./describe.ts";
import { destinationOf } from "./local-routes.ts";
import type { RouteRecord, RouteTableRecord } from "./record.ts";
import { isEndpointRoute } from "./route-targets.ts";

export function projectRouteTable(record: RouteTableRecord, view: StateView): RouteTable {
  // Ids of records were made with their prefixes.
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.RouteTableId, view),
    routeTableId: record.RouteTableId as RouteTableId,
    vpcId: record.VpcId as VpcId,
    main: record.Associations.some(({ Main }) => Main),
    routes: record.Routes.map((route) => projectRoute(route, record.VpcId, view)),
    gatewayIds: record.Associations.flatMap(({ GatewayId }) => (GatewayId === undefined ? [] : [GatewayId])),
  };
}

function projectRoute(route: RouteRecord, vpcId: string, view: StateView): Route {
  return {
    destination:
      route.DestinationPrefixListId === undefined
        ? { kind: "cidr", cidr: destinationOf(route) }
        : { kind: "prefix-list", prefixListId: route.DestinationPrefixListId as PrefixListId },
    target: projectTarget(route),
    state: routeState(route, vpcId, view),
    origin: route.Origin,
  };
}

function projectTarget(route: RouteRecord): RouteTarget {
  if (route.GatewayId === "local") return { kind: "local" };
  if (isEndpointRoute(route)) return { kind: "other", id: route.GatewayId };
  if (route.GatewayId !== undefined) {
    return { kind: "internet-gateway", internetGatewayId: route.GatewayId as InternetGatewayId };
  }
  if (route.NatGatewayId !== undefined) {
    return { kind: "nat-gateway", natGatewayId: route.NatGatewayId as NatGatewayId };
  }
  if (route.EgressOnlyInternetGatewayId !== undefined) {
    return {
      kind: "egress-only-internet-gateway",
      egressOnlyInternetGatewayId: route.EgressOnlyInternetGatewayId as EgressOnlyInternetGatewayId,
    };
  }
  if (route.NetworkInterfaceId !== undefined) {
    return { kind: "network-interface", networkInterfaceId: route.NetworkInterfaceId as NetworkInterfaceId };
  }
  if (route.VpcPeeringConnectionId !== undefined) {
    return {
      kind: "vpc-peering-connection",
      vpcPeeringConnectionId: route.VpcPeeringConnectionId as VpcPeeringConnectionId,
    };
  }
  if (route.TransitGatewayId !== undefined) {
    return { kind: "transit-gateway", transitGatewayId: route.TransitGatewayId as TransitGatewayId };
  }
  throw new Error(`bug: the route to ${destinationOf(route)} has no target`);
}
