/** An object's content on its way in and out: what is kept of an input, where the bytes go, and what an answer says. */
import type { HeadObjectCommandOutput, PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { Blobs } from "../../ports.ts";
import type { Transaction } from "../../state/transaction.ts";
import { checkedTags, usualEncryption } from "./bucket-settings.ts";
import { invalidArgument, notImplemented } from "./errors.ts";
import type { BucketRecord, ObjectContent, ObjectEncryption, ObjectHeaders, ObjectRecord, S3Tag } from "./record.ts";

type HeaderInput = Pick<
  PutObjectCommandInput,
  | "ContentType"
  | "CacheControl"
  | "ContentDisposition"
  | "ContentEncoding"
  | "ContentLanguage"
  | "Expires"
  | "Metadata"
  | "StorageClass"
>;

type EncryptionInput = Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId" | "BucketKeyEnabled">;

/** Puts bytes among the blobs, and gives their id. Bytes whose transaction comes to nothing are swept at the next start. */
export function newBlob(
  context: Pick<Transaction, "randomBytes"> & { readonly blobs: Blobs },
  bytes: Uint8Array,
): string {
  const id = Buffer.from(context.randomBytes(16)).toString("hex");
  context.blobs.write(id, bytes);
  return id;
}

/** All the bytes of an object. */
export function bytesOf(blobs: Pick<Blobs, "read">, { Blobs: ids }: Pick<ObjectContent, "Blobs">): Uint8Array {
  const [only, ...others] = ids.map((id) => blobs.read(id));
  if (only === undefined) return new Uint8Array();
  return others.length === 0 ? only : Buffer.concat([only, ...others]);
}

export function headersOf(input: HeaderInput): ObjectHeaders {
  const { Expires, ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage } = input;
  const { Metadata, StorageClass } = input;
  const text = { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, StorageClass };
  return {
    ...Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined && value !== "")),
    ...(Expires === undefined ? {} : { Expires: Expires.getTime() }),
    ...(Metadata === undefined ? {} : { Metadata }),
  };
}

/** What was asked for, else what the bucket does by default. Nothing is encrypted here: it is said, not done. */
export function encryptionOf(input: EncryptionInput, bucket: BucketRecord): ObjectEncryption {
  const usual = (bucket.Settings.Encryption ?? usualEncryption).Rules?.[0];
  const byDefault = usual?.ApplyServerSideEncryptionByDefault;
  const ServerSideEncryption = input.ServerSideEncryption ?? byDefault?.SSEAlgorithm ?? "AES256";
  if (ServerSideEncryption === "AES256") return { ServerSideEncryption };
  const key = input.SSEKMSKeyId ?? (input.ServerSideEncryption === undefined ? byDefault?.KMSMasterKeyID : undefined);
  const BucketKeyEnabled = input.BucketKeyEnabled ?? usual?.BucketKeyEnabled;
  return {
    ServerSideEncryption,
    SSEKMSKeyId: key ?? `arn:aws:kms:${bucket.Region}:${bucket.OwnerId}:alias/aws/s3`,
    ...(BucketKeyEnabled ? { BucketKeyEnabled } : {}),
  };
}

/** `a=1&b=2`, as the header has them. */
export function tagsOf(header: string | undefined): readonly S3Tag[] {
  if (!header) return [];
  return checkedTags(
    [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value })),
    10,
  );
}

/** Throws for what an input asks that is left out, and for keys that S3 has no room for. */
export function checkObjectInput(input: {
  readonly Key?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
}): string {
  if (input.SSECustomerAlgorithm !== undefined) throw notImplemented("Encryption with a key of the customer's");
  if (input.ObjectLockMode !== undefined || input.ObjectLockLegalHoldStatus !== undefined)
    throw notImplemented("Object Lock");
  if (input.WebsiteRedirectLocation !== undefined) throw notImplemented("A website's redirect");
  const { Key = "" } = input;
  if (Buffer.byteLength(Key) > 1024) throw invalidArgument("Your key is too long");
  return Key;
}

/** What GetObject and HeadObject say of an object, beside the version. */
export function described(
  { CreatedAt, Content }: ObjectRecord & { readonly Content: ObjectContent },
  withChecksums: boolean,
): Omit<HeadObjectCommandOutput, "$metadata"> {
  const { Expires, Metadata, StorageClass, ...headers } = Content.Headers;
  return {
    ...headers,
    ContentType: headers.ContentType ?? "binary/octet-stream",
    ...(Expires === undefined ? {} : { Expires: new Date(Expires) }),
    ...(Metadata === undefined ? {} : { Metadata: { ...Metadata } }),
    ...(StorageClass === undefined || StorageClass === "STANDARD"
      ? {}
      : // Kept as it was put; the model's list is never complete.
        { StorageClass: StorageClass as NonNullable<HeadObjectCommandOutput["StorageClass"]> }),
    AcceptRanges: "bytes",
    ETag: Content.ETag,
    LastModified: new Date(CreatedAt),
    ContentLength: Content.Size,
    ...Content.Encryption,
    ...(withChecksums ? Content.Checksums : {}),
    ...(Content.Tags.length === 0 ? {} : { TagCount: Content.Tags.length }),
  };
}
