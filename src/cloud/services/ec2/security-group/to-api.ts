/** Security groups and their rules as the API shows them. [SG-23, SG-24] */
import type { RevokedSecurityGroupRule, SecurityGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { ec2Arn } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { tagsOf } from "../tag/tags.ts";
import { toPermissions, toUserIdGroupPair } from "./permissions.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";

export function toSecurityGroup(group: SecurityGroupRecord, context: ActionContext): SecurityGroup {
  return {
    GroupId: group.GroupId,
    GroupName: group.GroupName,
    Description: group.Description,
    OwnerId: group.OwnerId,
    VpcId: group.VpcId,
    SecurityGroupArn: groupArn(group),
    IpPermissions: toPermissions(group, false, context),
    IpPermissionsEgress: toPermissions(group, true, context),
    Tags: tagsOf(context, group.GroupId),
  };
}

export function groupArn({ Region, OwnerId, GroupId }: SecurityGroupRecord): string {
  return ec2Arn(Region, OwnerId, "security-group", GroupId);
}

/** Unlike a permission, a rule shows -1 where it has no ports. [SG-23] */
export function toSecurityGroupRule(
  rule: SecurityGroupRuleRecord,
  group: SecurityGroupRecord,
  context: ActionContext,
): SecurityGroupRule {
  const { SecurityGroupRuleId, ReferencedGroup } = rule;
  return {
    SecurityGroupRuleId,
    GroupId: group.GroupId,
    GroupOwnerId: group.OwnerId,
    IsEgress: rule.IsEgress,
    IpProtocol: rule.IpProtocol,
    FromPort: rule.FromPort,
    ToPort: rule.ToPort,
    CidrIpv4: rule.CidrIpv4,
    CidrIpv6: rule.CidrIpv6,
    PrefixListId: rule.PrefixListId,
    ReferencedGroupInfo: ReferencedGroup && toUserIdGroupPair(ReferencedGroup, group.VpcId, context),
    Description: rule.Description,
    Tags: tagsOf(context, SecurityGroupRuleId),
    SecurityGroupRuleArn: ec2Arn(group.Region, group.OwnerId, "security-group-rule", SecurityGroupRuleId),
  };
}

export function toRevokedRule(
  rule: SecurityGroupRuleRecord,
  { GroupId }: SecurityGroupRecord,
): RevokedSecurityGroupRule {
  const { ReferencedGroup, ...rest } = rule;
  return { ...rest, GroupId, ReferencedGroupId: ReferencedGroup?.GroupId };
}
