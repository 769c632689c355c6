/** AWS::EC2::VPCCidrBlock and AWS::EC2::SubnetCidrBlock. */
import type {
  AssociateSubnetCidrBlockCommandOutput,
  AssociateVpcCidrBlockCommandOutput,
  DescribeSubnetsCommandOutput,
  DescribeVpcsCommandOutput,
} from "@aws-sdk/client-ec2";
import { resourceType } from "./resource-type.ts";

interface VpcBlock {
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly AmazonProvidedIpv6CidrBlock?: boolean;
}

export const vpcCidrBlockType = resourceType<VpcBlock>({
  name: "AWS::EC2::VPCCidrBlock",
  properties: ["VpcId", "CidrBlock", "AmazonProvidedIpv6CidrBlock"],
  create({ call, properties: { VpcId, CidrBlock, AmazonProvidedIpv6CidrBlock } }) {
    const answer = call<AssociateVpcCidrBlockCommandOutput>("ec2:AssociateVpcCidrBlock", {
      VpcId,
      CidrBlock,
      AmazonProvidedIpv6CidrBlock,
    });
    return answer.CidrBlockAssociation?.AssociationId ?? answer.Ipv6CidrBlockAssociation?.AssociationId ?? "";
  },
  created({ call, physicalId, properties: { VpcId } }) {
    const [vpc] = call<DescribeVpcsCommandOutput>("ec2:DescribeVpcs", { VpcIds: [VpcId] }).Vpcs ?? [];
    const v4 = vpc?.CidrBlockAssociationSet?.find(({ AssociationId }) => AssociationId === physicalId);
    const v6 = vpc?.Ipv6CidrBlockAssociationSet?.find(({ AssociationId }) => AssociationId === physicalId);
    return (v4?.CidrBlockState ?? v6?.Ipv6CidrBlockState)?.State === "associated";
  },
  delete: ({ call, physicalId }) => void call("ec2:DisassociateVpcCidrBlock", { AssociationId: physicalId }),
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});

interface SubnetBlock {
  readonly SubnetId: string;
  readonly Ipv6CidrBlock?: string;
}

export const subnetCidrBlockType = resourceType<SubnetBlock>({
  name: "AWS::EC2::SubnetCidrBlock",
  properties: ["SubnetId", "Ipv6CidrBlock"],
  create({ call, properties: { SubnetId, Ipv6CidrBlock } }) {
    const input = { SubnetId, Ipv6CidrBlock };
    const answer = call<AssociateSubnetCidrBlockCommandOutput>("ec2:AssociateSubnetCidrBlock", input);
    return answer.Ipv6CidrBlockAssociation?.AssociationId ?? "";
  },
  created({ call, physicalId, properties: { SubnetId } }) {
    const [subnet] = call<DescribeSubnetsCommandOutput>("ec2:DescribeSubnets", { SubnetIds: [SubnetId] }).Subnets ?? [];
    const block = subnet?.Ipv6CidrBlockAssociationSet?.find(({ AssociationId }) => AssociationId === physicalId);
    return block?.Ipv6CidrBlockState?.State === "associated";
  },
  delete: ({ call, physicalId }) => void call("ec2:DisassociateSubnetCidrBlock", { AssociationId: physicalId }),
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});
