/** What IAM's entities have in common: names, paths, ids, tags, pages. IAM is global: an account's entities are in no Region. */
import type { Tag } from "@aws-sdk/client-iam";
import type { CloudRecord } from "../../state/record.ts";
import type { ActionContext } from "../action.ts";
import { limitExceeded, noSuchEntity, validationError } from "./errors.ts";
import type { IamTag, InstanceProfileRecord, RoleRecord } from "./record.ts";

/** The Region of IAM's records. */
export const globalRegion = "aws-global";

/** The bookkeeping of a new entity. */
export function newEntity(context: ActionContext): Pick<CloudRecord, "OwnerId" | "Region" | "CreatedAt"> {
  return { OwnerId: context.caller.accountId, Region: globalRegion, CreatedAt: context.now };
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** `AROA…`, `AIPA…`, `ANPA…`: the prefix and 17 letters and digits. */
export function uniqueId(prefix: "AROA" | "AIPA" | "ANPA", context: Pick<ActionContext, "randomBytes">): string {
  return `${prefix}${[...context.randomBytes(17)].map((byte) => base32[byte % 32]).join("")}`;
}

export function checkedName(name: string | undefined, member: string, max: number): string {
  if (!name || name.length > max || !/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name ?? ""}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+ and have length less than or equal to ${max}`,
    );
  }
  return name;
}

export function checkedPath(path: string | undefined): string {
  const value = path || "/";
  if (value.length > 512 || !/^(\/|\/[!-~]+\/)$/.test(value)) {
    throw validationError(
      "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    );
  }
  return value;
}

export function roleByName(context: ActionContext, name: string | undefined): RoleRecord {
  const [record] = context.by("role", "name", `${context.caller.accountId}/${name}`);
  if (record === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return record;
}

export function instanceProfileByName(context: ActionContext, name: string | undefined): InstanceProfileRecord {
  const [record] = context.by("instanceProfile", "name", `${context.caller.accountId}/${name}`);
  if (record === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return record;
}

const maxTags = 50;

/** The tags after adding these; keys are unique. */
export function withTags(before: readonly IamTag[], added: readonly Tag[] | undefined): readonly IamTag[] {
  const tags = new Map(before.map((tag) => [tag.Key, tag.Value]));
  for (const { Key, Value } of added ?? []) {
    if (!Key) throw validationError("A tag key must not be empty.");
    if (/^aws:/i.test(Key)) throw validationError("Tag keys beginning with aws: are reserved for system use.");
    tags.set(Key, Value ?? "");
  }
  if (tags.size > maxTags) throw limitExceeded(`Cannot exceed quota for TagsPerEntity: ${maxTags}`);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

export function withoutTags(before: readonly IamTag[], keys: readonly string[] | undefined): readonly IamTag[] {
  return before.filter((tag) => !keys?.includes(tag.Key));
}

export interface MarkerRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** A page of IAM's kind: `Marker` is the position reached. */
export function markerPage<T>(
  rows: readonly T[],
  { Marker, MaxItems = 100 }: MarkerRequest,
): { items: T[]; IsTruncated: boolean; Marker?: string } {
  const start = Marker === undefined ? 0 : Number(/^\d{1,9}$/.exec(Marker)?.[0] ?? Number.NaN);
  if (Number.isNaN(start)) throw validationError(`Invalid Marker: ${Marker}`);
  if (MaxItems < 1 || MaxItems > 1000) throw validationError("MaxItems must be between 1 and 1000.");
  const end = start + MaxItems;
  const IsTruncated = end < rows.length;
  return { items: rows.slice(start, end), IsTruncated, ...(IsTruncated ? { Marker: String(end) } : {}) };
}
