/** An egress-only internet gateway as the network model sees it. */
import type { EgressOnlyInternetGateway, EgressOnlyInternetGatewayId, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { EgressOnlyInternetGatewayRecord } from "./record.ts";

export function projectEgressOnlyInternetGateway(
  record: EgressOnlyInternetGatewayRecord,
  view: StateView,
): EgressOnlyInternetGateway {
  // Ids of records were made with their prefixes.
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.EgressOnlyInternetGatewayId, view),
    egressOnlyInternetGatewayId: record.EgressOnlyInternetGatewayId as EgressOnlyInternetGatewayId,
    vpcId: record.VpcId as VpcId,
  };
}
