/** Custom resources: what the function is asked, and what its answers do. */
import { expect, test } from "vitest";
import type { Functions } from "../../../ports.ts";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { testStacks } from "../test-stacks.ts";
import { answerPath } from "./requests.ts";

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

/** A function that notes what it is asked; the test answers. */
function asking(): Functions & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return { asked, invoke: async ({ payload }) => void asked.push(JSON.parse(payload)) };
}

function answer(cloud: TestCloud, asked: Asked | undefined, body: object | string): boolean {
  const token = (asked?.ResponseURL ?? "").split(answerPath)[1] ?? "";
  const taken = cloud.cloud.takeFunctionAnswer(token, typeof body === "string" ? body : JSON.stringify(body));
  cloud.advance(1);
  return taken;
}

test("is made, changed, replaced and deleted by its function", async () => {
  const functions = asking();
  const cloud = testCloud({ functions });
  const stacks = testStacks(cloud);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  stacks.create("s", template("1"));
  await settled();
  const [create] = functions.asked;
  expect(create).toMatchObject({
    RequestType: "Create",
    ServiceToken: arn,
    ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4566\/_causeway\/cloudformation\/answers\//),
    StackId: stacks.describe("s").StackId,
    LogicalResourceId: "C",
    ResourceType: "Custom::Thing",
    ResourceProperties: { ServiceToken: arn, Value: 1 },
  });
  expect(stacks.statuses("s")).toEqual({ C: "CREATE_IN_PROGRESS" });
  expect(answer(cloud, create, { Status: "SUCCESS", PhysicalResourceId: "one", Data: { Answer: "42" } })).toBe(true);
  expect(answer(cloud, create, { Status: "SUCCESS", PhysicalResourceId: "two" })).toBe(false);
  expect(stacks.describe("s").StackStatus).toBe("CREATE_COMPLETE");
  expect(stacks.resources("s").C).toBe("one");

  stacks.update("s", template("2"));
  await settled();
  expect(functions.asked[1]).toMatchObject({
    RequestType: "Update",
    PhysicalResourceId: "one",
    ResourceProperties: { Value: 2 },
    OldResourceProperties: { Value: 1 },
  });
  answer(cloud, functions.asked[1], { Status: "SUCCESS", PhysicalResourceId: "two", Data: { Answer: "43" } });
  await settled();
  // Another physical id is another resource: the old one is to be deleted.
  expect(functions.asked[2]).toMatchObject({ RequestType: "Delete", PhysicalResourceId: "one" });
  answer(cloud, functions.asked[2], { Status: "SUCCESS", PhysicalResourceId: "one" });
  expect(stacks.describe("s").StackStatus).toBe("UPDATE_COMPLETE");
  expect(stacks.resources("s").C).toBe("two");

  stacks.delete("s");
  await settled();
  expect(functions.asked[3]).toMatchObject({ RequestType: "Delete", PhysicalResourceId: "two" });
  answer(cloud, functions.asked[3], { Status: "SUCCESS", PhysicalResourceId: "two" });
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
  ["gives no id", { Status: "SUCCESS" }, "Invalid response object: it has no PhysicalResourceId"],
])("fails its stack when its function %s", async (_name, body, reason) => {
  const functions = asking();
  const cloud = testCloud({ functions });
  const stacks = testStacks(cloud);
  stacks.create("s", template("1"));
  await new Promise((resolve) => setImmediate(resolve));
  answer(cloud, functions.asked[0], body);
  await new Promise((resolve) => setImmediate(resolve));
  if (functions.asked[1] !== undefined)
    answer(cloud, functions.asked[1], { Status: "SUCCESS", PhysicalResourceId: "x" });
  expect(stacks.describe("s").StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(stacks.events("s")).toContain(`C CREATE_FAILED (${reason})`);
});

test("a function that can not be called, and one that never answers, fail the stack in their time", async () => {
  const none = testCloud();
  const first = testStacks(none);
  first.create("s", template("1"));
  await new Promise((resolve) => setImmediate(resolve));
  none.advance(1);
  expect(first.events("s")).toContainEqual(expect.stringContaining("Functions can not be run by this local cloud."));

  const cloud = testCloud({ functions: asking() });
  const stacks = testStacks(cloud);
  stacks.create("s", template("1").replace("Value: 1", "Value: 1, ServiceTimeout: 60"));
  cloud.advance(61_000);
  expect(stacks.events("s")).toContainEqual(
    expect.stringMatching(/^C CREATE_FAILED \(CloudFormation did not receive a response from your Custom Resource/),
  );
});

test("is asked again by a cloud that was ended before the answer came", async () => {
  const functions = asking();
  const cloud = testCloud({ functions });
  testStacks(cloud).create("s", template("1"));
  await new Promise((resolve) => setImmediate(resolve));
  cloud.restart();
  await new Promise((resolve) => setImmediate(resolve));
  expect(functions.asked.map(({ RequestType, RequestId }) => [RequestType, RequestId])).toEqual([
    ["Create", functions.asked[0]?.RequestId],
    ["Create", functions.asked[0]?.RequestId],
  ]);
  answer(cloud, functions.asked[1], { Status: "SUCCESS", PhysicalResourceId: "one", Data: { Answer: "42" } });
  expect(testStacks(cloud).describe("s").StackStatus).toBe("CREATE_COMPLETE");
});
