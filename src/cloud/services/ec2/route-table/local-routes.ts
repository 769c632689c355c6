/** New route tables, and the `local` routes that every table has: one for each block of its VPC. [RT-1, RT-20, AD-13, AD-22] */
import { familyOf } from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import type { VpcRecord } from "../vpc/record.ts";
import type { RouteRecord, RouteTableRecord } from "./record.ts";

/** A table with the VPC's local routes; the main one comes with the association that says so. */
export function createRouteTableRecord(
  transaction: Transaction,
  vpc: VpcRecord,
  { main }: { readonly main: boolean },
): RouteTableRecord {
  const record: RouteTableRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: transaction.now,
    RouteTableId: transaction.newId("rtb"),
    VpcId: vpc.VpcId,
    Associations: main ? [{ RouteTableAssociationId: transaction.newId("rtbassoc"), Main: true }] : [],
    Routes: [...blocksInForce(vpc.CidrBlockAssociationSet), ...blocksInForce(vpc.Ipv6CidrBlockAssociationSet)].map(
      localRoute,
    ),
  };
  transaction.put("routeTable", record);
  return record;
}

/** The table that serves the VPC's subnets without an association of their own. */
export function mainRouteTable(transaction: Pick<Transaction, "by">, vpcId: string): RouteTableRecord {
  const main = transaction
    .by("routeTable", "vpc", vpcId)
    .find((table) => table.Associations.some((association) => association.Main));
  if (main === undefined) throw new Error(`bug: ${vpcId} has no main route table`);
  return main;
}

/** A block has joined the VPC: every table of the VPC reaches it at once. [AD-13] */
export function addLocalRoutes(transaction: Transaction, vpcId: string, block: string): void {
  for (const table of transaction.by("routeTable", "vpc", vpcId)) {
    const locals = table.Routes.filter(isLocalRoute);
    const others = table.Routes.filter((route) => !isLocalRoute(route));
    transaction.put("routeTable", { ...table, Routes: [...locals, localRoute(block), ...others] });
  }
}

/** A block has left the VPC. */
export function removeLocalRoutes(transaction: Transaction, vpcId: string, block: string): void {
  for (const table of transaction.by("routeTable", "vpc", vpcId)) {
    const Routes = table.Routes.filter((route) => !(isLocalRoute(route) && destinationOf(route) === block));
    transaction.put("routeTable", { ...table, Routes });
  }
}

/** A VPC block's own route, also when its target was replaced. [RT-22] */
export function isLocalRoute({ Origin }: RouteRecord): boolean {
  return Origin === "CreateRouteTable";
}

/** The destination as text: a block or a prefix list id. */
export function destinationOf(route: RouteRecord): string {
  const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;
  if (destination === undefined) throw new Error("bug: a route without a destination");
  return destination;
}

function localRoute(block: string): RouteRecord {
  const destination =
    familyOf(block) === "ipv4" ? { DestinationCidrBlock: block } : { DestinationIpv6CidrBlock: block };
  return { ...destination, GatewayId: "local", Origin: "CreateRouteTable" };
}
