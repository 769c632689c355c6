/**
 * Which transit gateways, attachments and peerings of gateways carry packets: those that packets of a VPC that is alive can get to.
 * An attachment is a link for each of its zones, so that both sides know a packet's zone from the link that it takes. [TG-20]
 */
import type {
  NetworkModel,
  Subnet,
  SubnetId,
  TransitGateway,
  TransitGatewayAttachmentId,
  TransitGatewayId,
  TransitGatewayPeeringAttachment,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
  Vpc,
  VpcId,
} from "../model/index.ts";
import type { Allocation } from "./naming.ts";

/** One zone of an attachment: the subnet that the gateway has an interface in. */
export interface AttachmentZone {
  readonly zoneId: string;
  readonly subnet: Subnet;
  /** The same name in both namespaces. */
  readonly link: string;
  /**
   * A second link into the VPC for what surely comes from its sender's own VPC: only there may a rule take a packet for a
   * member's of a group. It exists while a rule asks for it. [SG-40]
   */
  readonly memberLink: string;
}

/** A gateway's interface in a subnet, as the VPC's router sees it: one of a zone's links. */
export interface AttachmentLink {
  readonly link: string;
  readonly subnet: Subnet;
}

/** An attachment whose VPC and gateway both carry packets. */
export interface LiveAttachment {
  readonly attachment: TransitGatewayVpcAttachment;
  readonly gateway: TransitGateway;
  readonly vpc: Vpc;
  /** In the order of their ids. */
  readonly zones: readonly AttachmentZone[];
}

/** An available peering of two gateways, seen from one of them. */
export interface LiveGatewayPeering {
  readonly peering: TransitGatewayPeeringAttachment;
  /** The id that this side's routes and associations name. [TG-62] */
  readonly attachmentId: TransitGatewayAttachmentId;
  readonly peerId: TransitGatewayId;
  /** The same name in both namespaces. */
  readonly link: string;
}

/** A gateway that packets can get to, and all that decides about packets in it. */
export interface LiveTransitGateway {
  readonly gateway: TransitGateway;
  readonly routeTables: readonly TransitGatewayRouteTable[];
  readonly attachments: readonly LiveAttachment[];
  readonly peerings: readonly LiveGatewayPeering[];
}

/** Finds them, given the VPCs that carry packets. */
export function liveTransitGateways(
  model: NetworkModel,
  vpcs: ReadonlyMap<VpcId, { readonly vpc: Vpc }>,
  links: Allocation<string>,
): ReadonlyMap<TransitGatewayId, LiveTransitGateway> {
  const gateways = new Map<TransitGatewayId, MutableGateway>();
  for (const gateway of model.transitGateways) {
    if (gateway.state !== "available" && gateway.state !== "modifying") continue;
    gateways.set(gateway.transitGatewayId, { gateway, routeTables: [], attachments: [], peerings: [] });
  }
  if (gateways.size === 0) return gateways;
  const subnets = new Map(model.subnets.map((subnet) => [subnet.subnetId, subnet]));
  for (const attachment of model.transitGatewayVpcAttachments) {
    const live = gateways.get(attachment.transitGatewayId);
    const vpc = vpcs.get(attachment.vpcId)?.vpc;
    if (live === undefined || vpc === undefined || !carriesPackets(attachment)) continue;
    live.attachments.push({ attachment, gateway: live.gateway, vpc, zones: zonesOf(attachment, subnets, links) });
  }
  for (const peering of model.transitGatewayPeeringAttachments) addPeering(gateways, peering, links);
  for (const table of model.transitGatewayRouteTables) gateways.get(table.transitGatewayId)?.routeTables.push(table);
  const reached = reachable(gateways);
  for (const id of gateways.keys()) if (!reached.has(id)) gateways.delete(id);
  return gateways;
}

/** The ids by which `liveTransitGateways` asked for link names. */
export function linkIdsOf(gateways: Iterable<LiveTransitGateway>): readonly string[] {
  const ids: string[] = [];
  for (const { attachments, peerings } of gateways) {
    for (const { attachment, zones } of attachments) {
      for (const { zoneId } of zones)
        ids.push(...Object.values(linkIds(attachment.transitGatewayAttachmentId, zoneId)));
    }
    for (const { peering } of peerings) ids.push(peering.transitGatewayAttachmentId);
  }
  return ids;
}

interface MutableGateway extends LiveTransitGateway {
  readonly routeTables: TransitGatewayRouteTable[];
  readonly attachments: LiveAttachment[];
  readonly peerings: LiveGatewayPeering[];
}

/** While it is being modified traffic flows. [TG-15] */
function carriesPackets({ state }: TransitGatewayVpcAttachment): boolean {
  return state === "available" || state === "modifying";
}

/** Zones are told apart by id: two accounts may give one zone two names. [TG-20] */
function zonesOf(
  { transitGatewayAttachmentId, subnetIds }: TransitGatewayVpcAttachment,
  subnets: ReadonlyMap<SubnetId, Subnet>,
  links: Allocation<string>,
): readonly AttachmentZone[] {
  const zones = new Map<string, AttachmentZone>();
  for (const subnetId of subnetIds) {
    const subnet = subnets.get(subnetId);
    if (subnet === undefined || zones.has(subnet.availabilityZoneId)) continue;
    const zoneId = subnet.availabilityZoneId;
    const ids = linkIds(transitGatewayAttachmentId, zoneId);
    zones.set(zoneId, { zoneId, subnet, link: links.of(ids.link), memberLink: links.of(ids.memberLink) });
  }
  return [...zones.values()].sort((a, b) => (a.zoneId < b.zoneId ? -1 : 1));
}

/** What a zone's links are named after; a name shows the last characters: `tgw-abcdef0-az1`. */
function linkIds(attachmentId: TransitGatewayAttachmentId, zoneId: string): { link: string; memberLink: string } {
  const dash = zoneId.lastIndexOf("-");
  const id = `tgw-${zoneId.slice(0, dash)}-${attachmentId.slice("tgw-attach-".length)}-${zoneId.slice(dash + 1)}`;
  return { link: id, memberLink: `${id}m` };
}

/** Only between gateways that are there, and only while it is available. [TG-61] */
function addPeering(
  gateways: ReadonlyMap<TransitGatewayId, MutableGateway>,
  peering: TransitGatewayPeeringAttachment,
  links: Allocation<string>,
): void {
  const { requester, accepter, state, transitGatewayAttachmentId } = peering;
  const requesting = gateways.get(requester.transitGatewayId);
  const accepting = gateways.get(accepter.transitGatewayId);
  if (state !== "available" || requesting === undefined || accepting === undefined) return;
  const link = links.of(transitGatewayAttachmentId);
  const accepterId = accepter.transitGatewayAttachmentId ?? transitGatewayAttachmentId;
  requesting.peerings.push({
    peering,
    attachmentId: transitGatewayAttachmentId,
    peerId: accepter.transitGatewayId,
    link,
  });
  accepting.peerings.push({ peering, attachmentId: accepterId, peerId: requester.transitGatewayId, link });
}

/** The gateways that packets from some VPC can get to, over however many peerings. [TG-65] */
function reachable(gateways: ReadonlyMap<TransitGatewayId, LiveTransitGateway>): ReadonlySet<TransitGatewayId> {
  const reached = new Set<TransitGatewayId>();
  const next = [...gateways.values()].filter(({ attachments }) => attachments.length > 0);
  for (let live = next.pop(); live !== undefined; live = next.pop()) {
    if (reached.has(live.gateway.transitGatewayId)) continue;
    reached.add(live.gateway.transitGatewayId);
    for (const { peerId } of live.peerings) {
      const peer = gateways.get(peerId);
      if (peer !== undefined) next.push(peer);
    }
  }
  return reached;
}
