/** A subnet as the network model sees it: with its explicit route table, if it has one. [RT-2] */
import type { NetworkAclId, RouteTableId, Subnet, SubnetId, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import type { SubnetRecord } from "./record.ts";

export function projectSubnet(record: SubnetRecord, view: StateView): Subnet {
  const [table] = view.by("routeTable", "subnet", record.SubnetId);
  // Ids of records were made with their prefixes.
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.SubnetId, view),
    subnetId: record.SubnetId as SubnetId,
    vpcId: record.VpcId as VpcId,
    cidrBlock: record.CidrBlock,
    ipv6CidrBlocks: blocksInForce(record.Ipv6CidrBlockAssociationSet),
    availabilityZone: record.AvailabilityZone,
    availabilityZoneId: record.AvailabilityZoneId,
    networkAclId: record.NetworkAclId as NetworkAclId,
    ...(table === undefined ? {} : { routeTableId: table.RouteTableId as RouteTableId }),
  };
}
