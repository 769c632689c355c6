/** The VPC actions of EC2. */
import type {
  CreateVpcCommandInput,
  CreateVpcCommandOutput,
  DescribeVpcsCommandInput,
  DescribeVpcsCommandOutput,
} from "@aws-sdk/client-ec2";
import { invalidParameterValue } from "../../../../aws/index.ts";
import { formatCidr } from "../../../../ip/index.ts";
import type { Action, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { required } from "../required.ts";
import { tagNewResource } from "../tag/tags.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import {
  describeAccountAttributes,
  describeVpcClassicLink,
  describeVpcClassicLinkDnsSupport,
} from "./account-attributes.ts";
import { describeVpcAttribute, modifyVpcAttribute, modifyVpcTenancy } from "./attributes.ts";
import { associateVpcCidrBlock, disassociateVpcCidrBlock } from "./cidr-blocks.ts";
import { checkedVpcBlock } from "./cidr-rules.ts";
import { createVpcRecords } from "./create-vpc.ts";
import { createDefaultVpc } from "./default-vpc.ts";
import { deleteVpc } from "./delete-vpc.ts";
import { newVpcToApi, vpcDescription, vpcToApi } from "./describe.ts";
import { checkQuota } from "./quotas.ts";
import type { VpcRecord } from "./record.ts";

const createVpc: Action<CreateVpcCommandInput, CreateVpcCommandOutput> = (input, context) => {
  const { Ipv6Pool, Ipv6CidrBlock, Ipv4IpamPoolId, Ipv4NetmaskLength, Ipv6IpamPoolId, Ipv6NetmaskLength } = input;
  refuseUnmodelled("CreateVpc", {
    Ipv6Pool,
    Ipv6CidrBlock,
    Ipv4IpamPoolId,
    Ipv4NetmaskLength,
    Ipv6IpamPoolId,
    Ipv6NetmaskLength,
    VpcEncryptionControl: input.VpcEncryptionControl,
  });
  const block = checkedVpcBlock(required("CidrBlock", input.CidrBlock));
  const { accountId, region } = context.caller;
  checkQuota("vpcsPerRegion", context.inScope("vpc", accountId, region).length + 1);
  const vpc = createVpcRecords(context, {
    accountId,
    region,
    cidrBlock: formatCidr(block),
    ipv6: input.AmazonProvidedIpv6CidrBlock === true,
    instanceTenancy: checkedTenancy(input.InstanceTenancy),
    isDefault: false,
  });
  tagNewResource(context, input.TagSpecifications, "vpc", vpc.VpcId);
  return { Vpc: newVpcToApi(vpc, context) };
};

const describeVpcs: Action<DescribeVpcsCommandInput, DescribeVpcsCommandOutput> = (input, context) => {
  const { records, NextToken } = describe(vpcDescription, input.VpcIds, input, context);
  return { Vpcs: records.map((vpc) => vpcToApi(vpc, context)), NextToken };
};

export const vpcActions = {
  CreateVpc: createVpc,
  DeleteVpc: deleteVpc,
  DescribeVpcs: describeVpcs,
  ModifyVpcAttribute: modifyVpcAttribute,
  DescribeVpcAttribute: describeVpcAttribute,
  ModifyVpcTenancy: modifyVpcTenancy,
  AssociateVpcCidrBlock: associateVpcCidrBlock,
  DisassociateVpcCidrBlock: disassociateVpcCidrBlock,
  CreateDefaultVpc: createDefaultVpc,
  DescribeAccountAttributes: describeAccountAttributes,
  DescribeVpcClassicLink: describeVpcClassicLink,
  DescribeVpcClassicLinkDnsSupport: describeVpcClassicLinkDnsSupport,
} satisfies Actions;

function checkedTenancy(tenancy: string | undefined): VpcRecord["InstanceTenancy"] {
  switch (tenancy) {
    case undefined:
    case "default":
      return "default";
    case "dedicated":
      return "dedicated";
    default:
      throw invalidParameterValue(
        `Value (${tenancy}) for parameter instanceTenancy is invalid. Valid values are 'default' and 'dedicated'.`,
      );
  }
}
