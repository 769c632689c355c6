/** Run Command and Parameter Store. */
import type {
  DescribeInstanceInformationCommandOutput,
  GetCommandInvocationCommandOutput,
  GetParameterCommandOutput,
  GetParametersByPathCommandOutput,
  GetParametersCommandOutput,
  ListCommandInvocationsCommandOutput,
  ListCommandsCommandOutput,
  SendCommandCommandOutput,
} from "@aws-sdk/client-ssm";
import { describe, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import type { InstanceCommand, InstanceCommandResult } from "../../ports.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";
import { agentProfile } from "./agent/test-agent-profile.ts";

const fine: InstanceCommandResult = { exitCode: 0, stdout: "", stderr: "", timedOut: false };

function ssm<Output = object>(cloud: TestCloud, operation: string, input: object = {}, account = accountA): Output {
  return cloud.call<Output>(operation, input, { service: "ssm", account });
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

/** In the default VPC, from where the internet is reached, with the role that an agent needs. */
function launch(cloud: TestCloud, name = "web"): string {
  const Name = agentProfile(cloud);
  const { Instances } = cloud.call<{ Instances: { InstanceId: string }[] }>("RunInstances", {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    IamInstanceProfile: { Name },
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }],
  });
  cloud.advance(1);
  return Instances[0]?.InstanceId ?? "";
}

function send(cloud: TestCloud, input: object): string {
  const { Command } = ssm<SendCommandCommandOutput>(cloud, "SendCommand", {
    DocumentName: "AWS-RunShellScript",
    Parameters: { commands: ["true"] },
    ...input,
  });
  return Command?.CommandId ?? "";
}

function invocation(cloud: TestCloud, CommandId: string, InstanceId: string): GetCommandInvocationCommandOutput {
  return ssm<GetCommandInvocationCommandOutput>(cloud, "GetCommandInvocation", { CommandId, InstanceId });
}

/** Lets promises that are already settled run their continuations. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe("Run Command", () => {
  const outcomes: readonly [string, InstanceCommandResult, object][] = [
    [
      "success",
      { ...fine, stdout: "hello\n" },
      {
        Status: "Success",
        StatusDetails: "Success",
        ResponseCode: 0,
        StandardOutputContent: "hello\n",
        StandardErrorContent: "",
      },
    ],
    [
      "failure",
      { ...fine, exitCode: 7, stderr: "oh\n" },
      {
        Status: "Failed",
        StatusDetails: "Failed",
        ResponseCode: 7,
        StandardErrorContent: "oh\nfailed to run commands: exit status 7",
      },
    ],
    [
      "a time-out",
      { ...fine, exitCode: -1, timedOut: true },
      { Status: "TimedOut", StatusDetails: "ExecutionTimedOut", ResponseCode: 137 },
    ],
  ];
  test.each(outcomes)("ends with %s", async (_name, result, expected) => {
    let finish: (result: InstanceCommandResult) => void = () => {};
    const cloud = testCloud({
      run: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const instance = launch(cloud);
    const id = send(cloud, {
      InstanceIds: [instance],
      Comment: "greet",
      Parameters: { commands: ["echo a", "echo b"], workingDirectory: ["/tmp/it's"], executionTimeout: ["60"] },
    });
    expect(invocation(cloud, id, instance)).toMatchObject({ Status: "InProgress", ResponseCode: -1 });
    await settle();
    finish(result);
    await settle();
    expect(invocation(cloud, id, instance)).toMatchObject({
      CommandId: id,
      InstanceId: instance,
      Comment: "greet",
      PluginName: "aws:runShellScript",
      ...expected,
    });
    expect(cloud.commands).toMatchObject([
      {
        instanceId: instance,
        argv: ["/bin/sh", "-c", "cd -- '/tmp/it'\\''s' || exit 1\necho a\necho b"],
        timeoutMs: 60_000,
        environment: { AWS_SSM_INSTANCE_ID: instance, AWS_SSM_REGION_NAME: "us-east-1" },
      },
    ]);
    expect(cloud.faults).toEqual([]);
  });

  test("keeps 24,000 characters of output and 8,000 of errors", async () => {
    const cloud = testCloud({ run: async () => ({ ...fine, stdout: "o".repeat(30_000), stderr: "e".repeat(30_000) }) });
    const instance = launch(cloud);
    const id = send(cloud, { InstanceIds: [instance] });
    await settle();
    const { StandardOutputContent, StandardErrorContent } = invocation(cloud, id, instance);
    expect([StandardOutputContent?.length, StandardErrorContent?.length]).toEqual([24_000, 8_000]);
  });

  test("goes to the running instances with a tag, and to nobody when there is none", async () => {
    const cloud = testCloud();
    const [a, b] = [launch(cloud), launch(cloud)];
    launch(cloud, "db");
    const id = send(cloud, { Targets: [{ Key: "tag:Name", Values: ["web"] }] });
    await settle();
    const { CommandInvocations } = ssm<ListCommandInvocationsCommandOutput>(cloud, "ListCommandInvocations", {
      CommandId: id,
      Details: true,
    });
    expect(CommandInvocations?.map((each) => each.InstanceId)).toEqual([a, b]);
    expect(CommandInvocations?.[0]).toMatchObject({
      InstanceName: "web",
      Status: "Success",
      CommandPlugins: [{ Name: "aws:runShellScript", ResponseCode: 0 }],
    });
    const none = send(cloud, { Targets: [{ Key: "tag:Name", Values: ["nobody"] }] });
    const { Commands } = ssm<ListCommandsCommandOutput>(cloud, "ListCommands", { CommandId: none });
    expect(Commands).toMatchObject([{ Status: "Success", StatusDetails: "NoInstancesInTag", TargetCount: 0 }]);
  });

  test("can be called off: what runs is told so, and stays cancelled", async () => {
    const aborted: string[] = [];
    const run = (command: InstanceCommand) =>
      new Promise<InstanceCommandResult>((resolve) => {
        command.signal?.addEventListener("abort", () => {
          aborted.push(command.instanceId);
          resolve({ ...fine, exitCode: -1 });
        });
      });
    const cloud = testCloud({ run });
    const instance = launch(cloud);
    const id = send(cloud, { InstanceIds: [instance] });
    await settle();
    ssm(cloud, "CancelCommand", { CommandId: id });
    await settle();
    expect(aborted).toEqual([instance]);
    expect(invocation(cloud, id, instance)).toMatchObject({ Status: "Cancelled", StatusDetails: "Cancelled" });
  });

  test("does not stay open for ever when the cloud ends meanwhile", async () => {
    const cloud = testCloud({ run: () => new Promise(() => {}) });
    const instance = launch(cloud);
    const id = send(cloud, { InstanceIds: [instance] });
    await settle();
    cloud.restart();
    expect(invocation(cloud, id, instance)).toMatchObject({
      Status: "Failed",
      StandardErrorContent: expect.stringContaining("interrupted"),
    });
    expect(ssm<ListCommandsCommandOutput>(cloud, "ListCommands").Commands).toMatchObject([
      { Status: "Failed", ErrorCount: 1, CompletedCount: 1 },
    ]);
  });

  test("a data plane that cannot run it fails the invocation and is reported", async () => {
    const cloud = testCloud({ run: async () => Promise.reject(new Error("no such namespace")) });
    const instance = launch(cloud);
    const id = send(cloud, { InstanceIds: [instance] });
    await settle();
    expect(invocation(cloud, id, instance)).toMatchObject({
      Status: "Failed",
      StandardErrorContent: expect.stringContaining("no such namespace"),
    });
    expect(cloud.faults).toHaveLength(1);
  });

  const refusals: readonly [string, string, object][] = [
    ["an unknown instance", "InvalidInstanceId", { InstanceIds: ["i-12345678"] }],
    ["no instance", "InvalidInstanceId", {}],
    ["another document", "InvalidDocument", { DocumentName: "AWS-RunPowerShellScript", InstanceIds: ["i-12345678"] }],
    ["no commands", "InvalidParameters", { Parameters: {}, InstanceIds: ["i-12345678"] }],
    ["an unknown parameter", "InvalidParameters", { Parameters: { commands: ["a"], shell: ["b"] } }],
    ["a bad time-out", "InvalidParameters", { Parameters: { commands: ["a"], executionTimeout: ["never"] } }],
    ["another target", "InvalidTarget", { Targets: [{ Key: "resource-groups:Name", Values: ["a"] }] }],
  ];
  test.each(refusals)("%s: %s", (_name, code, input) => {
    expect(codeOf(() => send(testCloud(), input))).toBe(code);
  });

  test("a stopped instance, and another account's, are not valid", () => {
    const cloud = testCloud();
    const instance = launch(cloud);
    const other = () =>
      ssm(
        cloud,
        "SendCommand",
        { DocumentName: "AWS-RunShellScript", InstanceIds: [instance], Parameters: { commands: ["true"] } },
        accountB,
      );
    expect(codeOf(other)).toBe("InvalidInstanceId");
    cloud.call("StopInstances", { InstanceIds: [instance] });
    expect(codeOf(() => send(cloud, { InstanceIds: [instance] }))).toBe("InvalidInstanceId");
    expect(codeOf(() => invocation(cloud, "00000000-0000-4000-8000-000000000000", instance))).toBe(
      "InvocationDoesNotExist",
    );
  });
});

test("an instance that was online and is stopped has lost its connection [9.7]", () => {
  const cloud = testCloud();
  const instance = launch(cloud);
  const list = (input: object = {}) =>
    ssm<DescribeInstanceInformationCommandOutput>(cloud, "DescribeInstanceInformation", input)
      .InstanceInformationList ?? [];
  expect(list()).toMatchObject([
    { InstanceId: instance, PingStatus: "Online", PlatformType: "Linux", ResourceType: "EC2Instance" },
  ]);
  expect(list({ Filters: [{ Key: "InstanceIds", Values: ["i-12345678"] }] })).toEqual([]);
  cloud.call("StopInstances", { InstanceIds: [instance] });
  expect(list()).toMatchObject([{ InstanceId: instance, PingStatus: "ConnectionLost" }]);
  expect(list()[0]).not.toHaveProperty("LastPingDateTime");
  expect(codeOf(() => ssm(cloud, "StartSession", { Target: instance }))).toBe("TargetNotConnected");
});

describe("Parameter Store", () => {
  const put = (cloud: TestCloud, Name: string, input: object = {}) =>
    ssm(cloud, "PutParameter", { Name, Value: "one", Type: "String", ...input });
  const get = (cloud: TestCloud, Name: string, input: object = {}) =>
    ssm<GetParameterCommandOutput>(cloud, "GetParameter", { Name, ...input }).Parameter;

  test("versions count up, and a version can be asked for", () => {
    const cloud = testCloud();
    expect(put(cloud, "/cdk-bootstrap/hnb659fds/version", { Value: "30" })).toEqual({ Version: 1, Tier: "Standard" });
    expect(codeOf(() => put(cloud, "/cdk-bootstrap/hnb659fds/version"))).toBe("ParameterAlreadyExists");
    expect(put(cloud, "/cdk-bootstrap/hnb659fds/version", { Value: "31", Overwrite: true })).toEqual({
      Version: 2,
      Tier: "Standard",
    });
    expect(get(cloud, "/cdk-bootstrap/hnb659fds/version")).toMatchObject({
      Value: "31",
      Version: 2,
      ARN: `arn:aws:ssm:us-east-1:${accountA}:parameter/cdk-bootstrap/hnb659fds/version`,
    });
    expect(get(cloud, "/cdk-bootstrap/hnb659fds/version:2")).toMatchObject({ Value: "31", Selector: ":2" });
    expect(get(cloud, `arn:aws:ssm:us-east-1:${accountA}:parameter/cdk-bootstrap/hnb659fds/version`)?.Value).toBe("31");
    expect(codeOf(() => get(cloud, "/cdk-bootstrap/hnb659fds/version:1"))).toBe("ParameterVersionNotFound");
  });

  test("a secret is withheld without decryption", () => {
    const cloud = testCloud();
    put(cloud, "secret", { Type: "SecureString", Value: "hunter2" });
    expect(get(cloud, "secret", { WithDecryption: true })?.Value).toBe("hunter2");
    expect(get(cloud, "secret")?.Value).not.toContain("hunter2");
  });

  test("paths, lists of names, deletion", () => {
    const cloud = testCloud();
    for (const name of ["/a/b", "/a/c", "/a/d/e", "plain"]) put(cloud, name);
    const under = (Path: string, Recursive = false) =>
      ssm<GetParametersByPathCommandOutput>(cloud, "GetParametersByPath", { Path, Recursive }).Parameters?.map(
        (each) => each.Name,
      );
    expect(under("/a")).toEqual(["/a/b", "/a/c"]);
    expect(under("/a", true)).toEqual(["/a/b", "/a/c", "/a/d/e"]);
    const { Parameters, InvalidParameters } = ssm<GetParametersCommandOutput>(cloud, "GetParameters", {
      Names: ["plain", "/no"],
    });
    expect([Parameters?.map((each) => each.Name), InvalidParameters]).toEqual([["plain"], ["/no"]]);
    expect(ssm(cloud, "DeleteParameters", { Names: ["plain", "/no"] })).toEqual({
      DeletedParameters: ["plain"],
      InvalidParameters: ["/no"],
    });
    ssm(cloud, "DeleteParameter", { Name: "/a/b" });
    expect(codeOf(() => ssm(cloud, "DeleteParameter", { Name: "/a/b" }))).toBe("ParameterNotFound");
    expect(codeOf(() => ssm(cloud, "GetParameter", { Name: "/a/c" }, accountB))).toBe("ParameterNotFound");
  });

  test("tags", () => {
    const cloud = testCloud();
    put(cloud, "a", { Tags: [{ Key: "x", Value: "1" }] });
    ssm(cloud, "AddTagsToResource", { ResourceType: "Parameter", ResourceId: "a", Tags: [{ Key: "y", Value: "2" }] });
    ssm(cloud, "RemoveTagsFromResource", { ResourceType: "Parameter", ResourceId: "a", TagKeys: ["x"] });
    expect(ssm(cloud, "ListTagsForResource", { ResourceType: "Parameter", ResourceId: "a" })).toEqual({
      TagList: [{ Key: "y", Value: "2" }],
    });
  });

  test("the public image parameters agree with DescribeImages", () => {
    const cloud = testCloud();
    const value = get(
      cloud,
      "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
    )?.Value;
    const { Images } = cloud.call<{ Images: { Name: string }[] }>("DescribeImages", { ImageIds: [value] });
    expect(Images[0]?.Name).toMatch(/ubuntu-noble-24\.04-amd64/);
  });

  test.each<[string, string, string, object]>([
    ["an unknown parameter", "ParameterNotFound", "GetParameter", { Name: "/no" }],
    ["a reserved name", "ValidationException", "PutParameter", { Name: "/aws/x", Value: "a", Type: "String" }],
    ["no type", "ValidationException", "PutParameter", { Name: "x", Value: "a" }],
    ["a value too long", "ValidationException", "PutParameter", { Name: "x", Value: "a".repeat(4097), Type: "String" }],
    [
      "a value against its pattern",
      "ParameterPatternMismatchException",
      "PutParameter",
      { Name: "x", Value: "a", Type: "String", AllowedPattern: "\\d+" },
    ],
    [
      "a bad pattern",
      "InvalidAllowedPatternException",
      "PutParameter",
      { Name: "x", Value: "a", Type: "String", AllowedPattern: "(" },
    ],
    [
      "tags of something else",
      "InvalidResourceType",
      "ListTagsForResource",
      { ResourceType: "Document", ResourceId: "x" },
    ],
  ])("%s: %s", (_name, code, operation, input) => {
    expect(codeOf(() => ssm(testCloud(), operation, input))).toBe(code);
  });
});
