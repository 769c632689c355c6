/** Buckets: their names are one account's in the whole cloud, and they are in one Region. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
import type {
  CreateBucketCommandInput,
  CreateBucketCommandOutput,
  DeleteBucketCommandInput,
  DeleteBucketCommandOutput,
  GetBucketLocationCommandInput,
  GetBucketLocationCommandOutput,
  HeadBucketCommandInput,
  HeadBucketCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from "@aws-sdk/client-s3";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { bucketAnywhere, bucketOf } from "./bucket-look-up.ts";
import { checkedTags, settingsOfNewBucket } from "./bucket-settings.ts";
import { notImplemented } from "./errors.ts";
import type { BucketRecord } from "./record.ts";

/** AWS's first Region, whose buckets have no location. */
const firstRegion = "us-east-1";

const createBucket: Action<CreateBucketCommandInput, CreateBucketCommandOutput> = (input, context) => {
  const Name = checkedName(input.Bucket ?? "");
  if (input.ObjectLockEnabledForBucket) throw notImplemented("Object Lock");
  if (input.BucketNamespace !== undefined && input.BucketNamespace !== "global")
    throw notImplemented(`The bucket namespace '${input.BucketNamespace}'`);
  if ((input.ObjectOwnership ?? "BucketOwnerEnforced") !== "BucketOwnerEnforced")
    throw notImplemented(`The object ownership ${input.ObjectOwnership}`);
  checkAcl(input.ACL);
  const Region = locationOf(input, context);
  const before = context.get("bucket", Name);
  if (before !== undefined) return existing(before, context);
  const tags = input.CreateBucketConfiguration?.Tags;
  const record: BucketRecord = {
    Name,
    OwnerId: context.caller.accountId,
    Region,
    CreatedAt: context.now,
    Settings: {
      ...settingsOfNewBucket,
      ...(tags === undefined ? {} : { Tagging: checkedTags(tags) }),
    },
  };
  context.put("bucket", record);
  return created(record);
};

const headBucket: Action<HeadBucketCommandInput, HeadBucketCommandOutput> = (input, context) => {
  const { Region, Name } = bucketOf(context, input);
  return { BucketRegion: Region, BucketArn: bucketArn(Name), AccessPointAlias: false };
};

const getBucketLocation: Action<GetBucketLocationCommandInput, GetBucketLocationCommandOutput> = (input, context) => {
  const { Region } = bucketAnywhere(context, input);
  if (Region === firstRegion) return {};
  // Every Region's name is a location; AWS's list of them is never complete in a model.
  return { LocationConstraint: Region as NonNullable<GetBucketLocationCommandOutput["LocationConstraint"]> };
};

const listBuckets: Action<ListBucketsCommandInput, ListBucketsCommandOutput> = (
  { Prefix = "", BucketRegion, MaxBuckets = 10_000, ContinuationToken },
  context,
) => {
  const { accountId } = context.caller;
  const own = context
    .by("bucket", "owner", accountId)
    .filter(({ Name, Region }) => Name.startsWith(Prefix) && (BucketRegion ?? Region) === Region)
    .map((bucket) => ({ bucket, name: bucket.Name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const rest = ContinuationToken === undefined ? own : own.filter(({ name }) => name > ContinuationToken);
  const page = rest.slice(0, MaxBuckets);
  return {
    Buckets: page.map(({ bucket }) => ({
      Name: bucket.Name,
      CreationDate: new Date(bucket.CreatedAt),
      BucketRegion: bucket.Region,
      BucketArn: bucketArn(bucket.Name),
    })),
    Owner: { ID: canonicalId(accountId) },
    ...(Prefix === "" ? {} : { Prefix }),
    ...(page.length < rest.length ? { ContinuationToken: page.at(-1)?.name } : {}),
  };
};

const deleteBucket: Action<DeleteBucketCommandInput, DeleteBucketCommandOutput> = (input, context) => {
  const { Name } = bucketOf(context, input);
  if (context.by("s3Object", "bucket", Name).length > 0) {
    throw new AwsError(
      "BucketNotEmpty",
      "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
      409,
      { BucketName: Name },
    );
  }
  for (const upload of context.by("multipartUpload", "bucket", Name)) {
    context.delete("multipartUpload", upload.UploadId);
    context.afterCommit(() => {
      for (const { Blob } of upload.Parts) context.blobs.remove(Blob);
    });
  }
  context.delete("bucket", Name);
  return {};
};

export const bucketActions = {
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  GetBucketLocation: getBucketLocation,
  ListBuckets: listBuckets,
  DeleteBucket: deleteBucket,
} satisfies Actions;

/** `arn:aws:s3:::name` */
export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}

/** S3's own id of an account: 64 hexadecimal digits. Made of the account id here, so that it is the same in every cloud. */
export function canonicalId(accountId: string): string {
  return accountId.padStart(64, "0");
}

/** Objects belong to the bucket's owner and to nobody else; what lists would let others in is refused, as AWS does by default. */
export function checkAcl(acl: string | undefined): void {
  if (acl !== undefined && acl !== "private" && acl !== "bucket-owner-full-control")
    throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
}

/** Whoever makes a bucket twice is told so, except in AWS's first Region. */
function existing(bucket: BucketRecord, { caller }: ActionContext): CreateBucketCommandOutputLike {
  if (bucket.OwnerId !== caller.accountId) {
    throw new AwsError(
      "BucketAlreadyExists",
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
      409,
      { BucketName: bucket.Name },
    );
  }
  if (bucket.Region === firstRegion && caller.region === firstRegion) return created(bucket);
  throw new AwsError(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    409,
    { BucketName: bucket.Name },
  );
}

type CreateBucketCommandOutputLike = Omit<CreateBucketCommandOutput, "$metadata">;

function created({ Name }: BucketRecord): CreateBucketCommandOutputLike {
  return { Location: `/${Name}`, BucketArn: bucketArn(Name) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkedName(name: string): string {
  const wellFormed = /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/.test(name);
  const reserved = /\.\.|^\d+\.\d+\.\d+\.\d+$|^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3)$/;
  if (!wellFormed || reserved.test(name))
    throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, { BucketName: name });
  return name;
}

function locationOf({ CreateBucketConfiguration }: CreateBucketCommandInput, { caller }: ActionContext): string {
  const { LocationConstraint, Location, Bucket } = CreateBucketConfiguration ?? {};
  if (Location !== undefined || Bucket !== undefined) throw notImplemented("A directory bucket");
  const asked: string = LocationConstraint ?? firstRegion;
  const location = asked === "EU" ? "eu-west-1" : asked;
  // AWS's first Region makes buckets for all of them.
  if (caller.region !== firstRegion && location !== caller.region) {
    throw new AwsError(
      "IllegalLocationConstraintException",
      `The ${LocationConstraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  // Its own name is none of its locations.
  if (LocationConstraint !== undefined && location === firstRegion)
    throw new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid");
  return location;
}
