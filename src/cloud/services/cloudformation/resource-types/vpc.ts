/** AWS::EC2::VPC. */
import type {
  CreateVpcCommandOutput,
  DescribeNetworkAclsCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeVpcsCommandOutput,
} from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly CidrBlock?: string;
  readonly InstanceTenancy?: string;
  readonly EnableDnsSupport?: boolean;
  readonly EnableDnsHostnames?: boolean;
  readonly Tags?: readonly ResourceTag[];
}

export const vpcType = resourceType<Properties>({
  name: "AWS::EC2::VPC",
  properties: ["CidrBlock", "InstanceTenancy", "EnableDnsSupport", "EnableDnsHostnames", "Tags"],
  create(work) {
    const { CidrBlock, InstanceTenancy } = work.properties;
    const { Vpc } = work.call<CreateVpcCommandOutput>("ec2:CreateVpc", {
      CidrBlock,
      InstanceTenancy,
      TagSpecifications: tagsFor("vpc", work),
    });
    const VpcId = Vpc?.VpcId ?? "";
    work.tagAsOwn("vpc", VpcId);
    setAttributes(work, VpcId, { EnableDnsSupport: true, EnableDnsHostnames: false });
    return VpcId;
  },
  created: (work) => describe(work)?.State === "available",
  update(work, before) {
    setAttributes(work, work.physicalId, before);
    changeTags(work);
  },
  // AWS takes the change from dedicated to default only.
  replaces: (properties, before) => (properties.InstanceTenancy ?? "default") !== (before.InstanceTenancy ?? "default"),
  delete: (work) => void work.call("ec2:DeleteVpc", { VpcId: work.physicalId }),
  attributes(work) {
    const vpc = describe(work);
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [work.physicalId] }] };
    const groups = work.call<DescribeSecurityGroupsCommandOutput>("ec2:DescribeSecurityGroups", inVpc).SecurityGroups;
    const acls = work.call<DescribeNetworkAclsCommandOutput>("ec2:DescribeNetworkAcls", inVpc).NetworkAcls;
    return {
      VpcId: work.physicalId,
      CidrBlock: vpc?.CidrBlock,
      CidrBlockAssociations: vpc?.CidrBlockAssociationSet?.map(({ AssociationId = "" }) => AssociationId),
      Ipv6CidrBlocks: vpc?.Ipv6CidrBlockAssociationSet?.map(({ Ipv6CidrBlock = "" }) => Ipv6CidrBlock) ?? [],
      DefaultSecurityGroup: groups?.find(({ GroupName }) => GroupName === "default")?.GroupId,
      DefaultNetworkAcl: acls?.find(({ IsDefault }) => IsDefault)?.NetworkAclId,
    };
  },
});

function describe(work: ResourceWork<Properties>) {
  return work.call<DescribeVpcsCommandOutput>("ec2:DescribeVpcs", { VpcIds: [work.physicalId] }).Vpcs?.[0];
}

/** One attribute a call, support before host names, which need it. */
function setAttributes(work: ResourceWork<Properties>, VpcId: string, before: Properties): void {
  for (const name of ["EnableDnsSupport", "EnableDnsHostnames"] as const) {
    const standard = name === "EnableDnsSupport";
    const Value = work.properties[name] ?? standard;
    if (Value !== (before[name] ?? standard)) work.call("ec2:ModifyVpcAttribute", { VpcId, [name]: { Value } });
  }
}
