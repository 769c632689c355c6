/**
 * Settings of buckets, which all go the same way: put as a whole, got as they were put, deleted as a whole. Of them only
 * versioning, encryption's default and the blocks of public access mean something to the rest of this cloud.
 */
import type {
  GetBucketVersioningCommandInput,
  GetBucketVersioningCommandOutput,
  LifecycleRule,
  PutBucketVersioningCommandInput,
  PutBucketVersioningCommandOutput,
  Tag,
} from "@aws-sdk/client-s3";
import { AwsError } from "../../../aws/index.ts";
import type { Action, Actions } from "../action.ts";
import { type BucketInput, bucketOf } from "./bucket-look-up.ts";
import { invalidArgument, notImplemented } from "./errors.ts";
import type { BucketRecord, BucketSettings, S3Tag } from "./record.ts";

interface Setting<K extends keyof BucketSettings> {
  readonly name: K;
  /** What the input holds, checked. */
  read(input: BucketInput & Record<string, unknown>): BucketSettings[K];
  /** The output of a get. */
  show(value: NonNullable<BucketSettings[K]>): object;
  /** What holds where nothing was put, or what was put is deleted. */
  readonly usual?: NonNullable<BucketSettings[K]>;
  readonly missing: readonly [code: string, message: string];
}

/** New objects are encrypted with S3's own keys since 2023. https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html */
export const usualEncryption: NonNullable<BucketSettings["Encryption"]> = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
};

/** What a new bucket is made with since April 2023, and may lose. https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
export const settingsOfNewBucket: BucketSettings = {
  PublicAccessBlock: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
};

const encryption: Setting<"Encryption"> = {
  name: "Encryption",
  usual: usualEncryption,
  read: ({ ServerSideEncryptionConfiguration: value }) => {
    const configuration = value as NonNullable<BucketSettings["Encryption"]>;
    if (configuration.Rules?.length !== 1) throw malformed("exactly one rule is expected");
    return configuration;
  },
  show: (ServerSideEncryptionConfiguration) => ({ ServerSideEncryptionConfiguration }),
  missing: ["ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found"],
};

const publicAccessBlock: Setting<"PublicAccessBlock"> = {
  name: "PublicAccessBlock",
  read: ({ PublicAccessBlockConfiguration }) => ({
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
    ...(PublicAccessBlockConfiguration as object),
  }),
  show: (PublicAccessBlockConfiguration) => ({ PublicAccessBlockConfiguration }),
  missing: ["NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"],
};

const ownershipControls: Setting<"OwnershipControls"> = {
  name: "OwnershipControls",
  read: ({ OwnershipControls: value }) => {
    const controls = value as NonNullable<BucketSettings["OwnershipControls"]>;
    if (controls.Rules?.[0]?.ObjectOwnership !== "BucketOwnerEnforced")
      throw notImplemented("Object ownership other than BucketOwnerEnforced");
    return controls;
  },
  show: (OwnershipControls) => ({ OwnershipControls }),
  missing: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
};

const policy: Setting<"Policy"> = {
  name: "Policy",
  read: ({ Policy }) => checkedPolicy(String(Policy ?? "")),
  show: (Policy) => ({ Policy }),
  missing: ["NoSuchBucketPolicy", "The bucket policy does not exist"],
};

const lifecycle: Setting<"Lifecycle"> = {
  name: "Lifecycle",
  read: ({ LifecycleConfiguration }) => {
    const { Rules } = (LifecycleConfiguration ?? {}) as { readonly Rules?: readonly LifecycleRule[] };
    if (!Rules?.length) throw malformed("at least one rule is expected");
    return Rules.map((rule, index) => ({ ...rule, ID: rule.ID ?? `rule-${index + 1}` }));
  },
  show: (rules) => ({
    Rules: rules.map(withDates),
    TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
  }),
  missing: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
};

const tagging: Setting<"Tagging"> = {
  name: "Tagging",
  read: ({ Tagging }) => checkedTags(((Tagging ?? {}) as { readonly TagSet?: readonly Tag[] }).TagSet ?? []),
  show: (TagSet) => ({ TagSet }),
  missing: ["NoSuchTagSet", "The TagSet does not exist"],
};

const cors: Setting<"Cors"> = {
  name: "Cors",
  read: ({ CORSConfiguration }) => CORSConfiguration as NonNullable<BucketSettings["Cors"]>,
  show: (configuration) => ({ CORSRules: configuration.CORSRules }),
  missing: ["NoSuchCORSConfiguration", "The CORS configuration does not exist"],
};

const putBucketVersioning: Action<PutBucketVersioningCommandInput, PutBucketVersioningCommandOutput> = (
  input,
  context,
) => {
  const bucket = bucketOf(context, input);
  const { Status, MFADelete } = input.VersioningConfiguration ?? {};
  if (MFADelete === "Enabled") throw notImplemented("MFA delete");
  if (Status !== "Enabled" && Status !== "Suspended") throw malformed(`'${Status ?? ""}' is no status of versioning`);
  context.put("bucket", { ...bucket, Versioning: Status });
  return {};
};

const getBucketVersioning: Action<GetBucketVersioningCommandInput, GetBucketVersioningCommandOutput> = (
  input,
  context,
) => {
  const { Versioning } = bucketOf(context, input);
  return Versioning === undefined ? {} : { Status: Versioning };
};

export const bucketSettingActions = {
  PutBucketEncryption: put(encryption),
  GetBucketEncryption: get(encryption),
  DeleteBucketEncryption: reset(encryption),
  PutPublicAccessBlock: put(publicAccessBlock),
  GetPublicAccessBlock: get(publicAccessBlock),
  DeletePublicAccessBlock: reset(publicAccessBlock),
  PutBucketOwnershipControls: put(ownershipControls),
  GetBucketOwnershipControls: get(ownershipControls),
  DeleteBucketOwnershipControls: reset(ownershipControls),
  PutBucketPolicy: put(policy),
  GetBucketPolicy: get(policy),
  DeleteBucketPolicy: reset(policy),
  PutBucketLifecycleConfiguration: put(lifecycle),
  GetBucketLifecycleConfiguration: get(lifecycle),
  DeleteBucketLifecycle: reset(lifecycle),
  PutBucketTagging: put(tagging),
  GetBucketTagging: get(tagging),
  DeleteBucketTagging: reset(tagging),
  PutBucketCors: put(cors),
  GetBucketCors: get(cors),
  DeleteBucketCors: reset(cors),
  PutBucketVersioning: putBucketVersioning,
  GetBucketVersioning: getBucketVersioning,
} satisfies Actions;

/** The tags of a bucket or an object, as they are kept. */
export function checkedTags(tags: readonly Tag[], max = 50): readonly S3Tag[] {
  const keys = tags.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length)
    throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key");
  if (tags.length > max) throw new AwsError("BadRequest", `Object tags cannot be greater than ${max}`);
  return tags.map(({ Key = "", Value = "" }) => {
    if (Key === "" || Key.length > 128 || Value.length > 256 || /^aws:/i.test(Key))
      throw new AwsError("InvalidTag", `The TagKey you have provided is invalid: '${Key}'`);
    return { Key, Value };
  });
}

function put<K extends keyof BucketSettings>({
  name,
  read,
}: Setting<K>): Action<BucketInput & Record<string, unknown>, object> {
  return (input, context) => {
    const bucket = bucketOf(context, input);
    context.put("bucket", withSetting(bucket, name, read(input)));
    return {};
  };
}

function get<K extends keyof BucketSettings>({ name, show, usual, missing }: Setting<K>): Action<BucketInput, object> {
  return (input, context) => {
    const bucket = bucketOf(context, input);
    const value = bucket.Settings[name] ?? usual;
    if (value === undefined) throw new AwsError(missing[0], missing[1], 404, { BucketName: bucket.Name });
    return show(value);
  };
}

function reset<K extends keyof BucketSettings>({ name }: Setting<K>): Action<BucketInput, object> {
  return (input, context) => {
    const bucket = bucketOf(context, input);
    context.put("bucket", withSetting(bucket, name, undefined));
    return {};
  };
}

function withSetting<K extends keyof BucketSettings>(
  bucket: BucketRecord,
  name: K,
  value: BucketSettings[K],
): BucketRecord {
  const { [name]: _, ...others } = bucket.Settings;
  // A spread of the others loses that they are settings still.
  return { ...bucket, Settings: { ...(others as BucketSettings), ...(value === undefined ? {} : { [name]: value }) } };
}

function checkedPolicy(text: string): string {
  const parsed = parsedJson(text);
  if (typeof parsed !== "object" || parsed === null || !("Statement" in parsed))
    throw new AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'");
  if (text.length > 20_480) throw invalidArgument("The policy is longer than 20 KB.");
  return text;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Records are JSON, in which a date is text. */
function withDates(rule: LifecycleRule): LifecycleRule {
  const dated = <T extends { Date?: Date | undefined }>(each: T): T =>
    each.Date === undefined ? each : { ...each, Date: new Date(each.Date) };
  return {
    ...rule,
    ...(rule.Expiration === undefined ? {} : { Expiration: dated(rule.Expiration) }),
    ...(rule.Transitions === undefined ? {} : { Transitions: rule.Transitions.map(dated) }),
  };
}

function malformed(why: string): AwsError {
  return new AwsError(
    "MalformedXML",
    `The XML you provided was not well-formed or did not validate against our published schema: ${why}.`,
  );
}
