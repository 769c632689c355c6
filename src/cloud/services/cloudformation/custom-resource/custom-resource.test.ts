/** Custom resources: what the function is asked, and what its answers do. */
import { expect, test } from "vitest";
import type { FunctionOutcome, FunctionRun } from "../../../ports.ts";
import { responsePath } from "../../../response-door.ts";
import { type TestCloud, type TestCloudOptions, testCloud } from "../../../test-cloud.ts";
import { archiveOf } from "../../lambda/inline-code.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

const arn = "arn:aws:lambda:us-east-1:111111111111:function:f";
const template = (value: string): string => `
Resources:
  C: {Type: Custom::Thing, Properties: {ServiceToken: '${arn}', Value: ${value}}}
  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt C.Answer}}
`;

interface Asked {
  readonly RequestType: string;
  readonly ResponseURL: string;
  readonly [name: string]: unknown;
}

const done: FunctionOutcome = {
  kind: "result",
  payload: "null",
  lines: [],
  environmentId: "e",
  durationMs: 1,
  isCold: false,
};

interface Play {
  readonly cloud: TestCloud;
  readonly stacks: TestStacks;
  /** What the function was asked; the test answers in its stead. */
  readonly asked: Asked[];
}

function play(options: TestCloudOptions = {}): Play {
  const asked: Asked[] = [];
  const runFunction = async ({ payload }: FunctionRun): Promise<FunctionOutcome> => {
    asked.push(JSON.parse(payload));
    return done;
  };
  const cloud = testCloud({ runFunction, ...options });
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  cloud.call("CreateRole", { RoleName: "f", AssumeRolePolicyDocument }, { service: "iam" });
  cloud.call(
    "CreateFunction",
    {
      FunctionName: "f",
      Role: "arn:aws:iam::111111111111:role/f",
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Code: { ZipFile: archiveOf({ "index.js": "" }) },
    },
    { service: "lambda" },
  );
  return { cloud, stacks: testStacks(cloud), asked };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Whether somebody waited for the answer. */
async function answer(cloud: TestCloud, asked: Asked | undefined, body: object | string): Promise<boolean> {
  const token = (asked?.ResponseURL ?? "").split(responsePath)[1] ?? "";
  const taken = cloud.cloud.responses.put(token, typeof body === "string" ? body : JSON.stringify(body));
  await settled();
  cloud.advance(1);
  await settled();
  return taken;
}

test("is made, changed, replaced and deleted by its function", async () => {
  const { cloud, stacks, asked } = play();
  stacks.create("s", template("1"));
  await settled();
  const [create] = asked;
  expect(create).toMatchObject({
    RequestType: "Create",
    ServiceToken: arn,
    ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4566\/_causeway\/cloudformation-response\//),
    StackId: stacks.describe("s").StackId,
    LogicalResourceId: "C",
    ResourceType: "Custom::Thing",
    ResourceProperties: { ServiceToken: arn, Value: 1 },
  });
  expect(stacks.statuses("s")).toEqual({ C: "CREATE_IN_PROGRESS" });
  expect(await answer(cloud, create, { Status: "SUCCESS", PhysicalResourceId: "one", Data: { Answer: "42" } })).toBe(
    true,
  );
  expect(await answer(cloud, create, { Status: "SUCCESS", PhysicalResourceId: "two" })).toBe(false);
  expect(stacks.describe("s").StackStatus).toBe("CREATE_COMPLETE");
  expect(stacks.resources("s").C).toBe("one");

  stacks.update("s", template("2"));
  await settled();
  expect(asked[1]).toMatchObject({
    RequestType: "Update",
    PhysicalResourceId: "one",
    ResourceProperties: { Value: 2 },
    OldResourceProperties: { Value: 1 },
  });
  await answer(cloud, asked[1], { Status: "SUCCESS", PhysicalResourceId: "two", Data: { Answer: "43" } });
  await settled();
  // Another physical id is another resource: the old one is to be deleted.
  expect(asked[2]).toMatchObject({ RequestType: "Delete", PhysicalResourceId: "one" });
  await answer(cloud, asked[2], { Status: "SUCCESS", PhysicalResourceId: "one" });
  expect(stacks.describe("s").StackStatus).toBe("UPDATE_COMPLETE");
  expect(stacks.resources("s").C).toBe("two");

  stacks.delete("s");
  await settled();
  expect(asked[3]).toMatchObject({ RequestType: "Delete", PhysicalResourceId: "two" });
  await answer(cloud, asked[3], { Status: "SUCCESS", PhysicalResourceId: "two" });
  expect(stacks.describe("s").StackStatus).toBe("DELETE_COMPLETE");
  expect(cloud.faults).toEqual([]);
});

test.each([
  [
    "says so",
    { Status: "FAILED", Reason: "no more things", PhysicalResourceId: "x" },
    "Received response status [FAILED] from custom resource. Message returned: no more things",
  ],
  [
    "answers nonsense",
    "<html>",
    "Received response status [FAILED] from custom resource. Message returned: Invalid response object: The response is not JSON with a Status of SUCCESS or FAILED",
  ],
  [
    "says too much",
    { Status: "SUCCESS", PhysicalResourceId: "x", Data: { Answer: "x".repeat(4096) } },
    "Response object is too long.",
  ],
  ["gives no id", { Status: "SUCCESS" }, "Invalid response object: it has no PhysicalResourceId"],
])("fails its stack when its function %s", async (_name, body, reason) => {
  const { cloud, stacks, asked } = play();
  stacks.create("s", template("1"));
  await settled();
  await answer(cloud, asked[0], body);
  await settled();
  if (asked[1] !== undefined) await answer(cloud, asked[1], { Status: "SUCCESS", PhysicalResourceId: "x" });
  expect(stacks.describe("s").StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(stacks.events("s")).toContain(`C CREATE_FAILED (${reason})`);
});

test.each([
  ["can not be run here", { kind: "unavailable", reason: "no sandbox on this machine" }, "no sandbox on this machine"],
  ["ends in an error", { ...done, kind: "error", payload: '{"errorMessage":"oops"}' }, "oops"],
] as const)("a function that %s fails the stack at once", async (_name, outcome, reason) => {
  const { cloud, stacks } = play({ runFunction: async () => outcome });
  stacks.create("s", template("1"));
  await settled();
  await settled();
  cloud.advance(1);
  expect(stacks.events("s")).toContainEqual(expect.stringMatching(new RegExp(`^C CREATE_FAILED .*${reason}`)));
});

test("a function that is not there, and one that never answers", async () => {
  const { cloud, stacks } = play();
  stacks.create("none", template("1").replace("function:f", "function:g"));
  await settled();
  cloud.advance(1);
  expect(stacks.events("none")).toContainEqual(expect.stringMatching(/^C CREATE_FAILED .*Function not found/));
  stacks.create("s", template("1").replace("Value: 1", "Value: 1, ServiceTimeout: 60"));
  await settled();
  cloud.advance(61_000);
  expect(stacks.events("s")).toContainEqual(
    expect.stringMatching(/^C CREATE_FAILED \(CloudFormation did not receive a response from your Custom Resource/),
  );
});

test("is asked again by a cloud that was ended before the answer came", async () => {
  const { cloud, stacks, asked } = play();
  stacks.create("s", template("1"));
  await settled();
  cloud.restart();
  await settled();
  expect(asked.map(({ RequestType, RequestId }) => [RequestType, RequestId])).toEqual([
    ["Create", asked[0]?.RequestId],
    ["Create", asked[0]?.RequestId],
  ]);
  await answer(cloud, asked[1], { Status: "SUCCESS", PhysicalResourceId: "one", Data: { Answer: "42" } });
  expect(stacks.describe("s").StackStatus).toBe("CREATE_COMPLETE");
});
