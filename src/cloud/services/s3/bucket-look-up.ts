/**
 * Which bucket a request means, and whether its caller may use it. Bucket policies are kept, not evaluated: a bucket is its
 * account's own, and others get the refusal that AWS gives those whom no policy lets in.
 */
import type { ActionContext } from "../action.ts";
import { accessDenied, noSuchBucket, permanentRedirect } from "./errors.ts";
import type { BucketRecord } from "./record.ts";

export interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** Where requests come from that say no Region: old presigned URLs. */
export const anyRegion = "aws-global";

/** Throws NoSuchBucket, AccessDenied, PermanentRedirect. */
export function bucketOf(context: ActionContext, input: BucketInput): BucketRecord {
  const bucket = bucketAnywhere(context, input);
  const { region } = context.caller;
  if (region !== bucket.Region && region !== anyRegion) throw permanentRedirect(bucket.Name, bucket.Region);
  return bucket;
}

/** The bucket whatever Region it is in. Throws NoSuchBucket, AccessDenied. */
export function bucketAnywhere(
  { get, caller }: Pick<ActionContext, "get" | "caller">,
  { Bucket = "", ExpectedBucketOwner }: BucketInput,
): BucketRecord {
  const bucket = get("bucket", Bucket);
  if (bucket === undefined) throw noSuchBucket(Bucket);
  if (bucket.OwnerId !== caller.accountId) throw accessDenied();
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== bucket.OwnerId) throw accessDenied();
  return bucket;
}
