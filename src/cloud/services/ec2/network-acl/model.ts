/** A network ACL as the network model has it: entries in the order in which they are tried. */
import type { NetworkAcl, NetworkAclEntry, NetworkAclId, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { NetworkAclEntryRecord, NetworkAclRecord } from "./record.ts";
import { inOrder } from "./to-api.ts";

// The ids of records were made with these prefixes.
export function projectNetworkAcl(record: NetworkAclRecord, view: StateView): NetworkAcl {
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.NetworkAclId, view),
    networkAclId: record.NetworkAclId as NetworkAclId,
    vpcId: record.VpcId as VpcId,
    isDefault: record.IsDefault,
    entries: inOrder(record.Entries).map(projectEntry),
  };
}

function projectEntry(entry: NetworkAclEntryRecord): NetworkAclEntry {
  const cidrBlock = entry.CidrBlock ?? entry.Ipv6CidrBlock;
  if (cidrBlock === undefined) throw new Error(`bug: network ACL entry ${entry.RuleNumber} has no CIDR block`);
  return {
    ruleNumber: entry.RuleNumber,
    egress: entry.Egress,
    ruleAction: entry.RuleAction,
    protocol: Number(entry.Protocol),
    cidrBlock,
    ...(entry.PortRange && { portRange: { from: entry.PortRange.From, to: entry.PortRange.To } }),
    ...(entry.IcmpTypeCode && { icmpTypeCode: { type: entry.IcmpTypeCode.Type, code: entry.IcmpTypeCode.Code } }),
  };
}
