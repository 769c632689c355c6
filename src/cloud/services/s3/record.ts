/** S3 as a deployment needs it: buckets with their settings, versions of objects, uploads in parts. Bytes are not in the records but among the blobs. */
import type {
  CORSConfiguration,
  LifecycleRule,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  ServerSideEncryption,
  ServerSideEncryptionConfiguration,
} from "@aws-sdk/client-s3";
import type { CloudRecord } from "../../state/record.ts";

export interface S3Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Names belong to one account of the whole cloud. */
export interface BucketRecord extends CloudRecord {
  readonly Name: string;
  readonly Versioning?: "Enabled" | "Suspended";
  /** What was put, in the API's own shape; what was not put, or was deleted, is not there. */
  readonly Settings: BucketSettings;
}

export interface BucketSettings {
  readonly Encryption?: ServerSideEncryptionConfiguration;
  readonly PublicAccessBlock?: PublicAccessBlockConfiguration;
  readonly OwnershipControls?: OwnershipControls;
  readonly Policy?: string;
  readonly Lifecycle?: readonly LifecycleRule[];
  readonly Tagging?: readonly S3Tag[];
  readonly Cors?: CORSConfiguration;
}

/** What a client says of an object beside its bytes, and gets back with them. */
export interface ObjectHeaders {
  readonly ContentType?: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  /** Milliseconds since the epoch. */
  readonly Expires?: number;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly StorageClass?: string;
}

export interface ObjectEncryption {
  readonly ServerSideEncryption: ServerSideEncryption;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
}

/** Base64, by the name of the API's member. */
export interface ObjectChecksums {
  readonly ChecksumCRC32?: string;
  readonly ChecksumCRC32C?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
}

export interface ObjectContent {
  readonly ETag: string;
  readonly Size: number;
  /** Ids of the blobs that make up the object, in order. */
  readonly Blobs: readonly string[];
  readonly Headers: ObjectHeaders;
  readonly Encryption: ObjectEncryption;
  readonly Checksums: ObjectChecksums;
  readonly Tags: readonly S3Tag[];
}

/** One version of an object, or a delete marker, which has no content. */
export interface ObjectRecord extends CloudRecord {
  readonly Bucket: string;
  readonly Key: string;
  /** `null` where the bucket was not versioned. */
  readonly VersionId: string;
  /** Rises with every version of a key. */
  readonly Order: number;
  readonly Latest: boolean;
  readonly Content?: ObjectContent;
}

export interface UploadPartRecord {
  readonly PartNumber: number;
  readonly ETag: string;
  readonly Size: number;
  readonly Blob: string;
  readonly Checksums: ObjectChecksums;
  /** Milliseconds since the epoch. */
  readonly LastModified: number;
}

export interface MultipartUploadRecord extends CloudRecord {
  readonly UploadId: string;
  readonly Bucket: string;
  readonly Key: string;
  readonly Headers: ObjectHeaders;
  readonly Encryption: ObjectEncryption;
  readonly ChecksumAlgorithm?: string;
  readonly Tags: readonly S3Tag[];
  /** By number. */
  readonly Parts: readonly UploadPartRecord[];
}

/** Of a key in a bucket: bucket names hold no slash. */
export function objectKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

export function versionKey(bucket: string, key: string, versionId: string): string {
  return `${versionId}@${objectKey(bucket, key)}`;
}
