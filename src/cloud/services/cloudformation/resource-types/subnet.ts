/** AWS::EC2::Subnet. */
import type {
  CreateSubnetCommandOutput,
  DescribeNetworkAclsCommandOutput,
  DescribeSubnetsCommandOutput,
} from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly MapPublicIpOnLaunch?: boolean;
  readonly AssignIpv6AddressOnCreation?: boolean;
  readonly EnableDns64?: boolean;
  readonly PrivateDnsNameOptionsOnLaunch?: PrivateDnsNameOptions;
  readonly Tags?: readonly ResourceTag[];
}

interface PrivateDnsNameOptions {
  readonly HostnameType?: string;
  readonly EnableResourceNameDnsARecord?: boolean;
  readonly EnableResourceNameDnsAAAARecord?: boolean;
}

const switches = ["AssignIpv6AddressOnCreation", "MapPublicIpOnLaunch", "EnableDns64"] as const;

export const subnetType = resourceType<Properties>({
  name: "AWS::EC2::Subnet",
  properties: [
    "VpcId",
    "CidrBlock",
    "Ipv6CidrBlock",
    "AvailabilityZone",
    "AvailabilityZoneId",
    "MapPublicIpOnLaunch",
    "AssignIpv6AddressOnCreation",
    "EnableDns64",
    "PrivateDnsNameOptionsOnLaunch",
    "Tags",
  ],
  create(work) {
    const { VpcId, CidrBlock, Ipv6CidrBlock, AvailabilityZone, AvailabilityZoneId } = work.properties;
    const { Subnet } = work.call<CreateSubnetCommandOutput>("ec2:CreateSubnet", {
      VpcId,
      CidrBlock,
      Ipv6CidrBlock,
      AvailabilityZone,
      AvailabilityZoneId,
      TagSpecifications: tagsFor("subnet", work),
    });
    const SubnetId = Subnet?.SubnetId ?? "";
    work.tagAsOwn("subnet", SubnetId);
    setAttributes(work, SubnetId, {});
    return SubnetId;
  },
  created: (work) => describe(work)?.State === "available",
  update(work, before) {
    setAttributes(work, work.physicalId, before);
    changeTags(work);
  },
  replaces: (properties, before) => properties.Ipv6CidrBlock !== before.Ipv6CidrBlock,
  delete: (work) => void work.call("ec2:DeleteSubnet", { SubnetId: work.physicalId }),
  attributes(work) {
    const subnet = describe(work);
    return {
      SubnetId: work.physicalId,
      VpcId: subnet?.VpcId,
      AvailabilityZone: subnet?.AvailabilityZone,
      AvailabilityZoneId: subnet?.AvailabilityZoneId,
      CidrBlock: subnet?.CidrBlock,
      Ipv6CidrBlocks: subnet?.Ipv6CidrBlockAssociationSet?.map(({ Ipv6CidrBlock = "" }) => Ipv6CidrBlock) ?? [],
      NetworkAclAssociationId: networkAclAssociation(work),
    };
  },
});

function describe(work: ResourceWork<Properties>) {
  return work.call<DescribeSubnetsCommandOutput>("ec2:DescribeSubnets", { SubnetIds: [work.physicalId] }).Subnets?.[0];
}

function networkAclAssociation(work: ResourceWork<Properties>): string | undefined {
  const { NetworkAcls = [] } = work.call<DescribeNetworkAclsCommandOutput>("ec2:DescribeNetworkAcls", {
    Filters: [{ Name: "association.subnet-id", Values: [work.physicalId] }],
  });
  return NetworkAcls.flatMap(({ Associations = [] }) => Associations).find(
    ({ SubnetId }) => SubnetId === work.physicalId,
  )?.NetworkAclAssociationId;
}

/** One attribute a call. */
function setAttributes(work: ResourceWork<Properties>, SubnetId: string, before: Partial<Properties>): void {
  for (const name of switches) {
    const Value = work.properties[name] ?? false;
    if (Value !== (before[name] ?? false)) work.call("ec2:ModifySubnetAttribute", { SubnetId, [name]: { Value } });
  }
  const options = work.properties.PrivateDnsNameOptionsOnLaunch;
  const past = before.PrivateDnsNameOptionsOnLaunch;
  if (options?.HostnameType !== undefined && options.HostnameType !== past?.HostnameType)
    work.call("ec2:ModifySubnetAttribute", { SubnetId, PrivateDnsHostnameTypeOnLaunch: options.HostnameType });
  const records = [
    ["EnableResourceNameDnsARecord", "EnableResourceNameDnsARecordOnLaunch"],
    ["EnableResourceNameDnsAAAARecord", "EnableResourceNameDnsAAAARecordOnLaunch"],
  ] as const;
  for (const [property, attribute] of records) {
    const Value = options?.[property] ?? false;
    if (Value !== (past?.[property] ?? false))
      work.call("ec2:ModifySubnetAttribute", { SubnetId, [attribute]: { Value } });
  }
}
