/** Transit gateways: attachments, associations, propagations and static routes. */
import { cidrFrom, compareCidr } from "../../../ip/index.ts";
import {
  indexNetworkModel,
  type NetworkModel,
  peeringAttachmentIds,
  type TransitGatewayAttachmentId,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
} from "../../../model/index.ts";
import { carriesPackets } from "../../walk/attachment-state.ts";
import type { ChangeOf } from "../network-change.ts";
import type { AppliedKinds } from "./applied-kinds.ts";
import { editModel } from "./edit-model.ts";
import { activateRoutes } from "./route-states.ts";

type StaticRoute = ChangeOf<"create-transit-gateway-route" | "replace-transit-gateway-route">;

export const applyTransitGatewayChanges: AppliedKinds<
  | "accept-transit-gateway-vpc-attachment"
  | "accept-transit-gateway-peering-attachment"
  | "modify-transit-gateway-vpc-attachment"
  | "associate-transit-gateway-route-table"
  | "enable-transit-gateway-route-table-propagation"
  | "create-transit-gateway-route"
  | "replace-transit-gateway-route"
> = {
  "accept-transit-gateway-vpc-attachment": (model, { transitGatewayAttachmentId: id }) => {
    const attachment = indexNetworkModel(model).transitGatewayVpcAttachment(id);
    if (attachment?.state !== "pendingAcceptance") return model;
    const { transitGatewayId, vpcId } = attachment;
    const accepted = editModel(model, "transitGatewayVpcAttachments", (each) =>
      each === attachment ? { ...each, state: "available" } : each,
    );
    const active = activateRoutes(
      accepted,
      (target, at) => target.kind === "transit-gateway" && target.transitGatewayId === transitGatewayId && at === vpcId,
    );
    return withPropagatedRoutes(joinDefaultTables(active, transitGatewayId, id, true), id);
  },

  "accept-transit-gateway-peering-attachment": (model, { transitGatewayAttachmentId: id }) => {
    const peering = indexNetworkModel(model).transitGatewayPeeringAttachment(id);
    if (peering?.state !== "pendingAcceptance") return model;
    const accepted = editModel(model, "transitGatewayPeeringAttachments", (each) =>
      each === peering ? { ...each, state: "available" } : each,
    );
    const { requester, accepter, transitGatewayAttachmentId } = peering;
    const near = joinDefaultTables(accepted, requester.transitGatewayId, transitGatewayAttachmentId, false);
    const farId = accepter.transitGatewayAttachmentId ?? transitGatewayAttachmentId;
    return joinDefaultTables(near, accepter.transitGatewayId, farId, false);
  },

  "modify-transit-gateway-vpc-attachment": (model, { transitGatewayAttachmentId: id, addSubnetId, ipv6Support }) => {
    const modified = editModel(model, "transitGatewayVpcAttachments", (each) =>
      each.transitGatewayAttachmentId === id
        ? {
            ...each,
            ...(ipv6Support !== undefined && { ipv6Support: true }),
            ...(addSubnetId !== undefined && { subnetIds: [...each.subnetIds, addSubnetId] }),
          }
        : each,
    );
    return withPropagatedRoutes(modified, id);
  },

  "associate-transit-gateway-route-table": (model, { transitGatewayRouteTableId, transitGatewayAttachmentId: id }) =>
    associate(model, transitGatewayRouteTableId, id),

  "enable-transit-gateway-route-table-propagation": (model, change) => {
    const { transitGatewayRouteTableId, transitGatewayAttachmentId: id } = change;
    return withPropagatedRoutes(propagate(model, transitGatewayRouteTableId, id), id);
  },

  "create-transit-gateway-route": setStaticRoute,
  "replace-transit-gateway-route": setStaticRoute,
};

/** What a gateway does with a new attachment by itself, where its default tables say so. [TG-63, TG-83] */
function joinDefaultTables(
  model: NetworkModel,
  transitGatewayId: string,
  id: TransitGatewayAttachmentId,
  propagates: boolean,
): NetworkModel {
  const tables = indexNetworkModel(model).transitGatewayRouteTablesOf(transitGatewayId);
  const isMember = tables.some(({ associations }) =>
    associations.some((each) => each.transitGatewayAttachmentId === id),
  );
  const forAssociation = tables.find(({ defaultAssociationRouteTable }) => defaultAssociationRouteTable);
  const forPropagation = tables.find(({ defaultPropagationRouteTable }) => defaultPropagationRouteTable);
  const associated =
    isMember || forAssociation === undefined ? model : associate(model, forAssociation.transitGatewayRouteTableId, id);
  return propagates && forPropagation !== undefined
    ? propagate(associated, forPropagation.transitGatewayRouteTableId, id)
    : associated;
}

/** At most one table for each attachment. [TG-30] */
function associate(model: NetworkModel, tableId: string, id: TransitGatewayAttachmentId): NetworkModel {
  // Over a peering of Regions both gateways know the attachment by one id: the other gateway's table is not concerned. [TG-62]
  const gatewayId = indexNetworkModel(model).transitGatewayRouteTable(tableId)?.transitGatewayId;
  return editModel(model, "transitGatewayRouteTables", (table) => {
    if (table.transitGatewayId !== gatewayId) return table;
    const others = table.associations.filter((each) => each.transitGatewayAttachmentId !== id);
    if (table.transitGatewayRouteTableId !== tableId)
      return others.length === table.associations.length ? table : { ...table, associations: others };
    return { ...table, associations: [...others, { transitGatewayAttachmentId: id, state: "associated" }] };
  });
}

function propagate(model: NetworkModel, tableId: string, id: TransitGatewayAttachmentId): NetworkModel {
  return editModel(model, "transitGatewayRouteTables", (table) => {
    if (table.transitGatewayRouteTableId !== tableId) return table;
    const others = table.propagations.filter((each) => each.transitGatewayAttachmentId !== id);
    return { ...table, propagations: [...others, { transitGatewayAttachmentId: id, state: "enabled" }] };
  });
}

/** What the attachment brings into the tables that it propagates into; whatever is there for the same block stays. [TG-32, TG-41, TG-45] */
function withPropagatedRoutes(model: NetworkModel, id: TransitGatewayAttachmentId): NetworkModel {
  const index = indexNetworkModel(model);
  const attachment = index.transitGatewayVpcAttachment(id);
  const vpc = attachment === undefined ? undefined : index.vpc(attachment.vpcId);
  if (attachment === undefined || vpc === undefined || !carriesPackets(attachment)) return model;
  const blocks = attachment.ipv6Support ? [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks] : vpc.cidrBlocks;
  return editModel(model, "transitGatewayRouteTables", (table) => {
    const isMember = table.propagations.some(
      (each) => each.transitGatewayAttachmentId === id && each.state === "enabled",
    );
    const missing = blocks.filter((block) => table.routes.every((each) => each.destinationCidrBlock !== block));
    if (!isMember || missing.length === 0) return table;
    const brought = missing.map(
      (destinationCidrBlock): TransitGatewayRoute => ({
        destinationCidrBlock,
        type: "propagated",
        state: "active",
        transitGatewayAttachmentIds: [id],
      }),
    );
    return withRoutes(table, [...table.routes, ...brought]);
  });
}

/** Refused while the attachment carries no packets. [TG-33, TG-68] */
function setStaticRoute(
  model: NetworkModel,
  { transitGatewayRouteTableId, destination, transitGatewayAttachmentId: id }: StaticRoute,
): NetworkModel {
  if (!isUsable(model, id)) return model;
  return editModel(model, "transitGatewayRouteTables", (table) => {
    if (table.transitGatewayRouteTableId !== transitGatewayRouteTableId) return table;
    const others = table.routes.filter((each) => each.destinationCidrBlock !== destination);
    const route: TransitGatewayRoute = {
      destinationCidrBlock: destination,
      type: "static",
      state: "active",
      transitGatewayAttachmentIds: [id],
    };
    return withRoutes(table, [...others, route]);
  });
}

function isUsable(model: NetworkModel, id: TransitGatewayAttachmentId): boolean {
  const index = indexNetworkModel(model);
  const attachment = index.transitGatewayVpcAttachment(id);
  if (attachment !== undefined) return carriesPackets(attachment);
  const peering = index.transitGatewayPeeringAttachment(id);
  return peering !== undefined && peeringAttachmentIds(peering).has(id) && peering.state === "available";
}

/** In the order of destinations, as AWS lists them. */
function withRoutes(table: TransitGatewayRouteTable, routes: readonly TransitGatewayRoute[]): TransitGatewayRouteTable {
  const sorted = [...routes].sort((a, b) =>
    compareCidr(cidrFrom(a.destinationCidrBlock), cidrFrom(b.destinationCidrBlock)),
  );
  return { ...table, routes: sorted };
}
