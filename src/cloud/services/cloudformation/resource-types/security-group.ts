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

/** What AWS writes into a new group, and CloudFormation takes out again when the template has rules of its own. */
const everythingOut: Rule = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" };
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
    const wanted = rulesOf(work.properties, direction);
    const past =
      before.GroupDescription === undefined
        ? direction === "Egress"
          ? [everythingOut]
          : []
        : rulesOf(before, direction);
    const gone = past.filter((rule) => !wanted.some((each) => isSamePermission(each, rule)));
    const added = wanted.filter((rule) => !past.some((each) => isSamePermission(each, rule)));
    if (gone.length > 0)
      work.call(`ec2:RevokeSecurityGroup${direction}`, { GroupId, IpPermissions: gone.map(permissionOf) });
    if (added.length > 0)
      work.call(`ec2:AuthorizeSecurityGroup${direction}`, { GroupId, IpPermissions: added.map(permissionOf) });
  }
}

function rulesOf(properties: Partial<Properties>, direction: (typeof directions)[number]): readonly Rule[] {
  const rules = properties[`SecurityGroup${direction}`];
  if (direction === "Egress") return rules === undefined || rules.length === 0 ? [everythingOut] : rules;
  return rules ?? [];
}
