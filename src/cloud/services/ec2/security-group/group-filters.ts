/** The filters of DescribeSecurityGroups. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html */
import type { ActionContext } from "../../action.ts";
import type { FilterTable } from "../filters.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";
import { hasPorts } from "./rule.ts";

export const groupFilters: FilterTable<SecurityGroupRecord> = {
  description: (group) => group.Description,
  "group-id": (group) => group.GroupId,
  "group-name": (group) => group.GroupName,
  "owner-id": (group) => group.OwnerId,
  "vpc-id": (group) => group.VpcId,
  ...permissionFilters("ip-permission", false),
  ...permissionFilters("egress.ip-permission", true),
};

function permissionFilters(prefix: string, isEgress: boolean): FilterTable<SecurityGroupRecord> {
  const ofRules =
    (value: (rule: SecurityGroupRuleRecord, context: ActionContext) => string | number | undefined) =>
    (group: SecurityGroupRecord, context: ActionContext): (string | number | undefined)[] =>
      group.Rules.filter((rule) => rule.IsEgress === isEgress).map((rule) => value(rule, context));
  return {
    [`${prefix}.cidr`]: ofRules((rule) => rule.CidrIpv4),
    [`${prefix}.ipv6-cidr`]: ofRules((rule) => rule.CidrIpv6),
    [`${prefix}.prefix-list-id`]: ofRules((rule) => rule.PrefixListId),
    [`${prefix}.group-id`]: ofRules((rule) => rule.ReferencedGroup?.GroupId),
    [`${prefix}.group-name`]: ofRules((rule, context) => referencedName(rule, context)),
    [`${prefix}.user-id`]: ofRules((rule) => rule.ReferencedGroup?.UserId),
    [`${prefix}.protocol`]: ofRules((rule) => rule.IpProtocol),
    [`${prefix}.from-port`]: ofRules((rule) => (hasPorts(rule.IpProtocol) ? rule.FromPort : undefined)),
    [`${prefix}.to-port`]: ofRules((rule) => (hasPorts(rule.IpProtocol) ? rule.ToPort : undefined)),
  };
}

/** Only the names of the caller's own groups are the caller's to know. */
function referencedName({ ReferencedGroup }: SecurityGroupRuleRecord, context: ActionContext): string | undefined {
  if (ReferencedGroup === undefined) return undefined;
  const { accountId, region } = context.caller;
  return context.visible("securityGroup", ReferencedGroup.GroupId, accountId, region)?.GroupName;
}
