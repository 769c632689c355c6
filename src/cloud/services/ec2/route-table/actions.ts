/** The route table actions of EC2. */
import type {
  CreateRouteTableCommandInput,
  CreateRouteTableCommandOutput,
  DeleteRouteTableCommandInput,
  DeleteRouteTableCommandOutput,
  DescribeRouteTablesCommandInput,
  DescribeRouteTablesCommandOutput,
} from "@aws-sdk/client-ec2";
import { dependencyViolation } from "../../../../aws/index.ts";
import type { Action, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { associateRouteTable, disassociateRouteTable, replaceRouteTableAssociation } from "./associations.ts";
import { routeTableDescription, routeTableToApi } from "./describe.ts";
import { createRouteTableRecord } from "./local-routes.ts";
import { createRoute, deleteRoute, replaceRoute } from "./routes.ts";

const createRouteTable: Action<CreateRouteTableCommandInput, CreateRouteTableCommandOutput> = (input, context) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  checkQuota("routeTablesPerVpc", context.by("routeTable", "vpc", vpc.VpcId).length + 1);
  const table = createRouteTableRecord(context, vpc, { main: false });
  tagNewResource(context, input.TagSpecifications, "route-table", table.RouteTableId);
  return { RouteTable: routeTableToApi(table, context), ClientToken: input.ClientToken };
};

/** Associations stand in the way, the main one above all; routes do not. [RT-5] */
const deleteRouteTable: Action<DeleteRouteTableCommandInput, DeleteRouteTableCommandOutput> = (input, context) => {
  const table = named(routeTableDescription, "RouteTableId", input.RouteTableId, context);
  if (table.Associations.length > 0) {
    throw dependencyViolation(`The routeTable '${table.RouteTableId}' has dependencies and cannot be deleted.`);
  }
  context.delete("routeTable", table.RouteTableId);
  forgetTags(context, table.RouteTableId);
  return {};
};

const describeRouteTables: Action<DescribeRouteTablesCommandInput, DescribeRouteTablesCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(routeTableDescription, input.RouteTableIds, input, context);
  return { RouteTables: records.map((table) => routeTableToApi(table, context)), NextToken };
};

export const routeTableActions = {
  CreateRouteTable: createRouteTable,
  DeleteRouteTable: deleteRouteTable,
  DescribeRouteTables: describeRouteTables,
  CreateRoute: createRoute,
  ReplaceRoute: replaceRoute,
  DeleteRoute: deleteRoute,
  AssociateRouteTable: associateRouteTable,
  DisassociateRouteTable: disassociateRouteTable,
  ReplaceRouteTableAssociation: replaceRouteTableAssociation,
} satisfies Actions;
