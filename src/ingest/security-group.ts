/** Security groups. Their rules have ids of their own in DescribeSecurityGroupRules; where that was not read, DescribeSecurityGroups tells the rest. */
import type { SecurityGroup, SecurityGroupRule } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import type { Part, Seen } from "./part.ts";
import type { Report } from "./report.ts";
import { readRule, rulesOfPermissions } from "./security-group-rule.ts";

export function readSecurityGroups(parts: readonly Part[], report: Report): readonly SecurityGroup[] {
  return mergeResources(parts.flatMap(securityGroupsOf), report);
}

function securityGroupsOf(part: Part): readonly Seen<SecurityGroup>[] {
  const rules = rulesByGroup(part);
  return part.readEach("SecurityGroups", { field: "GroupId", prefix: "sg" }, (item, groupId) => {
    const named = rules.get(groupId) ?? [];
    const anonymous = rulesOfPermissions(item, groupId);
    return {
      ...resourceFields(item, part),
      groupId,
      groupName: item.text("GroupName") ?? groupId,
      // A group outside any VPC is one of EC2-Classic, which is no more.
      vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
      // Two calls are two moments: the rules with ids count when they are as many.
      rules: named.length === anonymous.length ? named : anonymous,
    };
  });
}

function rulesByGroup(part: Part): ReadonlyMap<string, readonly SecurityGroupRule[]> {
  const groups = new Map<string, SecurityGroupRule[]>();
  const rules = part.readEach(
    "SecurityGroupRules",
    { field: "SecurityGroupRuleId", prefix: "sgr" },
    (item: Item, id) => {
      const groupId = required(item, "GroupId", item.text("GroupId"));
      return { groupId, rule: readRule(item, id) };
    },
  );
  for (const { value } of rules) {
    if (value === undefined) continue;
    const { groupId, rule } = value;
    groups.set(groupId, [...(groups.get(groupId) ?? []), rule]);
  }
  return groups;
}
