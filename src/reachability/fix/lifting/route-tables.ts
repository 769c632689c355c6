/**
 * A route of a VPC's table: the missing one, or one that leads astray. It names what joins the VPC to the goal's [PX-50, semantics 6.9]; to
 * the internet a gateway that is there. Where nothing joins two VPCs whose blocks do not overlap, a peering is made.
 */
import { cidrContains, contains, isPrivateAddress, isSharedAddress } from "../../../ip/index.ts";
import {
  type Cidr,
  type EgressOnlyInternetGateway,
  type Route,
  type RouteTable,
  type RouteTarget,
  routeTargetId,
  type VpcId,
} from "../../../model/index.ts";
import type { Hop, PacketHeader } from "../../explanation.ts";
import type { NetworkChange } from "../network-change.ts";
import { destinationFor, isOthersAsWell, type PresentRoute } from "./destinations.ts";
import { gatewayFor } from "./internet.ts";
import type { Candidate, Lifting } from "./lifting.ts";
import { overlap, waysBetween } from "./ways.ts";

/** What may be changed at one table that the packet met. */
export function routeCandidates(lifting: Lifting, hop: Hop): readonly Candidate[] {
  const { prepared } = lifting;
  const table = prepared.index.routeTable(hop.component);
  // A table of a gateway's edge leads nowhere but into the VPC. [RT-40]
  if (table === undefined || table.gatewayIds.length > 0) return [];
  const joining = joiningTargets(lifting, table, hop);
  const routes = [...joining, ...gatewaysOut(lifting, table.vpcId, hop.packet)].flatMap(
    (target): readonly Candidate[] => {
      const route = routeTo(lifting, table, hop.packet, target);
      return route === undefined ? [] : [[route]];
    },
  );
  return [
    ...withoutDeadRoute(lifting, table, hop.packet),
    ...routes,
    ...newGatewayWithRoute(lifting, table, hop.packet),
    ...(joining.length === 0 ? peeringWithRoute(lifting, table, hop.packet) : []),
  ];
}

/** A dead route for a subnet of the VPC hides the local one, which nothing can be put in the place of. [RT-23] */
function withoutDeadRoute(
  { prepared, goal }: Lifting,
  { ownerId, region, routeTableId, vpcId, routes }: RouteTable,
  { destination: address }: PacketHeader,
): readonly Candidate[] {
  if (goal.vpcId !== vpcId) return [];
  return routes.flatMap(({ destination, state }): readonly Candidate[] => {
    if (state !== "blackhole" || destination.kind !== "cidr") return [];
    const { cidr } = destination;
    if (!contains(prepared.block(cidr), prepared.address(address))) return [];
    return [[{ ownerId, region, kind: "delete-route", routeTableId, destination: cidr }]];
  });
}

function joiningTargets(lifting: Lifting, { vpcId }: RouteTable, { packet }: Hop): readonly RouteTarget[] {
  const { goal, prepared } = lifting;
  if (goal.vpcId === undefined || goal.vpcId === vpcId || !isOwnAddress(lifting, packet.destination)) return [];
  return waysBetween(prepared, vpcId, goal.vpcId);
}

/** The goal by the address that its interface itself has, not by its public one. */
function isOwnAddress({ goal, prepared }: Lifting, destination: string): boolean {
  return goal.vpcId !== undefined && destination === goal.address && prepared.publicMapping(destination) === undefined;
}

/** Towards the internet: for who has a public address its gateway, for others a NAT gateway. */
function gatewaysOut(
  { prepared, blocker }: Lifting,
  vpcId: VpcId,
  { source, destination }: PacketHeader,
): readonly RouteTarget[] {
  const { index } = prepared;
  const address = prepared.address(destination);
  if (isPrivateAddress(address) || isSharedAddress(address)) return [];
  const gateway = index.internetGatewayOf(vpcId);
  const direct: readonly RouteTarget[] =
    gateway === undefined ? [] : [{ kind: "internet-gateway", internetGatewayId: gateway.internetGatewayId }];
  if (address.family === "ipv6") {
    // Neither of the others lets an answer out. [semantics 9.5]
    const egressOnly = blocker.way === "forward" ? index.egressOnlyInternetGatewaysOf(vpcId) : [];
    return [...egressOnly.map(egressOnlyTarget), ...direct];
  }
  const own = prepared.interfaceAt(vpcId, source);
  const isPublic = own?.privateAddresses.some((each) => each.address === source && each.publicIp !== undefined);
  if (isPublic || blocker.way === "return") return direct;
  const translating = index
    .natGatewaysOf(vpcId)
    .filter((each) => each.state === "available" && each.connectivityType === "public")
    .filter((each) => each.networkInterfaceId !== own?.networkInterfaceId)
    .map(({ natGatewayId }): RouteTarget => ({ kind: "nat-gateway", natGatewayId }));
  return [...translating, ...direct];
}

/** Where the VPC has no internet gateway: one, and the route to it, unless the VPC's former one is attached again and has its route. */
function newGatewayWithRoute(lifting: Lifting, table: RouteTable, packet: PacketHeader): readonly Candidate[] {
  const { prepared } = lifting;
  const vpc = prepared.index.vpc(table.vpcId);
  const isGlobal = !isOwnAddress(lifting, packet.destination) || packet.destination.includes(":");
  const address = prepared.address(packet.destination);
  if (vpc === undefined || !isGlobal || isPrivateAddress(address) || isSharedAddress(address)) return [];
  if (prepared.index.internetGatewayOf(vpc.vpcId) !== undefined) return [];
  const gateway = gatewayFor(lifting, vpc);
  const internetGatewayId = gateway.at(-1)?.internetGatewayId;
  if (internetGatewayId === undefined) return [];
  const route = routeTo(lifting, table, packet, { kind: "internet-gateway", internetGatewayId });
  return [route === undefined ? gateway : [...gateway, route]];
}

function egressOnlyTarget({ egressOnlyInternetGatewayId }: EgressOnlyInternetGateway): RouteTarget {
  return { kind: "egress-only-internet-gateway", egressOnlyInternetGatewayId };
}

function routeTo(
  lifting: Lifting,
  table: RouteTable,
  { destination: address }: PacketHeader,
  target: RouteTarget,
): NetworkChange | undefined {
  const { prepared, blocker } = lifting;
  const match = prepared.routeTable(table).match(prepared.address(address));
  if (match !== undefined && routeTargetId(match.route.target) === routeTargetId(target)) return undefined;
  const chosen = destinationFor(lifting, address, {
    deciding: match && presentRoute(match.destination, match.route),
    all: table.routes.flatMap((route) =>
      route.destination.kind === "cidr" ? [presentRoute(route.destination.cidr, route)] : [],
    ),
    onlyHost: isOthersAsWell(blocker),
  });
  const vpc = prepared.index.vpc(table.vpcId);
  if (chosen === undefined || vpc === undefined) return undefined;
  const { destination, isThere } = chosen;
  // Within the VPC's own blocks a route may lead to appliances and NAT gateways only. [RT-23]
  if ([...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks].some((block) => cidrContains(block, destination))) return undefined;
  const { ownerId, region, routeTableId } = table;
  return { ownerId, region, kind: isThere ? "replace-route" : "create-route", routeTableId, destination, target };
}

function presentRoute(destination: Cidr, { destination: named, origin, state }: Route): PresentRoute {
  const isOwn = named.kind === "cidr" && (origin === "CreateRoute" || origin === "CreateRouteTable");
  return { destination, isBlackhole: state === "blackhole", isOwn };
}

/** A peering of the two ends' own VPCs: where packets were to go through a third one, somebody meant that. */
function peeringWithRoute(lifting: Lifting, table: RouteTable, packet: PacketHeader): readonly Candidate[] {
  const { goal, start, prepared, blocker } = lifting;
  const near = prepared.index.vpc(table.vpcId);
  const far = goal.vpcId === undefined ? undefined : prepared.index.vpc(goal.vpcId);
  if (near === undefined || far === undefined || near === far || start.vpcId !== near.vpcId) return [];
  if (!isOwnAddress(lifting, packet.destination)) return [];
  if (blocker.code === "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR" || overlap(near, far)) return [];
  const vpcPeeringConnectionId = `pcx-new-${prepared.index.model.vpcPeeringConnections.length + 1}` as const;
  const route = routeTo(lifting, table, packet, { kind: "vpc-peering-connection", vpcPeeringConnectionId });
  if (route === undefined) return [];
  const { ownerId, region, vpcId } = near;
  const peering: NetworkChange = {
    ownerId,
    region,
    kind: "create-vpc-peering-connection",
    vpcPeeringConnectionId,
    vpcId,
    peerVpcId: far.vpcId,
    peerOwnerId: far.ownerId,
    peerRegion: far.region,
  };
  return [[peering, route]];
}
