/** Change sets, compared with what real AWS was recorded to answer. */
import type { DescribeChangeSetCommandOutput, DescribeStacksCommandOutput } from "@aws-sdk/client-cloudformation";
import { describe, expect, test } from "vitest";
import { testCloud } from "../../../test-cloud.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

const parameters = (first: string, second = "!GetAtt Parameter1.Value"): string => `
Resources:
  Parameter2: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: ${second}}}
  Parameter1: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: value, Name: ${first}}}
`;

function create(
  stacks: TestStacks,
  name: string,
  TemplateBody: string,
  more: object = {},
): DescribeChangeSetCommandOutput {
  const input = { StackName: "s", ChangeSetName: name, TemplateBody, ...more };
  const { Id } = stacks.call<{ Id: string }>("CreateChangeSet", input);
  return stacks.call("DescribeChangeSet", { ChangeSetName: Id });
}

const execute = (stacks: TestStacks, ChangeSetName: string): object =>
  stacks.call("ExecuteChangeSet", { StackName: "s", ChangeSetName });

test("a new stack is only thought of until its change set is executed", () => {
  const stacks = testStacks(testCloud());
  expect(create(stacks, "c", parameters("parameter-1-name"), { ChangeSetType: "CREATE" })).toMatchObject({
    Capabilities: [],
    ChangeSetName: "c",
    Changes: [
      {
        Type: "Resource",
        ResourceChange: {
          Action: "Add",
          Details: [],
          LogicalResourceId: "Parameter1",
          ResourceType: "AWS::SSM::Parameter",
          Scope: [],
        },
      },
      {
        Type: "Resource",
        ResourceChange: {
          Action: "Add",
          Details: [],
          LogicalResourceId: "Parameter2",
          ResourceType: "AWS::SSM::Parameter",
          Scope: [],
        },
      },
    ],
    ExecutionStatus: "AVAILABLE",
    IncludeNestedStacks: false,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Status: "CREATE_COMPLETE",
  });
  expect(stacks.describe("s")).toMatchObject({
    StackStatus: "REVIEW_IN_PROGRESS",
    StackStatusReason: "User Initiated",
  });
  const { Changes = [] } = stacks.call<DescribeChangeSetCommandOutput>("DescribeChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    IncludePropertyValues: true,
  });
  expect(Changes.map(({ ResourceChange }) => ResourceChange?.AfterContext)).toEqual([
    '{"Properties":{"Type":"String","Value":"value","Name":"parameter-1-name"}}',
    '{"Properties":{"Type":"String","Value":"{{changeSet:KNOWN_AFTER_APPLY}}"}}',
  ]);
  execute(stacks, "c");
  expect(stacks.describe("s")).toMatchObject({
    StackStatus: "CREATE_COMPLETE",
    ChangeSetId: expect.stringContaining(":changeSet/c/"),
  });
  expect(stacks.events("s").slice(0, 2)).toEqual([
    "s REVIEW_IN_PROGRESS (User Initiated)",
    "s CREATE_IN_PROGRESS (User Initiated)",
  ]);
  expect(stacks.call("ListChangeSets", { StackName: "s" })).toMatchObject({ Summaries: [] });
});

test("replacement, and what follows from it, as recorded", () => {
  const stacks = testStacks(testCloud());
  create(stacks, "one", parameters("parameter-1-name"), { ChangeSetType: "CREATE" });
  execute(stacks, "one");
  const { Parameter2 } = stacks.resources("s");
  expect(create(stacks, "two", parameters("parameter-2-name")).Changes).toEqual([
    {
      Type: "Resource",
      ResourceChange: {
        Action: "Modify",
        Details: [
          {
            ChangeSource: "DirectModification",
            Evaluation: "Static",
            Target: { Attribute: "Properties", Name: "Name", RequiresRecreation: "Always" },
          },
        ],
        LogicalResourceId: "Parameter1",
        PhysicalResourceId: "parameter-1-name",
        PolicyAction: "ReplaceAndDelete",
        Replacement: "True",
        ResourceType: "AWS::SSM::Parameter",
        Scope: ["Properties"],
      },
    },
    {
      Type: "Resource",
      ResourceChange: {
        Action: "Modify",
        Details: [
          {
            CausingEntity: "Parameter1.Value",
            ChangeSource: "ResourceAttribute",
            Evaluation: "Static",
            Target: { Attribute: "Properties", Name: "Value", RequiresRecreation: "Never" },
          },
        ],
        LogicalResourceId: "Parameter2",
        PhysicalResourceId: Parameter2,
        Replacement: "False",
        ResourceType: "AWS::SSM::Parameter",
        Scope: ["Properties"],
      },
    },
  ]);
  execute(stacks, "two");
  expect(stacks.describe("s").StackStatus).toBe("UPDATE_COMPLETE");
  // The value is the same again: the second one was looked at, and left alone.
  expect(stacks.events("s").filter((each) => each.startsWith("Parameter2 UPDATE"))).toEqual([]);
});

test("a change through a parameter names it as the cause, as recorded", () => {
  const stacks = testStacks(testCloud());
  const template =
    "Parameters: {Name: {Type: String}}\nResources: {P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: v, Name: !Ref Name}}}";
  const named = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: "Name", ParameterValue }] });
  create(stacks, "one", template, { ChangeSetType: "CREATE", ...named("a") });
  execute(stacks, "one");
  const [change] = create(stacks, "two", template, named("b")).Changes ?? [];
  const Target = { Attribute: "Properties", Name: "Name", RequiresRecreation: "Always" };
  expect(change?.ResourceChange?.Details).toEqual([
    { CausingEntity: "Name", ChangeSource: "ParameterReference", Evaluation: "Static", Target },
    { ChangeSource: "DirectModification", Evaluation: "Dynamic", Target },
  ]);
});

test("additions and removals", () => {
  const stacks = testStacks(testCloud());
  stacks.create("s", "Resources: {A: {Type: AWS::EC2::InternetGateway}}");
  const { Changes = [] } = create(stacks, "c", "Resources: {B: {Type: AWS::EC2::InternetGateway}}");
  expect(
    Changes.map(({ ResourceChange: change }) => [change?.Action, change?.LogicalResourceId, change?.PolicyAction]),
  ).toEqual([
    ["Remove", "A", "Delete"],
    ["Add", "B", undefined],
  ]);
});

test("nothing to change is a failed change set, which can not be executed", () => {
  const stacks = testStacks(testCloud());
  stacks.create("s", parameters("a"));
  const { ChangeSetId, ...rest } = create(stacks, "c", parameters("a"));
  expect(rest).toMatchObject({
    Changes: [],
    ExecutionStatus: "UNAVAILABLE",
    Status: "FAILED",
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  });
  expect(stacks.refusal("ExecuteChangeSet", { ChangeSetName: ChangeSetId })).toEqual([
    "InvalidChangeSetStatus",
    `ChangeSet [${ChangeSetId}] cannot be executed in its current status of [FAILED]`,
  ]);
});

test("an output alone is a change, too", () => {
  const stacks = testStacks(testCloud());
  stacks.create("s", parameters("a"));
  expect(create(stacks, "c", `${parameters("a")}Outputs: {O: {Value: x}}`)).toMatchObject({
    Status: "CREATE_COMPLETE",
    Changes: [],
  });
});

test("an export that is not there is warned of, and fails the execution", () => {
  const stacks = testStacks(testCloud());
  const template =
    "Resources: {MyFoo: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue none}}}";
  create(stacks, "c", template, { ChangeSetType: "CREATE" });
  const shown = stacks.call<DescribeChangeSetCommandOutput>("DescribeChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    IncludePropertyValues: true,
  });
  expect(shown).toMatchObject({
    Status: "CREATE_COMPLETE",
    StatusReason:
      "[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [MyFoo] because: No export named none found",
  });
  execute(stacks, "c");
  expect(stacks.describe("s").StackStatus).toBe("ROLLBACK_COMPLETE");
});

describe("refusals as recorded", () => {
  test.each([
    [
      "CreateChangeSet",
      { ChangeSetName: "c", StackName: "s", TemplateBody: parameters("a"), ChangeSetType: "CREATE" },
      ["ValidationError", "Stack [s] already exists and cannot be created again with the changeSet [c]."],
    ],
    [
      "CreateChangeSet",
      { ChangeSetName: "c", StackName: "n", TemplateBody: parameters("a") },
      ["ValidationError", "Stack [n] does not exist"],
    ],
    [
      "CreateChangeSet",
      { ChangeSetName: "c", StackName: "n", TemplateBody: parameters("a"), ChangeSetType: "IMPORT" },
      ["ValidationError", "A change set of type IMPORT is not modelled by this local cloud."],
    ],
    ["DescribeChangeSet", { ChangeSetName: "c", StackName: "n" }, ["ValidationError", "Stack [n] does not exist"]],
    [
      "DescribeChangeSet",
      { ChangeSetName: "c", StackName: "s" },
      ["ChangeSetNotFound", "ChangeSet [c] does not exist"],
    ],
    [
      "DeleteChangeSet",
      { ChangeSetName: "c" },
      ["ValidationError", "StackName must be specified if ChangeSetName is not specified as an ARN."],
    ],
    ["DeleteChangeSet", { ChangeSetName: "c", StackName: "n" }, ["ValidationError", "Stack [n] does not exist"]],
    ["DeleteChangeSet", { ChangeSetName: "c", StackName: "s" }, ["allowed", ""]],
  ])("%s %o", (operation, input, expected) => {
    const stacks = testStacks(testCloud());
    stacks.create("s", parameters("a"));
    expect(stacks.refusal(operation, input)).toEqual(expected);
  });
});

test("at AWS's own pace it is pending first", () => {
  const cloud = testCloud({ pace: "real" });
  const stacks = testStacks(cloud);
  const made = create(stacks, "c", parameters("a"), { ChangeSetType: "CREATE" });
  expect(made).toMatchObject({ Status: "CREATE_PENDING", ExecutionStatus: "UNAVAILABLE", Changes: [] });
  cloud.advance(5_000);
  expect(stacks.call("DescribeChangeSet", { ChangeSetName: made.ChangeSetId })).toMatchObject({
    Status: "CREATE_COMPLETE",
  });
});

test("a stack made in another way makes the change set obsolete, as recorded", () => {
  const stacks = testStacks(testCloud());
  const { ChangeSetId, StackId } = create(stacks, "c", parameters("a"), { ChangeSetType: "CREATE" });
  expect(stacks.create("s", parameters("b")).StackId).toBe(StackId);
  expect(stacks.call("DescribeChangeSet", { ChangeSetName: ChangeSetId })).toMatchObject({
    ExecutionStatus: "OBSOLETE",
  });
  const { Stacks = [] } = stacks.call<DescribeStacksCommandOutput>("DescribeStacks");
  expect(Stacks).toHaveLength(1);
});
