/** AWS::EC2::TransitGateway with its default route table, and route tables of one's own with what they hold. */
import type {
  TransitGatewayAttachmentId,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayRouteTableId,
} from "../../../../model/index.ts";
import { NotTold, needed } from "../given.ts";
import { change, type NetworkDraft, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import type { NetworkType } from "./network-type.ts";

export const transitGatewayType: NetworkType = {
  name: "AWS::EC2::TransitGateway",
  prefix: "tgw",
  idAttributes: ["Id"],
  attribute: () => undefined,
  build(resource, draft) {
    const given = resource.properties();
    const transitGatewayId = resource.id("tgw");
    const fields = resourceFields(resource);
    draft.transitGateways.set(transitGatewayId, {
      ...fields,
      transitGatewayId,
      state: "available",
      amazonSideAsn: given.integer("AmazonSideAsn") ?? 64_512,
      dnsSupport: given.text("DnsSupport") !== "disable",
      securityGroupReferencingSupport: given.text("SecurityGroupReferencingSupport") === "enable",
    });
    place(draft, transitGatewayId, resource);
    // CloudFormation takes them when it changes a gateway, and not when it makes one.
    for (const name of ["AssociationDefaultRouteTableId", "PropagationDefaultRouteTableId"]) {
      if (given.raw(name) !== undefined) draft.unknown(transitGatewayId, `what becomes of ${name} is not modelled`);
    }
    const association = given.text("DefaultRouteTableAssociation") !== "disable";
    const propagation = given.text("DefaultRouteTablePropagation") !== "disable";
    if (!association && !propagation) return;
    const transitGatewayRouteTableId = resource.id("tgw-rtb", "default");
    const { name: _name, ...rest } = fields;
    draft.transitGatewayRouteTables.set(transitGatewayRouteTableId, {
      ...rest,
      transitGatewayRouteTableId,
      transitGatewayId,
      state: "available",
      defaultAssociationRouteTable: association,
      defaultPropagationRouteTable: propagation,
      associations: [],
      propagations: [],
      routes: [],
    });
    place(draft, transitGatewayRouteTableId, resource, "default route table");
  },
};

export const transitGatewayRouteTableType: NetworkType = {
  name: "AWS::EC2::TransitGatewayRouteTable",
  prefix: "tgw-rtb",
  idAttributes: ["TransitGatewayRouteTableId"],
  losesToo: gatewayOf,
  build(resource, draft) {
    const transitGatewayRouteTableId = resource.id("tgw-rtb");
    draft.transitGatewayRouteTables.set(transitGatewayRouteTableId, {
      ...resourceFields(resource),
      transitGatewayRouteTableId,
      transitGatewayId: needed("TransitGatewayId", resource.properties().id("TransitGatewayId", "tgw")),
      state: "available",
      defaultAssociationRouteTable: false,
      defaultPropagationRouteTable: false,
      associations: [],
      propagations: [],
      routes: [],
    });
    place(draft, transitGatewayRouteTableId, resource);
  },
};

export const transitGatewayRouteTableAssociationType: NetworkType = {
  name: "AWS::EC2::TransitGatewayRouteTableAssociation",
  touches: tableOf,
  build: (resource, draft) => associate(draft, attachmentIn(resource), needed("a table", tableOf(resource)[0])),
};

export const transitGatewayRouteTablePropagationType: NetworkType = {
  name: "AWS::EC2::TransitGatewayRouteTablePropagation",
  touches: tableOf,
  build(resource, draft) {
    for (const id of tableOf(resource)) propagate(draft, attachmentIn(resource), id);
  },
};

export const transitGatewayRouteType: NetworkType = {
  name: "AWS::EC2::TransitGatewayRoute",
  touches: tableOf,
  build(resource, draft) {
    const given = resource.properties();
    const attachment = given.id("TransitGatewayAttachmentId", "tgw-attach");
    const route: TransitGatewayRoute = {
      destinationCidrBlock: needed("DestinationCidrBlock", given.cidr("DestinationCidrBlock")),
      type: "static",
      state: given.boolean("Blackhole") === true ? "blackhole" : "active",
      transitGatewayAttachmentIds: attachment === undefined ? [] : [attachment],
    };
    for (const id of tableOf(resource)) {
      change(draft.transitGatewayRouteTables, id, (table) => ({ ...table, routes: [...table.routes, route] }));
    }
  },
};

/** Without one of its tables or attachments a gateway is not known: what is not told would seem not to be there. */
export function gatewayOf(resource: StackResource): readonly string[] {
  const id = resource.properties().id("TransitGatewayId", "tgw");
  return id === undefined ? [] : [id];
}

function tableOf(resource: StackResource): readonly TransitGatewayRouteTableId[] {
  const id = resource.properties().id("TransitGatewayRouteTableId", "tgw-rtb");
  return id === undefined ? [] : [id];
}

function attachmentIn(resource: StackResource): TransitGatewayAttachmentId {
  const id = resource.properties().id("TransitGatewayAttachmentId", "tgw-attach");
  return needed("TransitGatewayAttachmentId", id);
}

/** An attachment has one table at most: AWS refuses a second one. [TG-30] */
function associate(draft: NetworkDraft, attachment: TransitGatewayAttachmentId, id: TransitGatewayRouteTableId): void {
  const gateway = draft.transitGatewayRouteTables.get(id)?.transitGatewayId;
  // Across Regions both gateways know a peering by one id.
  for (const table of [...draft.transitGatewayRouteTables.values()].filter(isOf(gateway))) {
    if (!table.associations.some((each) => each.transitGatewayAttachmentId === attachment)) continue;
    throw new NotTold(
      `${attachment} is associated with ${table.transitGatewayRouteTableId} already: its stack would fail`,
    );
  }
  change<TransitGatewayRouteTable>(draft.transitGatewayRouteTables, id, (table) => ({
    ...table,
    associations: [...table.associations, { transitGatewayAttachmentId: attachment, state: "associated" }],
  }));
}

function propagate(draft: NetworkDraft, attachment: TransitGatewayAttachmentId, id: string): void {
  change<TransitGatewayRouteTable>(draft.transitGatewayRouteTables, id, (table) => ({
    ...table,
    propagations: [...table.propagations, { transitGatewayAttachmentId: attachment, state: "enabled" }],
  }));
}

/** What the gateway does by itself with a new attachment. */
export function joinDefaults(draft: NetworkDraft, attachment: TransitGatewayAttachmentId, gateway: string): void {
  for (const table of [...draft.transitGatewayRouteTables.values()].filter(isOf(gateway))) {
    if (table.defaultAssociationRouteTable) associate(draft, attachment, table.transitGatewayRouteTableId);
    if (table.defaultPropagationRouteTable) propagate(draft, attachment, table.transitGatewayRouteTableId);
  }
}

const isOf = (gateway: string | undefined) => (table: TransitGatewayRouteTable) => table.transitGatewayId === gateway;
