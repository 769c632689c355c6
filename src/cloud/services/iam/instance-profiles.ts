/** Instance profiles: how a role gets to an instance. https://docs.aws.amazon.com/IAM/latest/APIReference/API_InstanceProfile.html */
import type {
  AddRoleToInstanceProfileCommandInput,
  AddRoleToInstanceProfileCommandOutput,
  CreateInstanceProfileCommandInput,
  CreateInstanceProfileCommandOutput,
  DeleteInstanceProfileCommandInput,
  DeleteInstanceProfileCommandOutput,
  GetInstanceProfileCommandInput,
  GetInstanceProfileCommandOutput,
  InstanceProfile,
  ListInstanceProfilesCommandInput,
  ListInstanceProfilesCommandOutput,
  ListInstanceProfilesForRoleCommandInput,
  ListInstanceProfilesForRoleCommandOutput,
  ListInstanceProfileTagsCommandInput,
  ListInstanceProfileTagsCommandOutput,
  RemoveRoleFromInstanceProfileCommandInput,
  RemoveRoleFromInstanceProfileCommandOutput,
  TagInstanceProfileCommandInput,
  TagInstanceProfileCommandOutput,
  UntagInstanceProfileCommandInput,
  UntagInstanceProfileCommandOutput,
} from "@aws-sdk/client-iam";
import { iamArn } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import {
  checkedName,
  checkedPath,
  globalRegion,
  instanceProfileByName,
  markerPage,
  newEntity,
  roleByName,
  uniqueId,
  withoutTags,
  withTags,
} from "./entities.ts";
import { deleteConflict, entityAlreadyExists, limitExceeded, noSuchEntity } from "./errors.ts";
import type { InstanceProfileRecord } from "./record.ts";
import { toRole } from "./roles.ts";

const createInstanceProfile: Action<CreateInstanceProfileCommandInput, CreateInstanceProfileCommandOutput> = (
  input,
  context,
) => {
  const InstanceProfileName = checkedName(input.InstanceProfileName, "instanceProfileName", 128);
  const Path = checkedPath(input.Path);
  if (context.by("instanceProfile", "name", `${context.caller.accountId}/${InstanceProfileName}`).length > 0) {
    throw entityAlreadyExists(`Instance Profile ${InstanceProfileName} already exists.`);
  }
  const record: InstanceProfileRecord = {
    ...newEntity(context),
    Arn: iamArn(context.caller.accountId, `instance-profile${Path}${InstanceProfileName}`),
    InstanceProfileId: uniqueId("AIPA", context),
    InstanceProfileName,
    Path,
    RoleArns: [],
    Tags: withTags([], input.Tags),
  };
  context.put("instanceProfile", record);
  return { InstanceProfile: toInstanceProfile(record, context) };
};

const getInstanceProfile: Action<GetInstanceProfileCommandInput, GetInstanceProfileCommandOutput> = (
  { InstanceProfileName },
  context,
) => ({
  InstanceProfile: toInstanceProfile(instanceProfileByName(context, InstanceProfileName), context),
});

const deleteInstanceProfile: Action<DeleteInstanceProfileCommandInput, DeleteInstanceProfileCommandOutput> = (
  { InstanceProfileName },
  context,
) => {
  const record = instanceProfileByName(context, InstanceProfileName);
  if (record.RoleArns.length > 0)
    throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
  context.delete("instanceProfile", record.Arn);
  return {};
};

const addRoleToInstanceProfile: Action<AddRoleToInstanceProfileCommandInput, AddRoleToInstanceProfileCommandOutput> = (
  { InstanceProfileName, RoleName },
  context,
) => {
  const record = instanceProfileByName(context, InstanceProfileName);
  const role = roleByName(context, RoleName);
  if (record.RoleArns.length > 0) throw limitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
  context.put("instanceProfile", { ...record, RoleArns: [role.Arn] });
  return {};
};

const removeRoleFromInstanceProfile: Action<
  RemoveRoleFromInstanceProfileCommandInput,
  RemoveRoleFromInstanceProfileCommandOutput
> = ({ InstanceProfileName, RoleName }, context) => {
  const record = instanceProfileByName(context, InstanceProfileName);
  const role = roleByName(context, RoleName);
  if (!record.RoleArns.includes(role.Arn))
    throw noSuchEntity(`Role ${RoleName} in Instance Profile ${InstanceProfileName} cannot be found.`);
  context.put("instanceProfile", { ...record, RoleArns: [] });
  return {};
};

const listInstanceProfiles: Action<ListInstanceProfilesCommandInput, ListInstanceProfilesCommandOutput> = (
  input,
  context,
) => {
  const { PathPrefix = "/" } = input;
  const rows = context.inScope("instanceProfile", context.caller.accountId, globalRegion);
  const { items, ...page } = markerPage(
    rows.filter((record) => record.Path.startsWith(PathPrefix)),
    input,
  );
  return { InstanceProfiles: items.map((record) => toInstanceProfile(record, context)), ...page };
};

const listInstanceProfilesForRole: Action<
  ListInstanceProfilesForRoleCommandInput,
  ListInstanceProfilesForRoleCommandOutput
> = (input, context) => {
  const role = roleByName(context, input.RoleName);
  const { items, ...page } = markerPage(context.by("instanceProfile", "role", role.Arn), input);
  return { InstanceProfiles: items.map((record) => toInstanceProfile(record, context)), ...page };
};

const tagInstanceProfile: Action<TagInstanceProfileCommandInput, TagInstanceProfileCommandOutput> = (
  { InstanceProfileName, Tags },
  context,
) => {
  const record = instanceProfileByName(context, InstanceProfileName);
  context.put("instanceProfile", { ...record, Tags: withTags(record.Tags, Tags) });
  return {};
};

const untagInstanceProfile: Action<UntagInstanceProfileCommandInput, UntagInstanceProfileCommandOutput> = (
  { InstanceProfileName, TagKeys },
  context,
) => {
  const record = instanceProfileByName(context, InstanceProfileName);
  context.put("instanceProfile", { ...record, Tags: withoutTags(record.Tags, TagKeys) });
  return {};
};

const listInstanceProfileTags: Action<ListInstanceProfileTagsCommandInput, ListInstanceProfileTagsCommandOutput> = (
  input,
  context,
) => {
  const { items, ...page } = markerPage(instanceProfileByName(context, input.InstanceProfileName).Tags, input);
  return { Tags: items, ...page };
};

export const instanceProfileActions = {
  CreateInstanceProfile: createInstanceProfile,
  GetInstanceProfile: getInstanceProfile,
  DeleteInstanceProfile: deleteInstanceProfile,
  AddRoleToInstanceProfile: addRoleToInstanceProfile,
  RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile,
  ListInstanceProfiles: listInstanceProfiles,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
  TagInstanceProfile: tagInstanceProfile,
  UntagInstanceProfile: untagInstanceProfile,
  ListInstanceProfileTags: listInstanceProfileTags,
} satisfies Actions;

function toInstanceProfile(record: InstanceProfileRecord, context: ActionContext): InstanceProfile {
  return {
    Arn: record.Arn,
    InstanceProfileId: record.InstanceProfileId,
    InstanceProfileName: record.InstanceProfileName,
    Path: record.Path,
    CreateDate: new Date(record.CreatedAt),
    Roles: record.RoleArns.map((arn) => toRole(context.must("role", arn))),
    ...(record.Tags.length === 0 ? {} : { Tags: [...record.Tags] }),
  };
}
