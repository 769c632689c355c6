/** Subnets as the API shows them, and how they are found. */
import type { Subnet, SubnetIpv6CidrBlockAssociation } from "@aws-sdk/client-ec2";
import { ec2Arn } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import type { FilterTable } from "../filters.ts";
import { tagsOf } from "../tag/tags.ts";
import type { CidrBlockAssociation } from "../vpc/record.ts";
import { availableIpAddressCount } from "./addresses.ts";
import type { SubnetRecord } from "./record.ts";

const filters: FilterTable<SubnetRecord> = {
  "availability-zone": (subnet) => subnet.AvailabilityZone,
  "availability-zone-id": (subnet) => subnet.AvailabilityZoneId,
  "available-ip-address-count": (subnet, context) => availableIpAddressCount(context, subnet),
  "cidr-block": (subnet) => subnet.CidrBlock,
  "customer-owned-ipv4-pool": () => undefined,
  "default-for-az": (subnet) => subnet.DefaultForAz,
  "enable-dns64": (subnet) => subnet.EnableDns64,
  "enable-lni-at-device-index": () => undefined,
  "ipv6-cidr-block-association.association-id": (subnet) =>
    subnet.Ipv6CidrBlockAssociationSet.map((each) => each.AssociationId),
  "ipv6-cidr-block-association.ipv6-cidr-block": (subnet) =>
    subnet.Ipv6CidrBlockAssociationSet.map((each) => each.CidrBlock),
  "ipv6-cidr-block-association.state": (subnet) => subnet.Ipv6CidrBlockAssociationSet.map((each) => each.State),
  "ipv6-native": () => false,
  "map-customer-owned-ip-on-launch": () => false,
  "map-public-ip-on-launch": (subnet) => subnet.MapPublicIpOnLaunch,
  "outpost-arn": () => undefined,
  "owner-id": (subnet) => subnet.OwnerId,
  "private-dns-name-options-on-launch.hostname-type": (subnet) => subnet.PrivateDnsNameOptionsOnLaunch.HostnameType,
  "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": (subnet) =>
    subnet.PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord,
  "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": (subnet) =>
    subnet.PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord,
  state: (subnet) => subnet.State,
  "subnet-arn": subnetArn,
  "subnet-id": (subnet) => subnet.SubnetId,
  "vpc-id": (subnet) => subnet.VpcId,
  // Older spellings, which EC2 still takes.
  availabilityZone: (subnet) => subnet.AvailabilityZone,
  availabilityZoneId: (subnet) => subnet.AvailabilityZoneId,
  cidr: (subnet) => subnet.CidrBlock,
  cidrBlock: (subnet) => subnet.CidrBlock,
  defaultForAz: (subnet) => subnet.DefaultForAz,
};

export const subnetDescription: DescribeDefinition<"subnet"> = {
  table: "subnet",
  kind: "subnet",
  idPrefix: "subnet",
  filters,
  indexed: { "vpc-id": "vpc" },
};

export function subnetToApi(subnet: SubnetRecord, context: ActionContext): Subnet {
  return {
    SubnetId: subnet.SubnetId,
    SubnetArn: subnetArn(subnet),
    VpcId: subnet.VpcId,
    OwnerId: subnet.OwnerId,
    State: subnet.State,
    CidrBlock: subnet.CidrBlock,
    Ipv6CidrBlockAssociationSet: subnet.Ipv6CidrBlockAssociationSet.map(subnetAssociationToApi),
    Ipv6Native: false,
    AvailabilityZone: subnet.AvailabilityZone,
    AvailabilityZoneId: subnet.AvailabilityZoneId,
    AvailableIpAddressCount: availableIpAddressCount(context, subnet),
    DefaultForAz: subnet.DefaultForAz,
    MapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation,
    EnableDns64: subnet.EnableDns64,
    PrivateDnsNameOptionsOnLaunch: { ...subnet.PrivateDnsNameOptionsOnLaunch },
    BlockPublicAccessStates: { InternetGatewayBlockMode: "off" },
    Tags: tagsOf(context, subnet.SubnetId),
  };
}

export function subnetAssociationToApi({
  AssociationId,
  CidrBlock,
  State,
}: CidrBlockAssociation): SubnetIpv6CidrBlockAssociation {
  return {
    AssociationId,
    Ipv6CidrBlock: CidrBlock,
    Ipv6CidrBlockState: { State },
    Ipv6AddressAttribute: "public",
    IpSource: "amazon",
  };
}

function subnetArn(subnet: SubnetRecord): string {
  return ec2Arn(subnet.Region, subnet.OwnerId, "subnet", subnet.SubnetId);
}
