/** The calls that change a group's rules. Each either does all of what it was asked, or refuses and changes nothing. [SG-20 to SG-27] */
import type {
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupEgressCommandOutput,
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressCommandOutput,
  ModifySecurityGroupRulesCommandInput,
  ModifySecurityGroupRulesCommandOutput,
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupEgressCommandOutput,
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandOutput,
  SecurityGroupRuleRequest,
  TagSpecification,
  UpdateSecurityGroupRuleDescriptionsEgressCommandInput,
  UpdateSecurityGroupRuleDescriptionsEgressCommandOutput,
  UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
  UpdateSecurityGroupRuleDescriptionsIngressCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
  missingParameter,
} from "../../../../aws/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { Action, ActionContext } from "../../action.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { groupById, groupNamed } from "./lookup.ts";
import {
  isRequested,
  type PermissionInput,
  type RuleRequest,
  requestedRules,
  wellFormedPrefixListId,
} from "./permissions.ts";
import { rulesPerGroup } from "./quotas.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";
import { referencedGroupId, referenceTo } from "./references.ts";
import { duplicateRule, identityOf, type RuleValues, ruleCidr, ruleDescription, trafficOf } from "./rule.ts";
import { toRevokedRule, toSecurityGroupRule } from "./to-api.ts";

export const authorizeSecurityGroupIngress: Action<
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressCommandOutput
> = (input, context) => authorize(groupNamed(input, context), input, false, context);

export const authorizeSecurityGroupEgress: Action<
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupEgressCommandOutput
> = (input, context) => authorize(groupById(input.GroupId, context), input, true, context);

export const revokeSecurityGroupIngress: Action<
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandOutput
> = (input, context) => revoke(groupNamed(input, context), input, false, context);

export const revokeSecurityGroupEgress: Action<
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupEgressCommandOutput
> = (input, context) => revoke(groupById(input.GroupId, context), input, true, context);

export const updateSecurityGroupRuleDescriptionsIngress: Action<
  UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
  UpdateSecurityGroupRuleDescriptionsIngressCommandOutput
> = (input, context) => updateDescriptions(input, false, context);

export const updateSecurityGroupRuleDescriptionsEgress: Action<
  UpdateSecurityGroupRuleDescriptionsEgressCommandInput,
  UpdateSecurityGroupRuleDescriptionsEgressCommandOutput
> = (input, context) => updateDescriptions(input, true, context);

/** Replaces rules in place; their ids and directions stay. [SG-25] */
export const modifySecurityGroupRules: Action<
  ModifySecurityGroupRulesCommandInput,
  ModifySecurityGroupRulesCommandOutput
> = ({ GroupId, SecurityGroupRules }, context) => {
  const group = groupById(GroupId, context);
  if (!SecurityGroupRules?.length) throw missingParameter("SecurityGroupRule");
  const changed = new Map<string, SecurityGroupRuleRecord>();
  for (const { SecurityGroupRuleId, SecurityGroupRule } of SecurityGroupRules) {
    const rule = ruleById(group, SecurityGroupRuleId);
    if (SecurityGroupRule === undefined) throw missingParameter("SecurityGroupRule.SecurityGroupRule");
    const { SecurityGroupRuleId: id } = rule;
    if (changed.has(id)) throw invalidParameterValue(`The security group rule '${id}' must not appear multiple times`);
    changed.set(id, { SecurityGroupRuleId: id, ...modified(rule, SecurityGroupRule, group, context) });
  }
  const Rules = group.Rules.map((rule) => changed.get(rule.SecurityGroupRuleId) ?? rule);
  const seen = new Set<string>();
  for (const rule of Rules) {
    const identity = identityOf(rule);
    if (seen.has(identity)) throw duplicateRule(rule);
    seen.add(identity);
  }
  checkRuleQuota(Rules, context);
  context.put("securityGroup", { ...group, Rules });
  return { Return: true };
};

function authorize(
  group: SecurityGroupRecord,
  input: PermissionInput & { readonly TagSpecifications?: TagSpecification[] | undefined },
  isEgress: boolean,
  context: ActionContext,
) {
  const requests = requestedRules(input, isEgress);
  if (requests.length === 0) throw missingParameter("IpPermissions");
  const present = new Set(group.Rules.map(identityOf));
  const given = new Set<string>();
  const added: SecurityGroupRuleRecord[] = [];
  for (const request of requests) {
    const values = resolved(request, group, context);
    const identity = identityOf(values);
    if (given.has(identity)) throw invalidParameterValue("The same permission must not appear multiple times");
    if (present.has(identity)) throw duplicateRule(values);
    given.add(identity);
    added.push({ SecurityGroupRuleId: context.newId("sgr"), ...values });
  }
  const Rules = [...group.Rules, ...added];
  checkRuleQuota(Rules, context);
  const changed = { ...group, Rules };
  context.put("securityGroup", changed);
  for (const rule of added) {
    tagNewResource(context, input.TagSpecifications, "security-group-rule", rule.SecurityGroupRuleId);
  }
  return { Return: true, SecurityGroupRules: added.map((rule) => toSecurityGroupRule(rule, changed, context)) };
}

function revoke(
  group: SecurityGroupRecord,
  input: PermissionInput & { readonly SecurityGroupRuleIds?: string[] | undefined },
  isEgress: boolean,
  context: ActionContext,
) {
  const requests = requestedRules(input, isEgress);
  const ids = input.SecurityGroupRuleIds ?? [];
  if (requests.length === 0 && ids.length === 0) throw missingParameter("IpPermissions or SecurityGroupRuleIds");

  const revoked = new Set(ids.map((id) => ruleById(group, id, isEgress)));
  const unknown: RuleRequest[] = [];
  for (const request of requests) {
    const rule = requestedRule(group, request, context);
    if (rule === undefined) unknown.push(request);
    else revoked.add(rule);
  }
  // Only the default VPC forgives what it does not know. [SG-21]
  if (unknown.length > 0 && !context.must("vpc", group.VpcId).IsDefault) throw noSuchRule();

  if (revoked.size > 0) {
    context.put("securityGroup", { ...group, Rules: group.Rules.filter((rule) => !revoked.has(rule)) });
    for (const rule of revoked) forgetTags(context, rule.SecurityGroupRuleId);
  }
  return {
    Return: true,
    RevokedSecurityGroupRules: [...revoked].map((rule) => toRevokedRule(rule, group)),
    ...(unknown.length > 0 && { UnknownIpPermissions: unknown.map((request) => request.permission) }),
  };
}

function updateDescriptions(
  input: UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
  isEgress: boolean,
  context: ActionContext,
) {
  const group = groupNamed(input, context);
  const { IpPermissions, SecurityGroupRuleDescriptions } = input;
  if (IpPermissions?.length && SecurityGroupRuleDescriptions?.length) {
    throw invalidParameterCombination(
      "The parameters IpPermissions and SecurityGroupRuleDescriptions cannot be used together.",
    );
  }
  const descriptions = new Map<SecurityGroupRuleRecord, string | undefined>();
  for (const request of requestedRules({ IpPermissions }, isEgress)) {
    const rule = requestedRule(group, request, context);
    if (rule === undefined) throw noSuchRule();
    descriptions.set(rule, request.Description);
  }
  for (const { SecurityGroupRuleId, Description } of SecurityGroupRuleDescriptions ?? []) {
    descriptions.set(ruleById(group, SecurityGroupRuleId, isEgress), ruleDescription(Description));
  }
  if (descriptions.size === 0) throw missingParameter("IpPermissions or SecurityGroupRuleDescriptions");
  context.put("securityGroup", {
    ...group,
    Rules: group.Rules.map((rule) =>
      descriptions.has(rule) ? { ...rule, Description: descriptions.get(rule) } : rule,
    ),
  });
  return { Return: true };
}

/** A requested rule with its group or prefix list looked up. */
function resolved(request: RuleRequest, group: SecurityGroupRecord, context: ActionContext): RuleValues {
  const { IsEgress, traffic, peer, Description } = request;
  const values = { IsEgress, ...traffic, Description };
  switch (peer.kind) {
    case "cidr":
      return { ...values, ...peer.values };
    case "prefix-list":
      return { ...values, PrefixListId: visiblePrefixList(peer.PrefixListId, context) };
    case "group":
      return { ...values, ReferencedGroup: referenceTo(peer.pair, group, IsEgress, context) };
  }
}

function requestedRule(
  group: SecurityGroupRecord,
  request: RuleRequest,
  context: ActionContext,
): SecurityGroupRuleRecord | undefined {
  return group.Rules.find((rule) => isRequested(rule, request, (pair) => referencedGroupId(pair, context)));
}

function modified(
  rule: SecurityGroupRuleRecord,
  request: SecurityGroupRuleRequest,
  group: SecurityGroupRecord,
  context: ActionContext,
): RuleValues {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId } = request;
  if ([CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId].filter((peer) => peer !== undefined).length !== 1) {
    throw invalidParameterCombination(
      "Specify exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId for a security group rule.",
    );
  }
  const values = {
    IsEgress: rule.IsEgress,
    ...trafficOf(request.IpProtocol, request.FromPort, request.ToPort),
    Description: ruleDescription(request.Description),
  };
  if (CidrIpv4 !== undefined) return { ...values, CidrIpv4: ruleCidr(CidrIpv4, "ipv4") };
  if (CidrIpv6 !== undefined) return { ...values, CidrIpv6: ruleCidr(CidrIpv6, "ipv6") };
  if (PrefixListId !== undefined) {
    return { ...values, PrefixListId: visiblePrefixList(wellFormedPrefixListId(PrefixListId), context) };
  }
  // The request has no account, so a peer account's group can only be kept.
  const kept = rule.ReferencedGroup?.GroupId === ReferencedGroupId ? rule.ReferencedGroup : undefined;
  return {
    ...values,
    ReferencedGroup: kept ?? referenceTo({ GroupId: ReferencedGroupId }, group, rule.IsEgress, context),
  };
}

function ruleById(group: SecurityGroupRecord, id: string | undefined, isEgress?: boolean): SecurityGroupRuleRecord {
  if (!id) throw missingParameter("SecurityGroupRuleId");
  if (!isWellFormedId("sgr", id)) throw ec2Errors.malformed("security-group-rule", id);
  const rule = group.Rules.find((each) => each.SecurityGroupRuleId === id);
  if (rule === undefined || (isEgress !== undefined && rule.IsEgress !== isEgress)) {
    throw ec2Errors.notFound("security-group-rule", id);
  }
  return rule;
}

function visiblePrefixList(id: string, context: ActionContext): string {
  const { accountId, region } = context.caller;
  if (context.visible("managedPrefixList", id, accountId, region) === undefined) {
    throw ec2Errors.notFound("prefix-list", id);
  }
  return id;
}

function noSuchRule(): AwsError {
  return new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
}

/** Each direction has room for so many rules of each address family; a prefix list takes as many as it may hold. [SG-26] */
function checkRuleQuota(rules: readonly SecurityGroupRuleRecord[], transaction: Transaction): void {
  const used = { ingress: { ipv4: 0, ipv6: 0 }, egress: { ipv4: 0, ipv6: 0 } };
  for (const rule of rules) {
    const direction = rule.IsEgress ? used.egress : used.ingress;
    const list = rule.PrefixListId && transaction.get("managedPrefixList", rule.PrefixListId);
    if (list) direction[list.AddressFamily === "IPv6" ? "ipv6" : "ipv4"] += list.MaxEntries;
    // A group stands for addresses of both families.
    if (rule.CidrIpv4 || rule.ReferencedGroup) direction.ipv4 += 1;
    if (rule.CidrIpv6 || rule.ReferencedGroup) direction.ipv6 += 1;
  }
  const most = Math.max(used.ingress.ipv4, used.ingress.ipv6, used.egress.ipv4, used.egress.ipv6);
  if (most > rulesPerGroup) {
    throw new AwsError(
      "RulesPerSecurityGroupLimitExceeded",
      "The maximum number of rules per security group has been reached.",
    );
  }
}
