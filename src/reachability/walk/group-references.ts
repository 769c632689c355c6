/**
 * Whether a packet comes from, or goes to, a member of a group that a rule names. A member is known by its private address on the way that
 * leads to it directly: within the VPC [SG-30], over an active peering of one Region [SG-50], and for inbound rules over a transit
 * gateway that lets references through, as both attachments must [SG-40]. Any other way, the identity is lost [SG-32].
 */
import type {
  NetworkInterface,
  SecurityGroup,
  SecurityGroupPeer,
  TransitGatewayVpcAttachment,
  VpcId,
  VpcPeeringConnection,
} from "../../model/index.ts";
import type { Packet } from "../packet.ts";
import type { PreparedModel } from "../prepared-model.ts";
import type { Origin } from "./position.ts";

/** The component next to the interface in the VPC: where an egress packet goes, or an ingress packet comes from. */
export type FarSide = Origin | { readonly kind: "elsewhere" };

export type Hearing =
  | "member"
  | "stranger"
  /** A member, but not on a direct way. */
  | "lost"
  | "no-support"
  | "other-region"
  /** The group was not read. */
  | "unknown";

export interface Reference {
  readonly peer: SecurityGroupPeer & { readonly kind: "security-group" };
  /** Where the rule is judged. */
  readonly networkInterface: NetworkInterface;
  readonly direction: "egress" | "ingress";
  readonly packet: Packet;
  readonly farSide: FarSide;
}

export function hearMember(prepared: PreparedModel, reference: Reference): Hearing {
  const { peer, networkInterface, direction, packet, farSide } = reference;
  const group = prepared.index.securityGroup(peer.groupId);
  if (group === undefined) return isStale(prepared, peer, networkInterface.vpcId) ? "stranger" : "unknown";
  const address = direction === "egress" ? packet.header.destination : packet.header.source;
  const member = prepared.interfaceAt(group.vpcId, address);
  if (!member?.securityGroupIds.includes(peer.groupId)) return "stranger";
  if (farSide.kind === "assumed") return "member";
  if (group.vpcId === networkInterface.vpcId) {
    return farSide.kind === "network-interface" && farSide.networkInterface === member ? "member" : "lost";
  }
  return hearFromOutside(prepared, group, reference);
}

/** A member of another VPC's group. */
function hearFromOutside(
  { index }: PreparedModel,
  group: SecurityGroup,
  { networkInterface, direction, farSide }: Reference,
): Hearing {
  if (farSide.kind === "vpc-peering-connection") {
    if (!joins(farSide.peering, group.vpcId)) return "lost";
    return farSide.peering.requester.region === farSide.peering.accepter.region ? "member" : "other-region";
  }
  if (farSide.kind !== "transit-gateway-attachment" || direction === "egress") return "lost";
  const { attachment, sender } = farSide;
  if (sender === undefined || sender.vpcId !== group.vpcId || sender.vpcId === networkInterface.vpcId) return "lost";
  const gateway = index.transitGateway(attachment.transitGatewayId);
  const passes = [attachment, sender].every(letsThrough) && gateway?.securityGroupReferencingSupport === true;
  return passes ? "member" : "no-support";
}

function letsThrough({ securityGroupReferencingSupport }: TransitGatewayVpcAttachment): boolean {
  return securityGroupReferencingSupport;
}

function joins({ requester, accepter }: VpcPeeringConnection, vpcId: VpcId): boolean {
  return requester.vpcId === vpcId || accepter.vpcId === vpcId;
}

/** Of a group that is not there: it was deleted, unless its VPC was never read. [SG-50] */
export function isStale(
  { index }: PreparedModel,
  { userId, vpcPeeringConnectionId }: Reference["peer"],
  vpcId: VpcId,
): boolean {
  if (vpcPeeringConnectionId !== undefined) {
    const peering = index.vpcPeeringConnection(vpcPeeringConnectionId);
    if (peering === undefined || peering.statusCode !== "active") return true;
    const far = peering.requester.vpcId === vpcId ? peering.accepter.vpcId : peering.requester.vpcId;
    return index.vpc(far) !== undefined;
  }
  return userId === undefined || index.model.vpcs.some((vpc) => vpc.ownerId === userId);
}
