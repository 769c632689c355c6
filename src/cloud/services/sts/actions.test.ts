/** STS: who a caller is, and role sessions across accounts. (semantics 13.4) */
import type { AssumeRoleCommandOutput, GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import { beforeEach, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";

let cloud: TestCloud;

beforeEach(() => {
  cloud = testCloud();
});

function assume(input: object = {}, account = accountA): AssumeRoleCommandOutput {
  return cloud.call<AssumeRoleCommandOutput>(
    "AssumeRole",
    { RoleArn: `arn:aws:iam::${accountB}:role/peer`, RoleSessionName: "test", ...input },
    { service: "sts", account },
  );
}

function whoAmI(accessKeyId: string): GetCallerIdentityCommandOutput {
  return cloud.call<GetCallerIdentityCommandOutput>("GetCallerIdentity", {}, { service: "sts", account: accessKeyId });
}

function refusal(act: () => unknown): readonly [string, string] {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return [error.code, error.message];
    throw error;
  }
  return ["allowed", ""];
}

test.each([
  [accountA, accountA],
  ["AKIAIOSFODNN7EXAMPLE", "000000000000"],
  ["test", "000000000000"],
])("the key %s belongs to the root of account %s", (key, account) => {
  expect(whoAmI(key)).toEqual({ Account: account, Arn: `arn:aws:iam::${account}:root`, UserId: account });
});

test("a role session of another account acts there, also after a restart", () => {
  const { Credentials, AssumedRoleUser } = assume();
  expect(Credentials).toMatchObject({
    SecretAccessKey: expect.stringMatching(/^.{40}$/),
    SessionToken: expect.stringMatching(/^.{100,}$/),
    Expiration: new Date(cloud.now() + 3_600_000),
  });
  const key = Credentials?.AccessKeyId ?? "";
  const expected = {
    Account: accountB,
    Arn: `arn:aws:sts::${accountB}:assumed-role/peer/test`,
    UserId: AssumedRoleUser?.AssumedRoleId,
  };
  expect(whoAmI(key)).toEqual(expected);
  cloud.restart();
  expect(whoAmI(key)).toEqual(expected);
  cloud.call("CreateVpc", { CidrBlock: "10.9.0.0/16" }, { account: key });
  const { Vpcs } = cloud.call<{ Vpcs: { CidrBlock: string }[] }>("DescribeVpcs", {}, { account: accountB });
  expect(Vpcs.map((vpc) => vpc.CidrBlock)).toContain("10.9.0.0/16");
});

test("when a session has ended, its key still names the account, and its row goes with the next session", () => {
  const key = assume({ DurationSeconds: 900 }).Credentials?.AccessKeyId ?? "";
  cloud.advance(900_000);
  expect(whoAmI(key)).toMatchObject({ Account: accountB, Arn: `arn:aws:iam::${accountB}:root` });
  assume();
  expect(cloud.cloud.view.get("roleSession", key)).toBeUndefined();
});

test("a role that exists gives the session its id and its longest duration", () => {
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: accountA }, Action: "sts:AssumeRole" }],
  });
  const { Role } = cloud.call<{ Role: { RoleId: string } }>(
    "CreateRole",
    { RoleName: "peer", AssumeRolePolicyDocument: document },
    { service: "iam", account: accountB },
  );
  expect(assume().AssumedRoleUser).toEqual({
    Arn: `arn:aws:sts::${accountB}:assumed-role/peer/test`,
    AssumedRoleId: `${Role.RoleId}:test`,
  });
  expect(refusal(() => assume({ DurationSeconds: 7200 }))).toEqual([
    "ValidationError",
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  ]);
});

test("the CDK's bootstrap roles are refused until somebody makes them", () => {
  const RoleArn = `arn:aws:iam::${accountB}:role/cdk-hnb659fds-lookup-role-${accountB}-us-east-1`;
  expect(refusal(() => assume({ RoleArn }))).toEqual([
    "AccessDenied",
    `User: arn:aws:iam::${accountA}:root is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
  ]);
});

test.each<[string, object, readonly [string, string]]>([
  ["no ARN", { RoleArn: "nothing-valid-in-here" }, ["ValidationError", "nothing-valid-in-here is invalid"]],
  ["no resource", { RoleArn: "arn:a:a::aaaaaaaaaa:" }, ["ValidationError", "arn:a:a::aaaaaaaaaa: is invalid"]],
  [
    "a bad session name",
    { RoleSessionName: "Session1:2" },
    [
      "ValidationError",
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
  ],
  [
    "tag keys that differ in case only",
    {
      Tags: [
        { Key: "name", Value: "a" },
        { Key: "Name", Value: "b" },
      ],
    },
    ["InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."],
  ],
  [
    "a transitive key that is not given",
    { TransitiveTagKeys: ["name"] },
    ["InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."],
  ],
])("%s is refused as AWS was recorded to", (_name, input, expected) => {
  expect(refusal(() => assume(input))).toEqual(expected);
});
