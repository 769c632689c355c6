/** DescribeSecurityGroupRules: rules by their own ids, over all of the caller's groups. [SG-23] */
import type {
  DescribeSecurityGroupRulesCommandInput,
  DescribeSecurityGroupRulesCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
} from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { type FilterTable, matcher } from "../filters.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";
import { toSecurityGroupRule } from "./to-api.ts";

interface RuleOfGroup {
  readonly rule: SecurityGroupRuleRecord;
  readonly group: SecurityGroupRecord;
}

const filters: FilterTable<RuleOfGroup> = {
  "group-id": ({ group }) => group.GroupId,
  "security-group-rule-id": ({ rule }) => rule.SecurityGroupRuleId,
};

export const describeSecurityGroupRules: Action<
  DescribeSecurityGroupRulesCommandInput,
  DescribeSecurityGroupRulesCommandOutput
> = (input, context) => {
  const { SecurityGroupRuleIds: ids, MaxResults, NextToken } = input;
  if (ids?.length && MaxResults !== undefined) {
    throw invalidParameterCombination(
      "The parameter SecurityGroupRuleIds cannot be used with the parameter MaxResults",
    );
  }
  if (MaxResults !== undefined && (MaxResults < 5 || MaxResults > 1000)) {
    throw invalidParameterValue(
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  const matches = matcher(input.Filters, filters, ({ rule }) => rule.SecurityGroupRuleId, context);
  const found = (ids?.length ? rulesByIds(ids, context) : rulesInScope(input, context)).filter(matches);
  const start = NextToken === undefined ? 0 : startOf(NextToken, found);
  const end = MaxResults === undefined ? found.length : start + MaxResults;
  const last = found[end - 1];
  return {
    SecurityGroupRules: found.slice(start, end).map(({ rule, group }) => toSecurityGroupRule(rule, group, context)),
    ...(end < found.length && last && { NextToken: btoa(last.rule.SecurityGroupRuleId) }),
  };
};

function rulesByIds(ids: readonly string[], context: ActionContext): RuleOfGroup[] {
  for (const id of ids) if (!isWellFormedId("sgr", id)) throw ec2Errors.malformed("security-group-rule", id);
  const { accountId, region } = context.caller;
  const found: RuleOfGroup[] = [];
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const [group] = context
      .by("securityGroup", "rule", id)
      .filter((each) => context.visible("securityGroup", each.GroupId, accountId, region) !== undefined);
    const rule = group?.Rules.find((each) => each.SecurityGroupRuleId === id);
    if (group !== undefined && rule !== undefined) found.push({ rule, group });
    else missing.push(id);
  }
  if (missing.length > 0) throw ec2Errors.notFound("security-group-rule", ...missing);
  return found;
}

/** Every rule that the caller sees, or only those of the groups that a filter names by whole ids. */
function rulesInScope(
  { Filters }: Pick<DescribeSecurityGroupRulesCommandInput, "Filters">,
  context: ActionContext,
): RuleOfGroup[] {
  const { accountId, region } = context.caller;
  const named = Filters?.find(({ Name }) => Name === "group-id")?.Values;
  const groups = named?.every((id) => isWellFormedId("sg", id))
    ? [...new Set(named)].flatMap((id) => context.visible("securityGroup", id, accountId, region) ?? [])
    : context.inScope("securityGroup", accountId, region);
  return groups.flatMap((group) => group.Rules.map((rule) => ({ rule, group })));
}

/** A token names the last rule given. One that is not ours, or whose rule is gone, cannot be continued. */
function startOf(token: string, found: readonly RuleOfGroup[]): number {
  const at = found.findIndex(({ rule }) => btoa(rule.SecurityGroupRuleId) === token);
  if (at < 0) {
    throw invalidParameterValue(
      `The token '${token}' is invalid or has expired. Start again without NextToken.`,
      "InvalidNextToken",
    );
  }
  return at + 1;
}
