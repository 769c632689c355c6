/** CreateRoute, ReplaceRoute, DeleteRoute. (semantics 2.2, 2.3, 2.8) */
import type {
  CreateRouteCommandInput,
  CreateRouteCommandOutput,
  DeleteRouteCommandInput,
  DeleteRouteCommandOutput,
  ReplaceRouteCommandInput,
  ReplaceRouteCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
} from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { named } from "../required.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { routeTableDescription } from "./describe.ts";
import { destinationOf, isLocalRoute } from "./local-routes.ts";
import type { RouteRecord, RouteTableRecord } from "./record.ts";
import {
  checkDestination,
  destinationFrom,
  isIpv6Destination,
  type RouteDestinationMembers,
} from "./route-destinations.ts";
import {
  isEndpointRoute,
  type RouteTargetMembers,
  type RouteTargetParameters,
  targetParameters,
} from "./route-targets.ts";

export const createRoute: Action<CreateRouteCommandInput, CreateRouteCommandOutput> = (input, context) => {
  const table = named(routeTableDescription, "RouteTableId", input.RouteTableId, context);
  const destination = destinationFrom(input, context.caller, context);
  if (input.GatewayId === "local") {
    throw new AwsError("InvalidGatewayID.NotFound", "The gateway ID 'local' does not exist");
  }
  const target = targetFrom(input, destination, table, context);
  const text = destinationOf({ ...destination, Origin: "CreateRoute" });
  if (routeTo(table, text) !== undefined) {
    throw new AwsError("RouteAlreadyExists", `The route identified by ${text} already exists.`);
  }
  checkDestination(destination, target, table, context);
  const Routes: readonly RouteRecord[] = [...table.Routes, { ...destination, ...target, Origin: "CreateRoute" }];
  checkRouteQuota(table, Routes, isIpv6Destination(destination, context), context);
  context.put("routeTable", { ...table, Routes });
  return { Return: true };
};

export const replaceRoute: Action<ReplaceRouteCommandInput, ReplaceRouteCommandOutput> = (input, context) => {
  const table = named(routeTableDescription, "RouteTableId", input.RouteTableId, context);
  const destination = destinationFrom(input, context.caller, context);
  const text = destinationOf({ ...destination, Origin: "CreateRoute" });
  const existing = routeTo(table, text);
  if (existing === undefined) {
    throw invalidParameterValue(`There is no route defined for '${text}' in the route table. Use CreateRoute instead.`);
  }
  refuseEndpointRoute("replace", existing, table);
  const target = replacementFrom(input, existing, destination, table, context);
  if (isLocalRoute(existing)) checkLocalReplacement(text, target);
  checkDestination(destination, target, table, context);
  const { Origin } = existing;
  const Routes = table.Routes.map((route) => (route === existing ? { ...destination, ...target, Origin } : route));
  context.put("routeTable", { ...table, Routes });
  return {};
};

export const deleteRoute: Action<DeleteRouteCommandInput, DeleteRouteCommandOutput> = (input, context) => {
  const table = named(routeTableDescription, "RouteTableId", input.RouteTableId, context);
  const destination = destinationFrom(input, context.caller, context);
  const text = destinationOf({ ...destination, Origin: "CreateRoute" });
  const existing = routeTo(table, text);
  if (existing === undefined) {
    throw new AwsError(
      "InvalidRoute.NotFound",
      `no route with ${destinationName(destination)} ${text} in route table ${table.RouteTableId}`,
    );
  }
  refuseEndpointRoute("remove", existing, table);
  if (isLocalRoute(existing)) {
    throw invalidParameterValue(`cannot remove local route ${text} in route table ${table.RouteTableId}`);
  }
  context.put("routeTable", { ...table, Routes: table.Routes.filter((route) => route !== existing) });
  return {};
};

/** Routes to a gateway endpoint are the endpoint's own. [PL-50] */
function refuseEndpointRoute(verb: string, route: RouteRecord, { RouteTableId }: RouteTableRecord): void {
  if (!isEndpointRoute(route)) return;
  throw invalidParameterValue(
    `cannot ${verb} VPC endpoint route ${destinationOf(route)} in route table ${RouteTableId}`,
  );
}

function destinationName({ DestinationCidrBlock, DestinationIpv6CidrBlock }: RouteDestinationMembers): string {
  if (DestinationCidrBlock !== undefined) return "destination-cidr-block";
  return DestinationIpv6CidrBlock === undefined ? "destination-prefix-list-id" : "destination-ipv6-cidr-block";
}

function routeTo(table: RouteTableRecord, destination: string): RouteRecord | undefined {
  return table.Routes.find((route) => destinationOf(route) === destination);
}

/** The one target of a request, looked up. */
function targetFrom(
  input: RouteTargetParameters,
  destination: RouteDestinationMembers,
  table: RouteTableRecord,
  context: ActionContext,
): RouteTargetMembers {
  const targets = Object.entries(targetParameters).flatMap(([parameter, resolve]) => {
    const id = given(input, parameter);
    return id === undefined ? [] : [{ id, resolve }];
  });
  const [target, ...others] = targets;
  if (target === undefined) {
    throw missingParameter(
      "gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, instanceId or vpcEndpointId",
    );
  }
  if (others.length > 0) throw invalidParameterCombination("Only one route target may be specified.");
  if (input.VpcEndpointId !== undefined && destination.DestinationPrefixListId !== undefined) {
    throw invalidParameterValue("Cannot create or replace a prefix list route targeting a VPC Endpoint.");
  }
  const { accountId, region } = context.caller;
  const site = {
    accountId,
    region,
    vpcId: table.VpcId,
    routeTableId: table.RouteTableId,
    ipv6: isIpv6Destination(destination, context),
  };
  return target.resolve(target.id, site, context);
}

/** As for a new route, and `LocalTarget` for a block of the VPC. [RT-22] */
function replacementFrom(
  input: ReplaceRouteCommandInput,
  existing: RouteRecord,
  destination: RouteDestinationMembers,
  table: RouteTableRecord,
  context: ActionContext,
): RouteTargetMembers {
  if (input.LocalTarget !== true && input.GatewayId !== "local") return targetFrom(input, destination, table, context);
  const others = Object.keys(targetParameters).filter(
    (parameter) => given(input, parameter) !== undefined && given(input, parameter) !== "local",
  );
  if (others.length > 0) throw invalidParameterCombination("Only one route target may be specified.");
  if (!isLocalRoute(existing)) {
    throw invalidParameterValue(
      `The local target can only be used with a CIDR block of the VPC, not with ${destinationOf(existing)}.`,
    );
  }
  return { GatewayId: "local" };
}

function checkLocalReplacement(cidr: string, target: RouteTargetMembers): void {
  if (target.GatewayId === "local" || target.NatGatewayId !== undefined || target.NetworkInterfaceId !== undefined) {
    return;
  }
  throw invalidParameterValue(
    `The local route ${cidr} can only be given a NAT gateway, a network interface or a Gateway Load Balancer endpoint as its target.`,
  );
}

/** IPv4 and IPv6 are counted apart; a prefix list counts with its greatest size. [RT-29] */
export function checkRouteQuota(
  { RouteTableId }: RouteTableRecord,
  routes: readonly RouteRecord[],
  ipv6: boolean,
  context: ActionContext,
): void {
  let count = 0;
  for (const route of routes) {
    if (isIpv6Destination(route, context) !== ipv6) continue;
    const list = route.DestinationPrefixListId;
    count += list === undefined ? 1 : (context.get("managedPrefixList", list)?.MaxEntries ?? 1);
  }
  checkQuota("routesPerRouteTable", count, RouteTableId);
}

function given(input: RouteTargetParameters, parameter: string): string | undefined {
  const value: unknown = Reflect.get(input, parameter);
  return typeof value === "string" ? value : undefined;
}
