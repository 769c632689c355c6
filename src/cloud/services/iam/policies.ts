/** Managed policies, the account's own and AWS's. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html */
import type {
  CreatePolicyCommandInput,
  CreatePolicyCommandOutput,
  CreatePolicyVersionCommandInput,
  CreatePolicyVersionCommandOutput,
  DeletePolicyCommandInput,
  DeletePolicyCommandOutput,
  DeletePolicyVersionCommandInput,
  DeletePolicyVersionCommandOutput,
  GetPolicyCommandInput,
  GetPolicyCommandOutput,
  GetPolicyVersionCommandInput,
  GetPolicyVersionCommandOutput,
  ListEntitiesForPolicyCommandInput,
  ListEntitiesForPolicyCommandOutput,
  ListPoliciesCommandInput,
  ListPoliciesCommandOutput,
  ListPolicyTagsCommandInput,
  ListPolicyTagsCommandOutput,
  ListPolicyVersionsCommandInput,
  ListPolicyVersionsCommandOutput,
  Policy,
  PolicyVersion,
  SetDefaultPolicyVersionCommandInput,
  SetDefaultPolicyVersionCommandOutput,
  TagPolicyCommandInput,
  TagPolicyCommandOutput,
  UntagPolicyCommandInput,
  UntagPolicyCommandOutput,
} from "@aws-sdk/client-iam";
import { AwsError, iamArn } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import {
  checkedName,
  checkedPath,
  globalRegion,
  markerPage,
  newEntity,
  uniqueId,
  withoutTags,
  withTags,
} from "./entities.ts";
import { deleteConflict, entityAlreadyExists, limitExceeded, noSuchEntity } from "./errors.ts";
import { managedPolicies, managedPolicy } from "./managed-policies.ts";
import { checkedDocument, onTheWire } from "./policy-document.ts";
import type { PolicyRecord, RoleRecord } from "./record.ts";

const maxVersions = 5;

const createPolicy: Action<CreatePolicyCommandInput, CreatePolicyCommandOutput> = (input, context) => {
  const PolicyName = checkedName(input.PolicyName, "policyName", 128);
  const Path = checkedPath(input.Path);
  const own = context.inScope("policy", context.caller.accountId, globalRegion);
  if (own.some((policy) => policy.PolicyName === PolicyName)) {
    throw entityAlreadyExists(`A policy called ${PolicyName} already exists. Duplicate names are not allowed.`);
  }
  const record: PolicyRecord = {
    ...newEntity(context),
    Arn: iamArn(context.caller.accountId, `policy${Path}${PolicyName}`),
    PolicyId: uniqueId("ANPA", context),
    PolicyName,
    Path,
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    DefaultVersionId: "v1",
    NextVersion: 2,
    Versions: [
      { VersionId: "v1", Document: checkedDocument(input.PolicyDocument, "permissions"), CreatedAt: context.now },
    ],
    Tags: withTags([], input.Tags),
  };
  context.put("policy", record);
  return { Policy: toPolicy(record, context) };
};

const getPolicy: Action<GetPolicyCommandInput, GetPolicyCommandOutput> = ({ PolicyArn }, context) => ({
  Policy: { ...toPolicy(policyByArn(context, PolicyArn), context), Tags: [...policyByArn(context, PolicyArn).Tags] },
});

const listPolicies: Action<ListPoliciesCommandInput, ListPoliciesCommandOutput> = (input, context) => {
  const { Scope = "All", PathPrefix = "/", OnlyAttached = false } = input;
  const local = Scope === "AWS" ? [] : context.inScope("policy", context.caller.accountId, globalRegion);
  const aws = Scope === "Local" ? [] : managedPolicies();
  const rows = [...local, ...aws]
    .filter((record) => record.Path.startsWith(PathPrefix))
    .filter((record) => !OnlyAttached || attachedRoles(record, context).length > 0);
  const { items, ...page } = markerPage(rows, input);
  return {
    Policies: items.map((record) => ({ ...toPolicy(record, context), Description: undefined, Tags: undefined })),
    ...page,
  };
};

const deletePolicy: Action<DeletePolicyCommandInput, DeletePolicyCommandOutput> = ({ PolicyArn }, context) => {
  const record = ownPolicy(context, PolicyArn);
  if (attachedRoles(record, context).length > 0) throw deleteConflict("Cannot delete a policy attached to entities.");
  if (record.Versions.length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  context.delete("policy", record.Arn);
  return {};
};

const createPolicyVersion: Action<CreatePolicyVersionCommandInput, CreatePolicyVersionCommandOutput> = (
  { PolicyArn, PolicyDocument, SetAsDefault = false },
  context,
) => {
  const record = ownPolicy(context, PolicyArn);
  if (record.Versions.length >= maxVersions) {
    throw limitExceeded(
      `A managed policy can have up to ${maxVersions} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  const VersionId = `v${record.NextVersion}`;
  const version = { VersionId, Document: checkedDocument(PolicyDocument, "permissions"), CreatedAt: context.now };
  const after: PolicyRecord = {
    ...record,
    NextVersion: record.NextVersion + 1,
    Versions: [...record.Versions, version],
    DefaultVersionId: SetAsDefault ? VersionId : record.DefaultVersionId,
  };
  context.put("policy", after);
  return { PolicyVersion: { ...toPolicyVersion(after, version), Document: undefined } };
};

const getPolicyVersion: Action<GetPolicyVersionCommandInput, GetPolicyVersionCommandOutput> = (
  { PolicyArn, VersionId },
  context,
) => {
  const record = policyByArn(context, PolicyArn);
  return { PolicyVersion: toPolicyVersion(record, versionOf(record, VersionId)) };
};

const listPolicyVersions: Action<ListPolicyVersionsCommandInput, ListPolicyVersionsCommandOutput> = (
  input,
  context,
) => {
  const record = policyByArn(context, input.PolicyArn);
  const { items, ...page } = markerPage([...record.Versions].reverse(), input);
  return { Versions: items.map((version) => ({ ...toPolicyVersion(record, version), Document: undefined })), ...page };
};

const setDefaultPolicyVersion: Action<SetDefaultPolicyVersionCommandInput, SetDefaultPolicyVersionCommandOutput> = (
  { PolicyArn, VersionId },
  context,
) => {
  const record = ownPolicy(context, PolicyArn);
  context.put("policy", { ...record, DefaultVersionId: versionOf(record, VersionId).VersionId });
  return {};
};

const deletePolicyVersion: Action<DeletePolicyVersionCommandInput, DeletePolicyVersionCommandOutput> = (
  { PolicyArn, VersionId },
  context,
) => {
  const record = ownPolicy(context, PolicyArn);
  const version = versionOf(record, VersionId);
  if (version.VersionId === record.DefaultVersionId)
    throw deleteConflict("Cannot delete the default version of a policy.");
  context.put("policy", { ...record, Versions: record.Versions.filter((each) => each !== version) });
  return {};
};

const listEntitiesForPolicy: Action<ListEntitiesForPolicyCommandInput, ListEntitiesForPolicyCommandOutput> = (
  input,
  context,
) => {
  const roles = attachedRoles(policyByArn(context, input.PolicyArn), context);
  const shown = input.EntityFilter === undefined || input.EntityFilter === "Role" ? roles : [];
  const { items, ...page } = markerPage(shown, input);
  return {
    PolicyRoles: items.map(({ RoleName, RoleId }) => ({ RoleName, RoleId })),
    PolicyGroups: [],
    PolicyUsers: [],
    ...page,
  };
};

const tagPolicy: Action<TagPolicyCommandInput, TagPolicyCommandOutput> = ({ PolicyArn, Tags }, context) => {
  const record = ownPolicy(context, PolicyArn);
  context.put("policy", { ...record, Tags: withTags(record.Tags, Tags) });
  return {};
};

const untagPolicy: Action<UntagPolicyCommandInput, UntagPolicyCommandOutput> = ({ PolicyArn, TagKeys }, context) => {
  const record = ownPolicy(context, PolicyArn);
  context.put("policy", { ...record, Tags: withoutTags(record.Tags, TagKeys) });
  return {};
};

const listPolicyTags: Action<ListPolicyTagsCommandInput, ListPolicyTagsCommandOutput> = (input, context) => {
  const { items, ...page } = markerPage(policyByArn(context, input.PolicyArn).Tags, input);
  return { Tags: items, ...page };
};

export const policyActions = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  ListPolicies: listPolicies,
  DeletePolicy: deletePolicy,
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  TagPolicy: tagPolicy,
  UntagPolicy: untagPolicy,
  ListPolicyTags: listPolicyTags,
} satisfies Actions;

/** The account's own policy or AWS's with this ARN; otherwise refuses. */
export function policyByArn(context: ActionContext, arn: string | undefined): PolicyRecord {
  const own = context.visible("policy", arn ?? "", context.caller.accountId, globalRegion);
  const record = own ?? managedPolicy(arn ?? "");
  if (record === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return record;
}

function ownPolicy(context: ActionContext, arn: string | undefined): PolicyRecord {
  const record = policyByArn(context, arn);
  if (record.OwnerId !== context.caller.accountId) {
    throw new AwsError("AccessDenied", `The policy ${record.Arn} is AWS's own and cannot be changed.`, 403);
  }
  return record;
}

function versionOf(record: PolicyRecord, versionId: string | undefined): PolicyRecord["Versions"][number] {
  const version = record.Versions.find((each) => each.VersionId === versionId);
  if (version === undefined) {
    throw noSuchEntity(`Policy ${record.Arn} version ${versionId} does not exist or is not attachable.`);
  }
  return version;
}

function attachedRoles(record: PolicyRecord, context: ActionContext): readonly RoleRecord[] {
  return context
    .inScope("role", context.caller.accountId, globalRegion)
    .filter((role) => role.AttachedPolicyArns.includes(record.Arn));
}

function toPolicy(record: PolicyRecord, context: ActionContext): Policy {
  const boundaries = context
    .inScope("role", context.caller.accountId, globalRegion)
    .filter((role) => role.PermissionsBoundaryArn === record.Arn);
  return {
    Arn: record.Arn,
    PolicyId: record.PolicyId,
    PolicyName: record.PolicyName,
    Path: record.Path,
    DefaultVersionId: record.DefaultVersionId,
    AttachmentCount: attachedRoles(record, context).length,
    PermissionsBoundaryUsageCount: boundaries.length,
    IsAttachable: true,
    ...(record.Description === undefined ? {} : { Description: record.Description }),
    CreateDate: new Date(record.CreatedAt),
    UpdateDate: new Date(record.Versions.at(-1)?.CreatedAt ?? record.CreatedAt),
    ...(record.Tags.length === 0 ? {} : { Tags: [...record.Tags] }),
  };
}

function toPolicyVersion(record: PolicyRecord, version: PolicyRecord["Versions"][number]): PolicyVersion {
  return {
    VersionId: version.VersionId,
    Document: onTheWire(version.Document),
    IsDefaultVersion: version.VersionId === record.DefaultVersionId,
    CreateDate: new Date(version.CreatedAt),
  };
}
