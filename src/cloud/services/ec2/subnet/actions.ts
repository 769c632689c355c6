/** The subnet actions of EC2. */
import type {
  CreateSubnetCommandInput,
  CreateSubnetCommandOutput,
  DeleteSubnetCommandInput,
  DeleteSubnetCommandOutput,
  DescribeSubnetsCommandInput,
  DescribeSubnetsCommandOutput,
} from "@aws-sdk/client-ec2";
import { dependencyViolation } from "../../../../aws/index.ts";
import type { Action, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named, required } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { hasEnded } from "../transit-gateway-attachment/states.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { modifySubnetAttribute } from "./attributes.ts";
import { associateSubnetCidrBlock, disassociateSubnetCidrBlock } from "./cidr-blocks.ts";
import { checkedSubnetBlock, checkedSubnetIpv6Block, checkedZone, createSubnetRecord } from "./create-subnet.ts";
import { createDefaultSubnet } from "./default-subnet.ts";
import { subnetDescription, subnetToApi } from "./describe.ts";

const createSubnet: Action<CreateSubnetCommandInput, CreateSubnetCommandOutput> = (input, context) => {
  const { OutpostArn, Ipv6Native, Ipv4IpamPoolId, Ipv4NetmaskLength, Ipv6IpamPoolId, Ipv6NetmaskLength } = input;
  refuseUnmodelled("CreateSubnet", {
    OutpostArn,
    Ipv6Native,
    Ipv4IpamPoolId,
    Ipv4NetmaskLength,
    Ipv6IpamPoolId,
    Ipv6NetmaskLength,
  });
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const zone = checkedZone(vpc, { name: input.AvailabilityZone, id: input.AvailabilityZoneId });
  const cidrBlock = checkedSubnetBlock(context, vpc, required("CidrBlock", input.CidrBlock));
  const ipv6CidrBlock =
    input.Ipv6CidrBlock === undefined ? undefined : checkedSubnetIpv6Block(context, vpc, input.Ipv6CidrBlock);
  checkQuota("subnetsPerVpc", context.by("subnet", "vpc", vpc.VpcId).length + 1);
  const subnet = createSubnetRecord(context, vpc, { cidrBlock, ipv6CidrBlock, zone, isDefault: false });
  tagNewResource(context, input.TagSpecifications, "subnet", subnet.SubnetId);
  return { Subnet: subnetToApi(subnet, context) };
};

/** Associations with route tables and network ACLs go with the subnet; an interface stands in the way. [AD-35] */
const deleteSubnet: Action<DeleteSubnetCommandInput, DeleteSubnetCommandOutput> = (input, context) => {
  const { SubnetId } = named(subnetDescription, "SubnetId", input.SubnetId, context);
  // An attachment that waits for its acceptance has no interface yet.
  const attached = context.by("transitGatewayVpcAttachment", "subnet", SubnetId).some((each) => !hasEnded(each));
  if (attached || context.by("networkInterface", "subnet", SubnetId).length > 0) {
    throw dependencyViolation(`The subnet '${SubnetId}' has dependencies and cannot be deleted.`);
  }
  for (const table of context.by("routeTable", "subnet", SubnetId)) {
    context.put("routeTable", {
      ...table,
      Associations: table.Associations.filter((association) => association.SubnetId !== SubnetId),
    });
  }
  context.delete("subnet", SubnetId);
  forgetTags(context, SubnetId);
  return {};
};

const describeSubnets: Action<DescribeSubnetsCommandInput, DescribeSubnetsCommandOutput> = (input, context) => {
  const { records, NextToken } = describe(subnetDescription, input.SubnetIds, input, context);
  return { Subnets: records.map((subnet) => subnetToApi(subnet, context)), NextToken };
};

export const subnetActions = {
  CreateSubnet: createSubnet,
  DeleteSubnet: deleteSubnet,
  DescribeSubnets: describeSubnets,
  ModifySubnetAttribute: modifySubnetAttribute,
  AssociateSubnetCidrBlock: associateSubnetCidrBlock,
  DisassociateSubnetCidrBlock: disassociateSubnetCidrBlock,
  CreateDefaultSubnet: createDefaultSubnet,
} satisfies Actions;
