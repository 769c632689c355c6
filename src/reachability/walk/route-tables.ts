/**
 * The route that a VPC's router chooses: by the table of the subnet that the packet left, of the attachment subnet by which a transit gateway
 * delivered it [TG-20], or of the gateway's edge [RT-40]; what a peering brings is delivered to interfaces only [PX-52].
 */

import {
  cidrFrom,
  contains,
  type IpAddress,
  isLinkLocalAddress,
  isMulticastAddress,
  isPrivateAddress,
} from "../../ip/index.ts";
import { type RouteTable, type RouteTarget, routeTargetId, type Subnet } from "../../model/index.ts";
import type { ChosenRoute, CompiledRouteTable } from "../compiled-route-table.ts";
import type { Decision, Reason } from "../explanation.ts";
import type { ExplanationCode } from "../explanation-codes.ts";
import type { Packet } from "../packet.ts";
import { type AssumedWay, assumedWay, straightToGoal } from "./assumed-way.ts";
import type { Origin, Position, StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

export interface Routed {
  readonly hop: StepHop;
  readonly next?: Position;
  readonly packet?: Packet;
}

export function routeFrom(context: WalkContext, origin: Origin, packet: Packet): Routed {
  const { prepared } = context;
  const destination = prepared.address(packet.header.destination);
  const router = { kind: "vpc", component: origin.vpcId, vpcId: origin.vpcId } as const;
  if (isNeverForwarded(destination)) return { hop: { ...router, blocked: { code: "X_NEVER_FORWARDED" } } };
  if (origin.kind === "assumed" && origin.sender !== undefined) {
    const unknown = unknownComponent(prepared, origin.sender.subnetId, "the sender's subnet is not in the model");
    return { hop: { ...router, unknown }, ...assumedWay(context, origin, packet) };
  }
  const subnet = subnetOf(origin);
  if (origin.kind === "network-interface" && subnet !== undefined && isIn(context, subnet, packet.header.destination)) {
    return deliver(context, origin, packet, { ...router, subnetId: subnet.subnetId, decision: { by: "same-subnet" } });
  }
  const table = tableFor(context, origin);
  if (table === "none") return deliver(context, origin, packet, { ...router, decision: { by: "local-delivery" } });
  if (typeof table === "string") {
    const unknown = unknownComponent(prepared, table, "the route table is not in the model");
    return {
      hop: { ...router, kind: "route-table", component: table, unknown },
      ...assumedWay(context, origin, packet),
    };
  }
  const at: StepHop = {
    ...router,
    kind: "route-table",
    component: table.routeTableId,
    ...(subnet !== undefined && { subnetId: subnet.subnetId }),
  };
  return chosenWay(context, origin, packet, table, at);
}

function chosenWay(context: WalkContext, origin: Origin, packet: Packet, table: RouteTable, at: StepHop): Routed {
  const { prepared } = context;
  const destination = prepared.address(packet.header.destination);
  const compiled = prepared.routeTable(table);
  const chosen = compiled.match(destination);
  const list = hiddenList(compiled, chosen, destination);
  if (list !== undefined) {
    const unknown = unknownComponent(prepared, list, "a route names this prefix list, whose entries were not read");
    return { hop: { ...at, unknown }, ...assumedWay(context, origin, packet) };
  }
  if (chosen === undefined)
    return blockedHere(at, { code: "NO_ROUTE_TO_DESTINATION" }, assumedWay(context, origin, packet));
  const hop: StepHop = { ...at, decision: decisionOf(table, chosen) };
  if (chosen.route.state === "blackhole") return blackhole(context, origin, packet, chosen, compiled, hop);
  if (chosen.route.target.kind === "local") return deliver(context, origin, packet, hop);
  return follow(context, origin, packet, chosen.route.target, hop);
}

const notInModel = "a route leads there, and it is not in the model";
const cannotFollow = "a route leads there, and this version cannot follow it";

/** An active route's target. */
function follow(context: WalkContext, origin: Origin, packet: Packet, target: RouteTarget, hop: StepHop): Routed {
  const { index } = context.prepared;
  const fromVpcId = origin.vpcId;
  const missing = (id: string): Routed => ({
    hop: { ...hop, unknown: unknownComponent(context.prepared, id, notInModel) },
  });
  switch (target.kind) {
    case "local":
      return deliver(context, origin, packet, hop);
    case "other":
      return {
        hop: {
          ...hop,
          unknown: unknownComponent(context.prepared, target.id, cannotFollow, "UNSUPPORTED_COMPONENT"),
        },
      };
    case "internet-gateway":
      return { hop, next: { kind: "internet-gateway", internetGatewayId: target.internetGatewayId, fromVpcId } };
    case "egress-only-internet-gateway":
      return { hop, next: { kind: "egress-only-internet-gateway", id: target.egressOnlyInternetGatewayId, fromVpcId } };
    case "vpc-peering-connection": {
      const { vpcPeeringConnectionId } = target;
      if (index.vpcPeeringConnection(vpcPeeringConnectionId) === undefined) return missing(vpcPeeringConnectionId);
      return { hop, next: { kind: "vpc-peering-connection", vpcPeeringConnectionId, fromVpcId } };
    }
    case "transit-gateway":
      return { hop, next: { kind: "to-transit-gateway", transitGatewayId: target.transitGatewayId, origin } };
    case "nat-gateway": {
      const natGateway = index.natGateway(target.natGatewayId);
      return natGateway === undefined
        ? missing(target.natGatewayId)
        : toInterface(context, origin, packet, natGateway.networkInterfaceId, hop);
    }
    case "network-interface":
      return toInterface(context, origin, packet, target.networkInterfaceId, hop);
  }
}

/** A NAT gateway or an appliance: it must stand in this VPC and have an address of the packet's family. */
function toInterface(context: WalkContext, origin: Origin, packet: Packet, id: string, hop: StepHop): Routed {
  const { index, address } = context.prepared;
  const networkInterface = index.networkInterface(id);
  if (networkInterface === undefined) {
    return { hop: { ...hop, unknown: unknownComponent(context.prepared, id, notInModel) } };
  }
  const { family } = address(packet.header.destination);
  const addresses = family === "ipv4" ? networkInterface.privateAddresses : networkInterface.ipv6Addresses;
  if (networkInterface.vpcId !== origin.vpcId || addresses.length === 0) {
    return blockedHere(hop, { code: "CANNOT_ROUTE" }, straightToGoal(context, packet));
  }
  return { hop, next: { kind: "network-interface", origin, networkInterface } };
}

/** A blackhole because its peering waits or is gone: the peering's state is the thing to mend. [RT-30] */
function blackhole(
  context: WalkContext,
  origin: Origin,
  packet: Packet,
  chosen: ChosenRoute,
  table: CompiledRouteTable,
  hop: StepHop,
): Routed {
  const { route } = chosen;
  const code = "BAD_STATE_ROUTE";
  if (route.target.kind === "vpc-peering-connection") {
    const { vpcPeeringConnectionId } = route.target;
    const peering = context.prepared.index.vpcPeeringConnection(vpcPeeringConnectionId);
    if (peering !== undefined && peering.statusCode !== "active") {
      const reason: Reason = { code, detail: "X_PEERING_NOT_ACTIVE", state: peering.statusCode, instead: route.target };
      const next = {
        kind: "vpc-peering-connection",
        vpcPeeringConnectionId,
        fromVpcId: origin.vpcId,
        knownBad: true,
      } as const;
      return { hop: { ...hop, blocked: reason }, next };
    }
  }
  const way = assumedWay(context, origin, packet);
  const detail = passedOver(context, packet, chosen, table, way);
  return blockedHere(hop, { code, ...(detail !== undefined && { detail }) }, way);
}

/** Whether the table has the route that the way needs, and the one that counts stands before it. [RT-28, RT-29] */
function passedOver(
  { prepared }: WalkContext,
  { header }: Packet,
  { destination }: ChosenRoute,
  table: CompiledRouteTable,
  { instead }: AssumedWay,
): ExplanationCode | undefined {
  if (instead === undefined) return undefined;
  const needed = table
    .passedOver(prepared.address(header.destination))
    .find(({ route }) => route.state === "active" && routeTargetId(route.target) === routeTargetId(instead));
  if (needed === undefined) return undefined;
  return needed.destination === destination ? "HIGHER_PRIORITY_ROUTE" : "MORE_SPECIFIC_ROUTE";
}

/** To the interface that has the address in this VPC. */
function deliver(context: WalkContext, origin: Origin, packet: Packet, hop: StepHop): Routed {
  const { goal, prepared } = context;
  const { destination } = packet.header;
  // The sender's own VPC has the address as well, and keeps the packet. What came from elsewhere is delivered to the wrong one.
  const isKept = origin.kind === "network-interface" && goal.meant !== undefined && goal.meant.vpcId !== origin.vpcId;
  if (isKept && destination === goal.address) {
    return blockedHere(hop, { code: "X_OVERLAPPING_CIDRS" }, straightToGoal(context, packet));
  }
  const networkInterface = prepared.interfaceAt(origin.vpcId, destination);
  if (networkInterface === undefined) {
    return blockedHere(hop, { code: "NO_POSSIBLE_DESTINATION" }, straightToGoal(context, packet));
  }
  return { hop, next: { kind: "network-interface", origin, networkInterface } };
}

function blockedHere(hop: StepHop, reason: Reason, way: AssumedWay): Routed {
  const { instead, detail, next, packet } = way;
  return {
    hop: {
      ...hop,
      blocked: { ...reason, ...(detail !== undefined && { detail }), ...(instead !== undefined && { instead }) },
    },
    ...(next !== undefined && { next }),
    ...(packet !== undefined && { packet }),
  };
}

/** `none`: packets of this origin are routed by no table. An id: the table is not in the model. */
function tableFor({ prepared: { index } }: WalkContext, origin: Origin): RouteTable | "none" | string {
  if (origin.kind === "internet") return index.gatewayRouteTable(origin.gatewayId) ?? "none";
  const subnet = subnetOf(origin);
  if (subnet === undefined) return "none";
  return index.effectiveRouteTable(subnet.subnetId) ?? subnet.routeTableId ?? `the main route table of ${subnet.vpcId}`;
}

function subnetOf(origin: Origin): Subnet | undefined {
  return origin.kind === "network-interface" || origin.kind === "transit-gateway-attachment"
    ? origin.subnet
    : undefined;
}

function isIn({ prepared }: WalkContext, { cidrBlock, ipv6CidrBlocks }: Subnet, destination: string): boolean {
  const blocks = destination.includes(":") ? ipv6CidrBlocks : [cidrBlock];
  return blocks.some((block) => contains(prepared.block(block), prepared.address(destination)));
}

function decisionOf({ routeTableId }: RouteTable, { destination, route }: ChosenRoute): Decision {
  const { destination: named, target } = route;
  const list = named.kind === "prefix-list" ? { prefixListId: named.prefixListId } : {};
  return { by: "route", routeTableId, destination, target, ...list };
}

/**
 * A list that was not read may hold a longer prefix for the address than the chosen route. Lists of AWS's services, to which gateway
 * endpoints lead, hold public addresses only.
 */
function hiddenList(
  { unknownLists }: CompiledRouteTable,
  chosen: ChosenRoute | undefined,
  destination: IpAddress,
): string | undefined {
  if (chosen?.route.target.kind === "local") return undefined;
  for (const { destination: named, target } of unknownLists) {
    const isService = target.kind === "other" && isPrivateAddress(destination);
    if (named.kind === "prefix-list" && !isService) return named.prefixListId;
  }
  return undefined;
}

const services = cidrFrom("fd00:ec2::/32");

/** Link-local, multicast, broadcast, and the services' own ranges. [RT-25] */
export function isNeverForwarded(destination: IpAddress): boolean {
  return (
    isLinkLocalAddress(destination) ||
    isMulticastAddress(destination) ||
    contains(services, destination) ||
    (destination.family === "ipv4" && destination.value === 0xffffffff)
  );
}
