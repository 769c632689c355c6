/** ECR's repositories as a CDK bootstrap makes them. */
import type { DescribeRepositoriesCommandOutput, GetLifecyclePolicyCommandOutput } from "@aws-sdk/client-ecr";
import { beforeEach, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";

let cloud: TestCloud;
const repositoryName = `cdk-hnb659fds-container-assets-${accountA}-us-east-1`;
const resourceArn = `arn:aws:ecr:us-east-1:${accountA}:repository/${repositoryName}`;

beforeEach(() => {
  cloud = testCloud();
  ecr("CreateRepository", { repositoryName, imageTagMutability: "IMMUTABLE", tags: [{ Key: "a", Value: "1" }] });
});

function ecr<Output = unknown>(operation: string, input: object, account = accountA): Output {
  return cloud.call<Output & Record<string, unknown>>(operation, input, { service: "ecr", account });
}

function refusal(operation: string, input: object, account = accountA): string {
  try {
    ecr(operation, input, account);
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

test("a repository is described with its address, and is its account's own", () => {
  const { repositories } = ecr<DescribeRepositoriesCommandOutput>("DescribeRepositories", {
    repositoryNames: [repositoryName],
  });
  expect(repositories).toEqual([
    {
      repositoryArn: resourceArn,
      registryId: accountA,
      repositoryName,
      repositoryUri: `${accountA}.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}`,
      createdAt: new Date(cloud.now()),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: "AES256" },
    },
  ]);
  expect(refusal("DescribeRepositories", { repositoryNames: [repositoryName] }, accountB)).toBe(
    "RepositoryNotFoundException",
  );
});

test("policies are kept as they were given", () => {
  const lifecyclePolicyText = '{"rules": [ ]}';
  expect(refusal("GetLifecyclePolicy", { repositoryName })).toBe("LifecyclePolicyNotFoundException");
  ecr("PutLifecyclePolicy", { repositoryName, lifecyclePolicyText });
  ecr("SetRepositoryPolicy", { repositoryName, policyText: "{}" });
  cloud.restart();
  expect(ecr<GetLifecyclePolicyCommandOutput>("GetLifecyclePolicy", { repositoryName })).toMatchObject({
    lifecyclePolicyText,
  });
  ecr("DeleteRepositoryPolicy", { repositoryName });
  expect(refusal("GetRepositoryPolicy", { repositoryName })).toBe("RepositoryPolicyNotFoundException");
});

test("tags and settings change", () => {
  ecr("TagResource", { resourceArn, tags: [{ Key: "b", Value: "2" }] });
  ecr("UntagResource", { resourceArn, tagKeys: ["a"] });
  expect(ecr("ListTagsForResource", { resourceArn })).toEqual({ tags: [{ Key: "b", Value: "2" }] });
  ecr("PutImageTagMutability", { repositoryName, imageTagMutability: "MUTABLE" });
  ecr("PutImageScanningConfiguration", { repositoryName, imageScanningConfiguration: { scanOnPush: true } });
  expect(ecr<DescribeRepositoriesCommandOutput>("DescribeRepositories", {}).repositories).toMatchObject([
    { imageTagMutability: "MUTABLE", imageScanningConfiguration: { scanOnPush: true } },
  ]);
});

test.each([
  ["CreateRepository", { repositoryName }, "RepositoryAlreadyExistsException"],
  ["CreateRepository", { repositoryName: "Upper" }, "InvalidParameterException"],
  ["SetRepositoryPolicy", { repositoryName, policyText: "{" }, "InvalidParameterException"],
  ["DeleteRepository", { repositoryName: "missing" }, "RepositoryNotFoundException"],
  ["DescribeImages", { repositoryName, imageIds: [{ imageTag: "latest" }] }, "ImageNotFoundException"],
])("%s %j is refused with %s", (operation, input, code) => {
  expect(refusal(operation, input)).toBe(code);
});
