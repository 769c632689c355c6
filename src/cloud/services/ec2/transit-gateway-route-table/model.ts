/** A transit gateway's route table as the network model sees it: who uses it, and the routes that packets follow. [TG-41] */
import type {
  PrefixListId,
  TransitGatewayAttachmentId,
  TransitGatewayId,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayRouteTableId,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { defaultsOf } from "./describe.ts";
import { type EffectiveRoute, routesInForce } from "./effective-routes.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";

// Ids of records were made with their prefixes.
export function projectTransitGatewayRouteTable(
  record: TransitGatewayRouteTableRecord,
  view: StateView,
): TransitGatewayRouteTable | undefined {
  if (record.State === "deleted") return undefined;
  const { TransitGatewayRouteTableId: id } = record;
  const { association, propagation } = defaultsOf(record, view);
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, id, view),
    transitGatewayRouteTableId: id as TransitGatewayRouteTableId,
    transitGatewayId: record.TransitGatewayId as TransitGatewayId,
    state: record.State,
    defaultAssociationRouteTable: association,
    defaultPropagationRouteTable: propagation,
    associations: view.by("transitGatewayAssociation", "routeTable", id).map(projectMember),
    propagations: view.by("transitGatewayPropagation", "routeTable", id).map(projectMember),
    routes: routesInForce(record, view).map(projectRoute),
  };
}

function projectMember<S>({ TransitGatewayAttachmentId, State }: { TransitGatewayAttachmentId: string; State: S }) {
  return { transitGatewayAttachmentId: TransitGatewayAttachmentId as TransitGatewayAttachmentId, state: State };
}

function projectRoute({ DestinationCidrBlock, PrefixListId, Type, attachment }: EffectiveRoute): TransitGatewayRoute {
  return {
    destinationCidrBlock: DestinationCidrBlock,
    ...(PrefixListId !== undefined && { prefixListId: PrefixListId as PrefixListId }),
    type: Type,
    state: attachment === undefined ? "blackhole" : "active",
    transitGatewayAttachmentIds:
      attachment === undefined ? [] : [attachment.TransitGatewayAttachmentId as TransitGatewayAttachmentId],
  };
}
