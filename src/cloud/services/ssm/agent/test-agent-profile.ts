/** For tests: an instance profile whose role lets an agent work, made as a user makes it. */
import type { TestCloud } from "../../../test-cloud.ts";
import { accountA } from "../../../test-cloud.ts";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** The profile's name; its role has the same one, and this policy. Made once in an account. */
export function agentProfile(
  cloud: TestCloud,
  PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
  account = accountA,
): string {
  const iam = (operation: string, input: object) => cloud.call(operation, input, { service: "iam", account });
  const name = "agent";
  if (cloud.cloud.view.by("instanceProfile", "name", `${account}/${name}`).length > 0) return name;
  iam("CreateRole", { RoleName: name, AssumeRolePolicyDocument: trust });
  iam("AttachRolePolicy", { RoleName: name, PolicyArn });
  iam("CreateInstanceProfile", { InstanceProfileName: name });
  iam("AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: name });
  return name;
}
