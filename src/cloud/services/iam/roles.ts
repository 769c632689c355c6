/** Roles and the policies on them. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
import type {
  AttachRolePolicyCommandInput,
  AttachRolePolicyCommandOutput,
  CreateRoleCommandInput,
  CreateRoleCommandOutput,
  DeleteRoleCommandInput,
  DeleteRoleCommandOutput,
  DeleteRolePermissionsBoundaryCommandInput,
  DeleteRolePermissionsBoundaryCommandOutput,
  DeleteRolePolicyCommandInput,
  DeleteRolePolicyCommandOutput,
  DetachRolePolicyCommandInput,
  DetachRolePolicyCommandOutput,
  GetRoleCommandInput,
  GetRoleCommandOutput,
  GetRolePolicyCommandInput,
  GetRolePolicyCommandOutput,
  ListAttachedRolePoliciesCommandInput,
  ListAttachedRolePoliciesCommandOutput,
  ListRolePoliciesCommandInput,
  ListRolePoliciesCommandOutput,
  ListRolesCommandInput,
  ListRolesCommandOutput,
  ListRoleTagsCommandInput,
  ListRoleTagsCommandOutput,
  PutRolePermissionsBoundaryCommandInput,
  PutRolePermissionsBoundaryCommandOutput,
  PutRolePolicyCommandInput,
  PutRolePolicyCommandOutput,
  Role,
  TagRoleCommandInput,
  TagRoleCommandOutput,
  UntagRoleCommandInput,
  UntagRoleCommandOutput,
  UpdateAssumeRolePolicyCommandInput,
  UpdateAssumeRolePolicyCommandOutput,
  UpdateRoleCommandInput,
  UpdateRoleCommandOutput,
  UpdateRoleDescriptionCommandInput,
  UpdateRoleDescriptionCommandOutput,
} from "@aws-sdk/client-iam";
import { iamArn } from "../../../aws/index.ts";
import type { Action, Actions } from "../action.ts";
import {
  checkedName,
  checkedPath,
  globalRegion,
  markerPage,
  newEntity,
  roleByName,
  uniqueId,
  withoutTags,
  withTags,
} from "./entities.ts";
import { deleteConflict, entityAlreadyExists, noSuchEntity, validationError } from "./errors.ts";
import { policyByArn } from "./policies.ts";
import { checkedDocument, onTheWire } from "./policy-document.ts";
import type { RoleRecord } from "./record.ts";

const createRole: Action<CreateRoleCommandInput, CreateRoleCommandOutput> = (input, context) => {
  const RoleName = checkedName(input.RoleName, "roleName", 64);
  const Path = checkedPath(input.Path);
  if (context.by("role", "name", `${context.caller.accountId}/${RoleName}`).length > 0) {
    throw entityAlreadyExists(`Role with name ${RoleName} already exists.`);
  }
  const record: RoleRecord = {
    ...newEntity(context),
    Arn: iamArn(context.caller.accountId, `role${Path}${RoleName}`),
    RoleId: uniqueId("AROA", context),
    RoleName,
    Path,
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    AssumeRolePolicyDocument: checkedDocument(input.AssumeRolePolicyDocument, "trust"),
    MaxSessionDuration: checkedDuration(input.MaxSessionDuration ?? 3600),
    AttachedPolicyArns: [],
    ...(input.PermissionsBoundary === undefined
      ? {}
      : { PermissionsBoundaryArn: policyByArn(context, input.PermissionsBoundary).Arn }),
    InlinePolicies: [],
    Tags: withTags([], input.Tags),
  };
  context.put("role", record);
  return { Role: toRole(record) };
};

const getRole: Action<GetRoleCommandInput, GetRoleCommandOutput> = ({ RoleName }, context) => ({
  Role: { ...toRole(roleByName(context, RoleName)), RoleLastUsed: {} },
});

const listRoles: Action<ListRolesCommandInput, ListRolesCommandOutput> = (input, context) => {
  const { PathPrefix = "/" } = input;
  const rows = context
    .inScope("role", context.caller.accountId, globalRegion)
    .filter((record) => record.Path.startsWith(PathPrefix));
  const { items, ...page } = markerPage(rows, input);
  // Lists leave tags out. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
  return { Roles: items.map((record) => ({ ...toRole(record), Tags: undefined })), ...page };
};

const deleteRole: Action<DeleteRoleCommandInput, DeleteRoleCommandOutput> = ({ RoleName }, context) => {
  const record = roleByName(context, RoleName);
  if (context.by("instanceProfile", "role", record.Arn).length > 0) {
    throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
  }
  if (record.AttachedPolicyArns.length > 0)
    throw deleteConflict("Cannot delete entity, must detach all policies first.");
  if (record.InlinePolicies.length > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
  context.delete("role", record.Arn);
  return {};
};

const updateRole: Action<UpdateRoleCommandInput, UpdateRoleCommandOutput> = (
  { RoleName, Description, MaxSessionDuration },
  context,
) => {
  const record = roleByName(context, RoleName);
  context.put("role", {
    ...record,
    ...(Description === undefined ? {} : { Description }),
    ...(MaxSessionDuration === undefined ? {} : { MaxSessionDuration: checkedDuration(MaxSessionDuration) }),
  });
  return {};
};

const updateRoleDescription: Action<UpdateRoleDescriptionCommandInput, UpdateRoleDescriptionCommandOutput> = (
  { RoleName, Description },
  context,
) => {
  const record = { ...roleByName(context, RoleName), Description: Description ?? "" };
  context.put("role", record);
  return { Role: toRole(record) };
};

const updateAssumeRolePolicy: Action<UpdateAssumeRolePolicyCommandInput, UpdateAssumeRolePolicyCommandOutput> = (
  { RoleName, PolicyDocument },
  context,
) => {
  const record = roleByName(context, RoleName);
  context.put("role", { ...record, AssumeRolePolicyDocument: checkedDocument(PolicyDocument, "trust") });
  return {};
};

const putRolePermissionsBoundary: Action<
  PutRolePermissionsBoundaryCommandInput,
  PutRolePermissionsBoundaryCommandOutput
> = ({ RoleName, PermissionsBoundary }, context) => {
  const record = roleByName(context, RoleName);
  context.put("role", { ...record, PermissionsBoundaryArn: policyByArn(context, PermissionsBoundary).Arn });
  return {};
};

const deleteRolePermissionsBoundary: Action<
  DeleteRolePermissionsBoundaryCommandInput,
  DeleteRolePermissionsBoundaryCommandOutput
> = ({ RoleName }, context) => {
  const { PermissionsBoundaryArn: _, ...record } = roleByName(context, RoleName);
  context.put("role", record);
  return {};
};

const attachRolePolicy: Action<AttachRolePolicyCommandInput, AttachRolePolicyCommandOutput> = (
  { RoleName, PolicyArn },
  context,
) => {
  const record = roleByName(context, RoleName);
  const { Arn } = policyByArn(context, PolicyArn);
  // Attaching twice is no error.
  context.put("role", { ...record, AttachedPolicyArns: [...new Set([...record.AttachedPolicyArns, Arn])] });
  return {};
};

const detachRolePolicy: Action<DetachRolePolicyCommandInput, DetachRolePolicyCommandOutput> = (
  { RoleName, PolicyArn },
  context,
) => {
  const record = roleByName(context, RoleName);
  if (!record.AttachedPolicyArns.includes(PolicyArn ?? "")) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
  context.put("role", { ...record, AttachedPolicyArns: record.AttachedPolicyArns.filter((arn) => arn !== PolicyArn) });
  return {};
};

const listAttachedRolePolicies: Action<ListAttachedRolePoliciesCommandInput, ListAttachedRolePoliciesCommandOutput> = (
  input,
  context,
) => {
  const policies = roleByName(context, input.RoleName).AttachedPolicyArns.map((arn) => policyByArn(context, arn));
  const { items, ...page } = markerPage(
    policies.filter((policy) => policy.Path.startsWith(input.PathPrefix ?? "/")),
    input,
  );
  return { AttachedPolicies: items.map(({ PolicyName, Arn }) => ({ PolicyName, PolicyArn: Arn })), ...page };
};

const putRolePolicy: Action<PutRolePolicyCommandInput, PutRolePolicyCommandOutput> = (input, context) => {
  const record = roleByName(context, input.RoleName);
  const PolicyName = checkedName(input.PolicyName, "policyName", 128);
  const policy = { PolicyName, PolicyDocument: checkedDocument(input.PolicyDocument, "permissions") };
  const InlinePolicies = [...record.InlinePolicies.filter((each) => each.PolicyName !== PolicyName), policy];
  context.put("role", { ...record, InlinePolicies });
  return {};
};

const getRolePolicy: Action<GetRolePolicyCommandInput, GetRolePolicyCommandOutput> = (
  { RoleName, PolicyName },
  context,
) => {
  const policy = inlinePolicy(roleByName(context, RoleName), PolicyName);
  return { RoleName, PolicyName, PolicyDocument: onTheWire(policy.PolicyDocument) };
};

const deleteRolePolicy: Action<DeleteRolePolicyCommandInput, DeleteRolePolicyCommandOutput> = (
  { RoleName, PolicyName },
  context,
) => {
  const record = roleByName(context, RoleName);
  const policy = inlinePolicy(record, PolicyName);
  context.put("role", { ...record, InlinePolicies: record.InlinePolicies.filter((each) => each !== policy) });
  return {};
};

const listRolePolicies: Action<ListRolePoliciesCommandInput, ListRolePoliciesCommandOutput> = (input, context) => {
  const { items, ...page } = markerPage(roleByName(context, input.RoleName).InlinePolicies, input);
  return { PolicyNames: items.map((policy) => policy.PolicyName), ...page };
};

const tagRole: Action<TagRoleCommandInput, TagRoleCommandOutput> = ({ RoleName, Tags }, context) => {
  const record = roleByName(context, RoleName);
  context.put("role", { ...record, Tags: withTags(record.Tags, Tags) });
  return {};
};

const untagRole: Action<UntagRoleCommandInput, UntagRoleCommandOutput> = ({ RoleName, TagKeys }, context) => {
  const record = roleByName(context, RoleName);
  context.put("role", { ...record, Tags: withoutTags(record.Tags, TagKeys) });
  return {};
};

const listRoleTags: Action<ListRoleTagsCommandInput, ListRoleTagsCommandOutput> = (input, context) => {
  const { items, ...page } = markerPage(roleByName(context, input.RoleName).Tags, input);
  return { Tags: items, ...page };
};

export const roleActions = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  DeleteRole: deleteRole,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  PutRolePermissionsBoundary: putRolePermissionsBoundary,
  DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary,
  AttachRolePolicy: attachRolePolicy,
  DetachRolePolicy: detachRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  PutRolePolicy: putRolePolicy,
  GetRolePolicy: getRolePolicy,
  DeleteRolePolicy: deleteRolePolicy,
  ListRolePolicies: listRolePolicies,
  TagRole: tagRole,
  UntagRole: untagRole,
  ListRoleTags: listRoleTags,
} satisfies Actions;

/** A role as the API shows it. */
export function toRole(record: RoleRecord): Role {
  return {
    Arn: record.Arn,
    RoleId: record.RoleId,
    RoleName: record.RoleName,
    Path: record.Path,
    CreateDate: new Date(record.CreatedAt),
    AssumeRolePolicyDocument: onTheWire(record.AssumeRolePolicyDocument),
    MaxSessionDuration: record.MaxSessionDuration,
    ...(record.Description === undefined ? {} : { Description: record.Description }),
    ...(record.PermissionsBoundaryArn === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy",
            PermissionsBoundaryArn: record.PermissionsBoundaryArn,
          },
        }),
    ...(record.Tags.length === 0 ? {} : { Tags: [...record.Tags] }),
  };
}

function inlinePolicy(record: RoleRecord, name: string | undefined): RoleRecord["InlinePolicies"][number] {
  const policy = record.InlinePolicies.find((each) => each.PolicyName === name);
  if (policy === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return policy;
}

/** Seconds: one hour to twelve. */
function checkedDuration(seconds: number): number {
  if (seconds < 3600 || seconds > 43_200)
    throw validationError(`MaxSessionDuration must be between 3600 and 43200 seconds; got ${seconds}.`);
  return seconds;
}
