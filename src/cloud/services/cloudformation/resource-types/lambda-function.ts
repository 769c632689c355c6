/** AWS::Lambda::Function, AWS::Lambda::Version and AWS::Lambda::Permission. */
import type { FunctionConfiguration, PublishVersionCommandOutput } from "@aws-sdk/client-lambda";
import { archiveOf } from "../../lambda/inline-code.ts";
import { cfnResponse } from "./cfn-response.ts";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly Architectures?: readonly string[];
  readonly Code: {
    readonly S3Bucket?: string;
    readonly S3Key?: string;
    readonly S3ObjectVersion?: string;
    /** The text of the function itself. */
    readonly ZipFile?: string;
    readonly [unmodelled: string]: unknown;
  };
  readonly Description?: string;
  readonly Environment?: object;
  readonly EphemeralStorage?: object;
  readonly FunctionName?: string;
  readonly Handler?: string;
  readonly LoggingConfig?: object;
  readonly MemorySize?: number;
  readonly PackageType?: string;
  readonly Role: string;
  readonly Runtime?: string;
  readonly Tags?: readonly ResourceTag[];
  readonly Timeout?: number;
  readonly TracingConfig?: object;
}

export const lambdaFunctionType = resourceType<Properties>({
  name: "AWS::Lambda::Function",
  properties: [
    "Architectures",
    "Code",
    "Description",
    "Environment",
    "EphemeralStorage",
    "FunctionName",
    "Handler",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "Role",
    "Runtime",
    "Tags",
    "Timeout",
    "TracingConfig",
  ],
  create(work) {
    const { Code, Tags: _tags, ...properties } = work.properties;
    const FunctionName = properties.FunctionName ?? work.newName(64);
    const Tags = Object.fromEntries(work.tags.map(({ Key, Value }) => [Key, Value]));
    work.call("lambda:CreateFunction", { ...properties, FunctionName, Code: codeOf(Code), Tags });
    return FunctionName;
  },
  created: (work) => describe(work).State === "Active",
  update(work, before) {
    const { Code, Tags: _tags, Architectures, PackageType: _type, FunctionName: _name, ...settings } = work.properties;
    const FunctionName = work.physicalId;
    if (JSON.stringify(Code) !== JSON.stringify(before.Code))
      work.call("lambda:UpdateFunctionCode", { FunctionName, Architectures, ...codeOf(Code) });
    work.call("lambda:UpdateFunctionConfiguration", { Environment: { Variables: {} }, ...settings, FunctionName });
    const Resource = describe(work).FunctionArn;
    const gone = (before.Tags ?? []).map(({ Key }) => Key).filter((key) => !work.tags.some(({ Key }) => Key === key));
    if (gone.length > 0) work.call("lambda:UntagResource", { Resource, TagKeys: gone });
    const Tags = Object.fromEntries(work.tags.map(({ Key, Value }) => [Key, Value]));
    if (work.tags.length > 0) work.call("lambda:TagResource", { Resource, Tags });
  },
  updated: (work) => describe(work).LastUpdateStatus === "Successful",
  delete: (work) => void work.call("lambda:DeleteFunction", { FunctionName: work.physicalId }),
  attributes: (work) => ({ Arn: describe(work).FunctionArn }),
});

function describe(work: ResourceWork<Properties>): FunctionConfiguration {
  return work.call<FunctionConfiguration>("lambda:GetFunctionConfiguration", { FunctionName: work.physicalId });
}

/** Text in a template is a module named `index`, with `cfn-response` beside it. */
function codeOf({ ZipFile, ...code }: Properties["Code"]): object {
  if (ZipFile === undefined) return code;
  const archive = archiveOf({ "index.js": ZipFile, "node_modules/cfn-response.js": cfnResponse });
  return { ...code, ZipFile: Buffer.from(archive).toString("base64") };
}

interface VersionProperties {
  readonly FunctionName: string;
  readonly CodeSha256?: string;
  readonly Description?: string;
}

export const lambdaVersionType = resourceType<VersionProperties>({
  name: "AWS::Lambda::Version",
  properties: ["FunctionName", "CodeSha256", "Description"],
  create: ({ call, properties }) =>
    call<PublishVersionCommandOutput>("lambda:PublishVersion", properties).FunctionArn ?? "",
  delete({ call, physicalId, properties: { FunctionName } }) {
    call("lambda:DeleteFunction", { FunctionName, Qualifier: versionOf(physicalId) });
  },
  attributes: ({ physicalId }) => ({ FunctionArn: physicalId, Version: versionOf(physicalId) }),
});

function versionOf(arn: string): string {
  return arn.split(":").at(-1) ?? "";
}

interface PermissionProperties {
  readonly FunctionName: string;
  readonly Action: string;
  readonly Principal: string;
  readonly PrincipalOrgID?: string;
  readonly SourceAccount?: string;
  readonly SourceArn?: string;
}

export const lambdaPermissionType = resourceType<PermissionProperties>({
  name: "AWS::Lambda::Permission",
  properties: ["FunctionName", "Action", "Principal", "PrincipalOrgID", "SourceAccount", "SourceArn"],
  create(work) {
    const StatementId = work.newName(100);
    work.call("lambda:AddPermission", { ...work.properties, StatementId });
    return StatementId;
  },
  delete({ call, physicalId: StatementId, properties: { FunctionName } }) {
    call("lambda:RemovePermission", { FunctionName, StatementId });
  },
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});
