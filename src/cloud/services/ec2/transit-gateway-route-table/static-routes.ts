/** Static routes of a transit gateway's table. [TG-33] */
import type {
  CreateTransitGatewayRouteCommandInput,
  CreateTransitGatewayRouteCommandOutput,
  DeleteTransitGatewayRouteCommandInput,
  DeleteTransitGatewayRouteCommandOutput,
  ReplaceTransitGatewayRouteCommandInput,
  ReplaceTransitGatewayRouteCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import { formatCidr } from "../../../../ip/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { required } from "../required.ts";
import { invalidState } from "../transit-gateway/named.ts";
import { checkedBlock } from "../vpc/cidr-rules.ts";
import { staticRoute } from "./effective-routes.ts";
import { entryOf } from "./membership.ts";
import { usableRouteTable } from "./named.ts";
import { entryId, type TransitGatewayRouteRecord } from "./record.ts";
import { checkRouteQuota } from "./route-quota.ts";
import { targetFrom } from "./targets.ts";
import { toRoute } from "./to-api.ts";

export const createTransitGatewayRoute: Action<
  CreateTransitGatewayRouteCommandInput,
  CreateTransitGatewayRouteCommandOutput
> = (input, context) => {
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const DestinationCidrBlock = destinationFrom(input.DestinationCidrBlock);
  const { TransitGatewayRouteTableId, TransitGatewayId } = table;
  if (context.get("transitGatewayRoute", entryId(TransitGatewayRouteTableId, DestinationCidrBlock)) !== undefined) {
    throw new AwsError(
      "RouteAlreadyExists",
      `Route ${DestinationCidrBlock} already exists in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    );
  }
  const record: TransitGatewayRouteRecord = {
    ...entryOf(context, TransitGatewayRouteTableId),
    DestinationCidrBlock,
    ...targetFrom(input, table, context),
    State: "pending",
  };
  context.put("transitGatewayRoute", record);
  checkRouteQuota(TransitGatewayId, context);
  return { Route: toStaticRoute(record, context) };
};

/** A route that is not there is made, as AWS does too. */
export const replaceTransitGatewayRoute: Action<
  ReplaceTransitGatewayRouteCommandInput,
  ReplaceTransitGatewayRouteCommandOutput
> = (input, context) => {
  const table = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const id = entryId(table.TransitGatewayRouteTableId, destinationFrom(input.DestinationCidrBlock));
  const existing = context.get("transitGatewayRoute", id);
  if (existing === undefined) return createTransitGatewayRoute(input, context);
  if (existing.State !== "active") throw invalidState(existing.DestinationCidrBlock);
  const { TransitGatewayAttachmentId: _, ...rest } = existing;
  const record = { ...rest, ...targetFrom(input, table, context) };
  context.put("transitGatewayRoute", record);
  return { Route: toStaticRoute(record, context) };
};

export const deleteTransitGatewayRoute: Action<
  DeleteTransitGatewayRouteCommandInput,
  DeleteTransitGatewayRouteCommandOutput
> = (input, context) => {
  const { TransitGatewayRouteTableId } = usableRouteTable(input.TransitGatewayRouteTableId, context);
  const destination = destinationFrom(input.DestinationCidrBlock);
  const record = context.get("transitGatewayRoute", entryId(TransitGatewayRouteTableId, destination));
  if (record === undefined) {
    throw new AwsError(
      "InvalidRoute.NotFound",
      `The route ${destination} does not exist in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    );
  }
  const deleting = context.fire("transitGatewayRoute", record, "DeleteTransitGatewayRoute");
  if (deleting === undefined) throw invalidState(destination);
  return { Route: toStaticRoute(deleting, context) };
};

function destinationFrom(text: string | undefined): string {
  return formatCidr(checkedBlock(required("DestinationCidrBlock", text), "destinationCidrBlock"));
}

function toStaticRoute(record: TransitGatewayRouteRecord, context: ActionContext) {
  const route = staticRoute(record, context);
  return toRoute(record.State === "active" ? route : { ...route, State: record.State });
}
