/**
 * Versions of an object. Where the bucket is versioned a new one goes on top and a delete puts a marker there; elsewhere there is
 * one version, `null`, that is replaced and removed. https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
import type { Transaction } from "../../state/transaction.ts";
import type { ActionContext } from "../action.ts";
import { noSuchKey, noSuchVersion } from "./errors.ts";
import { type BucketRecord, type ObjectContent, type ObjectRecord, objectKey, versionKey } from "./record.ts";

const unversioned = "null";

type Context = Transaction & Pick<ActionContext, "blobs">;

/** The newest version of a key, a delete marker too. */
export function latestVersion(view: Pick<Transaction, "by">, bucket: string, key: string): ObjectRecord | undefined {
  return view.by("s3Object", "latest", objectKey(bucket, key))[0];
}

/** A version with its content. Throws NoSuchKey, NoSuchVersion; a delete marker is a key that is not there. */
export function contentOf(
  view: Pick<Transaction, "by" | "get">,
  bucket: string,
  key: string,
  versionId?: string,
): ObjectRecord & { readonly Content: ObjectContent } {
  const record =
    versionId === undefined
      ? latestVersion(view, bucket, key)
      : view.get("s3Object", versionKey(bucket, key, versionId));
  if (record === undefined && versionId !== undefined) throw noSuchVersion(key, versionId);
  if (record?.Content === undefined) throw noSuchKey(key);
  return { ...record, Content: record.Content };
}

/** Puts a version on top: content, or a delete marker. */
export function addVersion(context: Context, bucket: BucketRecord, key: string, content?: ObjectContent): ObjectRecord {
  const VersionId = bucket.Versioning === "Enabled" ? newVersionId(context) : unversioned;
  const before = latestVersion(context, bucket.Name, key);
  const replaced = context.get("s3Object", versionKey(bucket.Name, key, VersionId));
  if (before !== undefined) context.put("s3Object", { ...before, Latest: false });
  if (replaced !== undefined) forget(context, replaced);
  const record: ObjectRecord = {
    Bucket: bucket.Name,
    Key: key,
    VersionId,
    OwnerId: bucket.OwnerId,
    Region: bucket.Region,
    CreatedAt: context.now,
    Order: (before?.Order ?? 0) + 1,
    Latest: true,
    ...(content === undefined ? {} : { Content: content }),
  };
  context.put("s3Object", record);
  return record;
}

/** Removes a version for good; the one below it, if there is one, comes to the top. */
export function removeVersion(context: Context, record: ObjectRecord): void {
  forget(context, record);
  if (!record.Latest) return;
  const [next] = [...context.by("s3Object", "key", objectKey(record.Bucket, record.Key))].sort(
    (a, b) => b.Order - a.Order,
  );
  if (next !== undefined) context.put("s3Object", { ...next, Latest: true });
}

/** A delete without a version: `VersionId` is that of the marker, where one was put. */
export function deleteKey(context: Context, bucket: BucketRecord, key: string): ObjectRecord | undefined {
  if (bucket.Versioning !== undefined) return addVersion(context, bucket, key);
  const record = latestVersion(context, bucket.Name, key);
  if (record !== undefined) removeVersion(context, record);
  return undefined;
}

/** The id that answers carry: none where the bucket was never versioned. */
export function shownVersionId(bucket: BucketRecord, { VersionId }: ObjectRecord): string | undefined {
  return bucket.Versioning === undefined ? undefined : VersionId;
}

function forget(context: Context, record: ObjectRecord): void {
  context.delete("s3Object", versionKey(record.Bucket, record.Key, record.VersionId));
  context.afterCommit(() => {
    for (const blob of record.Content?.Blobs ?? []) context.blobs.remove(blob);
  });
}

function newVersionId({ randomBytes }: Context): string {
  return Buffer.from(randomBytes(24)).toString("base64url");
}
