/** The tables that new attachments of a gateway go into: made with it, and changed later. [TG-3, TG-4] */
import type { ModifyTransitGatewayOptions } from "@aws-sdk/client-ec2";
import { type AwsError, invalidParameterCombination } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { routeTableOf } from "../transit-gateway-route-table/named.ts";
import type { Switch, TransitGatewayOptionsRecord, TransitGatewayRecord } from "./record.ts";
import { checkedSwitch } from "./switches.ts";

type DefaultTables = Pick<
  TransitGatewayOptionsRecord,
  | "DefaultRouteTableAssociation"
  | "AssociationDefaultRouteTableId"
  | "DefaultRouteTablePropagation"
  | "PropagationDefaultRouteTableId"
>;

/** The default tables after a modification. A switch and its table belong together: AWS makes no table for a switch alone. */
export function changedDefaultTables(
  gateway: TransitGatewayRecord,
  asked: ModifyTransitGatewayOptions,
  context: ActionContext,
): DefaultTables {
  const { Options } = gateway;
  const association = changedDefault(
    "Association",
    { on: Options.DefaultRouteTableAssociation, tableId: Options.AssociationDefaultRouteTableId },
    { on: asked.DefaultRouteTableAssociation, tableId: asked.AssociationDefaultRouteTableId },
    gateway,
    context,
  );
  const propagation = changedDefault(
    "Propagation",
    { on: Options.DefaultRouteTablePropagation, tableId: Options.PropagationDefaultRouteTableId },
    { on: asked.DefaultRouteTablePropagation, tableId: asked.PropagationDefaultRouteTableId },
    gateway,
    context,
  );
  return {
    DefaultRouteTableAssociation: association.on,
    ...(association.tableId !== undefined && { AssociationDefaultRouteTableId: association.tableId }),
    DefaultRouteTablePropagation: propagation.on,
    ...(propagation.tableId !== undefined && { PropagationDefaultRouteTableId: propagation.tableId }),
  };
}

interface Default<S> {
  readonly on: S;
  readonly tableId: string | undefined;
}

function changedDefault(
  what: "Association" | "Propagation",
  current: Default<Switch>,
  asked: Default<string | undefined>,
  gateway: TransitGatewayRecord,
  context: ActionContext,
): Default<Switch> {
  const on = checkedSwitch(`DefaultRouteTable${what}`, asked.on) ?? current.on;
  if (on === "disable") {
    if (asked.tableId !== undefined) throw conflict(what, on, asked.tableId);
    return { on, tableId: undefined };
  }
  const tableId = asked.tableId ?? current.tableId;
  if (tableId === undefined) throw conflict(what, on, tableId);
  if (asked.tableId !== undefined) routeTableOf(gateway.TransitGatewayId, asked.tableId, context);
  return { on, tableId };
}

function conflict(what: string, on: Switch, tableId: string | undefined): AwsError {
  return invalidParameterCombination(
    `${on} DefaultRouteTable${what} conflicts with ${what}DefaultRouteTableId ${tableId ?? null}`,
  );
}
