/** AWS::IAM::Role. */
import type { CreateRoleCommandOutput, GetRoleCommandOutput } from "@aws-sdk/client-iam";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { unlessGone } from "./unless-gone.ts";

interface Properties {
  readonly AssumeRolePolicyDocument: string | object;
  readonly Description?: string;
  readonly ManagedPolicyArns?: readonly string[];
  readonly MaxSessionDuration?: number;
  readonly Path?: string;
  readonly PermissionsBoundary?: string;
  readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: string | object }[];
  readonly RoleName?: string;
  readonly Tags?: readonly ResourceTag[];
}

export const iamRoleType = resourceType<Properties>({
  name: "AWS::IAM::Role",
  properties: [
    "AssumeRolePolicyDocument",
    "Description",
    "ManagedPolicyArns",
    "MaxSessionDuration",
    "Path",
    "PermissionsBoundary",
    "Policies",
    "RoleName",
    "Tags",
  ],
  create(work) {
    const { AssumeRolePolicyDocument, Description, MaxSessionDuration, Path, PermissionsBoundary } = work.properties;
    const RoleName = work.properties.RoleName ?? work.newName(64);
    work.call<CreateRoleCommandOutput>("iam:CreateRole", {
      RoleName,
      AssumeRolePolicyDocument: documentText(AssumeRolePolicyDocument),
      Description,
      MaxSessionDuration,
      Path,
      PermissionsBoundary,
      ...(work.tags.length > 0 && { Tags: work.tags }),
    });
    changePolicies(work, RoleName, {});
    return RoleName;
  },
  update(work, before) {
    const {
      AssumeRolePolicyDocument,
      Description = "",
      MaxSessionDuration = 3600,
      PermissionsBoundary,
    } = work.properties;
    const RoleName = work.physicalId;
    work.call("iam:UpdateAssumeRolePolicy", { RoleName, PolicyDocument: documentText(AssumeRolePolicyDocument) });
    work.call("iam:UpdateRole", { RoleName, Description, MaxSessionDuration });
    if (PermissionsBoundary !== before.PermissionsBoundary) {
      if (PermissionsBoundary === undefined) work.call("iam:DeleteRolePermissionsBoundary", { RoleName });
      else work.call("iam:PutRolePermissionsBoundary", { RoleName, PermissionsBoundary });
    }
    changePolicies(work, RoleName, before);
    const { Role } = work.call<GetRoleCommandOutput>("iam:GetRole", { RoleName });
    const gone = (Role?.Tags ?? [])
      .map(({ Key = "" }) => Key)
      .filter((key) => !work.tags.some(({ Key }) => Key === key));
    if (gone.length > 0) work.call("iam:UntagRole", { RoleName, TagKeys: gone });
    if (work.tags.length > 0) work.call("iam:TagRole", { RoleName, Tags: work.tags });
  },
  delete(work) {
    const { ManagedPolicyArns = [], Policies = [] } = work.properties;
    const RoleName = work.physicalId;
    for (const PolicyArn of ManagedPolicyArns)
      unlessGone(() => work.call("iam:DetachRolePolicy", { RoleName, PolicyArn }));
    for (const { PolicyName } of Policies)
      unlessGone(() => work.call("iam:DeleteRolePolicy", { RoleName, PolicyName }));
    work.call("iam:DeleteRole", { RoleName });
  },
  attributes(work) {
    const { Role } = work.call<GetRoleCommandOutput>("iam:GetRole", { RoleName: work.physicalId });
    return { Arn: Role?.Arn, RoleId: Role?.RoleId };
  },
});

function changePolicies(work: ResourceWork<Properties>, RoleName: string, before: Partial<Properties>): void {
  const { ManagedPolicyArns = [], Policies = [] } = work.properties;
  const pastArns = before.ManagedPolicyArns ?? [];
  for (const PolicyArn of pastArns.filter((arn) => !ManagedPolicyArns.includes(arn)))
    unlessGone(() => work.call("iam:DetachRolePolicy", { RoleName, PolicyArn }));
  for (const PolicyArn of ManagedPolicyArns.filter((arn) => !pastArns.includes(arn)))
    work.call("iam:AttachRolePolicy", { RoleName, PolicyArn });
  for (const { PolicyName } of (before.Policies ?? []).filter(
    (past) => !Policies.some((each) => each.PolicyName === past.PolicyName),
  ))
    unlessGone(() => work.call("iam:DeleteRolePolicy", { RoleName, PolicyName }));
  for (const { PolicyName, PolicyDocument } of Policies)
    work.call("iam:PutRolePolicy", { RoleName, PolicyName, PolicyDocument: documentText(PolicyDocument) });
}

/** Templates write documents as objects; the API takes them as text. */
export function documentText(document: string | object): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}
