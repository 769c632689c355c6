/** Which tables have a route to a gateway endpoint: in each one, to the addresses of its service. [PL-50, PL-52] */
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import { awsOwner } from "../managed-prefix-list/record.ts";
import { named } from "../required.ts";
import { routeTableDescription } from "../route-table/describe.ts";
import type { RouteRecord } from "../route-table/record.ts";
import { checkDestination } from "../route-table/route-destinations.ts";
import { checkRouteQuota } from "../route-table/routes.ts";
import { gatewayRouteTables, removeRoutesFrom } from "./held-routes.ts";
import type { VpcEndpointRecord } from "./record.ts";

/** Throws for a table of another VPC, and for one that has a route to the service's addresses already. */
export function addGatewayRoutes(
  endpoint: VpcEndpointRecord,
  routeTableIds: readonly string[],
  context: ActionContext,
): void {
  const { VpcEndpointId, VpcId } = endpoint;
  const DestinationPrefixListId = servicePrefixList(endpoint, context);
  const route: RouteRecord = { DestinationPrefixListId, GatewayId: VpcEndpointId, Origin: "CreateRoute" };
  for (const id of new Set(routeTableIds)) {
    const table = named(routeTableDescription, "RouteTableId", id, context);
    if (table.VpcId !== VpcId) {
      throw invalidParameterValue(`The route table ${id} does not belong to the VPC ${VpcId}.`);
    }
    if (table.Routes.some((each) => each.DestinationPrefixListId === DestinationPrefixListId)) {
      throw new AwsError(
        "RouteAlreadyExists",
        `route table ${id} already has a route with destination-prefix-list-id ${DestinationPrefixListId}`,
      );
    }
    checkDestination({ DestinationPrefixListId }, { GatewayId: VpcEndpointId }, table, context);
    const Routes = [...table.Routes, route];
    checkRouteQuota(table, Routes, false, context);
    context.put("routeTable", { ...table, Routes });
  }
}

export function removeGatewayRoutes(
  endpoint: VpcEndpointRecord,
  routeTableIds: readonly string[],
  context: ActionContext,
): void {
  const tables = gatewayRouteTables(endpoint, context);
  const foreign = routeTableIds.find((id) => !tables.some(({ RouteTableId }) => RouteTableId === id));
  if (foreign !== undefined) {
    throw invalidParameterValue(`The route table ${foreign} is not one of the VPC endpoint ${endpoint.VpcEndpointId}.`);
  }
  const leaving = tables.filter(({ RouteTableId }) => routeTableIds.includes(RouteTableId));
  removeRoutesFrom(leaving, endpoint, context);
}

function servicePrefixList({ ServiceName, Region }: VpcEndpointRecord, view: Pick<StateView, "inScope">): string {
  const list = view
    .inScope("managedPrefixList", awsOwner, Region)
    .find(({ PrefixListName }) => PrefixListName === ServiceName);
  if (list === undefined) throw new Error(`bug: ${Region} has no prefix list for ${ServiceName}`);
  return list.PrefixListId;
}
