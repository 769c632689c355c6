/** The managed prefix list actions of EC2. https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
import type {
  CreateManagedPrefixListCommandInput,
  CreateManagedPrefixListCommandOutput,
  DeleteManagedPrefixListCommandInput,
  DeleteManagedPrefixListCommandOutput,
  DescribeManagedPrefixListsCommandInput,
  DescribeManagedPrefixListsCommandOutput,
  DescribePrefixListsCommandInput,
  DescribePrefixListsCommandOutput,
  GetManagedPrefixListAssociationsCommandInput,
  GetManagedPrefixListAssociationsCommandOutput,
  GetManagedPrefixListEntriesCommandInput,
  GetManagedPrefixListEntriesCommandOutput,
  ModifyManagedPrefixListCommandInput,
  ModifyManagedPrefixListCommandOutput,
  RestoreManagedPrefixListVersionCommandInput,
  RestoreManagedPrefixListVersionCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  incorrectState,
  invalidParameterCombination,
  invalidParameterValue,
  unauthorizedOperation,
} from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named, required } from "../required.ts";
import { tagNewResource } from "../tag/tags.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { managedPrefixListDescription, managedPrefixListToApi } from "./describe.ts";
import { changedEntries, checkedFamily, checkedMaxEntries, checkedName, checkRoom } from "./entries.ts";
import { awsOwner, type ManagedPrefixListRecord, type PrefixListEntry } from "./record.ts";
import { resourcesUsing } from "./usage.ts";

const createManagedPrefixList: Action<CreateManagedPrefixListCommandInput, CreateManagedPrefixListCommandOutput> = (
  input,
  context,
) => {
  const { accountId, region } = context.caller;
  const family = checkedFamily(required("AddressFamily", input.AddressFamily));
  const MaxEntries = checkedMaxEntries(required("MaxEntries", input.MaxEntries));
  const entries = changedEntries(family, [], input.Entries ?? [], []);
  checkRoom(entries, MaxEntries);
  const own = context.inScope("managedPrefixList", accountId, region).filter(({ OwnerId }) => OwnerId === accountId);
  checkQuota("prefixListsPerRegion", own.length + 1);
  const list: ManagedPrefixListRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: context.now,
    PrefixListId: context.newId("pl"),
    PrefixListName: checkedName(required("PrefixListName", input.PrefixListName)),
    AddressFamily: family,
    MaxEntries,
    Version: 1,
    State: "create-in-progress",
    Versions: [entries],
  };
  context.put("managedPrefixList", list);
  tagNewResource(context, input.TagSpecifications, "prefix-list", list.PrefixListId);
  return { PrefixList: managedPrefixListToApi(list, context) };
};

const modifyManagedPrefixList: Action<ModifyManagedPrefixListCommandInput, ModifyManagedPrefixListCommandOutput> = (
  input,
  context,
) => {
  const list = ownList(input.PrefixListId, context);
  const added = input.AddEntries ?? [];
  const removed = input.RemoveEntries ?? [];
  const changesEntries = added.length + removed.length > 0;
  if (changesEntries && input.MaxEntries !== undefined) {
    throw invalidParameterCombination(
      "You cannot modify the entries and the maximum number of entries for the prefix list in the same request.",
    );
  }
  const before = entriesOf(list);
  let after: ManagedPrefixListRecord = {
    ...list,
    PrefixListName: input.PrefixListName === undefined ? list.PrefixListName : checkedName(input.PrefixListName),
  };
  if (input.MaxEntries !== undefined) {
    after = { ...after, MaxEntries: checkedMaxEntries(input.MaxEntries) };
    checkRoom(before, after.MaxEntries);
  }
  if (changesEntries) {
    checkVersion(list, required("CurrentVersion", input.CurrentVersion));
    const entries = changedEntries(list.AddressFamily, before, added, removed);
    checkRoom(entries, list.MaxEntries);
    after = { ...after, Version: list.Version + 1, Versions: [...list.Versions, entries] };
  }
  return { PrefixList: managedPrefixListToApi(modified(after, context), context) };
};

/** The entries of an earlier version become those of the next one. */
const restoreManagedPrefixListVersion: Action<
  RestoreManagedPrefixListVersionCommandInput,
  RestoreManagedPrefixListVersionCommandOutput
> = (input, context) => {
  const list = ownList(input.PrefixListId, context);
  checkVersion(list, required("CurrentVersion", input.CurrentVersion));
  const entries = versionOf(list, required("PreviousVersion", input.PreviousVersion));
  checkRoom(entries, list.MaxEntries);
  const after = { ...list, Version: list.Version + 1, Versions: [...list.Versions, entries] };
  return { PrefixList: managedPrefixListToApi(modified(after, context), context) };
};

/** A list that is in use is told so later: its deletion fails. */
const deleteManagedPrefixList: Action<DeleteManagedPrefixListCommandInput, DeleteManagedPrefixListCommandOutput> = (
  input,
  context,
) => {
  const list = ownList(input.PrefixListId, context);
  const after = context.fire("managedPrefixList", list, "DeleteManagedPrefixList");
  if (after === undefined) throw inProgress(list);
  return { PrefixList: managedPrefixListToApi(after, context) };
};

const describeManagedPrefixLists: Action<
  DescribeManagedPrefixListsCommandInput,
  DescribeManagedPrefixListsCommandOutput
> = (input, context) => {
  const { records, NextToken } = describe(managedPrefixListDescription, input.PrefixListIds, input, context);
  return { PrefixLists: records.map((list) => managedPrefixListToApi(list, context)), NextToken };
};

/** AWS's own lists only, by their service's name. */
const describePrefixLists: Action<DescribePrefixListsCommandInput, DescribePrefixListsCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(
    { ...managedPrefixListDescription, shown: ({ OwnerId }) => OwnerId === awsOwner, pageSize: { min: 5, max: 1000 } },
    input.PrefixListIds,
    input,
    context,
  );
  return {
    PrefixLists: records.map((list) => ({
      PrefixListId: list.PrefixListId,
      PrefixListName: list.PrefixListName,
      Cidrs: entriesOf(list).map(({ Cidr }) => Cidr),
    })),
    NextToken,
  };
};

const getManagedPrefixListEntries: Action<
  GetManagedPrefixListEntriesCommandInput,
  GetManagedPrefixListEntriesCommandOutput
> = (input, context) => {
  const list = named(managedPrefixListDescription, "PrefixListId", input.PrefixListId, context);
  const entries = input.TargetVersion === undefined ? entriesOf(list) : versionOf(list, input.TargetVersion);
  const start = input.NextToken === undefined ? 0 : checkedStart(input.NextToken, entries.length);
  const end = start + (input.MaxResults ?? entries.length);
  return {
    Entries: entries.slice(start, end).map((entry) => ({ ...entry })),
    ...(end < entries.length ? { NextToken: btoa(String(end)) } : {}),
  };
};

const getManagedPrefixListAssociations: Action<
  GetManagedPrefixListAssociationsCommandInput,
  GetManagedPrefixListAssociationsCommandOutput
> = (input, context) => {
  const list = named(managedPrefixListDescription, "PrefixListId", input.PrefixListId, context);
  const using = resourcesUsing(list, context.caller.accountId, context);
  const start = input.NextToken === undefined ? 0 : checkedStart(input.NextToken, using.length);
  const end = start + (input.MaxResults ?? using.length);
  return {
    PrefixListAssociations: using
      .slice(start, end)
      .map((ResourceId) => ({ ResourceId, ResourceOwner: context.caller.accountId })),
    ...(end < using.length ? { NextToken: btoa(String(end)) } : {}),
  };
};

export const managedPrefixListActions = {
  CreateManagedPrefixList: createManagedPrefixList,
  ModifyManagedPrefixList: modifyManagedPrefixList,
  RestoreManagedPrefixListVersion: restoreManagedPrefixListVersion,
  DeleteManagedPrefixList: deleteManagedPrefixList,
  DescribeManagedPrefixLists: describeManagedPrefixLists,
  DescribePrefixLists: describePrefixLists,
  GetManagedPrefixListEntries: getManagedPrefixListEntries,
  GetManagedPrefixListAssociations: getManagedPrefixListAssociations,
} satisfies Actions;

/** A list that the caller may change: its own, not AWS's. */
function ownList(id: string | undefined, context: ActionContext): ManagedPrefixListRecord {
  const list = named(managedPrefixListDescription, "PrefixListId", id, context);
  if (list.OwnerId !== context.caller.accountId) {
    throw unauthorizedOperation(`You are not authorized to modify the prefix list ${list.PrefixListId}.`);
  }
  return list;
}

function modified(after: ManagedPrefixListRecord, context: ActionContext): ManagedPrefixListRecord {
  const stored = context.fire("managedPrefixList", after, "ModifyManagedPrefixList");
  if (stored === undefined) throw inProgress(after);
  return stored;
}

function inProgress({ PrefixListId, State }: ManagedPrefixListRecord): AwsError {
  return incorrectState(`The prefix list ${PrefixListId} is in the state ${State} and cannot be changed now.`);
}

function checkVersion({ Version }: ManagedPrefixListRecord, current: number): void {
  if (current !== Version) {
    throw new AwsError("PrefixListVersionMismatch", "The prefix list has the incorrect version number.");
  }
}

function entriesOf(list: ManagedPrefixListRecord): readonly PrefixListEntry[] {
  return versionOf(list, list.Version);
}

function versionOf(list: ManagedPrefixListRecord, version: number): readonly PrefixListEntry[] {
  const entries = list.Versions[version - 1];
  if (entries === undefined) {
    throw invalidParameterValue(
      `The prefix list ${list.PrefixListId} has no version ${version}.`,
      "PrefixListVersionNotFound",
    );
  }
  return entries;
}

function checkedStart(token: string, count: number): number {
  const start = /^[A-Za-z0-9+/]+=*$/.test(token) ? Number(decoded(token)) : Number.NaN;
  if (Number.isInteger(start) && start > 0 && start < count) return start;
  throw invalidParameterValue(
    `The token '${token}' is invalid or has expired. Start again without NextToken.`,
    "InvalidNextToken",
  );
}

/** Text of base64; empty when it is none. */
function decoded(token: string): string {
  return token.length % 4 === 0 ? atob(token) : "";
}
