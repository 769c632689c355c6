/**
 * The routes that a table really has, one for each destination: what SearchTransitGatewayRoutes lists and what packets follow. They
 * are computed from the table's entries and their attachments, so that a VPC's new block, or an attachment's end, shows at once.
 */
import { cidrFrom, compareCidr } from "../../../../ip/index.ts";
import type { StateView } from "../../../state/state.ts";
import { type AnyAttachment, attachmentOfGateway } from "../transit-gateway-attachment/attachments.ts";
import { carriesPackets } from "../transit-gateway-attachment/states.ts";
import { propagatedBlocks } from "./propagated-blocks.ts";
import type { TransitGatewayRouteRecord, TransitGatewayRouteTableRecord } from "./record.ts";

export interface EffectiveRoute {
  readonly DestinationCidrBlock: string;
  readonly PrefixListId?: string;
  readonly Type: "static" | "propagated";
  readonly State: TransitGatewayRouteRecord["State"] | "blackhole";
  /** Where packets go; undefined for a blackhole. [TG-42] */
  readonly attachment?: AnyAttachment;
}

type View = Pick<StateView, "get" | "by">;
type TableIds = Pick<TransitGatewayRouteTableRecord, "TransitGatewayRouteTableId" | "TransitGatewayId">;

/** The preferred route for each destination [TG-40, TG-41], in the order of destinations. */
export function routesInForce(table: TableIds, view: View): readonly EffectiveRoute[] {
  return byDestination([...winners(table, view).values()]);
}

/** These, and the static routes that are coming or going, which hide nothing yet or any more. [TG-35] */
export function routesShown(table: TableIds, view: View): readonly EffectiveRoute[] {
  const inMotion = view
    .by("transitGatewayRoute", "routeTable", table.TransitGatewayRouteTableId)
    .filter(({ State }) => State !== "active")
    .map((record) => ({ ...staticRoute(record, view), State: record.State }));
  return byDestination([...winners(table, view).values(), ...inMotion]);
}

/** A static route as it stands: it goes to its attachment while that carries packets, else nowhere. */
export function staticRoute(record: TransitGatewayRouteRecord, view: View): EffectiveRoute {
  const { DestinationCidrBlock, TransitGatewayId, TransitGatewayAttachmentId } = record;
  return { DestinationCidrBlock, Type: "static", ...target(TransitGatewayId, TransitGatewayAttachmentId, view) };
}

function winners(table: TableIds, view: View): ReadonlyMap<string, EffectiveRoute> {
  const routes = new Map<string, EffectiveRoute>();
  // From the strongest kind to the weakest; of one kind the first keeps its place. [TG-40, TG-45]
  for (const kind of [staticRoutes, prefixListRoutes, propagatedRoutes]) {
    for (const route of kind(table, view)) {
      if (!routes.has(route.DestinationCidrBlock)) routes.set(route.DestinationCidrBlock, route);
    }
  }
  return routes;
}

function staticRoutes({ TransitGatewayRouteTableId }: TableIds, view: View): readonly EffectiveRoute[] {
  return view
    .by("transitGatewayRoute", "routeTable", TransitGatewayRouteTableId)
    .filter(({ State }) => State === "active")
    .map((record) => staticRoute(record, view));
}

/** One for each entry that the list has now. [TG-34] */
function prefixListRoutes(table: TableIds, view: View): readonly EffectiveRoute[] {
  return view
    .by("transitGatewayPrefixListReference", "routeTable", table.TransitGatewayRouteTableId)
    .filter(({ State }) => State === "available" || State === "modifying")
    .flatMap(({ PrefixListId, TransitGatewayAttachmentId }) => {
      const list = view.get("managedPrefixList", PrefixListId);
      const where = target(table.TransitGatewayId, TransitGatewayAttachmentId, view);
      return (list?.Versions[list.Version - 1] ?? []).map(
        ({ Cidr }): EffectiveRoute => ({ DestinationCidrBlock: Cidr, PrefixListId, Type: "static", ...where }),
      );
    });
}

function propagatedRoutes(table: TableIds, view: View): readonly EffectiveRoute[] {
  return view
    .by("transitGatewayPropagation", "routeTable", table.TransitGatewayRouteTableId)
    .filter(({ State }) => State === "enabled")
    .flatMap((propagation) => propagatedBlocks(propagation, view))
    .sort((a, b) => a.since - b.since)
    .map(({ block, attachment }) => ({
      DestinationCidrBlock: block,
      Type: "propagated",
      State: "active",
      attachment,
    }));
}

function target(
  transitGatewayId: string,
  attachmentId: string | undefined,
  view: View,
): Pick<EffectiveRoute, "State" | "attachment"> {
  const attachment = attachmentId === undefined ? undefined : attachmentOfGateway(transitGatewayId, attachmentId, view);
  return attachment !== undefined && carriesPackets(attachment)
    ? { State: "active", attachment }
    : { State: "blackhole" };
}

/** Each destination is parsed once, not at every comparison: there may be thousands. */
function byDestination(routes: readonly EffectiveRoute[]): readonly EffectiveRoute[] {
  return routes
    .map((route) => ({ route, block: cidrFrom(route.DestinationCidrBlock) }))
    .sort((a, b) => compareCidr(a.block, b.block))
    .map(({ route }) => route);
}
