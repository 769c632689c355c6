/** Templates with loops as stacks: made, changed by one item, reviewed, and read again in both stages. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DescribeChangeSetCommandOutput, GetTemplateCommandOutput } from "@aws-sdk/client-cloudformation";
import { describe, expect, test } from "vitest";
import { testCloud } from "../../../test-cloud.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

const loops = readFileSync(fileURLToPath(new URL("loops.fixture.yaml", import.meta.url)), "utf8");
const expanding = { Capabilities: ["CAPABILITY_AUTO_EXPAND" as const] };
const zones = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: "Zones", ParameterValue }] });

function stage(stacks: TestStacks, input: object): GetTemplateCommandOutput {
  return stacks.call<GetTemplateCommandOutput>("GetTemplate", { StackName: "s", ...input });
}

/** What has been asked for since a number of events. */
const newEvents = (stacks: TestStacks, before: number): readonly string[] => stacks.events("s").slice(before);

test("a stack with loops has what they make, and its outputs", () => {
  const cloud = testCloud();
  const stacks = testStacks(cloud);
  expect(stacks.create("s", loops, expanding)).toMatchObject({ StackStatus: "CREATE_COMPLETE" });
  const resources = stacks.resources("s");
  expect(Object.keys(resources).sort()).toEqual([
    "Groupa",
    "Groupb",
    "Hosta",
    "Hostb",
    "Ssha",
    "Subneta",
    "Subnetb",
    "Vpc",
  ]);
  expect(stacks.outputs("s")).toEqual({
    Zones: "a+b",
    Subneta: resources.Subneta,
    Subnetb: resources.Subnetb,
    Hosta: resources.Hosta,
    Hostb: resources.Hostb,
  });
  const subnet = cloud.cloud.view.get("subnet", resources.Subnetb ?? "");
  expect(subnet).toMatchObject({ CidrBlock: "10.0.2.0/24", VpcId: resources.Vpc });
  expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
  expect(cloud.faults).toEqual([]);
});

test("an item more is its resources more, and one less theirs less; the others stay what they are", () => {
  const stacks = testStacks(testCloud());
  stacks.create("s", loops, expanding);
  const before = stacks.resources("s");
  const seen = stacks.events("s").length;
  expect(stacks.update("s", loops, { ...expanding, ...zones("a,b,c") })).toMatchObject({
    StackStatus: "UPDATE_COMPLETE",
  });
  const after = stacks.resources("s");
  expect(after).toMatchObject(before);
  expect(Object.keys(after).filter((name) => !(name in before))).toEqual(
    expect.arrayContaining(["Subnetc", "Groupc", "Sshc", "Hostc"]),
  );
  expect(Object.keys(after)).toHaveLength(Object.keys(before).length + 4);
  const touched = newEvents(stacks, seen).filter((event) => !event.startsWith("s "));
  expect(new Set(touched.map((event) => event.split(" ")[0]))).toEqual(new Set(["Subnetc", "Groupc", "Sshc", "Hostc"]));
  expect(stacks.outputs("s")).toMatchObject({ Zones: "a+b+c", Subnetc: after.Subnetc });

  stacks.update("s", loops, { ...expanding, ...zones("a,c") });
  const left = stacks.statuses("s");
  expect(
    Object.keys(left)
      .filter((name) => left[name] !== "DELETE_COMPLETE")
      .sort(),
  ).toEqual(["Groupa", "Groupc", "Hosta", "Hostc", "Ssha", "Sshc", "Subneta", "Subnetc", "Vpc"]);
  expect(stacks.refusal("UpdateStack", { StackName: "s", TemplateBody: loops, ...expanding, ...zones("a,c") })).toEqual(
    ["ValidationError", "No updates are to be performed."],
  );
});

test("a change set tells what an item more would make, needs no CAPABILITY_AUTO_EXPAND, and is executed", () => {
  const stacks = testStacks(testCloud());
  const input = { StackName: "s", ChangeSetName: "first", TemplateBody: loops, ChangeSetType: "CREATE" };
  stacks.call("CreateChangeSet", input);
  stacks.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "first" });
  expect(stacks.describe("s").StackStatus).toBe("CREATE_COMPLETE");
  stacks.call("CreateChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
    TemplateBody: loops.replace("the host in", "a host in"),
    ...zones("a,b,c"),
  });
  const { Changes = [] } = stacks.call<DescribeChangeSetCommandOutput>("DescribeChangeSet", {
    StackName: "s",
    ChangeSetName: "c",
  });
  expect(
    Changes.map(({ ResourceChange: change }) => [
      change?.Action,
      change?.LogicalResourceId,
      change?.Details?.map(({ Target, ChangeSource }) => `${Target?.Name} ${ChangeSource}`),
    ]),
  ).toEqual(
    expect.arrayContaining([
      ["Modify", "Groupa", ["GroupDescription DirectModification"]],
      ["Modify", "Groupb", ["GroupDescription DirectModification"]],
      ["Add", "Groupc", []],
      ["Add", "Subnetc", []],
    ]),
  );
  expect(Changes.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).not.toContain("Subneta");
  stacks.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "c" });
  expect(stacks.describe("s").StackStatus).toBe("UPDATE_COMPLETE");
  expect(Object.keys(stacks.resources("s"))).toContain("Hostc");
});

test("an update that fails goes back to what the loops made before", () => {
  const stacks = testStacks(testCloud());
  stacks.create("s", loops, expanding);
  const before = stacks.resources("s");
  const wrong = loops.replace("c: {Cidr: 10.0.3.0/24}", "c: {Cidr: 10.0.1.0/24}");
  expect(stacks.update("s", wrong, { ...expanding, ...zones("a,b,c") }).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  const statuses = stacks.statuses("s");
  expect(Object.keys(before).filter((name) => statuses[name] === "DELETE_COMPLETE")).toEqual([]);
  expect(stacks.resources("s")).toMatchObject(before);
  expect(stacks.outputs("s")).toMatchObject({ Zones: "a+b" });
});

describe("GetTemplate", () => {
  test("gives a stack's template as it was given, and as its loops are written out", () => {
    const stacks = testStacks(testCloud());
    stacks.create("s", loops, { ...expanding, ...zones("c") });
    const original = stage(stacks, { TemplateStage: "Original" });
    expect(original).toEqual({ TemplateBody: loops, StagesAvailable: ["Original", "Processed"] });
    const { TemplateBody = "", StagesAvailable } = stage(stacks, { TemplateStage: "Processed" });
    expect(StagesAvailable).toEqual(["Original", "Processed"]);
    expect(stage(stacks, {}).TemplateBody).toBe(TemplateBody);
    const processed = JSON.parse(TemplateBody);
    expect(processed).not.toHaveProperty("Transform");
    expect(Object.keys(processed.Resources)).toEqual(["Vpc", "Subnetc", "Groupc", "Sshc", "Hostc"]);
    expect(processed.Resources.Vpc.Properties).toMatchObject({ EnableDnsSupport: true, EnableDnsHostnames: true });
    expect(processed.Resources.Hostc).toMatchObject({
      DependsOn: "Groupc",
      Properties: { SubnetId: { Ref: "Subnetc" }, SecurityGroupIds: [{ "Fn::GetAtt": ["Groupc", "GroupId"] }] },
    });
    expect(processed.Outputs.Subnetc).toEqual({ Value: { Ref: "Subnetc" } });
    expect(processed.Conditions).toEqual({ Answersc: { "Fn::Not": [{ "Fn::Equals": ["c", "b"] }] } });
    // What is processed is a template that makes the same.
    stacks.create("again", TemplateBody, zones("c"));
    expect(Object.keys(stacks.resources("again")).sort()).toEqual(Object.keys(stacks.resources("s")).sort());
  });

  test("gives the same for both where there is no transform", () => {
    const stacks = testStacks(testCloud());
    const plain = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}} # as it is";
    stacks.create("s", plain);
    for (const TemplateStage of ["Original", "Processed", undefined])
      expect(stage(stacks, { TemplateStage }).TemplateBody).toBe(plain);
  });

  test("has the original of a change set that is being created, and both once it is", () => {
    const cloud = testCloud({ pace: "real" });
    const stacks = testStacks(cloud);
    const named = { ChangeSetName: "c" };
    stacks.call("CreateChangeSet", { StackName: "s", ...named, TemplateBody: loops, ChangeSetType: "CREATE" });
    expect(stage(stacks, named)).toEqual({ TemplateBody: loops, StagesAvailable: ["Original"] });
    expect(stacks.refusal("GetTemplate", { StackName: "s", ...named, TemplateStage: "Processed" })).toEqual([
      "ValidationError",
      "The change set is still being created: of its template there is the stage Original only.",
    ]);
    cloud.advance(600_000);
    expect(stage(stacks, named)).toMatchObject({ StagesAvailable: ["Original", "Processed"] });
    expect(Object.keys(JSON.parse(stage(stacks, named).TemplateBody ?? "").Resources)).toContain("Subnetb");
  });
});

test("what a template with loops needs and has is told before any of it is made", () => {
  const stacks = testStacks(testCloud());
  const role =
    "Resources: {'Fn::ForEach::Roles': [Name, !Ref Zones, {'Role${Name}': {Type: AWS::IAM::Role, Properties: {RoleName: !Ref Name, AssumeRolePolicyDocument: {}}}}]}";
  const named = `Transform: AWS::LanguageExtensions\nParameters: {Zones: {Type: CommaDelimitedList}}\n${role}`;
  expect(stacks.call("ValidateTemplate", { TemplateBody: named })).toMatchObject({
    Capabilities: ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    DeclaredTransforms: ["AWS::LanguageExtensions"],
    Parameters: [{ ParameterKey: "Zones" }],
  });
  const types = [
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Instance",
  ];
  expect(stacks.call("GetTemplateSummary", { TemplateBody: loops })).toMatchObject({
    ResourceTypes: types,
    DeclaredTransforms: ["AWS::LanguageExtensions"],
  });
  stacks.create("s", loops, expanding);
  const summary = stacks.call<{ ResourceIdentifierSummaries: object[] }>("GetTemplateSummary", { StackName: "s" });
  expect(summary).toMatchObject({ ResourceTypes: types, DeclaredTransforms: ["AWS::LanguageExtensions"] });
  expect(summary.ResourceIdentifierSummaries).toContainEqual(
    expect.objectContaining({ ResourceType: "AWS::EC2::Subnet", LogicalResourceIds: ["Subneta", "Subnetb"] }),
  );
});

describe("is refused", () => {
  test.each([
    [
      "what a loop makes, without a word that it may",
      { TemplateBody: loops },
      "InsufficientCapabilitiesException",
      "Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
    ],
    [
      "the same item twice",
      { TemplateBody: loops, ...expanding, ...zones("a,a") },
      "ValidationError",
      "Transform AWS::LanguageExtensions failed with: Duplicate key 'Answersa' when merging keys to parent object in Fn::ForEach (line 15, column 28)",
    ],
    [
      "an attribute that what it makes has not",
      { TemplateBody: loops.replace("GroupId], IpProtocol", "Nothing], IpProtocol"), ...expanding },
      "ValidationError",
      "Template error: resource Groupa does not support attribute type Nothing in Fn::GetAtt",
    ],
    [
      "a loop without the transform",
      { TemplateBody: loops.replace("Transform: AWS::LanguageExtensions\n", ""), ...expanding },
      "ValidationError",
      "Template format error: [/Conditions/Fn::ForEach::Answering] resource definition is malformed: Fn::ForEach needs Transform: AWS::LanguageExtensions (line 12, column 5)",
    ],
  ])("%s", (_name, input, code, message) => {
    expect(testStacks(testCloud()).refusal("CreateStack", { StackName: "s", ...input })).toEqual([code, message]);
  });

  test("the template of before with other values: AWS has kept what the old ones made of it", () => {
    const stacks = testStacks(testCloud());
    stacks.create("s", loops, expanding);
    const again = { StackName: "s", UsePreviousTemplate: true, ...expanding };
    expect(stacks.refusal("UpdateStack", { ...again, ...zones("a,b,c") })).toEqual([
      "ValidationError",
      "UsePreviousTemplate with other values for [Zones] is not modelled by this local cloud for a template with the transform AWS::LanguageExtensions, of which AWS would keep what the old values made. Give the template instead.",
    ]);
    stacks.call("UpdateStack", { ...again, Tags: [{ Key: "k", Value: "v" }] });
    expect(stacks.describe("s")).toMatchObject({ StackStatus: "UPDATE_COMPLETE", Tags: [{ Key: "k", Value: "v" }] });
  });
});
