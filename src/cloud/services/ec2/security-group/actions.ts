/** Security groups: making, removing and describing them. [SG-10 to SG-14] */
import type {
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  DeleteSecurityGroupCommandInput,
  DeleteSecurityGroupCommandOutput,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsCommandOutput,
  GetSecurityGroupsForVpcCommandInput,
  GetSecurityGroupsForVpcCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, dependencyViolation, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import type { FilterTable } from "../filters.ts";
import { named } from "../required.ts";
import { tagNewResource, tagsOf } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { defaultGroupName, openEgress, removeSecurityGroup } from "./default-security-group.ts";
import { describeSecurityGroupRules } from "./describe-rules.ts";
import { defaultVpc, groupInDefaultVpc, groupNamed, securityGroups } from "./lookup.ts";
import { groupsPerRegion } from "./quotas.ts";
import type { SecurityGroupRecord } from "./record.ts";
import { describeSecurityGroupReferences, describeStaleSecurityGroups } from "./reference-actions.ts";
import { descriptionCharacters, groupDescription, isDescription } from "./rule.ts";
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  modifySecurityGroupRules,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
} from "./rule-actions.ts";
import { groupArn, toSecurityGroup } from "./to-api.ts";

export const createSecurityGroup: Action<CreateSecurityGroupCommandInput, CreateSecurityGroupCommandOutput> = (
  input,
  context,
) => {
  const GroupName = groupName(input.GroupName);
  const Description = groupDescription(input.Description);
  const vpc = input.VpcId ? named(vpcDescription, "VpcId", input.VpcId, context) : defaultVpc(context);
  const { accountId, region } = context.caller;
  // Names differ by more than case within a VPC. [SG-12]
  const taken = context
    .by("securityGroup", "vpc", vpc.VpcId)
    .some((group) => group.GroupName.toLowerCase() === GroupName.toLowerCase());
  if (taken) {
    throw new AwsError(
      "InvalidGroup.Duplicate",
      `The security group '${GroupName}' already exists for VPC '${vpc.VpcId}'`,
    );
  }
  if (context.inScope("securityGroup", accountId, region).length >= groupsPerRegion) {
    throw new AwsError(
      "SecurityGroupLimitExceeded",
      `The maximum number of security groups has been reached: ${groupsPerRegion} in a Region.`,
    );
  }
  const group: SecurityGroupRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: context.now,
    GroupId: context.newId("sg"),
    GroupName,
    Description,
    VpcId: vpc.VpcId,
    Rules: openEgress(context, vpc),
  };
  context.put("securityGroup", group);
  tagNewResource(context, input.TagSpecifications, "security-group", group.GroupId);
  const Tags = tagsOf(context, group.GroupId);
  return { GroupId: group.GroupId, SecurityGroupArn: groupArn(group), ...(Tags.length > 0 && { Tags }) };
};

export const deleteSecurityGroup: Action<DeleteSecurityGroupCommandInput, DeleteSecurityGroupCommandOutput> = (
  input,
  context,
) => {
  const group = groupNamed(input, context);
  const { GroupId, VpcId } = group;
  if (group.GroupName === defaultGroupName) {
    throw new AwsError(
      "CannotDelete",
      `the specified group: "${GroupId}" name: "${defaultGroupName}" cannot be deleted by a user`,
    );
  }
  // A reference from a peer VPC does not hold a group; it becomes stale. [SG-13]
  const referenced = context
    .by("securityGroup", "references", GroupId)
    .some((other) => other.GroupId !== GroupId && other.VpcId === VpcId);
  const used = [context.by("networkInterface", "group", GroupId), context.by("vpcEndpoint", "group", GroupId)];
  if (referenced || used.some((holders) => holders.length > 0)) {
    throw dependencyViolation(`resource ${GroupId} has a dependent object`);
  }
  removeSecurityGroup(context, group);
  return { Return: true, GroupId };
};

export const describeSecurityGroups: Action<DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput> = (
  input,
  context,
) => {
  const named = (input.GroupNames ?? []).map((name) => groupInDefaultVpc(name, context).GroupId);
  const { records, NextToken } = describe(securityGroups, [...(input.GroupIds ?? []), ...named], input, context);
  return { SecurityGroups: records.map((group) => toSecurityGroup(group, context)), NextToken };
};

const forVpcFilters: FilterTable<SecurityGroupRecord> = {
  "group-id": (group) => group.GroupId,
  description: (group) => group.Description,
  "group-name": (group) => group.GroupName,
  "owner-id": (group) => group.OwnerId,
  "primary-vpc-id": (group) => group.VpcId,
};

export const getSecurityGroupsForVpc: Action<
  GetSecurityGroupsForVpcCommandInput,
  GetSecurityGroupsForVpcCommandOutput
> = (input, context) => {
  const { VpcId } = named(vpcDescription, "VpcId", input.VpcId, context);
  const { records, NextToken } = describe(
    { ...securityGroups, filters: forVpcFilters, indexed: {}, shown: (group) => group.VpcId === VpcId },
    undefined,
    input,
    context,
  );
  return { SecurityGroupForVpcs: records.map((group) => forVpc(group, context)), NextToken };
};

export const securityGroupActions = {
  CreateSecurityGroup: createSecurityGroup,
  DeleteSecurityGroup: deleteSecurityGroup,
  DescribeSecurityGroups: describeSecurityGroups,
  GetSecurityGroupsForVpc: getSecurityGroupsForVpc,
  DescribeSecurityGroupRules: describeSecurityGroupRules,
  AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
  AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
  RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
  RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
  ModifySecurityGroupRules: modifySecurityGroupRules,
  UpdateSecurityGroupRuleDescriptionsIngress: updateSecurityGroupRuleDescriptionsIngress,
  UpdateSecurityGroupRuleDescriptionsEgress: updateSecurityGroupRuleDescriptionsEgress,
  DescribeSecurityGroupReferences: describeSecurityGroupReferences,
  DescribeStaleSecurityGroups: describeStaleSecurityGroups,
} satisfies Actions;

function forVpc({ GroupId, GroupName, Description, OwnerId, VpcId }: SecurityGroupRecord, context: ActionContext) {
  return { GroupId, GroupName, Description, OwnerId, PrimaryVpcId: VpcId, Tags: tagsOf(context, GroupId) };
}

/** Spaces at the end do not count; for the rest AWS's characters, which are those of a description. [SG-12] */
function groupName(text: string | undefined): string {
  const name = text?.trimEnd();
  if (!name) throw missingParameter("GroupName");
  if (name.toLowerCase() === defaultGroupName) {
    throw new AwsError("InvalidGroup.Reserved", `The security group '${name}' is reserved`);
  }
  if (name.toLowerCase().startsWith("sg-")) {
    throw invalidParameterValue(
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
    );
  }
  if (!isDescription(name)) {
    throw invalidParameterValue(
      `Value (${name}) for parameter GroupName is invalid. Names have up to 255 characters from the following set: ${descriptionCharacters}`,
    );
  }
  return name;
}
