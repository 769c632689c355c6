/** S3 through the real SDK, over the cloud's own HTTP server: buckets, settings, objects and their versions, lists, parts, presigned URLs. */
import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../../gateway/http-server.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";

let cloud: TestCloud;
let api: ApiServer;
const clients: S3Client[] = [];
let s3: S3Client;

beforeAll(async () => {
  api = await startApiServer({
    port: 0,
    cloud: () => cloud.cloud,
    onFault: (message, error) => cloud.faults.push(`${message}: ${error}`),
  });
  s3 = client();
});

afterAll(async () => {
  for (const each of clients) each.destroy();
  await api.close();
});

beforeEach(() => {
  cloud = testCloud();
});

afterEach(() => expect(cloud.faults).toEqual([]));

function client(account = accountA, region = "us-east-1", followRegionRedirects = false): S3Client {
  const made = new S3Client({
    endpoint: `http://127.0.0.1:${api.port}`,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "causeway" },
    maxAttempts: 1,
    followRegionRedirects,
    // As the CDK CLI does for every loopback name.
    forcePathStyle: true,
  });
  clients.push(made);
  return made;
}

async function refusal(sent: Promise<unknown>): Promise<readonly [string, number | undefined]> {
  try {
    await sent;
  } catch (error) {
    if (error instanceof S3ServiceException) return [error.name, error.$metadata.httpStatusCode];
    throw error;
  }
  return ["allowed", undefined];
}

async function put(Key: string, Body: PutObjectCommandInput["Body"] = Key, more: Partial<PutObjectCommandInput> = {}) {
  return s3.send(new PutObjectCommand({ Bucket: "assets", Key, Body, ...more }));
}

async function text(Key: string, more: object = {}): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "assets", Key, ...more }));
  return Body?.transformToString();
}

const makeBucket = () => s3.send(new CreateBucketCommand({ Bucket: "assets" }));
const versioned = () =>
  s3.send(new PutBucketVersioningCommand({ Bucket: "assets", VersioningConfiguration: { Status: "Enabled" } }));

describe("buckets", () => {
  test("are made, found, listed and deleted", async () => {
    expect(await makeBucket()).toMatchObject({ Location: "/assets" });
    expect(await s3.send(new HeadBucketCommand({ Bucket: "assets" }))).toMatchObject({ BucketRegion: "us-east-1" });
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets).toEqual([
      {
        Name: "assets",
        BucketRegion: "us-east-1",
        BucketArn: "arn:aws:s3:::assets",
        CreationDate: new Date(cloud.now()),
      },
    ]);
    await s3.send(new DeleteBucketCommand({ Bucket: "assets" }));
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  });

  test("a name belongs to one account of the whole cloud, and others are kept out", async () => {
    await makeBucket();
    const stranger = client(accountB, "eu-west-1");
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    expect(
      await refusal(stranger.send(new CreateBucketCommand({ Bucket: "assets", CreateBucketConfiguration }))),
    ).toEqual(["BucketAlreadyExists", 409]);
    const other = client(accountB);
    expect(await refusal(other.send(new GetBucketLocationCommand({ Bucket: "assets" })))).toEqual([
      "AccessDenied",
      403,
    ]);
    expect(await refusal(other.send(new GetObjectCommand({ Bucket: "assets", Key: "k" })))).toEqual([
      "AccessDenied",
      403,
    ]);
    // The CDK CLI tells the two apart: no access, and no bucket.
    expect(await refusal(s3.send(new GetBucketLocationCommand({ Bucket: "missing" })))).toEqual(["NoSuchBucket", 404]);
    const ExpectedBucketOwner = accountB;
    expect(await refusal(s3.send(new ListObjectsV2Command({ Bucket: "assets", ExpectedBucketOwner })))).toEqual([
      "AccessDenied",
      403,
    ]);
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: "missing" })))).toEqual(["NotFound", 404]);
  });

  test("a bucket is in one Region, which GetBucketLocation tells in any", async () => {
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    await client(accountA, "eu-west-1").send(new CreateBucketCommand({ Bucket: "assets", CreateBucketConfiguration }));
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "assets" }))).LocationConstraint).toBe("eu-west-1");
    expect(await refusal(s3.send(new ListObjectsV2Command({ Bucket: "assets" })))).toEqual(["PermanentRedirect", 301]);
    const following = client(accountA, "us-east-1", true);
    await following.send(new PutObjectCommand({ Bucket: "assets", Key: "k", Body: "there" }));
    expect(cloud.cloud.view.by("s3Object", "bucket", "assets")).toHaveLength(1);
  });

  test("making one again is no error in us-east-1, and one elsewhere", async () => {
    await makeBucket();
    await makeBucket();
    const west = client(accountA, "us-west-2");
    const twice = new CreateBucketCommand({
      Bucket: "west",
      CreateBucketConfiguration: { LocationConstraint: "us-west-2" },
    });
    await west.send(twice);
    expect(await refusal(west.send(twice))).toEqual(["BucketAlreadyOwnedByYou", 409]);
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    expect(await refusal(west.send(new CreateBucketCommand({ Bucket: "else", CreateBucketConfiguration })))).toEqual([
      "IllegalLocationConstraintException",
      400,
    ]);
  });

  test.each(["ab", "Assets", "a..b", "192.168.0.1", "xn--a", "a-s3alias", "-ab", "ab-"])(
    "'%s' is no name",
    async (Bucket) => {
      expect(await refusal(s3.send(new CreateBucketCommand({ Bucket })))).toEqual(["InvalidBucketName", 400]);
    },
  );

  test("one that holds something, if only a delete marker, is not deleted", async () => {
    await makeBucket();
    await versioned();
    await s3.send(new DeleteObjectCommand({ Bucket: "assets", Key: "never there" }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket: "assets" })))).toEqual(["BucketNotEmpty", 409]);
  });

  test("what is not modelled is refused by name, with a 4xx", async () => {
    await makeBucket();
    const sent = s3.send(new GetBucketAclCommand({ Bucket: "assets" }));
    await expect(sent).rejects.toThrow("GetBucketAcl");
    expect(await refusal(sent)).toEqual(["NotImplemented", 400]);
    const locked = new CreateBucketCommand({ Bucket: "locked", ObjectLockEnabledForBucket: true });
    expect(await refusal(s3.send(locked))).toEqual(["NotImplemented", 400]);
  });
});

describe("settings", () => {
  beforeEach(makeBucket);
  const Bucket = "assets";

  test("a new bucket is encrypted, closed to the public and not versioned", async () => {
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      "AES256",
    );
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  });

  test("what the CDK's bootstrap sets is kept as it was given", async () => {
    const encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const } }] };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: encryption }));
    expect((await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration).toEqual(
      encryption,
    );
    const Rules = [
      { ID: "CleanupOldVersions", Status: "Enabled" as const, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
      {
        ID: "AbortIncompleteMultipartUploads",
        Status: "Enabled" as const,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
      { ID: "dated", Status: "Disabled" as const, Expiration: { Date: new Date("2030-01-01T00:00:00Z") } },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    cloud.restart();
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    const TagSet = [{ Key: "a", Value: "1 & 2" }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
  });

  test("what was deleted, or never there, has a refusal of its own", async () => {
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket })))).toEqual(["NoSuchBucketPolicy", 404]);
    expect(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket })))).toEqual(["NoSuchTagSet", 404]);
    expect(await refusal(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toEqual([
      "NoSuchLifecycleConfiguration",
      404,
    ]);
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await refusal(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toEqual([
      "NoSuchPublicAccessBlockConfiguration",
      404,
    ]);
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    expect(await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false },
    });
  });

  test.each([
    ["no JSON", "{"],
    ["no statements", "{}"],
  ])("a policy that is %s is refused", async (_, Policy) => {
    expect(await refusal(s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))).toEqual(["MalformedPolicy", 400]);
  });
});

describe("objects", () => {
  beforeEach(makeBucket);
  const Bucket = "assets";

  test("come back as they were put, also after a restart", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) & 0xff);
    const { ETag, ChecksumCRC32 } = await put("folder/a b+c/ü", bytes, {
      ContentType: "application/zip",
      Metadata: { color: "red" },
      CacheControl: "no-cache",
    });
    expect(ETag).toBe(`"${createHash("md5").update(bytes).digest("hex")}"`);
    expect(ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
    cloud.restart();
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "folder/a b+c/ü", ChecksumMode: "ENABLED" }));
    expect(got).toMatchObject({
      ContentType: "application/zip",
      ContentLength: 100_000,
      Metadata: { color: "red" },
      CacheControl: "no-cache",
      ServerSideEncryption: "AES256",
      ChecksumCRC32,
      ETag,
    });
    expect(await got.Body?.transformToByteArray()).toEqual(bytes);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "folder/a b+c/ü" }))).toMatchObject({
      ContentLength: 100_000,
      ETag,
    });
  });

  test("of a stream come in AWS's chunks, with their checksum behind them", async () => {
    const { Readable } = await import("node:stream");
    const body = Readable.from([Buffer.alloc(70_000, "a"), Buffer.alloc(70_000, "b")]);
    await put("stream", body, { ContentLength: 140_000 });
    expect(await text("stream")).toBe("a".repeat(70_000) + "b".repeat(70_000));
  });

  test.each(["CRC32", "CRC32C", "SHA1", "SHA256"] as const)("are checked by %s", async (ChecksumAlgorithm) => {
    await put("k", "text", { ChecksumAlgorithm });
    expect(await text("k", { ChecksumMode: "ENABLED" })).toBe("text");
    const wrong = {
      [`Checksum${ChecksumAlgorithm}`]: Buffer.alloc(ChecksumAlgorithm.startsWith("CRC") ? 4 : 32).toString("base64"),
    };
    expect(await refusal(put("k", "text", wrong))).toEqual(["BadDigest", 400]);
    expect(await text("k")).toBe("text");
  });

  test("that are not there are no key, and a HEAD of them has no body", async () => {
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toEqual(["NoSuchKey", 404]);
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "k" })))).toEqual(["NotFound", 404]);
  });

  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=8-", "89", "bytes 8-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=5-100", "56789", "bytes 5-9/10"],
    ["lines=1-2", "0123456789", undefined],
  ])("a part of one: %s", async (Range, part, ContentRange) => {
    await put("k", "0123456789");
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k", Range }));
    expect(got.ContentRange).toBe(ContentRange);
    expect(await got.Body?.transformToString()).toBe(part);
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=10-" })))).toEqual([
      "InvalidRange",
      416,
    ]);
  });

  test("are given and taken on conditions", async () => {
    const { ETag } = await put("k", "one", { IfNoneMatch: "*" });
    expect(await refusal(put("k", "two", { IfNoneMatch: "*" }))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(put("k", "two", { IfMatch: '"other"' }))).toEqual(["PreconditionFailed", 412]);
    expect((await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", IfNoneMatch: ETag }))))[1]).toBe(304);
    expect((await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "k", IfMatch: '"other"' }))))[1]).toBe(412);
    expect(await text("k", { IfMatch: ETag })).toBe("one");
  });

  test("are copied, with what is said of them or something else", async () => {
    await put("from/a b", "text", { ContentType: "text/plain", Metadata: { color: "red" }, Tagging: "a=1" });
    const CopySource = `assets/${encodeURIComponent("from/a b")}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "to" }))).toMatchObject({
      ContentType: "text/plain",
      Metadata: { color: "red" },
    });
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "to" }))).TagSet).toEqual([
      { Key: "a", Value: "1" },
    ]);
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: "to",
        CopySource: "assets/to",
        MetadataDirective: "REPLACE",
        Metadata: { a: "b" },
      }),
    );
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "to" }))).Metadata).toEqual({ a: "b" });
    expect(await refusal(s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource: "assets/to" })))).toEqual([
      "InvalidRequest",
      400,
    ]);
  });

  test("are tagged", async () => {
    await put("k");
    const TagSet = [{ Key: "b", Value: "2" }];
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet } }));
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet).toEqual(TagSet);
  });

  test("that are replaced or deleted leave no bytes behind", async () => {
    await put("k", "one");
    await put("k", "two");
    await put("l", "three");
    expect(cloud.blobs.size).toBe(2);
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "k" }, { Key: "l" }, { Key: "m" }] } }),
    );
    expect(cloud.blobs.size).toBe(0);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });

  test("bytes that no record names are swept at the start", async () => {
    await put("k", "kept");
    // A call that was refused after its bytes had been written.
    expect(await refusal(put("l", "lost", { Tagging: "a=1&a=2" }))).toEqual(["InvalidTag", 400]);
    (cloud.blobs as Map<string, Uint8Array>).set("feed", new Uint8Array(3));
    cloud.restart();
    expect(cloud.blobs.size).toBe(1);
    expect(await text("k")).toBe("kept");
  });
});

describe("versions", () => {
  beforeEach(async () => {
    await makeBucket();
    await put("k", "before versions");
    await versioned();
  });
  const Bucket = "assets";

  test("a put goes on top, a delete hides, and a version deleted for good uncovers what was below", async () => {
    const one = await put("k", "one");
    const two = await put("k", "two");
    expect(await text("k")).toBe("two");
    expect(await text("k", { VersionId: one.VersionId })).toBe("one");
    expect(await text("k", { VersionId: "null" })).toBe("before versions");
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(gone).toMatchObject({ DeleteMarker: true });
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toEqual(["NoSuchKey", 404]);
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.DeleteMarkers).toMatchObject([{ Key: "k", IsLatest: true, VersionId: gone.VersionId }]);
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two.VersionId, false],
      [one.VersionId, false],
      ["null", false],
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: gone.VersionId }));
    expect(await text("k")).toBe("two");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: two.VersionId }));
    expect(await text("k")).toBe("one");
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: "other" })))).toEqual([
      "NoSuchVersion",
      404,
    ]);
  });

  test("pages of versions go on in the middle of a key", async () => {
    for (const body of ["one", "two", "three"]) await put("k", body);
    await put("l");
    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let page = 0; page < 10; page += 1) {
      const listed = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }));
      seen.push(...(listed.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      if (!listed.IsTruncated) break;
      markers = { KeyMarker: listed.NextKeyMarker, VersionIdMarker: listed.NextVersionIdMarker };
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });
});

describe("lists", () => {
  beforeEach(async () => {
    await makeBucket();
    for (const key of ["a", "b/1", "b/2", "b/c/3", "ä", "z"]) await put(key);
  });
  const Bucket = "assets";
  const keys = (listed: { Contents?: { Key?: string | undefined }[] | undefined }) =>
    listed.Contents?.map(({ Key }) => Key);

  test("are in the order of the keys' bytes", async () => {
    expect(keys(await s3.send(new ListObjectsV2Command({ Bucket })))).toEqual(["a", "b/1", "b/2", "b/c/3", "z", "ä"]);
    expect(keys(await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "b/", StartAfter: "b/1" })))).toEqual([
      "b/2",
      "b/c/3",
    ]);
  });

  test("fold at a delimiter", async () => {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: "/" }));
    expect(keys(listed)).toEqual(["a", "z", "ä"]);
    expect(listed).toMatchObject({ CommonPrefixes: [{ Prefix: "b/" }], KeyCount: 4 });
    expect(await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: "/", Prefix: "b/" }))).toMatchObject({
      Contents: [{ Key: "b/1" }, { Key: "b/2" }],
      CommonPrefixes: [{ Prefix: "b/c/" }],
    });
  });

  test.each([1, 2, 3, 7])("come in pages of %i, each key once", async (MaxKeys) => {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const listed = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys, Delimiter: "/", ContinuationToken }));
      seen.push(
        ...(keys(listed) ?? []).map(String),
        ...(listed.CommonPrefixes ?? []).map(({ Prefix }) => String(Prefix)),
      );
      ContinuationToken = listed.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen.sort()).toEqual(["a", "b/", "z", "ä"]);
  });

  test("in the older way go on from a marker, with keys escaped when asked", async () => {
    const listed = await s3.send(new ListObjectsCommand({ Bucket, Marker: "b/2", EncodingType: "url" }));
    expect(keys(listed)).toEqual(["b/c/3", "z", "%C3%A4"]);
  });
});

describe("uploads in parts", () => {
  beforeEach(makeBucket);
  const Bucket = "assets";
  const Key = "large";

  async function upload(...bodies: readonly Buffer[]) {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "text/plain" }));
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    return { Bucket, Key, UploadId, MultipartUpload: { Parts } };
  }

  const large = Buffer.alloc(5 * 1024 * 1024, "a");

  test("become one object", async () => {
    const parts = await upload(large, Buffer.from("the end"));
    expect((await s3.send(new ListPartsCommand(parts))).Parts).toHaveLength(2);
    const { ETag } = await s3.send(new CompleteMultipartUploadCommand(parts));
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${large.length - 2}-` }));
    expect(await got.Body?.transformToString()).toBe("aathe end");
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentLength: large.length + 7,
      ContentType: "text/plain",
    });
    expect(await refusal(s3.send(new CompleteMultipartUploadCommand(parts)))).toEqual(["NoSuchUpload", 404]);
  });

  test("that are given up leave nothing", async () => {
    const parts = await upload(Buffer.from("small"));
    await s3.send(new AbortMultipartUploadCommand(parts));
    expect(cloud.blobs.size).toBe(0);
    expect(await refusal(s3.send(new ListPartsCommand(parts)))).toEqual(["NoSuchUpload", 404]);
  });

  test("have parts of a least size, in order, as they were sent", async () => {
    const small = await upload(Buffer.from("small"), Buffer.from("end"));
    expect(await refusal(s3.send(new CompleteMultipartUploadCommand(small)))).toEqual(["EntityTooSmall", 400]);
    const Parts = [...small.MultipartUpload.Parts].reverse();
    const reversed = new CompleteMultipartUploadCommand({ ...small, MultipartUpload: { Parts } });
    expect(await refusal(s3.send(reversed))).toEqual(["InvalidPartOrder", 400]);
    const unknown = { ...small, MultipartUpload: { Parts: [{ PartNumber: 3, ETag: "x" }] } };
    expect(await refusal(s3.send(new CompleteMultipartUploadCommand(unknown)))).toEqual(["InvalidPart", 400]);
  });
});

describe("a presigned URL", () => {
  beforeEach(makeBucket);

  test("puts and gets without further credentials, until it has expired", async () => {
    const command = { Bucket: "assets", Key: "k" };
    const putUrl = await getSignedUrl(s3, new PutObjectCommand(command), { expiresIn: 60 });
    expect((await fetch(putUrl, { method: "PUT", body: "by URL" })).status).toBe(200);
    const getUrl = await getSignedUrl(s3, new GetObjectCommand(command), { expiresIn: 60 });
    expect(await (await fetch(getUrl)).text()).toBe("by URL");
    const signingDate = new Date(Date.now() - 120_000);
    const late = await fetch(await getSignedUrl(s3, new GetObjectCommand(command), { expiresIn: 60, signingDate }));
    expect(late.status).toBe(403);
    expect(await late.text()).toContain("<Message>Request has expired</Message>");
  });

  test("without a signature nothing is given", async () => {
    await put("k");
    expect((await fetch(`http://127.0.0.1:${api.port}/assets/k`)).status).toBe(403);
  });
});

test.each([
  ["localhost", "/assets/k"],
  ["assets.localhost", "/k"],
  ["assets.s3.us-east-1.localhost", "/k"],
])("a bucket in the host's name, or in the path: %s%s", async (name, path) => {
  await makeBucket();
  await put("k", "found");
  const { request } = await import("node:http");
  const authorization =
    "AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x";
  const body = await new Promise<string>((resolve, reject) => {
    const headers = { host: `${name}:${api.port}`, authorization };
    request({ host: "127.0.0.1", port: api.port, path, headers }, (response) => {
      let read = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        read += chunk;
      });
      response.on("end", () => resolve(read));
    })
      .on("error", reject)
      .end();
  });
  expect(body).toBe("found");
});
