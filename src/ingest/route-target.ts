/** Where a route leads: one of a dozen fields says it. What this version cannot follow is `other`, and named in `unknowns`. */
import type { RouteTarget } from "../model/index.ts";
import type { Item } from "./item.ts";

export function readRouteTarget(item: Item): RouteTarget {
  return followed(item) ?? other(item);
}

function followed(item: Item): RouteTarget | undefined {
  const gatewayId = item.text("GatewayId");
  if (gatewayId === "local") return { kind: "local" };
  if (gatewayId?.startsWith("igw-")) {
    const internetGatewayId = item.id("GatewayId", "igw");
    return internetGatewayId && { kind: "internet-gateway", internetGatewayId };
  }
  const natGatewayId = item.id("NatGatewayId", "nat");
  if (natGatewayId !== undefined) return { kind: "nat-gateway", natGatewayId };
  const egressOnlyInternetGatewayId = item.id("EgressOnlyInternetGatewayId", "eigw");
  if (egressOnlyInternetGatewayId !== undefined) {
    return { kind: "egress-only-internet-gateway", egressOnlyInternetGatewayId };
  }
  const networkInterfaceId = item.id("NetworkInterfaceId", "eni");
  if (networkInterfaceId !== undefined) return { kind: "network-interface", networkInterfaceId };
  const vpcPeeringConnectionId = item.id("VpcPeeringConnectionId", "pcx");
  if (vpcPeeringConnectionId !== undefined) return { kind: "vpc-peering-connection", vpcPeeringConnectionId };
  const transitGatewayId = item.id("TransitGatewayId", "tgw");
  return transitGatewayId && { kind: "transit-gateway", transitGatewayId };
}

/** Fields that name a target which is not modelled; an instance alone is one that has no interface any more. */
const others = [
  "GatewayId",
  "LocalGatewayId",
  "CarrierGatewayId",
  "CoreNetworkArn",
  "OdbNetworkArn",
  "InstanceId",
] as const;

const kinds: Readonly<Record<string, string>> = {
  vgw: "a virtual private gateway",
  vpce: "a VPC endpoint",
  lgw: "a local gateway",
  cagw: "a carrier gateway",
  arn: "a network that is named by its ARN",
  i: "an instance without an interface",
};

function other(item: Item): RouteTarget {
  for (const field of others) {
    const id = item.text(field);
    if (id === undefined || id === "") continue;
    const prefix = /^(?:arn:|[a-z]+-)/.exec(id)?.[0].slice(0, -1) ?? "";
    const what = Object.hasOwn(kinds, prefix) ? kinds[prefix] : "a target of a kind that is not known here";
    item.notes.unknown(id, `${what}: not modelled`);
    return { kind: "other", id };
  }
  return { kind: "other", id: "a target that the answer does not name" };
}
