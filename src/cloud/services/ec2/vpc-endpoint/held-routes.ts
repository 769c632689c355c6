/** The routes that a gateway endpoint has. In which tables is what the tables say. [PL-50] */
import type { Transaction } from "../../../state/transaction.ts";
import type { RouteTableRecord } from "../route-table/record.ts";
import type { VpcEndpointRecord } from "./record.ts";

type Endpoint = Pick<VpcEndpointRecord, "VpcEndpointId" | "VpcId">;

export function gatewayRouteTables(
  { VpcEndpointId, VpcId }: Endpoint,
  view: Pick<Transaction, "by">,
): readonly RouteTableRecord[] {
  return view
    .by("routeTable", "vpc", VpcId)
    .filter(({ Routes }) => Routes.some(({ GatewayId }) => GatewayId === VpcEndpointId));
}

export function removeRoutesFrom(
  tables: readonly RouteTableRecord[],
  { VpcEndpointId }: Endpoint,
  transaction: Pick<Transaction, "put">,
): void {
  for (const table of tables) {
    const Routes = table.Routes.filter(({ GatewayId }) => GatewayId !== VpcEndpointId);
    transaction.put("routeTable", { ...table, Routes });
  }
}
