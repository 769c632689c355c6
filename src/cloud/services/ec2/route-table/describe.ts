/** Route tables as the API shows them, and how they are found. (semantics 2.1, 2.2, Appendix B) */
import type { RouteTableAssociation as ApiAssociation, Route, RouteTable } from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import type { FilterTable } from "../filters.ts";
import { tagsOf } from "../tag/tags.ts";
import type { RouteRecord, RouteTableAssociation, RouteTableRecord } from "./record.ts";
import { targetWorks } from "./route-targets.ts";

const filters: FilterTable<RouteTableRecord> = {
  "association.gateway-id": (table) => table.Associations.map((each) => each.GatewayId),
  "association.main": (table) => ownOrFalse(table.Associations.map((each) => String(each.Main))),
  "association.route-table-association-id": (table) => table.Associations.map((each) => each.RouteTableAssociationId),
  "association.route-table-id": (table) => (table.Associations.length > 0 ? table.RouteTableId : undefined),
  "association.subnet-id": (table) => table.Associations.map((each) => each.SubnetId),
  "owner-id": (table) => table.OwnerId,
  "route-table-id": (table) => table.RouteTableId,
  "route.destination-cidr-block": (table) => table.Routes.map((route) => route.DestinationCidrBlock),
  "route.destination-ipv6-cidr-block": (table) => table.Routes.map((route) => route.DestinationIpv6CidrBlock),
  "route.destination-prefix-list-id": (table) => table.Routes.map((route) => route.DestinationPrefixListId),
  "route.egress-only-internet-gateway-id": (table) => table.Routes.map((route) => route.EgressOnlyInternetGatewayId),
  "route.gateway-id": (table) => table.Routes.map((route) => route.GatewayId),
  "route.instance-id": (table, context) => table.Routes.map((route) => instanceOf(route, context)),
  "route.nat-gateway-id": (table) => table.Routes.map((route) => route.NatGatewayId),
  "route.network-interface-id": (table) => table.Routes.map((route) => route.NetworkInterfaceId),
  "route.origin": (table) => table.Routes.map((route) => route.Origin),
  "route.state": (table, context) => table.Routes.map((route) => routeState(route, table.VpcId, context)),
  "route.transit-gateway-id": (table) => table.Routes.map((route) => route.TransitGatewayId),
  "route.vpc-peering-connection-id": (table) => table.Routes.map((route) => route.VpcPeeringConnectionId),
  "vpc-id": (table) => table.VpcId,
};

export const routeTableDescription: DescribeDefinition<"routeTable"> = {
  table: "routeTable",
  kind: "route-table",
  idPrefix: "rtb",
  pageSize: { min: 5, max: 100 },
  filters,
  indexed: {
    "vpc-id": "vpc",
    "association.subnet-id": "subnet",
    "association.gateway-id": "gateway",
    "association.route-table-association-id": "association",
  },
};

/** A route is a blackhole while its target does not work. [RT-30] */
export function routeState(route: RouteRecord, vpcId: string, view: StateView): "active" | "blackhole" {
  return targetWorks(route, vpcId, view) ? "active" : "blackhole";
}

export function routeTableToApi(table: RouteTableRecord, context: ActionContext): RouteTable {
  return {
    RouteTableId: table.RouteTableId,
    VpcId: table.VpcId,
    OwnerId: table.OwnerId,
    Associations: table.Associations.map((association) => associationToApi(association, table.RouteTableId)),
    PropagatingVgws: [],
    Routes: table.Routes.map((route) => routeToApi(route, table.VpcId, context)),
    Tags: tagsOf(context, table.RouteTableId),
  };
}

function associationToApi(
  { RouteTableAssociationId, Main, SubnetId, GatewayId }: RouteTableAssociation,
  RouteTableId: string,
): ApiAssociation {
  return {
    Main,
    RouteTableAssociationId,
    RouteTableId,
    ...(SubnetId === undefined ? {} : { SubnetId }),
    ...(GatewayId === undefined ? {} : { GatewayId }),
    AssociationState: { State: "associated" },
  };
}

function routeToApi(route: RouteRecord, vpcId: string, view: StateView): Route {
  const InstanceId = instanceOf(route, view);
  const owner = InstanceId === undefined ? undefined : view.get("instance", InstanceId)?.OwnerId;
  return {
    ...route,
    ...(InstanceId === undefined ? {} : { InstanceId }),
    ...(owner === undefined ? {} : { InstanceOwnerId: owner }),
    State: routeState(route, vpcId, view),
  };
}

/** The instance that the route's interface is attached to now. */
function instanceOf(route: RouteRecord, view: Pick<StateView, "get">): string | undefined {
  if (route.NetworkInterfaceId === undefined) return undefined;
  return view.get("networkInterface", route.NetworkInterfaceId)?.Attachment?.InstanceId ?? route.InstanceId;
}

/** A table without any association is not main either. */
function ownOrFalse(values: readonly string[]): readonly string[] {
  return values.length > 0 ? values : ["false"];
}
