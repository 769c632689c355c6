/** Tags on resources: reading them, and applying what a create call asks for. (semantics 13.1 "Tags", [PX-6]) */
import type { Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { ActionContext, Caller } from "../../action.ts";

type StoredTag = { readonly Key: string; readonly Value: string };

const maxTags = 50;

/** The tags that the caller's account has put on a resource in this Region. */
export function tagsOf(
  context: Pick<Transaction, "get"> & { readonly caller: Pick<Caller, "accountId" | "region"> },
  resourceId: string,
): StoredTag[] {
  const record = context.get("tag", `${scopeKey(context.caller.accountId, context.caller.region)}/${resourceId}`);
  return record === undefined ? [] : [...record.Tags];
}

/** Tags from a create call's `TagSpecifications` for one new resource. Every specification must name a type in `allowedTypes`. */
export function tagNewResource(
  context: ActionContext,
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
  resourceId: string,
  allowedTypes: readonly string[] = [resourceType],
): void {
  for (const { ResourceType } of specifications ?? []) {
    if (ResourceType === undefined || !allowedTypes.includes(ResourceType)) {
      throw invalidParameterValue(`'${ResourceType ?? ""}' is not a valid taggable resource type for this operation.`);
    }
  }
  const tags = (specifications ?? []).filter((s) => s.ResourceType === resourceType).flatMap((s) => s.Tags ?? []);
  if (tags.length > 0) setTags(context, resourceType, resourceId, tags);
}

/** Adds tags, replacing the values of keys that are there. Throws when a key, a value or their number is not allowed. */
export function setTags(context: ActionContext, resourceType: string, resourceId: string, tags: readonly Tag[]): void {
  const merged = new Map(tagsOf(context, resourceId).map((tag) => [tag.Key, tag.Value]));
  const given = new Set<string>();
  for (const { Key, Value } of tags) {
    const key = checkedKey(Key);
    if (given.has(key)) throw invalidParameterValue(`Duplicate tag key '${key}' specified.`);
    given.add(key);
    merged.set(key, checkedValue(Value ?? ""));
  }
  if ([...merged.keys()].filter((key) => !isAwsKey(key)).length > maxTags)
    throw new AwsError(
      "TagLimitExceeded",
      `The maximum number of tags per resource is ${maxTags}; ${resourceId} would have ${merged.size}.`,
    );
  put(context, resourceType, resourceId, merged);
}

/** Tags that only AWS itself sets; they count for no limit, and users can not take them away. */
export function setAwsTags(
  context: ActionContext,
  resourceType: string,
  resourceId: string,
  tags: readonly StoredTag[],
): void {
  put(
    context,
    resourceType,
    resourceId,
    new Map([...tagsOf(context, resourceId), ...tags].map((tag) => [tag.Key, tag.Value])),
  );
}

/** Removes tags: by key, by key and value when a value is given, or all of the user's when the list is empty. */
export function unsetTags(
  context: ActionContext,
  resourceType: string,
  resourceId: string,
  tags: readonly Tag[] | undefined,
): void {
  const kept = new Map(tagsOf(context, resourceId).map((tag) => [tag.Key, tag.Value]));
  if (!tags?.length) for (const key of kept.keys()) if (!isAwsKey(key)) kept.delete(key);
  for (const { Key, Value } of tags ?? []) {
    if (Key !== undefined && (Value === undefined || kept.get(Key) === Value)) kept.delete(Key);
  }
  put(context, resourceType, resourceId, kept);
}

/** Forgets every account's tags of a resource that is gone. */
export function forgetTags(transaction: Transaction, resourceId: string): void {
  for (const record of transaction.by("tag", "resource", resourceId)) {
    transaction.delete("tag", `${scopeKey(record.OwnerId, record.Region)}/${resourceId}`);
  }
}

function put(
  context: ActionContext,
  ResourceType: string,
  ResourceId: string,
  tags: ReadonlyMap<string, string>,
): void {
  const { accountId: OwnerId, region: Region } = context.caller;
  const id = `${scopeKey(OwnerId, Region)}/${ResourceId}`;
  if (tags.size === 0) {
    context.delete("tag", id);
    return;
  }
  const Tags = [...tags].map(([Key, Value]) => ({ Key, Value }));
  context.put("tag", {
    OwnerId,
    Region,
    CreatedAt: context.get("tag", id)?.CreatedAt ?? context.now,
    ResourceId,
    ResourceType,
    Tags,
  });
}

function checkedKey(key: string | undefined): string {
  if (!key) throw invalidParameterValue("Tag key cannot be empty.", "InvalidParameterValue");
  if ([...key].length > 128)
    throw invalidParameterValue(`Tag key exceeds the maximum length of 128 characters: '${key.slice(0, 32)}…'`);
  if (isAwsKey(key)) throw invalidParameterValue("Tag keys starting with 'aws:' are reserved for internal use");
  return key;
}

function isAwsKey(key: string): boolean {
  return /^aws:/i.test(key);
}

function checkedValue(value: string): string {
  if ([...value].length > 256)
    throw invalidParameterValue(`Tag value exceeds the maximum length of 256 characters: '${value.slice(0, 32)}…'`);
  return value;
}
