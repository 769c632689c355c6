/** Outputs of other stacks by Fn::GetStackOutput: of any Region and account, looked up when the stack that asks is made or updated. */
import { describe, expect, test } from "vitest";
import { testCloud } from "../../../test-cloud.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

const producer = (block = "10.0.0.0/16"): string =>
  `Resources: {A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}}\nOutputs: {Id: {Value: !Ref A}, Block: {Value: ${block}}}`;

const consumer = (asked: string): string =>
  `Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /seen, Type: String, Value: {Fn::GetStackOutput: ${asked}}}}}`;

const block = consumer("{StackName: producer, OutputName: Block}");

function open() {
  const cloud = testCloud();
  const as = (account: string, region: string): TestStacks => testStacks(cloud, { account, region });
  const seen = (account: string, region: string): string =>
    cloud.call<{ Parameter: { Value: string } }>("GetParameter", { Name: "/seen" }, { account, region, service: "ssm" })
      .Parameter.Value;
  return { cloud, as, seen };
}

describe("Fn::GetStackOutput", () => {
  test("of the same account and Region, without an export; a later update of the asking stack sees what it has become", () => {
    const { as, seen } = open();
    const stacks = as("111111111111", "us-east-1");
    stacks.create("producer", producer());
    expect(stacks.create("consumer", block).StackStatus).toBe("CREATE_COMPLETE");
    expect(seen("111111111111", "us-east-1")).toBe("10.0.0.0/16");
    stacks.update("producer", producer("10.1.0.0/16"));
    expect(seen("111111111111", "us-east-1")).toBe("10.0.0.0/16");
    expect(stacks.update("consumer", block).StackStatus).toBe("UPDATE_COMPLETE");
    expect(seen("111111111111", "us-east-1")).toBe("10.1.0.0/16");
  });

  test("it binds nobody: the other stack may go, and the asking one after it", () => {
    const { as } = open();
    const stacks = as("111111111111", "us-east-1");
    stacks.create("producer", producer());
    stacks.create("consumer", block);
    expect(stacks.delete("producer").StackStatus).toBe("DELETE_COMPLETE");
    expect(stacks.delete("consumer").StackStatus).toBe("DELETE_COMPLETE");
  });

  test("an update that fails goes back to what was looked up before, though the other stack says something else now", () => {
    const { as, seen } = open();
    const stacks = as("111111111111", "us-east-1");
    stacks.create("producer", producer());
    stacks.create("consumer", block);
    stacks.update("producer", producer("10.1.0.0/16"));
    const failing = block.replace(
      "Resources: {",
      "Resources: {Wrong: {Type: AWS::EC2::Subnet, DependsOn: P, Properties: {VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24}}, ",
    );
    expect(stacks.update("consumer", failing).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(seen("111111111111", "us-east-1")).toBe("10.0.0.0/16");
  });

  test("of another Region, by short form and by the stack's id", () => {
    const { as, seen } = open();
    const { StackId } = as("111111111111", "eu-west-1").create("producer", producer());
    const stacks = as("111111111111", "us-east-1");
    const short = consumer("x").replace(
      /\{Fn::GetStackOutput: x\}/,
      "!GetStackOutput {StackName: producer, OutputName: Block, Region: eu-west-1}",
    );
    expect(stacks.create("consumer", short).StackStatus).toBe("CREATE_COMPLETE");
    expect(seen("111111111111", "us-east-1")).toBe("10.0.0.0/16");
    stacks.delete("consumer");
    const byId = consumer(`{StackName: '${StackId}', OutputName: Block, Region: !Sub 'eu-\${West}-1'}`);
    const parameters = "Parameters: {West: {Type: String, Default: west}}\n";
    expect(stacks.create("consumer", parameters + byId).StackStatus).toBe("CREATE_COMPLETE");
  });

  test("of another account, by a role of that account", () => {
    const { as, seen } = open();
    const role = `Role: {Type: AWS::IAM::Role, Properties: {RoleName: reader, AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}`;
    as("222222222222", "eu-west-1").create("producer", producer().replace("Resources: {", `Resources: {${role}, `), {
      Capabilities: ["CAPABILITY_NAMED_IAM"],
    });
    const asked = (name: string): string =>
      consumer(
        `{StackName: producer, OutputName: Block, Region: eu-west-1, RoleArn: 'arn:aws:iam::222222222222:role/${name}'}`,
      );
    const stacks = as("111111111111", "us-east-1");
    expect(stacks.create("consumer", asked("reader")).StackStatus).toBe("CREATE_COMPLETE");
    expect(seen("111111111111", "us-east-1")).toBe("10.0.0.0/16");
    expect(stacks.create("refused", asked("nobody")).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(stacks.events("refused").join("\n")).toContain(
      "Role arn:aws:iam::222222222222:role/nobody is invalid or cannot be assumed",
    );
  });

  test.each([
    [
      "no stack",
      "{StackName: nobody, OutputName: Block}",
      "Stack with id nobody does not exist in 111111111111 us-east-1",
    ],
    [
      "a stack of another Region",
      "{StackName: producer, OutputName: Block, Region: eu-west-1}",
      "Stack with id producer does not exist in 111111111111 eu-west-1",
    ],
    [
      "no output",
      "{StackName: producer, OutputName: Blok}",
      "Stack producer in 111111111111 us-east-1 has no output named Blok",
    ],
  ])("%s: the stack fails before anything is made, and says so", (_, asked, reason) => {
    const { as } = open();
    const stacks = as("111111111111", "us-east-1");
    stacks.create("producer", producer());
    expect(stacks.create("consumer", consumer(asked)).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(stacks.events("consumer").join("\n")).toContain(reason);
    expect(stacks.resources("consumer")).toEqual({});
  });

  test.each([
    ["a name that is missing", "{OutputName: Block}"],
    ["a member that there is not", "{StackName: producer, OutputName: Block, Account: '1'}"],
    ["a list", "[producer, Block]"],
  ])("%s is refused", (_, asked) => {
    const { as } = open();
    const [code, text] = as("111111111111", "us-east-1").refusal("CreateStack", {
      StackName: "consumer",
      TemplateBody: consumer(asked),
    });
    expect(code).toBe("ValidationError");
    expect(text).toContain("every Fn::GetStackOutput object requires StackName and OutputName");
  });
});
