/** What is in a bucket: keys in the order of their bytes, folded at a delimiter, in pages. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
import type {
  _Object,
  ListObjectsCommandInput,
  ListObjectsCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  ObjectVersionStorageClass,
} from "@aws-sdk/client-s3";
import type { Action, Actions } from "../action.ts";
import { bucketOf } from "./bucket-look-up.ts";
import { canonicalId } from "./buckets.ts";
import { invalidArgument } from "./errors.ts";
import type { ObjectRecord } from "./record.ts";

const maxPage = 1000;

const listObjectsV2: Action<ListObjectsV2CommandInput, ListObjectsV2CommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const { ContinuationToken, StartAfter, FetchOwner, EncodingType } = input;
  const after = ContinuationToken === undefined ? StartAfter : tokenText(ContinuationToken);
  const rows = context.by("s3Object", "bucket", bucket.Name).filter(({ Latest, Content }) => Latest && Content);
  const { items, folders, next } = pageOf(rows, input, after);
  const encoded = encoderFor(EncodingType);
  return {
    Name: bucket.Name,
    Prefix: encoded(input.Prefix ?? ""),
    ...(input.Delimiter === undefined ? {} : { Delimiter: encoded(input.Delimiter) }),
    ...(EncodingType === undefined ? {} : { EncodingType }),
    ...(StartAfter === undefined ? {} : { StartAfter: encoded(StartAfter) }),
    ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    MaxKeys: pageSize(input.MaxKeys),
    KeyCount: items.length + folders.length,
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextContinuationToken: Buffer.from(next).toString("base64url") }),
    ...(items.length === 0 ? {} : { Contents: items.map((record) => listed(record, encoded, FetchOwner === true)) }),
    ...(folders.length === 0 ? {} : { CommonPrefixes: folders.map((Prefix) => ({ Prefix: encoded(Prefix) })) }),
  };
};

const listObjects: Action<ListObjectsCommandInput, ListObjectsCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const rows = context.by("s3Object", "bucket", bucket.Name).filter(({ Latest, Content }) => Latest && Content);
  const { items, folders, next } = pageOf(rows, input, input.Marker);
  const encoded = encoderFor(input.EncodingType);
  return {
    Name: bucket.Name,
    Prefix: encoded(input.Prefix ?? ""),
    Marker: encoded(input.Marker ?? ""),
    ...(input.Delimiter === undefined ? {} : { Delimiter: encoded(input.Delimiter) }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    MaxKeys: pageSize(input.MaxKeys),
    IsTruncated: next !== undefined,
    ...(next === undefined || input.Delimiter === undefined ? {} : { NextMarker: encoded(next) }),
    ...(items.length === 0 ? {} : { Contents: items.map((record) => listed(record, encoded, true)) }),
    ...(folders.length === 0 ? {} : { CommonPrefixes: folders.map((Prefix) => ({ Prefix: encoded(Prefix) })) }),
  };
};

const listObjectVersions: Action<ListObjectVersionsCommandInput, ListObjectVersionsCommandOutput> = (
  input,
  context,
) => {
  const bucket = bucketOf(context, input);
  const { KeyMarker, VersionIdMarker } = input;
  const rows = context.by("s3Object", "bucket", bucket.Name);
  const markerOrder = rows.find(({ Key, VersionId }) => Key === KeyMarker && VersionId === VersionIdMarker)?.Order;
  // Of the key that the last page broke off in, the older versions are still to come.
  const open =
    markerOrder === undefined ? [] : rows.filter((each) => each.Key === KeyMarker && each.Order < markerOrder);
  const { items, folders, next } = pageOf(rows, input, KeyMarker, open);
  const encoded = encoderFor(input.EncodingType);
  const last = items.at(-1);
  const about = ({ Key, VersionId, Latest, CreatedAt, OwnerId }: ObjectRecord) => ({
    Key: encoded(Key),
    VersionId,
    IsLatest: Latest,
    LastModified: new Date(CreatedAt),
    Owner: { ID: canonicalId(OwnerId) },
  });
  return {
    Name: bucket.Name,
    Prefix: encoded(input.Prefix ?? ""),
    KeyMarker: encoded(KeyMarker ?? ""),
    VersionIdMarker: VersionIdMarker ?? "",
    ...(input.Delimiter === undefined ? {} : { Delimiter: encoded(input.Delimiter) }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    MaxKeys: pageSize(input.MaxKeys),
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextKeyMarker: encoded(next) }),
    ...(next === undefined || last?.Key !== next ? {} : { NextVersionIdMarker: last.VersionId }),
    Versions: items.flatMap((record) =>
      record.Content === undefined
        ? []
        : [
            {
              ...about(record),
              ETag: record.Content.ETag,
              Size: record.Content.Size,
              StorageClass: (record.Content.Headers.StorageClass ?? "STANDARD") as ObjectVersionStorageClass,
            },
          ],
    ),
    DeleteMarkers: items.filter(({ Content }) => Content === undefined).map(about),
    ...(folders.length === 0 ? {} : { CommonPrefixes: folders.map((Prefix) => ({ Prefix: encoded(Prefix) })) }),
  };
};

export const listActions = {
  ListObjectsV2: listObjectsV2,
  ListObjects: listObjects,
  ListObjectVersions: listObjectVersions,
} satisfies Actions;

interface PageInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
}

interface Page {
  readonly items: readonly ObjectRecord[];
  /** What keys have in common up to the delimiter, each once. */
  readonly folders: readonly string[];
  /** The last key or folder of this page, when there is more. */
  readonly next: string | undefined;
}

/** The rows behind `after`, newest version of a key first; `open` are rows of `after` itself that belong to this page still. */
function pageOf(
  rows: readonly ObjectRecord[],
  { Prefix = "", Delimiter, MaxKeys }: PageInput,
  after: string | undefined,
  open: readonly ObjectRecord[] = [],
): Page {
  const limit = pageSize(MaxKeys);
  const sorted = rows
    .filter(({ Key }) => Key.startsWith(Prefix))
    .map((record) => ({ record, bytes: Buffer.from(record.Key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes) || b.record.Order - a.record.Order);
  const start = after === undefined ? undefined : Buffer.from(after);
  const items: ObjectRecord[] = [];
  const folders: string[] = [];
  let last: string | undefined;
  for (const { record, bytes } of sorted) {
    if (start !== undefined && Buffer.compare(bytes, start) <= 0 && !open.includes(record)) continue;
    const folder = folderOf(record.Key, Prefix, Delimiter);
    if (folder !== undefined && (folder === folders.at(-1) || (after !== undefined && folder <= after))) continue;
    if (items.length + folders.length === limit) return { items, folders, next: limit === 0 ? undefined : last };
    if (folder === undefined) items.push(record);
    else folders.push(folder);
    last = folder ?? record.Key;
  }
  return { items, folders, next: undefined };
}

function folderOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function pageSize(asked: number | undefined): number {
  if (asked !== undefined && asked < 0)
    throw invalidArgument("Argument maxKeys must be an integer between 0 and 2147483647");
  return Math.min(asked ?? maxPage, maxPage);
}

function tokenText(token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (Buffer.from(text).toString("base64url") !== token)
    throw invalidArgument("The continuation token provided is incorrect");
  return text;
}

function listed(
  { Key, CreatedAt, Content, OwnerId }: ObjectRecord,
  encoded: (text: string) => string,
  owner: boolean,
): _Object {
  return {
    Key: encoded(Key),
    LastModified: new Date(CreatedAt),
    ...(Content === undefined ? {} : { ETag: Content.ETag, Size: Content.Size }),
    StorageClass: (Content?.Headers.StorageClass ?? "STANDARD") as NonNullable<_Object["StorageClass"]>,
    ...(owner ? { Owner: { ID: canonicalId(OwnerId) } } : {}),
  };
}

/** Keys may hold what XML cannot: clients ask for them escaped as in URLs. */
function encoderFor(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== "url") throw invalidArgument("Invalid Encoding Method specified in Request");
  return (text) => encodeURIComponent(text).replaceAll("%2F", "/");
}
