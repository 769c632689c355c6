/** AWS::IAM::ManagedPolicy. Its Ref is its ARN. */
import type {
  CreatePolicyCommandOutput,
  GetPolicyCommandOutput,
  ListPolicyVersionsCommandOutput,
} from "@aws-sdk/client-iam";
import { documentText } from "./iam-role.ts";
import { type ResourceWork, resourceType } from "./resource-type.ts";
import { unlessGone } from "./unless-gone.ts";

interface Properties {
  readonly ManagedPolicyName?: string;
  readonly PolicyDocument: string | object;
  readonly Description?: string;
  readonly Path?: string;
  readonly Roles?: readonly string[];
}

export const iamManagedPolicyType = resourceType<Properties>({
  name: "AWS::IAM::ManagedPolicy",
  properties: ["ManagedPolicyName", "PolicyDocument", "Description", "Path", "Roles"],
  create(work) {
    const { PolicyDocument, Description, Path, Roles = [] } = work.properties;
    const { Policy } = work.call<CreatePolicyCommandOutput>("iam:CreatePolicy", {
      PolicyName: work.properties.ManagedPolicyName ?? work.newName(128),
      PolicyDocument: documentText(PolicyDocument),
      Description,
      Path,
    });
    const PolicyArn = Policy?.Arn ?? "";
    for (const RoleName of Roles) work.call("iam:AttachRolePolicy", { RoleName, PolicyArn });
    return PolicyArn;
  },
  update(work, before) {
    const PolicyArn = work.physicalId;
    const { PolicyDocument, Roles = [] } = work.properties;
    if (documentText(PolicyDocument) !== documentText(before.PolicyDocument)) {
      work.call("iam:CreatePolicyVersion", {
        PolicyArn,
        PolicyDocument: documentText(PolicyDocument),
        SetAsDefault: true,
      });
      forgetOldVersions(work);
    }
    const past = before.Roles ?? [];
    for (const RoleName of past.filter((name) => !Roles.includes(name)))
      unlessGone(() => work.call("iam:DetachRolePolicy", { RoleName, PolicyArn }));
    for (const RoleName of Roles.filter((name) => !past.includes(name)))
      work.call("iam:AttachRolePolicy", { RoleName, PolicyArn });
  },
  delete(work) {
    const PolicyArn = work.physicalId;
    for (const RoleName of work.properties.Roles ?? [])
      unlessGone(() => work.call("iam:DetachRolePolicy", { RoleName, PolicyArn }));
    forgetOldVersions(work);
    work.call("iam:DeletePolicy", { PolicyArn });
  },
  attributes(work) {
    const { Policy } = work.call<GetPolicyCommandOutput>("iam:GetPolicy", { PolicyArn: work.physicalId });
    return { PolicyArn: work.physicalId, PolicyId: Policy?.PolicyId, DefaultVersionId: Policy?.DefaultVersionId };
  },
});

/** A policy keeps five versions at most; CloudFormation keeps one. */
function forgetOldVersions(work: ResourceWork<Properties>): void {
  const PolicyArn = work.physicalId;
  const { Versions = [] } = work.call<ListPolicyVersionsCommandOutput>("iam:ListPolicyVersions", { PolicyArn });
  for (const { VersionId } of Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion))
    work.call("iam:DeletePolicyVersion", { PolicyArn, VersionId });
}
