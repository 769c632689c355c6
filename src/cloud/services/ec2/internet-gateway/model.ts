/** An internet gateway as the network model sees it. */
import type { InternetGateway, InternetGatewayId, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { InternetGatewayRecord } from "./record.ts";

export function projectInternetGateway(record: InternetGatewayRecord, view: StateView): InternetGateway {
  // Ids of records were made with their prefixes.
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.InternetGatewayId, view),
    internetGatewayId: record.InternetGatewayId as InternetGatewayId,
    ...(record.VpcId === undefined ? {} : { vpcId: record.VpcId as VpcId }),
  };
}
