/** AWS::EC2::RouteTable, its association with a gateway's edge, and AWS::EC2::Route. The local routes come with the VPC's blocks. */
import type { Route, RouteDestination, RouteTarget } from "../../../../model/index.ts";
import { isUnknownValue } from "../../template/index.ts";
import { type Given, NotTold, needed } from "../given.ts";
import { change, type NetworkDraft, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import { primaryInterface } from "./instance.ts";
import type { NetworkType } from "./network-type.ts";
import { unknownBlock } from "./unknown-block.ts";

export const routeTableType: NetworkType = {
  name: "AWS::EC2::RouteTable",
  prefix: "rtb",
  idAttributes: ["RouteTableId"],
  build(resource, draft) {
    const routeTableId = resource.id("rtb");
    const vpcId = needed("VpcId", resource.properties().id("VpcId", "vpc"));
    const fields = resourceFields(resource);
    draft.routeTables.set(routeTableId, { ...fields, routeTableId, vpcId, main: false, routes: [], gatewayIds: [] });
    place(draft, routeTableId, resource);
  },
};

export const gatewayRouteTableAssociationType: NetworkType = {
  name: "AWS::EC2::GatewayRouteTableAssociation",
  touches: tableOf,
  build(resource, draft) {
    const gatewayId = needed("GatewayId", resource.properties().text("GatewayId"));
    for (const id of tableOf(resource)) {
      change(draft.routeTables, id, (table) => ({ ...table, gatewayIds: [...table.gatewayIds, gatewayId] }));
    }
  },
};

export const routeType: NetworkType = {
  name: "AWS::EC2::Route",
  touches: tableOf,
  attribute: (resource, name) => (name === "CidrBlock" ? resource.properties().raw("DestinationCidrBlock") : undefined),
  build(resource, draft) {
    const given = resource.properties();
    const route: Route = {
      destination: destinationOf(given, draft),
      target: targetOf(given, draft),
      // What it is in the end follows from the target.
      state: "active",
      origin: "CreateRoute",
    };
    for (const id of tableOf(resource)) {
      change(draft.routeTables, id, (table) => ({ ...table, routes: [...table.routes, route] }));
    }
  },
};

function tableOf(resource: StackResource): readonly string[] {
  const id = resource.properties().id("RouteTableId", "rtb");
  return id === undefined ? [] : [id];
}

function destinationOf(given: Given, draft: NetworkDraft): RouteDestination {
  for (const name of ["DestinationCidrBlock", "DestinationIpv6CidrBlock"]) {
    const raw = given.raw(name);
    if (isUnknownValue(raw)) return { kind: "prefix-list", prefixListId: unknownBlock(raw, draft) };
    const cidr = given.cidr(name);
    if (cidr !== undefined) return { kind: "cidr", cidr };
  }
  return { kind: "prefix-list", prefixListId: needed("a destination", given.id("DestinationPrefixListId", "pl")) };
}

function targetOf(given: Given, draft: NetworkDraft): RouteTarget {
  const natGatewayId = given.id("NatGatewayId", "nat");
  if (natGatewayId !== undefined) return { kind: "nat-gateway", natGatewayId };
  const vpcPeeringConnectionId = given.id("VpcPeeringConnectionId", "pcx");
  if (vpcPeeringConnectionId !== undefined) return { kind: "vpc-peering-connection", vpcPeeringConnectionId };
  const transitGatewayId = given.id("TransitGatewayId", "tgw");
  if (transitGatewayId !== undefined) return { kind: "transit-gateway", transitGatewayId };
  const egressOnlyInternetGatewayId = given.id("EgressOnlyInternetGatewayId", "eigw");
  if (egressOnlyInternetGatewayId !== undefined)
    return { kind: "egress-only-internet-gateway", egressOnlyInternetGatewayId };
  const networkInterfaceId = given.id("NetworkInterfaceId", "eni");
  if (networkInterfaceId !== undefined) return { kind: "network-interface", networkInterfaceId };
  const instanceId = given.id("InstanceId", "i");
  if (instanceId !== undefined)
    return { kind: "network-interface", networkInterfaceId: primaryInterface(instanceId, draft) };
  return gatewayOf(given, draft);
}

function gatewayOf(given: Given, draft: NetworkDraft): RouteTarget {
  const gateway = given.raw("GatewayId");
  if (isUnknownValue(gateway)) {
    const id = `gateway-of-${gateway.name}`;
    draft.unknown(id, `which gateway a route names is known when it is deployed: ${gateway.name}`);
    return { kind: "other", id };
  }
  if (gateway === "local") return { kind: "local" };
  if (typeof gateway === "string" && gateway.startsWith("igw-")) {
    return { kind: "internet-gateway", internetGatewayId: needed("GatewayId", given.id("GatewayId", "igw")) };
  }
  for (const name of ["GatewayId", "VpcEndpointId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn"]) {
    const id = given.text(name);
    if (id === undefined) continue;
    draft.unknown(id, `what a route leads to by ${name} is not modelled`);
    return { kind: "other", id };
  }
  throw new NotTold("a route names no target");
}
