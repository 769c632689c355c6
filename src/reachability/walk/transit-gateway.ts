/**
 * A transit gateway: from the VPC into it by the zone of the sender, through the table that the attachment is associated with, and out by
 * the attachment that the most specific route names. It judges no source and no port. [TG-20, TG-30, TG-40, TG-44]
 */

import type {
  Subnet,
  TransitGatewayAttachmentId,
  TransitGatewayPeeringAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
} from "../../model/index.ts";
import type { Reason, UnknownComponent } from "../explanation.ts";
import { isIpv6, type Packet } from "../packet.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { goalVpcId, peeredWith, straightToGoal } from "./assumed-way.ts";
import { carriesPackets, zonesOf } from "./attachment-state.ts";
import { transitGatewayMtu } from "./mtu.ts";
import { networkAclHop } from "./network-acls.ts";
import type { Position, Step, StepFunction, StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

type InGateway = Extract<Position, { kind: "transit-gateway" }>;

/** From a VPC into its attachment. */
export const toTransitGatewayStep: StepFunction<"to-transit-gateway"> = (
  context,
  { transitGatewayId, origin },
  packet,
) => {
  const { prepared } = context;
  const { vpcId } = origin;
  const attachment = attachmentTo(prepared, transitGatewayId, vpcId);
  if (attachment === undefined) {
    const hop: StepHop = { kind: "transit-gateway", component: transitGatewayId, vpcId };
    const reason = prepared.index.unknownReason(transitGatewayId);
    if (reason !== undefined) return { hops: [{ ...hop, unknown: unreadGateway(context, transitGatewayId) }] };
    return { hops: [{ ...hop, blocked: { code: "UNASSOCIATED_COMPONENT" } }], ...straightToGoal(context, packet) };
  }
  const { transitGatewayAttachmentId: component } = attachment;
  const hop: StepHop = { kind: "transit-gateway-attachment", component, direction: "ingress", vpcId };
  const zones = zonesOf(prepared, attachment);
  const zoneId = "subnet" in origin ? origin.subnet.availabilityZoneId : undefined;
  const zone = zones.find((subnet) => subnet.availabilityZoneId === zoneId);
  const hops = [...attachmentHops(attachment, packet, hop, zone)];
  // Whatever the attachment subnet's own table, its list for what comes in counts, from within that subnet too. [NA-20]
  if (zone !== undefined) hops.push(networkAclHop(context, zone, "ingress", packet));
  const vpc = prepared.index.vpc(vpcId);
  const isOwn = vpc !== undefined && prepared.isIn(vpc, packet.header.source);
  const next: InGateway = {
    kind: "transit-gateway",
    transitGatewayId,
    attachmentId: component,
    ...(zoneId !== undefined && { zoneId }),
    ...(isOwn && { sender: attachment }),
  };
  return { hops, next, mtu: transitGatewayMtu };
};

/** The attachment's state, and whether it has a subnet in the sender's zone. */
function attachmentHops(
  attachment: TransitGatewayVpcAttachment,
  packet: Packet,
  hop: StepHop,
  zone: Subnet | undefined,
): readonly StepHop[] {
  const { state, ipv6Support } = attachment;
  const reasons: Reason[] = [];
  if (!carriesPackets(attachment)) reasons.push({ code: "BAD_STATE_ATTACHMENT", state });
  if (zone === undefined) reasons.push({ code: "TGW_ROUTE_AZ_RESTRICTION" });
  if (isIpv6(packet) && !ipv6Support) reasons.push({ code: "TGW_RTB_CANNOT_ROUTE" });
  if (reasons.length === 0) return [{ ...hop, decision: { by: "state", state } }];
  return reasons.map((blocked) => ({ ...hop, blocked }));
}

/** One that carries packets before one that does not. [TG-13] */
export function attachmentTo({ index }: PreparedModel, transitGatewayId: string, vpcId: string) {
  const all = index
    .transitGatewayAttachmentsOf(vpcId as `vpc-${string}`)
    .filter((each) => each.transitGatewayId === transitGatewayId);
  return all.find(carriesPackets) ?? all.find(({ state }) => state !== "deleted") ?? all[0];
}

/** Through the gateway. */
export const transitGatewayStep: StepFunction<"transit-gateway"> = (context, position, packet) => {
  const { transitGatewayId, attachmentId } = position;
  const { index } = context.prepared;
  const gateway = index.transitGateway(transitGatewayId);
  const hop: StepHop = { kind: "transit-gateway", component: transitGatewayId };
  if (gateway === undefined || index.unknownReason(transitGatewayId) !== undefined)
    return { hops: [{ ...hop, unknown: unreadGateway(context, transitGatewayId) }] };
  const { state } = gateway;
  const isUp = state === "available" || state === "modifying";
  const hops: StepHop[] = [
    { ...hop, decision: { by: "state", state }, ...(!isUp && { blocked: { code: "BAD_STATE", state } }) },
  ];
  const table = associatedTableOf(context.prepared, transitGatewayId, attachmentId);
  if (table === undefined) {
    const blocked = { code: "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION" } as const;
    hops.push({ kind: "transit-gateway-attachment", component: attachmentId, blocked });
    const assumed = index.transitGatewayRouteTablesOf(transitGatewayId).find(hasRoute(context, packet));
    const { hops: more, ...onward } =
      assumed === undefined ? without(context, position, packet) : lookUp(context, position, packet, assumed);
    return { ...onward, hops: [...hops, ...more] };
  }
  const { hops: more, ...onward } = lookUp(context, position, packet, table);
  return { ...onward, hops: [...hops, ...more] };
};

function unreadGateway({ prepared }: WalkContext, id: string): UnknownComponent {
  return unknownComponent(prepared, id, "the transit gateway was not read", "TGW_RTB_ROUTES_ARE_UNKNOWN");
}

/** An attachment has at most one. [TG-30] */
export function associatedTableOf({ index }: PreparedModel, transitGatewayId: string, attachmentId: string) {
  return index
    .transitGatewayRouteTablesOf(transitGatewayId)
    .find(
      ({ state, associations }) =>
        state === "available" &&
        associations.some((each) => each.transitGatewayAttachmentId === attachmentId && each.state === "associated"),
    );
}

function hasRoute({ prepared }: WalkContext, { header }: Packet) {
  return (table: TransitGatewayRouteTable) =>
    prepared.transitGatewayTable(table).longestMatch(prepared.address(header.destination)) !== undefined;
}

function lookUp(context: WalkContext, position: InGateway, packet: Packet, table: TransitGatewayRouteTable): Step {
  const { prepared } = context;
  const route = prepared.transitGatewayTable(table).longestMatch(prepared.address(packet.header.destination))?.value;
  const { transitGatewayRouteTableId } = table;
  const hop: StepHop = { kind: "transit-gateway-route-table", component: transitGatewayRouteTableId };
  if (route === undefined) return astray(context, position, packet, hop, table, "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT");
  const { destinationCidrBlock: destination, type, transitGatewayAttachmentIds } = route;
  const decision = {
    by: "transit-gateway-route",
    transitGatewayRouteTableId,
    destination,
    type,
    transitGatewayAttachmentIds,
  } as const;
  const chosen: StepHop = { ...hop, decision };
  if (route.state === "blackhole") return astray(context, position, packet, chosen, table, "TGW_RTB_BAD_STATE_ROUTE");
  const { hops, ...onward } = follow(context, position, packet, route);
  return { ...onward, hops: [chosen, ...hops] };
}

/** No route, or a blackhole: the walk goes on by what a route would have to name. */
function astray(
  context: WalkContext,
  position: InGateway,
  packet: Packet,
  hop: StepHop,
  table: TransitGatewayRouteTable,
  code: "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT" | "TGW_RTB_BAD_STATE_ROUTE",
): Step {
  const towards = attachmentTowardsGoal(context, position);
  if (towards === undefined) return { hops: [{ ...hop, blocked: { code } }], ...straightToGoal(context, packet) };
  const { transitGatewayAttachmentId } = towards;
  const instead = { kind: "transit-gateway-attachment", transitGatewayAttachmentId } as const;
  const detail =
    code === "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
      ? { detail: towards.detail }
      : isPassedOver(context, packet, table, transitGatewayAttachmentId) && {
          detail: "TGW_RTB_MORE_SPECIFIC_ROUTE" as const,
        };
  const { hops, ...onward } = leave(context, position, packet, transitGatewayAttachmentId);
  return { ...onward, hops: [{ ...hop, blocked: { code, instead, ...detail } }, ...hops] };
}

/** Whether the table has the route that is needed, and a longer prefix stands before it. [TG-40] */
function isPassedOver({ prepared }: WalkContext, { header }: Packet, table: TransitGatewayRouteTable, needed: string) {
  return prepared
    .transitGatewayTable(table)
    .matches(prepared.address(header.destination))
    .some(
      ({ value }) =>
        value.state === "active" && value.transitGatewayAttachmentIds.some((attached) => attached === needed),
    );
}

function without(context: WalkContext, position: InGateway, packet: Packet): Step {
  const towards = attachmentTowardsGoal(context, position);
  return towards === undefined
    ? { hops: [], ...straightToGoal(context, packet) }
    : leave(context, position, packet, towards.transitGatewayAttachmentId);
}

interface Towards {
  readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
  readonly detail: "X_TGW_PROPAGATION_MISSING" | "X_TGW_PEERING_WITHOUT_STATIC_ROUTE";
}

/** The goal's VPC's own attachment, or the peering behind which the goal is. */
function attachmentTowardsGoal(context: WalkContext, { transitGatewayId }: InGateway): Towards | undefined {
  const { prepared } = context;
  const goalVpc = goalVpcId(context);
  if (goalVpc === undefined) return undefined;
  const direct = attachmentTo(prepared, transitGatewayId, goalVpc);
  if (direct !== undefined)
    return { transitGatewayAttachmentId: direct.transitGatewayAttachmentId, detail: "X_TGW_PROPAGATION_MISSING" };
  const far = new Set<string>(prepared.index.transitGatewayAttachmentsOf(goalVpc).map((each) => each.transitGatewayId));
  for (const peering of prepared.index.model.transitGatewayPeeringAttachments) {
    const sides = sidesFrom(peering, transitGatewayId);
    if (sides === undefined) continue;
    const peer = sides.far.transitGatewayId;
    if (far.has(peer) || peeredWith(prepared, peer).some((id) => id !== transitGatewayId && far.has(id))) {
      return { transitGatewayAttachmentId: sides.nearId, detail: "X_TGW_PEERING_WITHOUT_STATIC_ROUTE" };
    }
  }
  return undefined;
}

/** Several attachments share the traffic of VPNs only, which are not followed. [TG-72] */
function follow(
  context: WalkContext,
  position: InGateway,
  packet: Packet,
  { transitGatewayAttachmentIds }: TransitGatewayRoute,
): Step {
  const [id] = transitGatewayAttachmentIds;
  return id === undefined ? { hops: [], ...straightToGoal(context, packet) } : leave(context, position, packet, id);
}

function leave(context: WalkContext, position: InGateway, packet: Packet, id: TransitGatewayAttachmentId): Step {
  const { index } = context.prepared;
  const attachment = index.transitGatewayVpcAttachment(id);
  if (attachment !== undefined) return intoVpc(context, position, packet, attachment);
  const peering = index.transitGatewayPeeringAttachment(id);
  const sides = peering === undefined ? undefined : sidesFrom(peering, position.transitGatewayId);
  if (peering !== undefined && sides !== undefined) return overPeering(context, peering, sides);
  const reason = "a route leads there, and this version cannot follow it";
  const unknown = unknownComponent(context.prepared, id, reason, "UNSUPPORTED_COMPONENT");
  return { hops: [{ kind: "transit-gateway-attachment", component: id, unknown }] };
}

/** By the subnet of the packet's zone, else of the first zone by id; in appliance mode of the zone that the flow's hash picks. [TG-20] */
function intoVpc(
  context: WalkContext,
  position: InGateway,
  packet: Packet,
  attachment: TransitGatewayVpcAttachment,
): Step {
  const { prepared, choice } = context;
  const { transitGatewayAttachmentId: component, vpcId, state, ipv6Support, applianceModeSupport } = attachment;
  const hop: StepHop = { kind: "transit-gateway-attachment", component, direction: "egress", vpcId };
  const zones = zonesOf(prepared, attachment);
  const same = zones.find(({ availabilityZoneId }) => availabilityZoneId === position.zoneId);
  const subnet = applianceModeSupport ? zones[choice % zones.length] : (same ?? zones[0]);
  if (subnet === undefined) {
    const unknown = unknownComponent(
      prepared,
      vpcId,
      "the attached VPC's subnets are not in the model",
      "UNKNOWN_DESTINATION",
    );
    return { hops: [{ ...hop, unknown }] };
  }
  const hops: StepHop[] = [
    {
      ...hop,
      subnetId: subnet.subnetId,
      decision: { by: "state", state },
      ...(!carriesPackets(attachment) && { blocked: { code: "BAD_STATE_ATTACHMENT", state } }),
    },
  ];
  if (isIpv6(packet) && !ipv6Support) hops.push({ ...hop, blocked: { code: "TGW_RTB_CANNOT_ROUTE" } });
  const { sender } = position;
  const origin = {
    kind: "transit-gateway-attachment",
    vpcId,
    attachment,
    subnet,
    ...(sender !== undefined && { sender }),
  } as const;
  return { hops, next: { kind: "vpc-router", origin }, ...(applianceModeSupport && { choices: zones.length }) };
}

/** To the other gateway. No zone is kept, and no reference passes. [TG-66, TG-67] */
function overPeering(context: WalkContext, { state }: TransitGatewayPeeringAttachment, { nearId, far }: Sides): Step {
  const hop: StepHop = { kind: "transit-gateway-attachment", component: nearId, decision: { by: "state", state } };
  const hops: StepHop[] = [state === "available" ? hop : { ...hop, blocked: { code: "BAD_STATE_ATTACHMENT", state } }];
  const { transitGatewayId, transitGatewayAttachmentId: attachmentId } = far;
  if (attachmentId === undefined) {
    const unknown = unreadGateway(context, transitGatewayId);
    return { hops: [...hops, { kind: "transit-gateway", component: transitGatewayId, unknown }] };
  }
  return { hops, next: { kind: "transit-gateway", transitGatewayId, attachmentId } };
}

interface Sides {
  readonly nearId: TransitGatewayAttachmentId;
  readonly far: TransitGatewayPeeringAttachment["requester"];
}

/** Each gateway knows the peering by its own id. [TG-62] */
export function sidesFrom(
  { requester, accepter, transitGatewayAttachmentId }: TransitGatewayPeeringAttachment,
  gatewayId: string,
): Sides | undefined {
  const own = { ...requester, transitGatewayAttachmentId };
  if (requester.transitGatewayId === gatewayId) return { nearId: transitGatewayAttachmentId, far: accepter };
  if (accepter.transitGatewayId !== gatewayId) return undefined;
  return { nearId: accepter.transitGatewayAttachmentId ?? transitGatewayAttachmentId, far: own };
}
