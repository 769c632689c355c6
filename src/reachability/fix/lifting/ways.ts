/** By what a VPC, or a transit gateway, can send packets to another VPC: everything that joins them and works, or would once accepted. */
import { cidrsOverlap } from "../../../ip/index.ts";
import type {
  NetworkModelIndex,
  RouteTarget,
  TransitGatewayAttachmentId,
  TransitGatewayVpcAttachment,
  Vpc,
  VpcId,
} from "../../../model/index.ts";
import type { PreparedModel } from "../../prepared-model.ts";
import { peeredWith } from "../../walk/assumed-way.ts";

/** What a route of the VPC may name, the shortest way first. */
export function waysBetween(prepared: PreparedModel, from: VpcId, to: VpcId): readonly RouteTarget[] {
  const { index } = prepared;
  return [...peeringsBetween(index, from, to), ...transitGatewaysBetween(prepared, from, to)];
}

/** Active ones first. */
function peeringsBetween(index: NetworkModelIndex, from: VpcId, to: VpcId): readonly RouteTarget[] {
  const joining = index
    .peeringsOf(from)
    .filter(({ requester, accepter }) => requester.vpcId === to || accepter.vpcId === to);
  return ["active", "pending-acceptance"].flatMap((status) =>
    joining
      .filter(({ statusCode }) => statusCode === status)
      .map(({ vpcPeeringConnectionId }): RouteTarget => ({ kind: "vpc-peering-connection", vpcPeeringConnectionId })),
  );
}

/** A gateway that both are attached to before one whose peered gateways lead there. */
function transitGatewaysBetween(prepared: PreparedModel, from: VpcId, to: VpcId): readonly RouteTarget[] {
  const near = attachmentsOf(prepared.index, from).map(({ transitGatewayId }) => transitGatewayId);
  const far = new Set<string>(attachmentsOf(prepared.index, to).map(({ transitGatewayId }) => transitGatewayId));
  const direct = near.filter((id) => far.has(id));
  const indirect = near.filter((id) => !far.has(id) && peeredWith(prepared, id).some((peer) => far.has(peer)));
  return [...direct, ...indirect].map((transitGatewayId) => ({ kind: "transit-gateway", transitGatewayId }));
}

/** By which attachments of a transit gateway packets get to the VPC: its own, or peerings behind which it is, the nearest first. */
export function attachmentsTowards(
  prepared: PreparedModel,
  transitGatewayId: string,
  to: VpcId,
): readonly TransitGatewayAttachmentId[] {
  const { index } = prepared;
  const own = attachmentsOf(index, to).filter((each) => each.transitGatewayId === transitGatewayId);
  const peerings = neighbours(index, transitGatewayId).flatMap(({ attachmentId, gatewayId }) => {
    const distance = distanceTo(index, gatewayId, to, new Set([transitGatewayId]));
    return distance === undefined ? [] : [{ attachmentId, distance }];
  });
  return [
    ...own.map(({ transitGatewayAttachmentId }) => transitGatewayAttachmentId),
    ...peerings.sort((a, b) => a.distance - b.distance).map(({ attachmentId }) => attachmentId),
  ];
}

/** Gateways on the way from this one to one that the VPC is attached to. */
function distanceTo(
  index: NetworkModelIndex,
  gatewayId: string,
  to: VpcId,
  passed: ReadonlySet<string>,
): number | undefined {
  const ends = new Set<string>(attachmentsOf(index, to).map(({ transitGatewayId }) => transitGatewayId));
  const distances = new Map([[gatewayId, 0]]);
  for (const [id, distance] of distances) {
    if (ends.has(id)) return distance;
    for (const next of neighbours(index, id)) {
      if (!passed.has(next.gatewayId) && !distances.has(next.gatewayId)) distances.set(next.gatewayId, distance + 1);
    }
  }
  return undefined;
}

interface Neighbour {
  readonly gatewayId: string;
  /** As this gateway knows the peering. [TG-62] */
  readonly attachmentId: TransitGatewayAttachmentId;
}

function neighbours(index: NetworkModelIndex, transitGatewayId: string): readonly Neighbour[] {
  return index.model.transitGatewayPeeringAttachments
    .filter(({ state }) => mayCarryPackets(state))
    .flatMap(({ requester, accepter, transitGatewayAttachmentId }): readonly Neighbour[] => {
      if (requester.transitGatewayId === transitGatewayId)
        return [{ gatewayId: accepter.transitGatewayId, attachmentId: transitGatewayAttachmentId }];
      if (accepter.transitGatewayId !== transitGatewayId) return [];
      const attachmentId = accepter.transitGatewayAttachmentId ?? transitGatewayAttachmentId;
      return [{ gatewayId: requester.transitGatewayId, attachmentId }];
    });
}

function attachmentsOf(index: NetworkModelIndex, vpcId: VpcId): readonly TransitGatewayVpcAttachment[] {
  return index.transitGatewayAttachmentsOf(vpcId).filter(({ state }) => mayCarryPackets(state));
}

function mayCarryPackets(state: string): boolean {
  return state === "available" || state === "modifying" || state === "pendingAcceptance";
}

/** Whether AWS would refuse to peer them. [PX-28] */
export function overlap(a: Vpc, b: Vpc): boolean {
  const blocks = ({ cidrBlocks, ipv6CidrBlocks }: Vpc) => [...cidrBlocks, ...ipv6CidrBlocks];
  return blocks(a).some((one) => blocks(b).some((other) => cidrsOverlap(one, other)));
}
