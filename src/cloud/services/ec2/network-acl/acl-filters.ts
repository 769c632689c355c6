/** The filters of DescribeNetworkAcls. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkAcls.html */
import type { FilterTable } from "../filters.ts";
import type { NetworkAclEntryRecord, NetworkAclRecord } from "./record.ts";

export const aclFilters: FilterTable<NetworkAclRecord> = {
  "association.association-id": (acl, context) =>
    context.by("subnet", "networkAcl", acl.NetworkAclId).map((subnet) => subnet.NetworkAclAssociationId),
  "association.network-acl-id": (acl, context) =>
    context.by("subnet", "networkAcl", acl.NetworkAclId).map((subnet) => subnet.NetworkAclId),
  "association.subnet-id": (acl, context) =>
    context.by("subnet", "networkAcl", acl.NetworkAclId).map((subnet) => subnet.SubnetId),
  default: (acl) => acl.IsDefault,
  "network-acl-id": (acl) => acl.NetworkAclId,
  "owner-id": (acl) => acl.OwnerId,
  "vpc-id": (acl) => acl.VpcId,
  "entry.cidr": ofEntries((entry) => entry.CidrBlock),
  "entry.ipv6-cidr": ofEntries((entry) => entry.Ipv6CidrBlock),
  "entry.icmp.code": ofEntries((entry) => entry.IcmpTypeCode?.Code),
  "entry.icmp.type": ofEntries((entry) => entry.IcmpTypeCode?.Type),
  "entry.port-range.from": ofEntries((entry) => entry.PortRange?.From),
  "entry.port-range.to": ofEntries((entry) => entry.PortRange?.To),
  "entry.rule-action": ofEntries((entry) => entry.RuleAction),
  "entry.rule-number": ofEntries((entry) => entry.RuleNumber),
  "entry.egress": ofEntries((entry) => String(entry.Egress)),
  // The number, or the name that the API reference gives for the three best known.
  "entry.protocol": (acl) => acl.Entries.flatMap(({ Protocol }) => [Protocol, names[Protocol]]),
};

const names: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp" };

function ofEntries(value: (entry: NetworkAclEntryRecord) => string | number | undefined) {
  return (acl: NetworkAclRecord): (string | number | undefined)[] => acl.Entries.map(value);
}
