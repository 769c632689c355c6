/** Route tables of transit gateways as the API shows them, and how they are found. [TG-3] */
import type { TransitGatewayRouteTable } from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";

export const routeTableDescription: DescribeDefinition<"transitGatewayRouteTable"> = {
  table: "transitGatewayRouteTable",
  kind: "transit-gateway-route-table",
  idPrefix: "tgw-rtb",
  filters: {
    "default-association-route-table": (table, context) => defaultsOf(table, context).association,
    "default-propagation-route-table": (table, context) => defaultsOf(table, context).propagation,
    state: ({ State }) => State,
    "transit-gateway-id": ({ TransitGatewayId }) => TransitGatewayId,
    "transit-gateway-route-table-id": ({ TransitGatewayRouteTableId }) => TransitGatewayRouteTableId,
  },
  indexed: { "transit-gateway-id": "transitGateway" },
};

export function toRouteTable(table: TransitGatewayRouteTableRecord, context: ActionContext): TransitGatewayRouteTable {
  const { TransitGatewayRouteTableId, TransitGatewayId, State, CreatedAt } = table;
  const { association, propagation } = defaultsOf(table, context);
  return {
    TransitGatewayRouteTableId,
    TransitGatewayId,
    State,
    DefaultAssociationRouteTable: association,
    DefaultPropagationRouteTable: propagation,
    CreationTime: new Date(CreatedAt),
    Tags: tagsOf(context, TransitGatewayRouteTableId),
  };
}

/** Whether the table is one that its gateway's new attachments go into. */
export function defaultsOf(
  { TransitGatewayRouteTableId: id, TransitGatewayId }: TransitGatewayRouteTableRecord,
  view: Pick<StateView, "get">,
): { readonly association: boolean; readonly propagation: boolean } {
  const options = view.get("transitGateway", TransitGatewayId)?.Options;
  return {
    association: options?.AssociationDefaultRouteTableId === id,
    propagation: options?.PropagationDefaultRouteTableId === id,
  };
}
