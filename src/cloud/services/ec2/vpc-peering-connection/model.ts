/** A peering connection as the network model has it. */
import type {
  VpcId,
  VpcPeeringConnection,
  VpcPeeringConnectionId,
  VpcPeeringConnectionSide,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { PeeringSide, VpcPeeringConnectionRecord } from "./record.ts";

// The ids of records were made with these prefixes, or checked for them.
export function projectVpcPeeringConnection(record: VpcPeeringConnectionRecord, view: StateView): VpcPeeringConnection {
  return {
    vpcPeeringConnectionId: record.VpcPeeringConnectionId as VpcPeeringConnectionId,
    name: ownName(record, record.VpcPeeringConnectionId, view),
    statusCode: record.StatusCode,
    requester: projectSide(record.Requester),
    accepter: projectSide(record.Accepter),
  };
}

function projectSide(side: PeeringSide): VpcPeeringConnectionSide {
  return {
    ownerId: side.OwnerId,
    region: side.Region,
    vpcId: side.VpcId as VpcId,
    allowDnsResolutionFromRemoteVpc: side.AllowDnsResolutionFromRemoteVpc,
  };
}
