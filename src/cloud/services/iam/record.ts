/** IAM as far as instances need it: roles, instance profiles and policies as records. IAM is global: their Region is `aws-global`. */
import type { CloudRecord } from "../../state/record.ts";

export interface IamTag {
  readonly Key: string;
  readonly Value: string;
}

export interface RoleRecord extends CloudRecord {
  readonly Arn: string;
  /** `AROA…` */
  readonly RoleId: string;
  readonly RoleName: string;
  readonly Path: string;
  readonly Description?: string;
  /** JSON text as given. */
  readonly AssumeRolePolicyDocument: string;
  /** Seconds. */
  readonly MaxSessionDuration: number;
  readonly AttachedPolicyArns: readonly string[];
  readonly PermissionsBoundaryArn?: string;
  readonly InlinePolicies: readonly { readonly PolicyName: string; readonly PolicyDocument: string }[];
  readonly Tags: readonly IamTag[];
}

export interface InstanceProfileRecord extends CloudRecord {
  readonly Arn: string;
  /** `AIPA…` */
  readonly InstanceProfileId: string;
  readonly InstanceProfileName: string;
  readonly Path: string;
  /** At most one. */
  readonly RoleArns: readonly string[];
  readonly Tags: readonly IamTag[];
}

export interface PolicyRecord extends CloudRecord {
  readonly Arn: string;
  /** `ANPA…` */
  readonly PolicyId: string;
  readonly PolicyName: string;
  readonly Path: string;
  readonly Description?: string;
  readonly DefaultVersionId: string;
  /** Version ids are never used again. */
  readonly NextVersion: number;
  /** JSON text as given, oldest version first. */
  readonly Versions: readonly { readonly VersionId: string; readonly Document: string; readonly CreatedAt: number }[];
  readonly Tags: readonly IamTag[];
}
