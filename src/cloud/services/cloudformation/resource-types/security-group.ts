/** AWS::EC2::SecurityGroup, with the rules that are written into it. */
import type { CreateSecurityGroupCommandOutput, DescribeSecurityGroupsCommandOutput } from "@aws-sdk/client-ec2";
import { isSamePermission, permissionOf, type Rule } from "./ip-permission.ts";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Properties {
  readonly GroupDescription: string;
  readonly GroupName?: string;
  readonly VpcId?: string;
  readonly SecurityGroupIngress?: readonly Rule[];
  readonly SecurityGroupEgress?: readonly Rule[];
  readonly Tags?: readonly ResourceTag[];
}

const everythingOut: Rule = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" };
/** What AWS writes into a new group, the second one where its VPC has IPv6. CloudFormation takes it out when the template has rules of its own. */
const writtenByAws: readonly Rule[] = [everythingOut, { IpProtocol: "-1", CidrIpv6: "::/0" }];
const directions = ["Ingress", "Egress"] as const;

export const securityGroupType = resourceType<Properties>({
  name: "AWS::EC2::SecurityGroup",
  properties: ["GroupDescription", "GroupName", "VpcId", "SecurityGroupIngress", "SecurityGroupEgress", "Tags"],
  create(work) {
    const { GroupDescription: Description, VpcId, GroupName = work.newName(255) } = work.properties;
    const { GroupId = "" } = work.call<CreateSecurityGroupCommandOutput>("ec2:CreateSecurityGroup", {
      GroupName,
      Description,
      VpcId,
      TagSpecifications: tagsFor("security-group", work),
    });
    work.tagAsOwn("security-group", GroupId);
    changeRules(work, GroupId, {});
    // The name stands for a group of the default VPC.
    return VpcId === undefined ? GroupName : GroupId;
  },
  update(work, before) {
    const GroupId = describe(work)?.GroupId ?? "";
    changeRules(work, GroupId, before);
    changeTags(work, GroupId);
  },
  delete: (work) => void work.call("ec2:DeleteSecurityGroup", { GroupId: describe(work)?.GroupId ?? work.physicalId }),
  attributes(work) {
    const group = describe(work);
    return { GroupId: group?.GroupId, Id: work.physicalId, VpcId: group?.VpcId };
  },
});

function describe(work: ResourceWork<Properties>) {
  const filter = work.properties.VpcId === undefined ? "group-name" : "group-id";
  const input = { Filters: [{ Name: filter, Values: [work.physicalId] }] };
  return work.call<DescribeSecurityGroupsCommandOutput>("ec2:DescribeSecurityGroups", input).SecurityGroups?.[0];
}

function changeRules(work: ResourceWork<Properties>, GroupId: string, before: Partial<Properties>): void {
  for (const direction of directions) {
    const own = ownRules(before, direction);
    const past = own.length === 0 && direction === "Egress" ? stillWrittenByAws(work, GroupId) : own;
    const wanted = ownRules(work.properties, direction);
    if (wanted.length === 0 && direction === "Egress") wanted.push(...(own.length === 0 ? past : [everythingOut]));
    const gone = past.filter((rule) => !wanted.some((each) => isSamePermission(each, rule)));
    const added = wanted.filter((rule) => !past.some((each) => isSamePermission(each, rule)));
    if (gone.length > 0)
      work.call(`ec2:RevokeSecurityGroup${direction}`, { GroupId, IpPermissions: gone.map(permissionOf) });
    if (added.length > 0)
      work.call(`ec2:AuthorizeSecurityGroup${direction}`, { GroupId, IpPermissions: added.map(permissionOf) });
  }
}

function ownRules(properties: Partial<Properties>, direction: (typeof directions)[number]): Rule[] {
  return [...(properties[`SecurityGroup${direction}`] ?? [])];
}

function stillWrittenByAws(work: ResourceWork<Properties>, GroupId: string): readonly Rule[] {
  const input = { GroupIds: [GroupId] };
  const [group] =
    work.call<DescribeSecurityGroupsCommandOutput>("ec2:DescribeSecurityGroups", input).SecurityGroups ?? [];
  const all = (group?.IpPermissionsEgress ?? []).filter(({ IpProtocol }) => IpProtocol === "-1");
  return writtenByAws.filter(({ CidrIp, CidrIpv6 }) =>
    all.some(({ IpRanges = [], Ipv6Ranges = [] }) =>
      CidrIp === undefined
        ? Ipv6Ranges.some((each) => each.CidrIpv6 === CidrIpv6)
        : IpRanges.some((each) => each.CidrIp === CidrIp),
    ),
  );
}
