/** Which table serves a subnet, arriving traffic at a gateway, or (the main one) everything else of its VPC. [RT-1 .. RT-4, RT-40, RT-42] */
import type {
  AssociateRouteTableCommandInput,
  AssociateRouteTableCommandOutput,
  DisassociateRouteTableCommandInput,
  DisassociateRouteTableCommandOutput,
  ReplaceRouteTableAssociationCommandInput,
  ReplaceRouteTableAssociationCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
  missingParameter,
} from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { internetGatewayDescription } from "../internet-gateway/describe.ts";
import { named, required } from "../required.ts";
import { subnetDescription } from "../subnet/describe.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { routeTableDescription } from "./describe.ts";
import type { RouteTableAssociation, RouteTableRecord } from "./record.ts";
import { checkEdgeTable } from "./route-destinations.ts";

const associated = { AssociationState: { State: "associated" } } as const;

export const associateRouteTable: Action<AssociateRouteTableCommandInput, AssociateRouteTableCommandOutput> = (
  input,
  context,
) => {
  refuseUnmodelled("AssociateRouteTable", { PublicIpv4Pool: input.PublicIpv4Pool });
  const table = named(routeTableDescription, "RouteTableId", input.RouteTableId, context);
  if (input.SubnetId !== undefined && input.GatewayId !== undefined) {
    throw invalidParameterCombination("Only one of subnetId and gatewayId may be specified.");
  }
  if (input.SubnetId !== undefined) return associateSubnet(table, input.SubnetId, context);
  if (input.GatewayId !== undefined) return associateGateway(table, input.GatewayId, context);
  throw missingParameter("subnetId or gatewayId");
};

export const disassociateRouteTable: Action<DisassociateRouteTableCommandInput, DisassociateRouteTableCommandOutput> = (
  input,
  context,
) => {
  const { table, association } = associationNamed(input.AssociationId, context);
  if (association.Main) {
    throw invalidParameterValue(
      `cannot disassociate the main route table association ${association.RouteTableAssociationId}`,
    );
  }
  context.put("routeTable", without(table, association));
  return {};
};

/** Moves a subnet, a gateway, or the role of the main table, to another table of the VPC, under a new association id. [RT-1] */
export const replaceRouteTableAssociation: Action<
  ReplaceRouteTableAssociationCommandInput,
  ReplaceRouteTableAssociationCommandOutput
> = (input, context) => {
  const { table, association } = associationNamed(input.AssociationId, context);
  const other = named(routeTableDescription, "RouteTableId", input.RouteTableId, context);
  if (other.VpcId !== table.VpcId) {
    throw invalidParameterValue(
      `route table ${other.RouteTableId} and route table ${table.RouteTableId} belong to different networks`,
    );
  }
  if (association.GatewayId !== undefined) checkEdgeTable(other, context);
  context.put("routeTable", without(table, association));
  const moved = { ...association, RouteTableAssociationId: context.newId("rtbassoc") };
  add(context, other.RouteTableId, moved);
  return { NewAssociationId: moved.RouteTableAssociationId, ...associated };
};

function associateSubnet(
  table: RouteTableRecord,
  subnetId: string,
  context: ActionContext,
): Omit<AssociateRouteTableCommandOutput, "$metadata"> {
  const subnet = named(subnetDescription, "SubnetId", subnetId, context);
  if (subnet.VpcId !== table.VpcId) {
    throw invalidParameterValue(
      `route table ${table.RouteTableId} and subnet ${subnet.SubnetId} belong to different networks`,
    );
  }
  const [current] = context.by("routeTable", "subnet", subnet.SubnetId);
  if (current !== undefined) {
    return already(table, current, ({ SubnetId }) => SubnetId === subnet.SubnetId);
  }
  return newAssociation(context, table, { SubnetId: subnet.SubnetId });
}

function associateGateway(
  table: RouteTableRecord,
  gatewayId: string,
  context: ActionContext,
): Omit<AssociateRouteTableCommandOutput, "$metadata"> {
  // A virtual private gateway could be meant as well: EC2 then says "gateway".
  if (!gatewayId.startsWith("igw-")) throw ec2Errors.notFound("gateway", gatewayId);
  const gateway = named(internetGatewayDescription, "GatewayId", gatewayId, context);
  if (gateway.VpcId !== table.VpcId) {
    throw invalidParameterValue(
      `route table ${table.RouteTableId} and network gateway ${gatewayId} belong to different networks`,
    );
  }
  const [current] = context.by("routeTable", "gateway", gatewayId);
  if (current !== undefined) return already(table, current, ({ GatewayId }) => GatewayId === gatewayId);
  checkEdgeTable(table, context);
  return newAssociation(context, table, { GatewayId: gatewayId });
}

/** The same association again is no change; with another table it is a conflict. [RT-3] */
function already(
  table: RouteTableRecord,
  current: RouteTableRecord,
  is: (association: RouteTableAssociation) => boolean,
): Omit<AssociateRouteTableCommandOutput, "$metadata"> {
  if (current.RouteTableId !== table.RouteTableId) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `the specified association for route table ${table.RouteTableId} conflicts with an existing association`,
    );
  }
  return { AssociationId: current.Associations.find(is)?.RouteTableAssociationId, ...associated };
}

function newAssociation(
  context: ActionContext,
  table: RouteTableRecord,
  what: Pick<RouteTableAssociation, "SubnetId" | "GatewayId">,
): Omit<AssociateRouteTableCommandOutput, "$metadata"> {
  const RouteTableAssociationId = context.newId("rtbassoc");
  add(context, table.RouteTableId, { RouteTableAssociationId, Main: false, ...what });
  return { AssociationId: RouteTableAssociationId, ...associated };
}

function add(context: ActionContext, routeTableId: string, association: RouteTableAssociation): void {
  const table = context.must("routeTable", routeTableId);
  context.put("routeTable", { ...table, Associations: [...table.Associations, association] });
}

function without(table: RouteTableRecord, association: RouteTableAssociation): RouteTableRecord {
  return { ...table, Associations: table.Associations.filter((each) => each !== association) };
}

function associationNamed(
  id: string | undefined,
  context: ActionContext,
): { readonly table: RouteTableRecord; readonly association: RouteTableAssociation } {
  const associationId = required("AssociationId", id);
  if (!isWellFormedId("rtbassoc", associationId)) throw ec2Errors.malformed("route-table-association", associationId);
  const { accountId, region } = context.caller;
  const [table] = context
    .by("routeTable", "association", associationId)
    .filter((each) => context.visible("routeTable", each.RouteTableId, accountId, region) !== undefined);
  const association = table?.Associations.find((each) => each.RouteTableAssociationId === associationId);
  if (table === undefined || association === undefined) {
    throw ec2Errors.notFound("route-table-association", associationId);
  }
  return { table, association };
}
