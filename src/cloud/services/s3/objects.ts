/** One object at a time: put, get, head, copy, delete, and its tags. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
import type {
  CopyObjectCommandInput,
  CopyObjectCommandOutput,
  DeleteObjectCommandInput,
  DeleteObjectCommandOutput,
  DeleteObjectTaggingCommandInput,
  DeleteObjectTaggingCommandOutput,
  GetObjectCommandInput,
  GetObjectCommandOutput,
  GetObjectTaggingCommandInput,
  GetObjectTaggingCommandOutput,
  HeadObjectCommandInput,
  HeadObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
  PutObjectTaggingCommandInput,
  PutObjectTaggingCommandOutput,
} from "@aws-sdk/client-s3";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { bucketOf } from "./bucket-look-up.ts";
import { checkedTags } from "./bucket-settings.ts";
import { checkAcl } from "./buckets.ts";
import { checkAlgorithm, checkedChecksums, md5 } from "./checksums.ts";
import { checkConditions, checkWriteConditions } from "./conditions.ts";
import { invalidArgument, notImplemented } from "./errors.ts";
import { bytesOf, checkObjectInput, described, encryptionOf, headersOf, newBlob, tagsOf } from "./object-content.ts";
import { rangeOf } from "./range.ts";
import type { BucketRecord, ObjectContent, ObjectRecord } from "./record.ts";
import { versionKey } from "./record.ts";
import { addVersion, contentOf, deleteKey, latestVersion, removeVersion, shownVersionId } from "./versions.ts";

/** The codec gives bytes for what the SDK calls a stream. */
type PutInput = Omit<PutObjectCommandInput, "Body"> & { readonly Body?: Uint8Array };
type GetOutput = Omit<GetObjectCommandOutput, "Body"> & { readonly Body?: Uint8Array };

const putObject: Action<PutInput, PutObjectCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const Key = checkObjectInput(input);
  checkAcl(input.ACL);
  if (input.WriteOffsetBytes !== undefined) throw notImplemented("Appending to an object");
  checkAlgorithm(input.ChecksumAlgorithm);
  checkWriteConditions(input, latestVersion(context, bucket.Name, Key));
  const { Body = new Uint8Array() } = input;
  const content: ObjectContent = {
    ETag: `"${md5(Body).toString("hex")}"`,
    Size: Body.length,
    Checksums: checkedChecksums(input, Body),
    Headers: headersOf(input),
    Encryption: encryptionOf(input, bucket),
    Tags: tagsOf(input.Tagging),
    Blobs: [newBlob(context, Body)],
  };
  return stored(bucket, addVersion(context, bucket, Key, content), content);
};

const headObject: Action<HeadObjectCommandInput, HeadObjectCommandOutput> = (input, context) => {
  const { object, bucket } = found(input, context);
  const VersionId = shownVersionId(bucket, object);
  return {
    ...described(object, input.ChecksumMode === "ENABLED"),
    ...(VersionId === undefined ? {} : { VersionId }),
  };
};

const getObject: Action<GetObjectCommandInput, GetOutput> = (input, context) => {
  const { object, bucket } = found(input, context);
  const range = rangeOf(input.Range, object.Content.Size);
  const bytes = bytesOf(context.blobs, object.Content);
  const VersionId = shownVersionId(bucket, object);
  const headers = {
    ...described(object, input.ChecksumMode === "ENABLED" && range === undefined),
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(input.ResponseContentType === undefined ? {} : { ContentType: input.ResponseContentType }),
    ...(input.ResponseCacheControl === undefined ? {} : { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition === undefined ? {} : { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding === undefined ? {} : { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage === undefined ? {} : { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseExpires === undefined ? {} : { Expires: input.ResponseExpires }),
  };
  if (range === undefined) return { ...headers, Body: bytes };
  const { first, last } = range;
  return {
    ...headers,
    ContentRange: `bytes ${first}-${last}/${bytes.length}`,
    ContentLength: last - first + 1,
    Body: bytes.subarray(first, last + 1),
  };
};

const copyObject: Action<CopyObjectCommandInput, CopyObjectCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const Key = checkObjectInput(input);
  checkAcl(input.ACL);
  checkAlgorithm(input.ChecksumAlgorithm);
  const source = sourceOf(input.CopySource ?? "");
  const sourceBucket = bucketOf(context, {
    Bucket: source.bucket,
    ExpectedBucketOwner: input.ExpectedSourceBucketOwner,
  });
  const original = contentOf(context, source.bucket, source.key, source.versionId);
  checkConditions(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    original,
    "copy",
  );
  const replaces = input.MetadataDirective === "REPLACE";
  const same = bucket.Name === source.bucket && Key === source.key && source.versionId === undefined;
  if (same && !replaces && input.ServerSideEncryption === undefined && input.StorageClass === undefined) {
    throw new AwsError(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const bytes = bytesOf(context.blobs, original.Content);
  const content: ObjectContent = {
    ETag: `"${md5(bytes).toString("hex")}"`,
    Size: bytes.length,
    Checksums: checkedChecksums({ ChecksumAlgorithm: input.ChecksumAlgorithm }, bytes),
    Headers: replaces
      ? headersOf(input)
      : { ...original.Content.Headers, ...headersOf({ StorageClass: input.StorageClass }) },
    Encryption: encryptionOf(input, bucket),
    Tags: input.TaggingDirective === "REPLACE" ? tagsOf(input.Tagging) : original.Content.Tags,
    Blobs: [newBlob(context, bytes)],
  };
  const record = addVersion(context, bucket, Key, content);
  const { ETag, Size: _, ...about } = stored(bucket, record, content);
  const CopySourceVersionId = shownVersionId(sourceBucket, original);
  return {
    ...about,
    ...(CopySourceVersionId === undefined ? {} : { CopySourceVersionId }),
    CopyObjectResult: { ETag, LastModified: new Date(record.CreatedAt), ...content.Checksums },
  };
};

const deleteObject: Action<DeleteObjectCommandInput, DeleteObjectCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  return deleteOne(context, bucket, input.Key ?? "", input.VersionId);
};

const getObjectTagging: Action<GetObjectTaggingCommandInput, GetObjectTaggingCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const { Content } = contentOf(context, bucket.Name, input.Key ?? "", input.VersionId);
  return { TagSet: [...Content.Tags] };
};

const putObjectTagging: Action<PutObjectTaggingCommandInput, PutObjectTaggingCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const record = contentOf(context, bucket.Name, input.Key ?? "", input.VersionId);
  const Tags = checkedTags(input.Tagging?.TagSet ?? [], 10);
  context.put("s3Object", { ...record, Content: { ...record.Content, Tags } });
  return {};
};

const deleteObjectTagging: Action<DeleteObjectTaggingCommandInput, DeleteObjectTaggingCommandOutput> = (
  input,
  context,
) => {
  const bucket = bucketOf(context, input);
  const record = contentOf(context, bucket.Name, input.Key ?? "", input.VersionId);
  context.put("s3Object", { ...record, Content: { ...record.Content, Tags: [] } });
  return {};
};

export const objectActions = {
  PutObject: putObject,
  HeadObject: headObject,
  GetObject: getObject,
  CopyObject: copyObject,
  DeleteObject: deleteObject,
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
} satisfies Actions;

/** What is gone, and what was put in its place. Deleting what is not there is no error. */
export function deleteOne(
  context: ActionContext,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): { readonly VersionId?: string; readonly DeleteMarker?: boolean } {
  if (versionId === undefined) {
    const marker = deleteKey(context, bucket, key);
    return marker === undefined ? {} : { DeleteMarker: true, VersionId: marker.VersionId };
  }
  const record = context.get("s3Object", versionKey(bucket.Name, key, versionId));
  if (record !== undefined) removeVersion(context, record);
  return {
    VersionId: versionId,
    ...(record !== undefined && record.Content === undefined ? { DeleteMarker: true } : {}),
  };
}

/** What a put and a copy answer. */
export function stored(
  bucket: BucketRecord,
  record: ObjectRecord,
  { ETag, Size, Encryption, Checksums }: ObjectContent,
): Omit<PutObjectCommandOutput, "$metadata"> & { readonly ETag: string; readonly Size: number } {
  const VersionId = shownVersionId(bucket, record);
  return { ETag, Size, ...Encryption, ...Checksums, ...(VersionId === undefined ? {} : { VersionId }) };
}

function found(
  input: GetObjectCommandInput | HeadObjectCommandInput,
  context: ActionContext,
): { readonly bucket: BucketRecord; readonly object: ObjectRecord & { readonly Content: ObjectContent } } {
  const bucket = bucketOf(context, input);
  checkObjectInput(input);
  if (input.PartNumber !== undefined) throw notImplemented("Reading a part of an object by its number");
  const object = contentOf(context, bucket.Name, input.Key ?? "", input.VersionId);
  checkConditions(input, object, "read");
  return { bucket, object };
}

/** `/bucket/key?versionId=…`, escaped as in a path. */
function sourceOf(source: string): { readonly bucket: string; readonly key: string; readonly versionId?: string } {
  const [path = "", query] = source.replace(/^\//, "").split("?versionId=");
  const slash = path.indexOf("/");
  if (slash < 1) throw invalidArgument(`Invalid copy source object key: '${source}'`);
  const bucket = path.slice(0, slash);
  if (bucket.startsWith("arn:")) throw notImplemented("A copy from an access point");
  return { bucket, key: unescaped(path.slice(slash + 1)), ...(query === undefined ? {} : { versionId: query }) };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw invalidArgument(`Invalid copy source encoding: '${text}'`);
  }
}
