/** A NAT gateway as the network model sees it. One that never got an interface moves no packet, and is left out. */
import type { NatGateway, NatGatewayId, NetworkInterfaceId, SubnetId, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { NatGatewayRecord } from "./record.ts";

export function projectNatGateway(record: NatGatewayRecord, view: StateView): NatGateway | undefined {
  if (record.NetworkInterfaceId === undefined || record.State === "deleted") return undefined;
  // Ids of records were made with their prefixes.
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.NatGatewayId, view),
    natGatewayId: record.NatGatewayId as NatGatewayId,
    vpcId: record.VpcId as VpcId,
    subnetId: record.SubnetId as SubnetId,
    connectivityType: record.ConnectivityType,
    state: record.State,
    networkInterfaceId: record.NetworkInterfaceId as NetworkInterfaceId,
  };
}
