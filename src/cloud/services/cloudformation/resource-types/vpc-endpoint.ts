/** AWS::EC2::VPCEndpoint. */
import type { CreateVpcEndpointCommandOutput, DescribeVpcEndpointsCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly VpcId: string;
  readonly ServiceName?: string;
  readonly VpcEndpointType?: string;
  readonly IpAddressType?: string;
  readonly PolicyDocument?: string | object;
  readonly PrivateDnsEnabled?: boolean;
  readonly RouteTableIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
  readonly SubnetIds?: readonly string[];
  readonly Tags?: readonly ResourceTag[];
}

export const vpcEndpointType = resourceType<Properties>({
  name: "AWS::EC2::VPCEndpoint",
  properties: [
    "VpcId",
    "ServiceName",
    "VpcEndpointType",
    "IpAddressType",
    "PolicyDocument",
    "PrivateDnsEnabled",
    "RouteTableIds",
    "SecurityGroupIds",
    "SubnetIds",
    "Tags",
  ],
  create(work) {
    const { PolicyDocument: policy, Tags: _tags, ...properties } = work.properties;
    const { VpcEndpoint } = work.call<CreateVpcEndpointCommandOutput>("ec2:CreateVpcEndpoint", {
      // Without a word on it CloudFormation leaves private names off, where the API turns them on.
      ...(properties.VpcEndpointType === "Interface" && { PrivateDnsEnabled: false }),
      ...properties,
      PolicyDocument: policyText(policy),
      TagSpecifications: tagsFor("vpc-endpoint", work),
    });
    return VpcEndpoint?.VpcEndpointId ?? "";
  },
  created: (work) => describe(work)?.State?.toLowerCase() === "available",
  update(work, before) {
    const {
      PolicyDocument,
      PrivateDnsEnabled,
      SecurityGroupIds = [],
      SubnetIds = [],
      RouteTableIds = [],
    } = work.properties;
    const subnets = differences(SubnetIds, before.SubnetIds);
    const groups = differences(SecurityGroupIds, before.SecurityGroupIds);
    const tables = differences(RouteTableIds, before.RouteTableIds);
    work.call("ec2:ModifyVpcEndpoint", {
      VpcEndpointId: work.physicalId,
      PolicyDocument: policyText(PolicyDocument),
      ...(PrivateDnsEnabled !== before.PrivateDnsEnabled && { PrivateDnsEnabled: PrivateDnsEnabled ?? false }),
      AddSubnetIds: subnets.added,
      RemoveSubnetIds: subnets.removed,
      AddSecurityGroupIds: groups.added,
      RemoveSecurityGroupIds: groups.removed,
      AddRouteTableIds: tables.added,
      RemoveRouteTableIds: tables.removed,
    });
    changeTags(work);
  },
  updated: (work) => describe(work)?.State?.toLowerCase() === "available",
  replaces: (properties, before) => properties.IpAddressType !== before.IpAddressType,
  delete: (work) => void work.call("ec2:DeleteVpcEndpoints", { VpcEndpointIds: [work.physicalId] }),
  deleted: (work) => (describe(work)?.State?.toLowerCase() ?? "deleted") === "deleted",
  attributes(work) {
    const endpoint = describe(work);
    return {
      Id: work.physicalId,
      CreationTimestamp: endpoint?.CreationTimestamp?.toISOString(),
      DnsEntries: endpoint?.DnsEntries?.map(({ HostedZoneId, DnsName }) => `${HostedZoneId}:${DnsName}`),
      NetworkInterfaceIds: endpoint?.NetworkInterfaceIds,
    };
  },
});

function policyText(policy: string | object | undefined): string | undefined {
  return typeof policy === "object" ? JSON.stringify(policy) : policy;
}

/** Empty lists are left out: they would ask for nothing. */
function differences(wanted: readonly string[], before: readonly string[] = []) {
  const added = wanted.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !wanted.includes(id));
  return { added: added.length > 0 ? added : undefined, removed: removed.length > 0 ? removed : undefined };
}

function describe(work: ResourceWork<Properties>) {
  const Filters = [{ Name: "vpc-endpoint-id", Values: [work.physicalId] }];
  return work.call<DescribeVpcEndpointsCommandOutput>("ec2:DescribeVpcEndpoints", { Filters }).VpcEndpoints?.[0];
}
