/** IAM's roles, profiles and policies, as Terraform and the CLI use them. */
import type {
  GetInstanceProfileCommandOutput,
  GetPolicyCommandOutput,
  GetPolicyVersionCommandOutput,
  GetRoleCommandOutput,
  GetRolePolicyCommandOutput,
  ListAttachedRolePoliciesCommandOutput,
  ListPoliciesCommandOutput,
  ListRolesCommandOutput,
} from "@aws-sdk/client-iam";
import { beforeEach, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const permissions = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
const agent = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

let cloud: TestCloud;

beforeEach(() => {
  cloud = testCloud();
});

function iam<Output = object>(operation: string, input: object = {}, account = accountA): Output {
  return cloud.call<Output>(operation, input, { service: "iam", account });
}

function refusal(act: () => unknown): readonly [string, number] | "allowed" {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return [error.code, error.httpStatus];
    throw error;
  }
  return "allowed";
}

function makeRole(name = "web", account = accountA): void {
  iam(
    "CreateRole",
    { RoleName: name, AssumeRolePolicyDocument: trust, Tags: [{ Key: "Stage", Value: "test" }] },
    account,
  );
}

test("a role is global, has an id and an ARN, and its document is percent-encoded", () => {
  iam("CreateRole", { RoleName: "web", Path: "/app/", AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200 });
  const { Role } = cloud.call<GetRoleCommandOutput>(
    "GetRole",
    { RoleName: "web" },
    { service: "iam", region: "eu-west-1" },
  );
  expect(Role).toMatchObject({
    Arn: `arn:aws:iam::${accountA}:role/app/web`,
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Path: "/app/",
    MaxSessionDuration: 7200,
  });
  expect(Role?.AssumeRolePolicyDocument).not.toContain('"');
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trust);
  expect(iam<ListRolesCommandOutput>("ListRoles", { PathPrefix: "/other/" }).Roles).toEqual([]);
  expect(iam<ListRolesCommandOutput>("ListRoles", {}, accountB).Roles).toEqual([]);
});

test("policies on a role: managed and inline, and the order of deletion", () => {
  makeRole();
  iam("AttachRolePolicy", { RoleName: "web", PolicyArn: agent });
  iam("AttachRolePolicy", { RoleName: "web", PolicyArn: agent });
  iam("PutRolePolicy", { RoleName: "web", PolicyName: "s3", PolicyDocument: permissions });
  expect(
    iam<ListAttachedRolePoliciesCommandOutput>("ListAttachedRolePolicies", { RoleName: "web" }).AttachedPolicies,
  ).toEqual([{ PolicyName: "AmazonSSMManagedInstanceCore", PolicyArn: agent }]);
  expect(
    decodeURIComponent(
      iam<GetRolePolicyCommandOutput>("GetRolePolicy", { RoleName: "web", PolicyName: "s3" }).PolicyDocument ?? "",
    ),
  ).toBe(permissions);
  expect(iam("ListRolePolicies", { RoleName: "web" })).toEqual({ PolicyNames: ["s3"], IsTruncated: false });
  iam("CreateInstanceProfile", { InstanceProfileName: "web" });
  iam("AddRoleToInstanceProfile", { InstanceProfileName: "web", RoleName: "web" });
  const remove = () => iam("DeleteRole", { RoleName: "web" });
  expect(refusal(remove)).toEqual(["DeleteConflict", 409]);
  expect(refusal(() => iam("DeleteInstanceProfile", { InstanceProfileName: "web" }))).toEqual(["DeleteConflict", 409]);
  iam("RemoveRoleFromInstanceProfile", { InstanceProfileName: "web", RoleName: "web" });
  expect(refusal(remove)).toEqual(["DeleteConflict", 409]);
  iam("DetachRolePolicy", { RoleName: "web", PolicyArn: agent });
  expect(refusal(remove)).toEqual(["DeleteConflict", 409]);
  iam("DeleteRolePolicy", { RoleName: "web", PolicyName: "s3" });
  remove();
  iam("DeleteInstanceProfile", { InstanceProfileName: "web" });
  expect(refusal(() => iam("GetRole", { RoleName: "web" }))).toEqual(["NoSuchEntity", 404]);
});

test("an instance profile holds one role", () => {
  makeRole("a");
  makeRole("b");
  iam("CreateInstanceProfile", { InstanceProfileName: "p" });
  iam("AddRoleToInstanceProfile", { InstanceProfileName: "p", RoleName: "a" });
  expect(refusal(() => iam("AddRoleToInstanceProfile", { InstanceProfileName: "p", RoleName: "b" }))).toEqual([
    "LimitExceeded",
    409,
  ]);
  const { InstanceProfile } = iam<GetInstanceProfileCommandOutput>("GetInstanceProfile", { InstanceProfileName: "p" });
  expect(InstanceProfile).toMatchObject({
    InstanceProfileId: expect.stringMatching(/^AIPA/),
    Roles: [{ RoleName: "a", Tags: [{ Key: "Stage", Value: "test" }] }],
  });
  expect(iam("ListInstanceProfilesForRole", { RoleName: "a" })).toMatchObject({
    InstanceProfiles: [{ InstanceProfileName: "p" }],
    IsTruncated: false,
  });
});

test("the account's own policies have versions", () => {
  const { Policy } = iam<GetPolicyCommandOutput>("CreatePolicy", { PolicyName: "s3", PolicyDocument: permissions });
  const PolicyArn = Policy?.Arn;
  expect(PolicyArn).toBe(`arn:aws:iam::${accountA}:policy/s3`);
  for (let version = 2; version <= 5; version += 1)
    iam("CreatePolicyVersion", { PolicyArn, PolicyDocument: permissions, SetAsDefault: version === 5 });
  expect(refusal(() => iam("CreatePolicyVersion", { PolicyArn, PolicyDocument: permissions }))).toEqual([
    "LimitExceeded",
    409,
  ]);
  expect(refusal(() => iam("DeletePolicyVersion", { PolicyArn, VersionId: "v5" }))).toEqual(["DeleteConflict", 409]);
  expect(refusal(() => iam("DeletePolicy", { PolicyArn }))).toEqual(["DeleteConflict", 409]);
  for (const VersionId of ["v1", "v2", "v3", "v4"]) iam("DeletePolicyVersion", { PolicyArn, VersionId });
  iam("CreatePolicyVersion", { PolicyArn, PolicyDocument: permissions });
  expect(iam("ListPolicyVersions", { PolicyArn })).toMatchObject({
    Versions: [
      { VersionId: "v6", IsDefaultVersion: false },
      { VersionId: "v5", IsDefaultVersion: true },
    ],
  });
  iam("DeletePolicyVersion", { PolicyArn, VersionId: "v6" });
  makeRole();
  iam("AttachRolePolicy", { RoleName: "web", PolicyArn });
  expect(iam<GetPolicyCommandOutput>("GetPolicy", { PolicyArn }).Policy?.AttachmentCount).toBe(1);
  expect(refusal(() => iam("DeletePolicy", { PolicyArn }))).toEqual(["DeleteConflict", 409]);
  expect(refusal(() => iam("GetPolicy", { PolicyArn }, accountB))).toEqual(["NoSuchEntity", 404]);
});

test("AWS's own policies exist by ARN and cannot be changed", () => {
  const { PolicyVersion } = iam<GetPolicyVersionCommandOutput>("GetPolicyVersion", {
    PolicyArn: agent,
    VersionId: "v1",
  });
  expect(decodeURIComponent(PolicyVersion?.Document ?? "")).toContain("ssmmessages:OpenDataChannel");
  expect(
    iam<ListPoliciesCommandOutput>("ListPolicies", { Scope: "AWS" }).Policies?.map((policy) => policy.Arn),
  ).toContain(agent);
  expect(iam<ListPoliciesCommandOutput>("ListPolicies", { Scope: "Local" }).Policies).toEqual([]);
  expect(refusal(() => iam("DeletePolicy", { PolicyArn: agent }))).toEqual(["AccessDenied", 403]);
});

test("tags of roles, and pages", () => {
  for (const name of ["a", "b", "c"]) makeRole(name);
  iam("TagRole", { RoleName: "a", Tags: [{ Key: "x", Value: "1" }] });
  iam("UntagRole", { RoleName: "a", TagKeys: ["Stage"] });
  expect(iam("ListRoleTags", { RoleName: "a" })).toEqual({ Tags: [{ Key: "x", Value: "1" }], IsTruncated: false });
  const first = iam<ListRolesCommandOutput>("ListRoles", { MaxItems: 2 });
  expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: "a" }, { RoleName: "b" }] });
  expect(iam<ListRolesCommandOutput>("ListRoles", { MaxItems: 2, Marker: first.Marker })).toMatchObject({
    IsTruncated: false,
    Roles: [{ RoleName: "c" }],
  });
});

test.each<[string, readonly [string, number], string, object]>([
  ["an unknown role", ["NoSuchEntity", 404], "GetRole", { RoleName: "no" }],
  [
    "a role that is there",
    ["EntityAlreadyExists", 409],
    "CreateRole",
    { RoleName: "web", AssumeRolePolicyDocument: trust },
  ],
  [
    "a document that is no JSON",
    ["MalformedPolicyDocument", 400],
    "CreateRole",
    { RoleName: "x", AssumeRolePolicyDocument: "{" },
  ],
  [
    "a trust policy with a resource",
    ["MalformedPolicyDocument", 400],
    "CreateRole",
    { RoleName: "x", AssumeRolePolicyDocument: permissions },
  ],
  [
    "permissions with a principal",
    ["MalformedPolicyDocument", 400],
    "CreatePolicy",
    { PolicyName: "x", PolicyDocument: trust },
  ],
  ["a bad name", ["ValidationError", 400], "CreateRole", { RoleName: "a b", AssumeRolePolicyDocument: trust }],
  [
    "a bad path",
    ["ValidationError", 400],
    "CreateRole",
    { RoleName: "x", Path: "app", AssumeRolePolicyDocument: trust },
  ],
  [
    "an unknown policy",
    ["NoSuchEntity", 404],
    "AttachRolePolicy",
    { RoleName: "web", PolicyArn: "arn:aws:iam::aws:policy/NoSuchPolicy" },
  ],
  ["a policy that is not attached", ["NoSuchEntity", 404], "DetachRolePolicy", { RoleName: "web", PolicyArn: agent }],
  ["an unknown inline policy", ["NoSuchEntity", 404], "GetRolePolicy", { RoleName: "web", PolicyName: "no" }],
  ["an unknown profile", ["NoSuchEntity", 404], "GetInstanceProfile", { InstanceProfileName: "no" }],
])("%s: %s", (_name, expected, operation, input) => {
  makeRole();
  expect(refusal(() => iam(operation, input))).toEqual(expected);
});

test.each([
  "AdministratorAccess",
  "ReadOnlyAccess",
  "AWSCloudFormationReadOnlyAccess",
  "service-role/AWSLambdaBasicExecutionRole",
])("the policy %s, which the CDK's roles have, can be attached", (name) => {
  makeRole();
  const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
  iam("AttachRolePolicy", { RoleName: "web", PolicyArn });
  expect(iam("ListAttachedRolePolicies", { RoleName: "web" })).toMatchObject({
    AttachedPolicies: [{ PolicyArn, PolicyName: name.split("/").at(-1) }],
  });
});
