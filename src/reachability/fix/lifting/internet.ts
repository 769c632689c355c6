/** What a VPC and an interface need for the internet: a gateway that is attached, and a public address. [IG-2, IG-5, EI-1] */
import { type NetworkInterface, type NetworkModel, routeTargetId, type Vpc } from "../../../model/index.ts";
import type { ChangeOf, NetworkChange } from "../network-change.ts";
import type { Lift, Lifting } from "./lifting.ts";

/** An Elastic IP address for the interface that sends out, or that is to be reached; with a gateway, which it needs. */
export const liftMissingPublicAddress: Lift = (lifting) => {
  const { prepared, blocker, hop, goal } = lifting;
  const isInbound = blocker.code === "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS";
  const address = isInbound ? goal.address : hop.packet.source;
  const own = isInbound
    ? goal.networkInterface
    : hop.vpcId === undefined
      ? undefined
      : prepared.interfaceAt(hop.vpcId, address);
  // Not a service's: AWS manages the address of a NAT gateway itself.
  if (own === undefined || own.interfaceType !== "interface") return [];
  const { ownerId, region, networkInterfaceId, vpcId } = own;
  const associate: NetworkChange = {
    ownerId,
    region,
    kind: "associate-address",
    networkInterfaceId,
    privateAddress: address,
    publicIp: provisionalAddress(prepared.index.model),
  };
  const vpc = prepared.index.vpc(vpcId);
  if (prepared.index.internetGatewayOf(vpcId) !== undefined || vpc === undefined) return [[associate]];
  return [[...gatewayFor(lifting, vpc), associate]];
};

/** For packets that come from the internet to the VPC. */
export const liftMissingInternetGateway: Lift = (lifting) => {
  const { prepared, hop } = lifting;
  const vpc = hop.vpcId === undefined ? undefined : prepared.index.vpc(hop.vpcId);
  if (vpc === undefined || prepared.index.internetGatewayOf(vpc.vpcId) !== undefined) return [];
  return [gatewayFor(lifting, vpc)];
};

/** One that is there and attached to nothing, the VPC's former one first; else a new one. */
export function gatewayFor(
  { prepared: { index } }: Lifting,
  { ownerId, region, vpcId }: Vpc,
): readonly ChangeOf<"create-internet-gateway" | "attach-internet-gateway">[] {
  const free = index.model.internetGateways.filter(
    (each) => each.vpcId === undefined && each.ownerId === ownerId && each.region === region,
  );
  const named = index.routeTablesOf(vpcId).flatMap(({ routes }) => routes.map(({ target }) => routeTargetId(target)));
  const loose = free.find((each) => named.includes(each.internetGatewayId)) ?? free[0];
  const internetGatewayId = loose?.internetGatewayId ?? (`igw-new-${index.model.internetGateways.length + 1}` as const);
  const gateway = { ownerId, region, internetGatewayId };
  const attach = { ...gateway, kind: "attach-internet-gateway", vpcId } as const;
  return loose === undefined ? [{ ...gateway, kind: "create-internet-gateway" }, attach] : [attach];
}

/** From a range for documentation (RFC 5737) that nobody has: one that no interface of the model has. */
function provisionalAddress({ networkInterfaces }: NetworkModel): string {
  const used = new Set(networkInterfaces.flatMap(publicAddresses));
  for (let host = 1; host < 255; host += 1) if (!used.has(`192.0.2.${host}`)) return `192.0.2.${host}`;
  throw new Error("bug: more than 254 new public addresses");
}

function publicAddresses({ privateAddresses }: NetworkInterface): readonly string[] {
  return privateAddresses.flatMap(({ publicIp }) => (publicIp === undefined ? [] : [publicIp]));
}
