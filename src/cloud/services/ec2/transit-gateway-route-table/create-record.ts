/** A new, empty route table of a transit gateway. */
import type { Transaction } from "../../../state/transaction.ts";
import type { TransitGatewayRecord } from "../transit-gateway/record.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";

export function createRouteTableRecord(
  transaction: Transaction,
  { OwnerId, Region, TransitGatewayId }: TransitGatewayRecord,
): TransitGatewayRouteTableRecord {
  const record: TransitGatewayRouteTableRecord = {
    OwnerId,
    Region,
    CreatedAt: transaction.now,
    TransitGatewayRouteTableId: transaction.newId("tgw-rtb"),
    TransitGatewayId,
    State: "pending",
  };
  transaction.put("transitGatewayRouteTable", record);
  return record;
}
