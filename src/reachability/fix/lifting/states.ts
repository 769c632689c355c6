/** What waits is accepted, what is stopped is started, what may not forward is let. What has failed or gone no setting brings back. */
import type { NetworkModelIndex } from "../../../model/index.ts";
import type { NetworkChange } from "../network-change.ts";
import type { Lift } from "./lifting.ts";

/** A stopped instance: by its interface, or by the route to it. [IN-1, RT-12] */
export const liftInstanceState: Lift = ({ prepared: { index }, blocker, hop }) => {
  const target = hop.decision?.by === "route" ? hop.decision.target : undefined;
  const networkInterfaceId = target?.kind === "network-interface" ? target.networkInterfaceId : blocker.component;
  const instanceId = index.networkInterface(networkInterfaceId)?.attachment?.instanceId;
  const instance = instanceId === undefined ? undefined : index.instance(instanceId);
  if (instance?.state !== "stopped") return [];
  const { ownerId, region } = instance;
  return [[{ ownerId, region, kind: "start-instances", instanceId: instance.instanceId }]];
};

/** A VPC peering that waits: its own state, or that of a route to it. [PX-1, RT-30] */
export const liftPeeringState: Lift = ({ prepared: { index }, blocker, hop }) => {
  const target = hop.decision?.by === "route" ? hop.decision.target : undefined;
  const id = target?.kind === "vpc-peering-connection" ? target.vpcPeeringConnectionId : blocker.component;
  const peering = index.vpcPeeringConnection(id);
  if (peering?.statusCode !== "pending-acceptance") return [];
  const { vpcPeeringConnectionId, accepter } = peering;
  const { ownerId, region } = accepter;
  return [[{ ownerId, region, kind: "accept-vpc-peering-connection", vpcPeeringConnectionId }]];
};

/** A transit gateway's attachment, or a peering of gateways. */
export const liftAttachmentState: Lift = ({ prepared: { index }, blocker }) =>
  acceptanceOf(index, blocker.component).map((change) => [change]);

/** A route to a gateway at which the VPC's own attachment waits. [RT-30] */
export const liftAttachmentOfRoute: Lift = ({ prepared: { index }, hop }) => {
  const { decision, vpcId } = hop;
  if (decision?.by !== "route" || decision.target.kind !== "transit-gateway" || vpcId === undefined) return [];
  const { transitGatewayId } = decision.target;
  return index
    .transitGatewayAttachmentsOf(vpcId)
    .filter((each) => each.transitGatewayId === transitGatewayId)
    .flatMap(({ transitGatewayAttachmentId }) => acceptanceOf(index, transitGatewayAttachmentId))
    .map((change) => [change]);
};

/** By the owner of the transit gateway, or of the accepter's; nothing where the attachment does not wait. [TG-10, TG-61] */
export function acceptanceOf(index: NetworkModelIndex, attachmentId: string): readonly NetworkChange[] {
  const attachment = index.transitGatewayVpcAttachment(attachmentId);
  const gateway = attachment === undefined ? undefined : index.transitGateway(attachment.transitGatewayId);
  if (attachment?.state === "pendingAcceptance" && gateway !== undefined) {
    const { ownerId, region } = gateway;
    const { transitGatewayAttachmentId } = attachment;
    return [{ ownerId, region, kind: "accept-transit-gateway-vpc-attachment", transitGatewayAttachmentId }];
  }
  const peering = index.transitGatewayPeeringAttachment(attachmentId);
  if (peering?.state !== "pendingAcceptance") return [];
  const { accepter, transitGatewayAttachmentId: requesterId } = peering;
  const transitGatewayAttachmentId = accepter.transitGatewayAttachmentId ?? requesterId;
  const { ownerId, region } = accepter;
  return [{ ownerId, region, kind: "accept-transit-gateway-peering-attachment", transitGatewayAttachmentId }];
}

/** An instance that is to forward. A service's interface is not ours to change. [AD-53] */
export const liftSourceDestCheck: Lift = ({ prepared: { index }, blocker, hop, hops, start, goal }) => {
  const networkInterface = index.networkInterface(blocker.component);
  if (networkInterface?.attachment?.instanceId === undefined) return [];
  // At the ends the check is right: what is neither from nor for an end has gone astray.
  const isFirst =
    hop.direction === "egress" && hops.findIndex(({ kind }) => kind === "network-interface") === hops.length - 1;
  if (isFirst && start.networkInterface === networkInterface) return [];
  if (goal.networkInterface === networkInterface) return [];
  const { ownerId, region, networkInterfaceId } = networkInterface;
  return [
    [{ ownerId, region, kind: "modify-network-interface-attribute", networkInterfaceId, sourceDestCheck: false }],
  ];
};
