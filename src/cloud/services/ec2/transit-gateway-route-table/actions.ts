/** Route tables of transit gateways: making, removing and describing them. [TG-3] (semantics 6.7) */
import type {
  CreateTransitGatewayRouteTableCommandInput,
  CreateTransitGatewayRouteTableCommandOutput,
  DeleteTransitGatewayRouteTableCommandInput,
  DeleteTransitGatewayRouteTableCommandOutput,
  DescribeTransitGatewayRouteTablesCommandInput,
  DescribeTransitGatewayRouteTablesCommandOutput,
} from "@aws-sdk/client-ec2";
import { incorrectState } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { tagNewResource } from "../tag/tags.ts";
import { checkAvailable, invalidState, ownGatewayNamed } from "../transit-gateway/named.ts";
import { checkQuota } from "../vpc/quotas.ts";
import {
  associateTransitGatewayRouteTable,
  disassociateTransitGatewayRouteTable,
  getTransitGatewayRouteTableAssociations,
} from "./associations.ts";
import { createRouteTableRecord } from "./create-record.ts";
import { defaultsOf, routeTableDescription, toRouteTable } from "./describe.ts";
import { routeTableNamed } from "./named.ts";
import {
  createTransitGatewayPrefixListReference,
  deleteTransitGatewayPrefixListReference,
  getTransitGatewayPrefixListReferences,
  modifyTransitGatewayPrefixListReference,
} from "./prefix-list-references.ts";
import {
  disableTransitGatewayRouteTablePropagation,
  enableTransitGatewayRouteTablePropagation,
  getTransitGatewayAttachmentPropagations,
  getTransitGatewayRouteTablePropagations,
} from "./propagations.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";
import { searchTransitGatewayRoutes } from "./search.ts";
import { createTransitGatewayRoute, deleteTransitGatewayRoute, replaceTransitGatewayRoute } from "./static-routes.ts";

const createTransitGatewayRouteTable: Action<
  CreateTransitGatewayRouteTableCommandInput,
  CreateTransitGatewayRouteTableCommandOutput
> = (input, context) => {
  const gateway = ownGatewayNamed(input.TransitGatewayId, context);
  const { TransitGatewayId } = gateway;
  checkAvailable(TransitGatewayId, gateway);
  const tables = context
    .by("transitGatewayRouteTable", "transitGateway", TransitGatewayId)
    .filter(({ State }) => State !== "deleted");
  checkQuota("transitGatewayRouteTables", tables.length + 1, TransitGatewayId);
  const table = createRouteTableRecord(context, gateway);
  const type = "transit-gateway-route-table";
  tagNewResource(context, input.TagSpecifications, type, table.TransitGatewayRouteTableId);
  return { TransitGatewayRouteTable: toRouteTable(table, context) };
};

const deleteTransitGatewayRouteTable: Action<
  DeleteTransitGatewayRouteTableCommandInput,
  DeleteTransitGatewayRouteTableCommandOutput
> = (input, context) => {
  const table = routeTableNamed(input.TransitGatewayRouteTableId, context);
  checkMayGo(table, context);
  const deleting = context.fire("transitGatewayRouteTable", table, "DeleteTransitGatewayRouteTable");
  if (deleting === undefined) throw invalidState(table.TransitGatewayRouteTableId);
  return { TransitGatewayRouteTable: toRouteTable(deleting, context) };
};

const describeTransitGatewayRouteTables: Action<
  DescribeTransitGatewayRouteTablesCommandInput,
  DescribeTransitGatewayRouteTablesCommandOutput
> = (input, context) => {
  const { records, NextToken } = describe(routeTableDescription, input.TransitGatewayRouteTableIds, input, context);
  return { TransitGatewayRouteTables: records.map((table) => toRouteTable(table, context)), NextToken };
};

export const transitGatewayRouteTableActions = {
  CreateTransitGatewayRouteTable: createTransitGatewayRouteTable,
  DeleteTransitGatewayRouteTable: deleteTransitGatewayRouteTable,
  DescribeTransitGatewayRouteTables: describeTransitGatewayRouteTables,
  AssociateTransitGatewayRouteTable: associateTransitGatewayRouteTable,
  DisassociateTransitGatewayRouteTable: disassociateTransitGatewayRouteTable,
  GetTransitGatewayRouteTableAssociations: getTransitGatewayRouteTableAssociations,
  EnableTransitGatewayRouteTablePropagation: enableTransitGatewayRouteTablePropagation,
  DisableTransitGatewayRouteTablePropagation: disableTransitGatewayRouteTablePropagation,
  GetTransitGatewayRouteTablePropagations: getTransitGatewayRouteTablePropagations,
  GetTransitGatewayAttachmentPropagations: getTransitGatewayAttachmentPropagations,
  CreateTransitGatewayRoute: createTransitGatewayRoute,
  ReplaceTransitGatewayRoute: replaceTransitGatewayRoute,
  DeleteTransitGatewayRoute: deleteTransitGatewayRoute,
  SearchTransitGatewayRoutes: searchTransitGatewayRoutes,
  CreateTransitGatewayPrefixListReference: createTransitGatewayPrefixListReference,
  ModifyTransitGatewayPrefixListReference: modifyTransitGatewayPrefixListReference,
  DeleteTransitGatewayPrefixListReference: deleteTransitGatewayPrefixListReference,
  GetTransitGatewayPrefixListReferences: getTransitGatewayPrefixListReferences,
} satisfies Actions;

/** What stands in the way: being a default table, and associations. Routes and propagations go along. (semantics 6.7) */
function checkMayGo(table: TransitGatewayRouteTableRecord, context: ActionContext): void {
  const { TransitGatewayRouteTableId: id, TransitGatewayId } = table;
  const { association, propagation } = defaultsOf(table, context);
  if (association || propagation) {
    const what = association ? "association" : "propagation";
    throw incorrectState(`${id} is set as default ${what} route table for ${TransitGatewayId}`);
  }
  if (context.by("transitGatewayAssociation", "routeTable", id).length > 0) {
    throw incorrectState(`${id} has associated attachments`);
  }
}
