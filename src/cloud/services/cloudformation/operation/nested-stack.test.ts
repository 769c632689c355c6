/** Stacks in stacks, whose templates lie in S3. */
import { beforeEach, describe, expect, test } from "vitest";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

let cloud: TestCloud;
let stacks: TestStacks;

beforeEach(() => {
  cloud = testCloud();
  stacks = testStacks(cloud);
  cloud.call("CreateBucket", { Bucket: "templates" }, { service: "s3" });
});

function put(Key: string, template: string): void {
  cloud.call("PutObject", { Bucket: "templates", Key, Body: Buffer.from(template) }, { service: "s3" });
}

const child = `
Parameters: {Block: {Type: String}, Names: {Type: CommaDelimitedList}}
Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Block, Tags: [{Key: n, Value: !Join ['+', !Ref Names]}]}}}
Outputs: {VpcId: {Value: !Ref Vpc}}
`;

const parent = (block: string, key = "child.yaml"): string => `
Resources:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'http://127.0.0.1:4566/templates/${key}', Parameters: {Block: ${block}, Names: [a, b]}}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !GetAtt Child.Outputs.VpcId, CidrBlock: !Select [0, !Cidr [${block}, 1, 8]]}}
`;

test.each([
  "http://127.0.0.1:4566/templates/t.yaml",
  "http://localhost:1/templates/t.yaml",
  "http://templates.localhost:4566/t.yaml",
  "https://templates.s3.amazonaws.com/t.yaml",
  "https://s3.us-east-1.amazonaws.com/templates/t.yaml",
  "https://templates.s3.us-east-1.amazonaws.com/t.yaml",
])("a template is read from %s", (TemplateURL) => {
  put("t.yaml", "Resources: {A: {Type: AWS::EC2::InternetGateway}}");
  stacks.call("CreateStack", { StackName: "s", TemplateURL });
  expect(stacks.describe("s").StackStatus).toBe("CREATE_COMPLETE");
});

test("a nested stack lives and dies with its parent, and gives it its outputs", () => {
  put("child.yaml", child);
  expect(stacks.create("p", parent("10.0.0.0/16")).StackStatus).toBe("CREATE_COMPLETE");
  const { Child = "" } = stacks.resources("p");
  const root = stacks.describe("p").StackId;
  expect(stacks.describe(Child)).toMatchObject({
    StackName: expect.stringMatching(/^p-Child-\w{12}$/),
    StackStatus: "CREATE_COMPLETE",
    ParentId: root,
    RootId: root,
    Parameters: [
      { ParameterKey: "Block", ParameterValue: "10.0.0.0/16" },
      { ParameterKey: "Names", ParameterValue: "a,b" },
    ],
  });
  const { Vpc } = stacks.resources(Child);
  expect(stacks.update("p", parent("10.1.0.0/16")).StackStatus).toBe("UPDATE_COMPLETE");
  expect(stacks.describe(Child).StackStatus).toBe("UPDATE_COMPLETE");
  expect(stacks.resources(Child).Vpc).not.toBe(Vpc);
  expect(stacks.delete("p").StackStatus).toBe("DELETE_COMPLETE");
  expect(stacks.describe(Child).StackStatus).toBe("DELETE_COMPLETE");
  expect(cloud.faults).toEqual([]);
});

test("what fails in it fails its parent, with its reason, and leaves nothing", () => {
  put("child.yaml", child);
  expect(stacks.create("p", parent("10.0.0.0/8")).StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(stacks.events("p")).toContainEqual(
    expect.stringMatching(
      /^Child CREATE_FAILED \(Embedded stack arn:aws:cloudformation:\S+ was not successfully created: /,
    ),
  );
  const states = [...cloud.cloud.view.all("stack")].map(({ StackStatus }) => StackStatus);
  expect(states).toEqual(["ROLLBACK_COMPLETE", "DELETE_COMPLETE"]);
});

test("an update that fails in it goes back in both", () => {
  put("child.yaml", child);
  stacks.create("p", parent("10.0.0.0/16"));
  const { Child = "" } = stacks.resources("p");
  const before = stacks.resources(Child);
  expect(stacks.update("p", parent("10.0.0.0/8")).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(stacks.describe(Child).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(stacks.resources(Child)).toEqual(before);
  expect(stacks.delete("p").StackStatus).toBe("DELETE_COMPLETE");
});

test("a template that is not there fails the resource", () => {
  expect(stacks.create("p", parent("10.0.0.0/16", "none.yaml")).StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(stacks.events("p")).toContain("Child CREATE_FAILED (S3 error: The specified key does not exist.)");
});

describe("at AWS's pace", () => {
  const beside = (block: string, more = ""): string =>
    `${parent(block)}  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}\n${more}`;
  const wrong = (more: string): string =>
    `  Wrong: {Type: AWS::EC2::Subnet, ${more} Properties: {VpcId: !Ref Other, CidrBlock: 192.168.0.0/24}}\n`;
  const vpcs = (): readonly string[] =>
    [...cloud.cloud.view.all("vpc")]
      .filter(({ IsDefault }) => !IsDefault)
      .map(({ CidrBlock }) => CidrBlock)
      .toSorted();

  beforeEach(() => {
    cloud = testCloud({ pace: "real" });
    stacks = testStacks(cloud);
    cloud.call("CreateBucket", { Bucket: "templates" }, { service: "s3" });
    put("child.yaml", child);
    stacks.create("p", beside("10.0.0.0/16"));
    cloud.advance(60_000);
    expect(stacks.describe("p").StackStatus).toBe("CREATE_COMPLETE");
  });

  test("what an update in it has replaced stays until its parent is done, and then both clean up", () => {
    const { Child = "" } = stacks.resources("p");
    stacks.update("p", beside("10.1.0.0/16"));
    for (let turn = 0; stacks.describe(Child).StackStatus === "UPDATE_IN_PROGRESS" && turn < 60; turn += 1)
      cloud.advance(1_000);
    expect(stacks.describe(Child).StackStatus).toBe("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    expect(stacks.describe("p").StackStatus).toBe("UPDATE_IN_PROGRESS");
    cloud.restart();
    cloud.advance(1_000);
    expect(vpcs()).toEqual(["10.9.0.0/16", "10.0.0.0/16", "10.1.0.0/16"].toSorted());
    cloud.advance(120_000);
    expect(stacks.describe("p").StackStatus).toBe("UPDATE_COMPLETE");
    expect(stacks.describe(Child).StackStatus).toBe("UPDATE_COMPLETE");
    expect(vpcs()).toEqual(["10.1.0.0/16", "10.9.0.0/16"]);
    expect(cloud.faults).toEqual([]);
  });

  test.each([
    ["beside it while it is under way", ""],
    ["after it", "DependsOn: Subnet,"],
  ])("an update that fails %s goes back in both, to what was there", (_, more) => {
    const { Child = "" } = stacks.resources("p");
    const before = stacks.resources(Child);
    stacks.update("p", beside("10.1.0.0/16", wrong(more)));
    cloud.advance(120_000);
    expect(stacks.describe("p").StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(stacks.describe(Child).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(stacks.resources(Child)).toEqual(before);
    expect(vpcs()).toEqual(["10.0.0.0/16", "10.9.0.0/16"]);
    stacks.delete("p");
    cloud.advance(120_000);
    expect(stacks.describe("p").StackStatus).toBe("DELETE_COMPLETE");
    expect(vpcs()).toEqual([]);
    expect(cloud.faults).toEqual([]);
  });
});
