/** AWS::EC2::NetworkAcl, its entries, and its associations with subnets. */
import type {
  CreateNetworkAclCommandOutput,
  DescribeNetworkAclsCommandOutput,
  ReplaceNetworkAclAssociationCommandOutput,
} from "@aws-sdk/client-ec2";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

export const networkAclType = resourceType<{ readonly VpcId: string; readonly Tags?: readonly ResourceTag[] }>({
  name: "AWS::EC2::NetworkAcl",
  properties: ["VpcId", "Tags"],
  create(work) {
    const { NetworkAcl } = work.call<CreateNetworkAclCommandOutput>("ec2:CreateNetworkAcl", {
      VpcId: work.properties.VpcId,
      TagSpecifications: tagsFor("network-acl", work),
    });
    const id = NetworkAcl?.NetworkAclId ?? "";
    work.tagAsOwn("network-acl", id);
    return id;
  },
  update: (work) => changeTags(work),
  delete: (work) => void work.call("ec2:DeleteNetworkAcl", { NetworkAclId: work.physicalId }),
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});

interface Entry {
  readonly NetworkAclId: string;
  readonly RuleNumber: number;
  readonly Protocol: number;
  readonly RuleAction: string;
  readonly Egress?: boolean;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly Icmp?: { readonly Code?: number; readonly Type?: number };
  readonly PortRange?: { readonly From?: number; readonly To?: number };
}

export const networkAclEntryType = resourceType<Entry>({
  name: "AWS::EC2::NetworkAclEntry",
  properties: [
    "NetworkAclId",
    "RuleNumber",
    "Protocol",
    "RuleAction",
    "Egress",
    "CidrBlock",
    "Ipv6CidrBlock",
    "Icmp",
    "PortRange",
  ],
  create(work) {
    work.call("ec2:CreateNetworkAclEntry", entryInput(work.properties));
    return work.newName(255);
  },
  update: (work) => void work.call("ec2:ReplaceNetworkAclEntry", entryInput(work.properties)),
  delete({ call, properties: { NetworkAclId, RuleNumber, Egress = false } }) {
    call("ec2:DeleteNetworkAclEntry", { NetworkAclId, RuleNumber, Egress });
  },
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});

function entryInput({ Protocol, Egress = false, Icmp, ...rest }: Entry) {
  return { ...rest, Egress, Protocol: String(Protocol), IcmpTypeCode: Icmp };
}

interface Association {
  readonly NetworkAclId: string;
  readonly SubnetId: string;
}

export const subnetNetworkAclAssociationType = resourceType<Association>({
  name: "AWS::EC2::SubnetNetworkAclAssociation",
  properties: ["NetworkAclId", "SubnetId"],
  create: (work) => associate(work, work.properties.NetworkAclId),
  /** A subnet always has a network ACL: its VPC's default one, then. */
  delete(work) {
    const { association, vpcId } = current(work);
    if (association?.NetworkAclAssociationId !== work.physicalId) return;
    const { NetworkAcls = [] } = describe(work, "vpc-id", vpcId);
    const standard = NetworkAcls.find(({ IsDefault }) => IsDefault)?.NetworkAclId;
    if (standard !== undefined) associate(work, standard);
  },
  attributes: ({ physicalId }) => ({ AssociationId: physicalId }),
});

function associate(work: ResourceWork<Association>, NetworkAclId: string): string {
  const AssociationId = current(work).association?.NetworkAclAssociationId;
  const input = { AssociationId, NetworkAclId };
  const answer = work.call<ReplaceNetworkAclAssociationCommandOutput>("ec2:ReplaceNetworkAclAssociation", input);
  return answer.NewAssociationId ?? "";
}

function current(work: ResourceWork<Association>) {
  const { SubnetId } = work.properties;
  const { NetworkAcls = [] } = describe(work, "association.subnet-id", SubnetId);
  const association = NetworkAcls.flatMap(({ Associations = [] }) => Associations).find(
    (each) => each.SubnetId === SubnetId,
  );
  return { association, vpcId: NetworkAcls[0]?.VpcId ?? "" };
}

function describe(work: ResourceWork<Association>, Name: string, value: string): DescribeNetworkAclsCommandOutput {
  return work.call("ec2:DescribeNetworkAcls", { Filters: [{ Name, Values: [value] }] });
}
