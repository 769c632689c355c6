/**
 * The way on where a route is missing or leads nowhere: by what joins the VPC to the one where the goal is. It is what the missing route
 * would have to name, so that all that blocks behind it is found as well.
 */
import { isPrivateAddress, isSharedAddress } from "../../ip/index.ts";
import type { RouteTarget, TransitGatewayVpcAttachment, VpcId, VpcPeeringConnection } from "../../model/index.ts";
import type { ExplanationCode } from "../explanation-codes.ts";
import { isIpv6, type Packet, withAddresses } from "../packet.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { carriesPackets } from "./attachment-state.ts";
import type { Origin, Position, WalkContext } from "./position.ts";

export interface AssumedWay {
  readonly next?: Position;
  readonly packet?: Packet;
  /** What a route would name. */
  readonly instead?: RouteTarget;
  readonly detail?: ExplanationCode;
}

export function assumedWay(context: WalkContext, origin: Origin, packet: Packet): AssumedWay {
  const { vpcId } = origin;
  const goalVpc = goalVpcId(context);
  if (goalVpc === undefined) return outward(context, origin, packet);
  const { destination } = packet.header;
  // A public or translated address: the way is the internet's, wherever the interface is.
  if (destination !== context.goal.address || context.prepared.publicMapping(destination) !== undefined)
    return outward(context, origin, packet);
  if (goalVpc === vpcId) return straightToGoal(context, packet);
  return (
    overPeering(context, vpcId, goalVpc) ??
    overTransitGateway(context, origin, goalVpc) ??
    disconnected(context, packet)
  );
}

/** The goal's interface, as if the packet had come there; nothing when nobody knows which it is. */
export function straightToGoal(context: WalkContext, packet: Packet): AssumedWay {
  const networkInterface = context.goal.meant ?? context.goal.likely;
  if (networkInterface === undefined) return {};
  const origin: Origin = { kind: "assumed", vpcId: networkInterface.vpcId };
  return {
    next: { kind: "network-interface", origin, networkInterface },
    packet: withAddresses(packet, { destination: context.goal.address }),
  };
}

export function goalVpcId({ goal }: WalkContext): VpcId | undefined {
  return goal.meant?.vpcId ?? goal.likely?.vpcId ?? goal.vpcId;
}

function disconnected(context: WalkContext, packet: Packet): AssumedWay {
  return { ...straightToGoal(context, packet), detail: "DISCONNECTED_VPCS" };
}

/** An active one first. */
function overPeering({ prepared }: WalkContext, vpcId: VpcId, goalVpc: VpcId): AssumedWay | undefined {
  const joining = prepared.index
    .peeringsOf(vpcId)
    .filter(({ requester, accepter }) => requester.vpcId === goalVpc || accepter.vpcId === goalVpc)
    .filter(({ statusCode }) => mayBecomeActive.has(statusCode));
  const peering = joining.find(({ statusCode }) => statusCode === "active") ?? joining[0];
  if (peering === undefined) return undefined;
  const { vpcPeeringConnectionId } = peering;
  return {
    next: { kind: "vpc-peering-connection", vpcPeeringConnectionId, fromVpcId: vpcId },
    instead: { kind: "vpc-peering-connection", vpcPeeringConnectionId },
  };
}

const mayBecomeActive: ReadonlySet<VpcPeeringConnection["statusCode"]> = new Set([
  "initiating-request",
  "pending-acceptance",
  "provisioning",
  "active",
]);

/** One that the goal's VPC is attached to as well, or else one whose peered gateways may lead there. */
function overTransitGateway({ prepared }: WalkContext, origin: Origin, goalVpc: VpcId): AssumedWay | undefined {
  const usable = (vpcId: VpcId): readonly TransitGatewayVpcAttachment[] =>
    prepared.index.transitGatewayAttachmentsOf(vpcId).filter(carriesPackets);
  const far = new Set(usable(goalVpc).map(({ transitGatewayId }) => transitGatewayId as string));
  const near = usable(origin.vpcId).map(({ transitGatewayId }) => transitGatewayId);
  const transitGatewayId =
    near.find((id) => far.has(id)) ?? near.find((id) => peeredWith(prepared, id).some((peer) => far.has(peer)));
  if (transitGatewayId === undefined) return undefined;
  return {
    next: { kind: "to-transit-gateway", transitGatewayId, origin },
    instead: { kind: "transit-gateway", transitGatewayId },
  };
}

/** Directly or over others. */
export function peeredWith({ index }: PreparedModel, transitGatewayId: string): readonly string[] {
  const found = new Set([transitGatewayId]);
  for (const id of found) {
    for (const { requester, accepter } of index.model.transitGatewayPeeringAttachments) {
      if (requester.transitGatewayId === id) found.add(accepter.transitGatewayId);
      if (accepter.transitGatewayId === id) found.add(requester.transitGatewayId);
    }
  }
  found.delete(transitGatewayId);
  return [...found];
}

/** To the internet: by an internet gateway when the source has a public address, else by a NAT gateway, if there is either. */
function outward({ prepared }: WalkContext, { vpcId }: Origin, packet: Packet): AssumedWay {
  const destination = prepared.address(packet.header.destination);
  if (isPrivateAddress(destination) || isSharedAddress(destination)) return {};
  const { index } = prepared;
  const gateway = index.internetGatewayOf(vpcId);
  const source = prepared.interfaceAt(vpcId, packet.header.source);
  const isPublic = source?.privateAddresses.some(
    ({ address, publicIp }) => address === packet.header.source && publicIp,
  );
  const nat = index
    .natGatewaysOf(vpcId)
    .find(({ state, connectivityType }) => state === "available" && connectivityType === "public");
  const natInterface = nat === undefined ? undefined : index.networkInterface(nat.networkInterfaceId);
  if (nat !== undefined && natInterface !== undefined && !isPublic && !isIpv6(packet) && source !== natInterface) {
    return {
      next: { kind: "network-interface", origin: { kind: "assumed", vpcId }, networkInterface: natInterface },
      instead: { kind: "nat-gateway", natGatewayId: nat.natGatewayId },
    };
  }
  if (gateway === undefined) return {};
  const { internetGatewayId } = gateway;
  return {
    next: { kind: "internet-gateway", internetGatewayId, fromVpcId: vpcId },
    instead: { kind: "internet-gateway", internetGatewayId },
  };
}
