/** A VPC as the network model sees it. */
import type { Vpc, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { blocksInForce } from "./block-states.ts";
import type { VpcRecord } from "./record.ts";

export function projectVpc(record: VpcRecord, view: StateView): Vpc {
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.VpcId, view),
    // Ids of records were made with their prefix.
    vpcId: record.VpcId as VpcId,
    cidrBlocks: blocksInForce(record.CidrBlockAssociationSet),
    ipv6CidrBlocks: blocksInForce(record.Ipv6CidrBlockAssociationSet),
    isDefault: record.IsDefault,
    enableDnsSupport: record.EnableDnsSupport,
    enableDnsHostnames: record.EnableDnsHostnames,
  };
}
