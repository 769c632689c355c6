import { describe, expect, test } from "vitest";
import { managedPolicies } from "../../iam/managed-policies.ts";
import { actionsNotAllowed } from "./permissions.ts";

const agent = ["ssm:UpdateInstanceInformation", "ssmmessages:*"];
const messages = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
  (action) => `ssmmessages:${action}`,
);
const everything = ["ssm:UpdateInstanceInformation", ...messages];

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: unknown, rest: object = {}) => ({ Effect: "Allow", Action, Resource: "*", ...rest });
const deny = (Action: unknown, rest: object = {}) => ({ Effect: "Deny", Action, Resource: "*", ...rest });

describe("the agent's actions", () => {
  test.each([
    ["no policy", [], everything],
    ["all of them", [policy(allow(agent))], []],
    ["everything there is", [policy(allow("*"))], []],
    ["one statement that is not in a list", [JSON.stringify({ Statement: allow(agent) })], []],
    ["two policies together", [policy(allow("ssm:*")), policy(allow("ssmmessages:*"))], []],
    ["other case, and a question mark", [policy(allow(["SSM:updateinstance*", "ssmmessages:????*"]))], []],
    ["only Systems Manager's own", [policy(allow("ssm:*"))], messages],
    ["a dot is a dot", [policy(allow(["ssm.*", "ssmmessages:*"]))], ["ssm:UpdateInstanceInformation"]],
    ["all but one", [policy(allow("*"), deny("ssmmessages:OpenDataChannel"))], ["ssmmessages:OpenDataChannel"]],
    ["what another policy denies", [policy(allow("*")), policy(deny("ssm:*"))], ["ssm:UpdateInstanceInformation"]],
    [
      "a denial under a condition, which is not looked at",
      [policy(allow("*"), deny("*", { Condition: { a: {} } }))],
      [],
    ],
    [
      "everything but what is named",
      [policy({ Effect: "Allow", NotAction: "ssm:*", Resource: "*" })],
      ["ssm:UpdateInstanceInformation"],
    ],
  ])("allowed: %s", (_, policies, missing) => {
    expect(actionsNotAllowed(policies, undefined)).toEqual(missing);
  });

  test("the permissions boundary has to allow them too", () => {
    const granted = [policy(allow("*"))];
    expect(actionsNotAllowed(granted, policy(allow("ssm:*")))).toEqual(messages);
    expect(actionsNotAllowed(granted, policy(allow(agent)))).toEqual([]);
    expect(actionsNotAllowed([], policy(allow("*")))).toEqual(everything);
  });

  test("which of AWS's managed policies are enough", () => {
    const enough = managedPolicies()
      .filter(({ Versions: [version] }) => actionsNotAllowed([version?.Document ?? ""], undefined).length === 0)
      .map(({ PolicyName }) => PolicyName);
    expect(enough).toEqual([
      "AmazonSSMManagedInstanceCore",
      "AmazonEC2RoleforSSM",
      "AdministratorAccess",
      "PowerUserAccess",
    ]);
  });
});
