/**
 * A transit gateway's table: the attachment that is to be associated with another one, that does not propagate into it, or that a static
 * route must name; peerings propagate nothing. [TG-30, TG-31, TG-33, TG-63]
 */
import type {
  TransitGatewayAttachmentId,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayRouteTableId,
} from "../../../model/index.ts";
import { peeringAttachmentIds } from "../../../model/index.ts";
import type { Hop } from "../../explanation.ts";
import type { NetworkChange } from "../network-change.ts";
import { type ChosenDestination, destinationFor, isOthersAsWell, type PresentRoute } from "./destinations.ts";
import type { Candidate, Lift, Lifting } from "./lifting.ts";
import { acceptanceOf } from "./states.ts";
import { attachmentsTowards } from "./ways.ts";

/** What may be changed at one table that the packet met. */
export function transitGatewayTableCandidates(lifting: Lifting, hop: Hop): readonly Candidate[] {
  const { prepared, goal } = lifting;
  const table = prepared.index.transitGatewayRouteTable(hop.component);
  if (table === undefined || goal.vpcId === undefined) return [];
  const towards = attachmentsTowards(prepared, table.transitGatewayId, goal.vpcId);
  return [
    ...betterTables(lifting, hop, table).map((change) => [change]),
    ...towards.flatMap((attachmentId) => waysBy(lifting, hop, table, attachmentId)),
  ];
}

/** An attachment without a table: one that leads to the goal, else the one that new attachments are associated with. */
export const liftMissingAssociation: Lift = (lifting) => {
  const { prepared, blocker, hop, hops } = lifting;
  const gatewayId = hops.findLast(({ kind }) => kind === "transit-gateway")?.component;
  if (gatewayId === undefined) return [];
  const tables = prepared.index
    .transitGatewayRouteTablesOf(gatewayId)
    .filter(({ state }) => state === "available")
    .map((table) => ({ table, rank: leadsTo(lifting, table, hop) ? 0 : table.defaultAssociationRouteTable ? 1 : 2 }))
    .sort((a, b) => a.rank - b.rank);
  return tables.map(({ table }) => [association(table, blocker.component)]);
};

/**
 * Another table of the gateway that leads to the goal, where the present one leads from this attachment to nobody else at all: it is
 * the wrong one then, and not one that keeps the attachment apart from some on purpose.
 */
function betterTables(lifting: Lifting, hop: Hop, table: TransitGatewayRouteTable): readonly NetworkChange[] {
  const attachmentId = cameBy(lifting, hop);
  const isUseful = table.routes.some(
    ({ state, transitGatewayAttachmentIds }) =>
      state === "active" && transitGatewayAttachmentIds.some((id) => id !== attachmentId),
  );
  if (attachmentId === undefined || isUseful) return [];
  return lifting.prepared.index
    .transitGatewayRouteTablesOf(table.transitGatewayId)
    .filter((other) => other !== table && other.state === "available" && leadsTo(lifting, other, hop))
    .map((other) => association(other, attachmentId, table.transitGatewayRouteTableId));
}

/** By which attachment the packet came to the gateway, as the gateway knows it. */
function cameBy({ prepared: { index }, hops }: Lifting, hop: Hop): string | undefined {
  const table = index.transitGatewayRouteTable(hop.component);
  const before = hops.slice(0, hops.indexOf(hop)).findLast(({ kind }) => kind === "transit-gateway-attachment");
  if (table === undefined || before === undefined) return undefined;
  const peering = index.transitGatewayPeeringAttachment(before.component);
  if (peering === undefined) return before.component;
  const known = new Set(
    table.associations.map(({ transitGatewayAttachmentId }) => transitGatewayAttachmentId as string),
  );
  return [...peeringAttachmentIds(peering)].find((id) => known.has(id));
}

function association(
  { ownerId, region, transitGatewayRouteTableId }: TransitGatewayRouteTable,
  attachmentId: string,
  insteadOf?: TransitGatewayRouteTableId,
): NetworkChange {
  const transitGatewayAttachmentId = attachmentId as TransitGatewayAttachmentId;
  return {
    ownerId,
    region,
    kind: "associate-transit-gateway-route-table",
    transitGatewayRouteTableId,
    transitGatewayAttachmentId,
    ...(insteadOf !== undefined && { insteadOf }),
  };
}

function leadsTo({ prepared, goal }: Lifting, table: TransitGatewayRouteTable, { packet }: Hop): boolean {
  const route = prepared.transitGatewayTable(table).longestMatch(prepared.address(packet.destination))?.value;
  if (route?.state !== "active" || goal.vpcId === undefined) return false;
  const towards = attachmentsTowards(prepared, table.transitGatewayId, goal.vpcId);
  return route.transitGatewayAttachmentIds.some((id) => towards.includes(id));
}

/** One that waits is accepted first; that alone may bring the route. [TG-68, TG-83] */
function waysBy(
  lifting: Lifting,
  hop: Hop,
  table: TransitGatewayRouteTable,
  attachmentId: TransitGatewayAttachmentId,
): readonly Candidate[] {
  const acceptance = acceptanceOf(lifting.prepared.index, attachmentId);
  const ways = waysInto(lifting, hop, table, attachmentId).map((change) => [...acceptance, change]);
  return acceptance.length === 0 ? ways : [acceptance, ...ways];
}

/** Propagation where the goal's own attachment can bring the route, and a static route. */
function waysInto(
  lifting: Lifting,
  { packet }: Hop,
  table: TransitGatewayRouteTable,
  transitGatewayAttachmentId: TransitGatewayAttachmentId,
): readonly NetworkChange[] {
  const { prepared } = lifting;
  const match = prepared.transitGatewayTable(table).longestMatch(prepared.address(packet.destination))?.value;
  if (match?.state === "active" && match.transitGatewayAttachmentIds.includes(transitGatewayAttachmentId)) return [];
  const chosen = chooseDestination(lifting, packet.destination, table, match);
  const { ownerId, region, transitGatewayRouteTableId } = table;
  const place = { ownerId, region, transitGatewayRouteTableId, transitGatewayAttachmentId };
  const propagates =
    prepared.index.transitGatewayVpcAttachment(transitGatewayAttachmentId) !== undefined &&
    !isPropagating(table, transitGatewayAttachmentId) &&
    match?.state !== "blackhole";
  return [
    ...(propagates ? [{ ...place, kind: "enable-transit-gateway-route-table-propagation" } as const] : []),
    ...(chosen === undefined
      ? []
      : [
          {
            ...place,
            kind: chosen.isThere ? "replace-transit-gateway-route" : "create-transit-gateway-route",
            destination: chosen.destination,
          } as const,
        ]),
  ];
}

function chooseDestination(
  lifting: Lifting,
  address: string,
  { routes }: TransitGatewayRouteTable,
  match: TransitGatewayRoute | undefined,
): ChosenDestination | undefined {
  return destinationFor(lifting, address, {
    deciding: match && presentRoute(match),
    all: routes.map(presentRoute),
    onlyHost: isOthersAsWell(lifting.blocker),
  });
}

function presentRoute({ destinationCidrBlock, state, type, prefixListId }: TransitGatewayRoute): PresentRoute {
  return {
    destination: destinationCidrBlock,
    isBlackhole: state === "blackhole",
    isOwn: type === "static" && prefixListId === undefined,
  };
}

function isPropagating({ propagations }: TransitGatewayRouteTable, attachmentId: string): boolean {
  return propagations.some(
    ({ transitGatewayAttachmentId, state }) => transitGatewayAttachmentId === attachmentId && state === "enabled",
  );
}
