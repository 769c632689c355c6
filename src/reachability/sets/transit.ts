/**
 * Through transit gateways, without asking any filter: for each table by which a packet may enter a gateway, and the zone it came from, in
 * which VPC and by which attachment subnet the columns come out. [TG-20, TG-30, TG-40]
 */
import type {
  NetworkAcl,
  Subnet,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
} from "../../model/index.ts";
import { carriesPackets, zonesOf } from "../walk/attachment-state.ts";
import { associatedTableOf, attachmentTo, sidesFrom } from "../walk/transit-gateway.ts";
import { type BlockRange, paint, type Segment } from "./address-order.ts";
import type { Plane } from "./plane.ts";
import { clip, routedBy } from "./routed.ts";

/** Columns that leave the gateways into a VPC, and are local there. */
export interface TransitExit {
  readonly from: number;
  readonly to: number;
  readonly vpcId: string;
  /** By which attachment subnet: its network ACL judges what goes on to other subnets. [NA-20] */
  readonly subnet: Subnet;
  /** Whether inbound rules there may hear groups of the sender's VPC. [SG-40] */
  readonly hearsReferences: boolean;
}

export interface TransitWays {
  readonly exits: readonly TransitExit[];
  readonly walked: readonly { readonly from: number; readonly to: number }[];
}

/** How a packet comes into a gateway. */
export interface TransitEntry {
  readonly attachment: TransitGatewayVpcAttachment;
  /** The attachment's subnet in the sender's zone, whose network ACL judges what comes in. [NA-20] */
  readonly subnet: Subnet;
}

/** Into the gateway from a subnet's zone; `blocked` where nothing passes for sure. */
export function transitEntry(
  { prepared, classes }: Plane,
  transitGatewayId: string,
  vpcId: string,
  zoneId: string,
): TransitEntry | "blocked" | "walked" {
  const attachment = attachmentTo(prepared, transitGatewayId, vpcId);
  if (attachment === undefined)
    return prepared.index.unknownReason(transitGatewayId) === undefined ? "blocked" : "walked";
  const subnet = zonesOf(prepared, attachment).find((each) => each.availabilityZoneId === zoneId);
  if (!carriesPackets(attachment) || subnet === undefined) return "blocked";
  if (classes.family === "ipv6" && !attachment.ipv6Support) return "blocked";
  return prepared.index.networkAcl(subnet.networkAclId) === undefined ? "walked" : { attachment, subnet };
}

interface Place {
  readonly transitGatewayId: string;
  readonly attachmentId: string;
  readonly zoneId?: string;
  /** Still at the gateway that the sender's own VPC is attached to. */
  readonly isFirst: boolean;
  readonly from: number;
  readonly to: number;
}

interface Found {
  readonly exits: TransitExit[];
  readonly walked: { from: number; to: number }[];
}

/** The ways of all columns that enter by the attachment. Two attachments of one table, from one zone, have the same. */
export function transitWays(plane: Plane, { attachment, subnet }: TransitEntry): TransitWays {
  const found: Found = { exits: [], walked: [] };
  const { transitGatewayId, transitGatewayAttachmentId: attachmentId } = attachment;
  const place = {
    transitGatewayId,
    attachmentId,
    zoneId: subnet.availabilityZoneId,
    isFirst: true,
    from: 0,
    to: plane.size,
  };
  through(plane, place, found, new Set());
  return found;
}

export function transitKey({ prepared }: Plane, { attachment, subnet }: TransitEntry): string {
  const { transitGatewayId, transitGatewayAttachmentId } = attachment;
  const table = associatedTableOf(prepared, transitGatewayId, transitGatewayAttachmentId);
  return `${transitGatewayId} ${table?.transitGatewayRouteTableId} ${subnet.availabilityZoneId}`;
}

function through(plane: Plane, place: Place, found: Found, seen: ReadonlySet<string>): void {
  const { index } = plane.prepared;
  const { transitGatewayId, attachmentId, zoneId } = place;
  const gateway = index.transitGateway(transitGatewayId);
  if (gateway === undefined || index.unknownReason(transitGatewayId) !== undefined) {
    found.walked.push(place);
    return;
  }
  const table = associatedTableOf(plane.prepared, transitGatewayId, attachmentId);
  if ((gateway.state !== "available" && gateway.state !== "modifying") || table === undefined) return;
  const key = `${transitGatewayId} ${table.transitGatewayRouteTableId} ${zoneId}`;
  // The same table again, from the same zone, for the same columns: a loop, which drops them.
  if (seen.has(key)) return;
  const more = new Set(seen).add(key);
  for (const { from, to, value } of clip(routesOf(plane, table), place.from, place.to)) {
    if (value.state !== "blackhole") leave(plane, { ...place, from, to }, gateway, value, found, more);
  }
}

function routesOf({ classes }: Plane, { routes }: TransitGatewayRouteTable): readonly Segment<TransitGatewayRoute>[] {
  const blocks = routes.map((value): BlockRange<TransitGatewayRoute> => {
    const { destinationCidrBlock: block } = value;
    const [from, to] = classes.range(block);
    return { from, to, value, prefixLength: Number(block.slice(block.indexOf("/") + 1)) };
  });
  return paint(blocks);
}

function leave(
  plane: Plane,
  place: Place,
  gateway: TransitGateway,
  { transitGatewayAttachmentIds: [id] }: TransitGatewayRoute,
  found: Found,
  seen: ReadonlySet<string>,
): void {
  const { index } = plane.prepared;
  const attachment = id === undefined ? undefined : index.transitGatewayVpcAttachment(id);
  if (attachment !== undefined) {
    intoVpc(plane, place, gateway, attachment, found, seen);
    return;
  }
  const peering = id === undefined ? undefined : index.transitGatewayPeeringAttachment(id);
  if (peering === undefined || !overPeering(plane, place, peering, found, seen)) found.walked.push(place);
}

/** False where it leads to nowhere that is known. */
function overPeering(
  plane: Plane,
  { transitGatewayId: nearId, from, to }: Place,
  peering: TransitGatewayPeeringAttachment,
  found: Found,
  seen: ReadonlySet<string>,
): boolean {
  const sides = sidesFrom(peering, nearId);
  if (sides === undefined) return false;
  if (peering.state !== "available") return true;
  const { transitGatewayId, transitGatewayAttachmentId: attachmentId } = sides.far;
  if (attachmentId === undefined) return false;
  through(plane, { transitGatewayId, attachmentId, isFirst: false, from, to }, found, seen);
  return true;
}

function intoVpc(
  plane: Plane,
  place: Place,
  gateway: TransitGateway,
  attachment: TransitGatewayVpcAttachment,
  found: Found,
  seen: ReadonlySet<string>,
): void {
  const { prepared, classes } = plane;
  const { vpcId, applianceModeSupport, ipv6Support, securityGroupReferencingSupport } = attachment;
  if (!carriesPackets(attachment) || (classes.family === "ipv6" && !ipv6Support)) return;
  const zones = zonesOf(prepared, attachment);
  const same = zones.find(({ availabilityZoneId }) => availabilityZoneId === place.zoneId);
  const subnet = applianceModeSupport ? zones[0] : (same ?? zones[0]);
  const table = subnet === undefined ? undefined : prepared.index.effectiveRouteTable(subnet.subnetId);
  // With appliance mode a flow's hash chooses among the zones, and all of them count. [TG-20]
  const isChoice = applianceModeSupport && zones.length > 1;
  if (
    subnet === undefined ||
    table === undefined ||
    isChoice ||
    prepared.index.networkAcl(subnet.networkAclId) === undefined
  ) {
    found.walked.push(place);
    return;
  }
  const hearsReferences = place.isFirst && securityGroupReferencingSupport && gateway.securityGroupReferencingSupport;
  for (const { from, to, value } of clip(routedBy(plane, table, vpcId), place.from, place.to)) {
    if (value.kind === "local") found.exits.push({ from, to, vpcId, subnet, hearsReferences });
    else if (
      value.kind !== "transit" ||
      !again(plane, { vpcId, subnet, from, to }, value.transitGatewayId, found, seen)
    )
      found.walked.push({ from, to });
  }
}

/** Into a gateway once more, from the attachment's subnet. False where filters on the way, or equal addresses, would matter. */
function again(
  plane: Plane,
  { vpcId, subnet, from, to }: Pick<TransitExit, "vpcId" | "subnet" | "from" | "to">,
  transitGatewayId: string,
  found: Found,
  seen: ReadonlySet<string>,
): boolean {
  const { index } = plane.prepared;
  if (!plane.isDisjoint || !isOpen(plane, index.networkAcl(subnet.networkAclId), "egress")) return false;
  const entry = transitEntry(plane, transitGatewayId, vpcId, subnet.availabilityZoneId);
  if (entry === "walked") return false;
  if (entry === "blocked") return true;
  if (!isOpen(plane, index.networkAcl(entry.subnet.networkAclId), "ingress")) return false;
  const { transitGatewayAttachmentId: attachmentId } = entry.attachment;
  through(
    plane,
    { transitGatewayId, attachmentId, zoneId: subnet.availabilityZoneId, isFirst: false, from, to },
    found,
    seen,
  );
  return true;
}

/** Whether the list begins with an entry that allows everything. */
function isOpen({ prepared, classes }: Plane, acl: NetworkAcl | undefined, direction: "egress" | "ingress"): boolean {
  if (acl === undefined) return false;
  const ofFamily = prepared.acl(acl)[direction].filter(({ block }) => block.family === classes.family);
  const [first] = ofFamily;
  return (
    first !== undefined &&
    first.block.prefixLength === 0 &&
    first.entry.ruleAction === "allow" &&
    first.entry.protocol === -1
  );
}
