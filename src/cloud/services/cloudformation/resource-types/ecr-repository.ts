/** AWS::ECR::Repository, as far as the toolkit's bootstrap asks for one. */
import type { DescribeRepositoriesCommandOutput } from "@aws-sdk/client-ecr";
import { documentText } from "./iam-role.ts";
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly RepositoryName?: string;
  readonly ImageTagMutability?: string;
  readonly ImageScanningConfiguration?: { readonly ScanOnPush?: boolean };
  readonly LifecyclePolicy?: { readonly LifecyclePolicyText?: string };
  readonly RepositoryPolicyText?: string | object;
  readonly Tags?: readonly ResourceTag[];
}

export const ecrRepositoryType = resourceType<Properties>({
  name: "AWS::ECR::Repository",
  properties: [
    "RepositoryName",
    "ImageTagMutability",
    "ImageScanningConfiguration",
    "LifecyclePolicy",
    "RepositoryPolicyText",
    "Tags",
  ],
  create(work) {
    const { ImageTagMutability: imageTagMutability, ImageScanningConfiguration: scanning } = work.properties;
    const repositoryName = work.properties.RepositoryName ?? work.newName(256).toLowerCase();
    work.call("ecr:CreateRepository", {
      repositoryName,
      imageTagMutability,
      ...(scanning !== undefined && { imageScanningConfiguration: { scanOnPush: scanning.ScanOnPush } }),
      ...(work.tags.length > 0 && { tags: work.tags }),
    });
    putPolicies(work, repositoryName);
    return repositoryName;
  },
  update: (work) => putPolicies(work, work.physicalId),
  replaces: (properties, before) =>
    (["ImageTagMutability", "ImageScanningConfiguration", "Tags"] as const).some(
      (name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name]),
    ),
  delete: (work) => void work.call("ecr:DeleteRepository", { repositoryName: work.physicalId }),
  attributes({ call, physicalId }) {
    const input = { repositoryNames: [physicalId] };
    const [repository] = call<DescribeRepositoriesCommandOutput>("ecr:DescribeRepositories", input).repositories ?? [];
    return { Arn: repository?.repositoryArn, RepositoryUri: repository?.repositoryUri };
  },
});

function putPolicies({ call, properties }: ResourceWork<Properties>, repositoryName: string): void {
  const { LifecyclePolicy, RepositoryPolicyText } = properties;
  if (LifecyclePolicy?.LifecyclePolicyText !== undefined)
    call("ecr:PutLifecyclePolicy", { repositoryName, lifecyclePolicyText: LifecyclePolicy.LifecyclePolicyText });
  if (RepositoryPolicyText !== undefined)
    call("ecr:SetRepositoryPolicy", { repositoryName, policyText: documentText(RepositoryPolicyText) });
}
