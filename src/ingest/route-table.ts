/** Route tables with their routes. */
import type { Route, RouteDestination, RouteTable } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";
import { readRouteTarget } from "./route-target.ts";

export function readRouteTables(parts: readonly Part[], report: Report): readonly RouteTable[] {
  return mergeResources(parts.flatMap(routeTablesOf), report);
}

function routeTablesOf(part: Part): readonly Seen<RouteTable>[] {
  return part.readEach("RouteTables", { field: "RouteTableId", prefix: "rtb" }, (item, routeTableId) => {
    const associations = item.items("Associations").filter(isInForce);
    return {
      ...resourceFields(item, part),
      routeTableId,
      vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
      main: associations.some((each) => each.boolean("Main") === true),
      routes: item.items("Routes").flatMap((route) => readRoute(route, routeTableId)),
      gatewayIds: associations.flatMap((each) => each.text("GatewayId") ?? []),
    };
  });
}

/** Older answers tell no state: then the association is there. */
function isInForce(association: Item): boolean {
  const state = association.item("AssociationState")?.text("State") ?? "associated";
  return state === "associated" || state === "associating";
}

function readRoute(item: Item, routeTableId: string): readonly Route[] {
  const destination = readDestination(item);
  if (destination === undefined) {
    item.notes.unknown(`${routeTableId}.routes`, `a route (${item.path}) has no destination that can be read`);
    return [];
  }
  const target = readRouteTarget(item);
  return [
    {
      destination,
      target,
      state: item.choice("State", ["active", "blackhole"]) ?? "active",
      origin:
        item.choice("Origin", ["CreateRouteTable", "CreateRoute", "EnableVgwRoutePropagation", "Advertisement"]) ??
        // Only the local route comes with the table.
        (target.kind === "local" ? "CreateRouteTable" : "CreateRoute"),
    },
  ];
}

function readDestination(item: Item): RouteDestination | undefined {
  const prefixListId = item.id("DestinationPrefixListId", "pl");
  if (prefixListId !== undefined) return { kind: "prefix-list", prefixListId };
  const cidr = item.cidr("DestinationCidrBlock") ?? item.cidr("DestinationIpv6CidrBlock");
  return cidr === undefined ? undefined : { kind: "cidr", cidr };
}
