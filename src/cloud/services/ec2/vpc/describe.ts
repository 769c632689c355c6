/** VPCs as the API shows them, and how they are found. */
import type { Vpc, VpcCidrBlockAssociation, VpcIpv6CidrBlockAssociation } from "@aws-sdk/client-ec2";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import type { FilterTable } from "../filters.ts";
import { tagsOf } from "../tag/tags.ts";
import type { VpcRecord } from "./record.ts";

const filters: FilterTable<VpcRecord> = {
  cidr: (vpc) => vpc.CidrBlock,
  "cidr-block-association.association-id": (vpc) => vpc.CidrBlockAssociationSet.map((each) => each.AssociationId),
  "cidr-block-association.cidr-block": (vpc) => vpc.CidrBlockAssociationSet.map((each) => each.CidrBlock),
  "cidr-block-association.state": (vpc) => vpc.CidrBlockAssociationSet.map((each) => each.State),
  "dhcp-options-id": (vpc) => vpc.DhcpOptionsId,
  "ipv6-cidr-block-association.association-id": (vpc) =>
    vpc.Ipv6CidrBlockAssociationSet.map((each) => each.AssociationId),
  "ipv6-cidr-block-association.ipv6-cidr-block": (vpc) => vpc.Ipv6CidrBlockAssociationSet.map((each) => each.CidrBlock),
  "ipv6-cidr-block-association.ipv6-pool": (vpc) => vpc.Ipv6CidrBlockAssociationSet.map(() => "Amazon"),
  "ipv6-cidr-block-association.state": (vpc) => vpc.Ipv6CidrBlockAssociationSet.map((each) => each.State),
  "is-default": (vpc) => vpc.IsDefault,
  "owner-id": (vpc) => vpc.OwnerId,
  state: (vpc) => vpc.State,
  "vpc-id": (vpc) => vpc.VpcId,
  // Older spellings, which EC2 still takes and clients (the CDK's VPC look-up) still send.
  "cidr-block": (vpc) => vpc.CidrBlock,
  cidrBlock: (vpc) => vpc.CidrBlock,
  dhcpOptionsId: (vpc) => vpc.DhcpOptionsId,
  isDefault: (vpc) => vpc.IsDefault,
};

export const vpcDescription: DescribeDefinition<"vpc"> = {
  table: "vpc",
  kind: "vpc",
  idPrefix: "vpc",
  filters,
};

/** A VPC in the answer to its creation: nothing is said of public access yet, and the list of IPv6 blocks is there though empty. */
export function newVpcToApi(vpc: VpcRecord, context: ActionContext): Vpc {
  const { BlockPublicAccessStates: _, ...shown } = vpcToApi(vpc, context);
  return { Ipv6CidrBlockAssociationSet: [], ...shown };
}

export function vpcToApi(vpc: VpcRecord, context: ActionContext): Vpc {
  const ipv6 = vpc.Ipv6CidrBlockAssociationSet.map(ipv6CidrBlockAssociationToApi);
  const Tags = tagsOf(context, vpc.VpcId);
  return {
    VpcId: vpc.VpcId,
    OwnerId: vpc.OwnerId,
    State: vpc.State,
    CidrBlock: vpc.CidrBlock,
    CidrBlockAssociationSet: vpc.CidrBlockAssociationSet.map(cidrBlockAssociationToApi),
    DhcpOptionsId: vpc.DhcpOptionsId,
    InstanceTenancy: vpc.InstanceTenancy,
    IsDefault: vpc.IsDefault,
    BlockPublicAccessStates: { InternetGatewayBlockMode: "off" },
    // A VPC without IPv6 or without tags is shown without the lists.
    ...(ipv6.length > 0 ? { Ipv6CidrBlockAssociationSet: ipv6 } : {}),
    ...(Tags.length > 0 ? { Tags } : {}),
  };
}

export function cidrBlockAssociationToApi({
  AssociationId,
  CidrBlock,
  State,
}: VpcRecord["CidrBlockAssociationSet"][number]): VpcCidrBlockAssociation {
  return { AssociationId, CidrBlock, CidrBlockState: { State } };
}

export function ipv6CidrBlockAssociationToApi(
  association: VpcRecord["Ipv6CidrBlockAssociationSet"][number],
): VpcIpv6CidrBlockAssociation {
  return {
    AssociationId: association.AssociationId,
    Ipv6CidrBlock: association.CidrBlock,
    Ipv6CidrBlockState: { State: association.State },
    NetworkBorderGroup: association.NetworkBorderGroup,
    Ipv6Pool: "Amazon",
    Ipv6AddressAttribute: "public",
    IpSource: "amazon",
  };
}
