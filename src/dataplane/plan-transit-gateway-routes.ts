/**
 * A transit gateway's route table as a kernel routing table: longest prefix decides in both, and the model lists the winners only
 * [TG-40, TG-41]. What is left to decide is by which zone of an attachment a packet enters its VPC. [TG-20]
 */
import type { KernelRoute } from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import type { TransitGatewayAttachmentId, TransitGatewayRoute, TransitGatewayRouteTable } from "../model/index.ts";
import type { AttachmentZone, LiveAttachment, LiveTransitGateway } from "./live-transit-gateways.ts";
import { everyAddress, viaNextHop } from "./wiring.ts";

type Family = "ipv4" | "ipv6";

export interface TransitGatewayRouteContext {
  /** Kernel number of the table. */
  readonly table: number;
  /** Where the packets come from. */
  readonly zoneId: string;
  /** Attachments that the packets enter by the links of group members. [SG-40] */
  readonly asked: ReadonlySet<TransitGatewayAttachmentId>;
}

/** The kernel's routes; a packet that none of AWS's routes names is dropped without an answer. */
export function planTransitGatewayRoutes(
  routeTable: TransitGatewayRouteTable,
  live: LiveTransitGateway,
  context: TransitGatewayRouteContext,
): readonly KernelRoute[] {
  const hopsOf = hopsBehind(live, context);
  const routes = new Map<string, KernelRoute>();
  for (const route of routeTable.routes) {
    const destination = route.destinationCidrBlock;
    routes.set(destination, { table: context.table, destination, ...kernelTarget(route, hopsOf) });
  }
  for (const family of ["ipv4", "ipv6"] as const) {
    const destination = everyAddress[family];
    const inUse = family === "ipv4" || [...routes.keys()].some((each) => familyOf(each) === family);
    if (inUse && !routes.has(destination))
      routes.set(destination, { table: context.table, destination, type: "blackhole" });
  }
  return [...routes.values()];
}

type Hop = ReturnType<typeof viaNextHop>;
type HopsOf = (id: TransitGatewayAttachmentId, family: Family) => readonly Hop[];

/** Blackholes drop, and so does what leads nowhere at the moment. [TG-42] */
function kernelTarget(
  { destinationCidrBlock, state, transitGatewayAttachmentIds }: TransitGatewayRoute,
  hopsOf: HopsOf,
): Pick<KernelRoute, "type" | "link" | "gateway" | "hops" | "onLink"> {
  if (state === "blackhole") return { type: "blackhole" };
  const hops = transitGatewayAttachmentIds.flatMap((id) => hopsOf(id, familyOf(destinationCidrBlock)));
  const [first, ...more] = hops;
  if (first === undefined) return { type: "blackhole" };
  return more.length === 0 ? { type: "unicast", ...first, onLink: true } : { type: "unicast", hops, onLink: true };
}

function hopsBehind(live: LiveTransitGateway, { zoneId, asked }: TransitGatewayRouteContext): HopsOf {
  const attachments = new Map(live.attachments.map((each) => [each.attachment.transitGatewayAttachmentId, each]));
  const peerings = new Map(live.peerings.map((each) => [each.attachmentId, each]));
  return (id, family) => {
    const attached = attachments.get(id);
    if (attached !== undefined) {
      if (family === "ipv6" && !attached.attachment.ipv6Support) return [];
      return entryZones(attached, zoneId).map((zone) =>
        viaNextHop(asked.has(id) ? zone.memberLink : zone.link, family),
      );
    }
    const peering = peerings.get(id);
    return peering === undefined ? [] : [viaNextHop(peering.link, family)];
  };
}

/**
 * The zones by which packets from a zone enter: in appliance mode any, one for each flow; otherwise the same zone when the attachment
 * has it, else any. [TG-20]
 */
function entryZones({ attachment, zones }: LiveAttachment, zoneId: string): readonly AttachmentZone[] {
  if (attachment.applianceModeSupport) return zones;
  const same = zones.find((zone) => zone.zoneId === zoneId) ?? zones[0];
  return same === undefined ? [] : [same];
}
