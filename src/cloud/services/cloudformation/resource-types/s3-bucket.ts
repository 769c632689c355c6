/** AWS::S3::Bucket, as far as assets need one, and AWS::S3::BucketPolicy. */
import { documentText } from "./iam-role.ts";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly BucketName?: string;
  readonly AccessControl?: string;
  readonly BucketEncryption?: { readonly ServerSideEncryptionConfiguration: readonly EncryptionRule[] };
  readonly LifecycleConfiguration?: { readonly Rules: readonly LifecycleRule[] };
  readonly PublicAccessBlockConfiguration?: object;
  readonly VersioningConfiguration?: { readonly Status: string };
  readonly Tags?: readonly ResourceTag[];
}

interface EncryptionRule {
  readonly BucketKeyEnabled?: boolean;
  readonly ServerSideEncryptionByDefault?: object;
}

interface LifecycleRule {
  readonly Id?: string;
  readonly Status: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly AbortIncompleteMultipartUpload?: object;
  readonly NoncurrentVersionExpiration?: object;
  readonly [unmodelled: string]: unknown;
}

export const s3BucketType = resourceType<Properties>({
  name: "AWS::S3::Bucket",
  properties: [
    "BucketName",
    "AccessControl",
    "BucketEncryption",
    "LifecycleConfiguration",
    "PublicAccessBlockConfiguration",
    "VersioningConfiguration",
    "Tags",
  ],
  create(work) {
    const Bucket = work.properties.BucketName ?? work.newName(63).toLowerCase();
    if (work.properties.AccessControl !== undefined && work.properties.AccessControl !== "Private")
      throw new ResourceFailure("An AccessControl other than Private is not modelled by this local cloud.");
    const LocationConstraint = work.region === "us-east-1" ? undefined : work.region;
    work.call("s3:CreateBucket", {
      Bucket,
      ...(LocationConstraint !== undefined && { CreateBucketConfiguration: { LocationConstraint } }),
    });
    configure(work, Bucket);
    return Bucket;
  },
  update: (work) => configure(work, work.physicalId),
  delete: (work) => void work.call("s3:DeleteBucket", { Bucket: work.physicalId }),
  attributes: ({ physicalId, region }) => ({
    Arn: `arn:aws:s3:::${physicalId}`,
    DomainName: `${physicalId}.s3.amazonaws.com`,
    RegionalDomainName: `${physicalId}.s3.${region}.amazonaws.com`,
    DualStackDomainName: `${physicalId}.s3.dualstack.${region}.amazonaws.com`,
    WebsiteURL: `http://${physicalId}.s3-website-${region}.amazonaws.com`,
  }),
});

function configure(work: ResourceWork<Properties>, Bucket: string): void {
  const { BucketEncryption, LifecycleConfiguration, PublicAccessBlockConfiguration, VersioningConfiguration } =
    work.properties;
  if (BucketEncryption !== undefined) {
    const Rules = BucketEncryption.ServerSideEncryptionConfiguration.map(
      ({ ServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
        ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
        BucketKeyEnabled,
      }),
    );
    work.call("s3:PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration: { Rules } });
  }
  if (PublicAccessBlockConfiguration !== undefined)
    work.call("s3:PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration });
  if (VersioningConfiguration !== undefined) work.call("s3:PutBucketVersioning", { Bucket, VersioningConfiguration });
  if (LifecycleConfiguration !== undefined) {
    const Rules = LifecycleConfiguration.Rules.map(({ Id: ID, Status, Prefix = "", ExpirationInDays, ...rest }) => ({
      ID,
      Status,
      Filter: { Prefix },
      ...rest,
      ...(ExpirationInDays !== undefined && { Expiration: { Days: ExpirationInDays } }),
    }));
    work.call("s3:PutBucketLifecycleConfiguration", { Bucket, LifecycleConfiguration: { Rules } });
  }
  if (work.tags.length > 0) work.call("s3:PutBucketTagging", { Bucket, Tagging: { TagSet: work.tags } });
}

interface PolicyProperties {
  readonly Bucket: string;
  readonly PolicyDocument: string | object;
}

export const s3BucketPolicyType = resourceType<PolicyProperties>({
  name: "AWS::S3::BucketPolicy",
  properties: ["Bucket", "PolicyDocument"],
  create(work) {
    putPolicy(work);
    return work.properties.Bucket;
  },
  update: putPolicy,
  delete: (work) => void work.call("s3:DeleteBucketPolicy", { Bucket: work.properties.Bucket }),
});

function putPolicy({ call, properties: { Bucket, PolicyDocument } }: ResourceWork<PolicyProperties>): void {
  call("s3:PutBucketPolicy", { Bucket, Policy: documentText(PolicyDocument) });
}
