/** Lambda's API over a machine that runs nothing: what is kept, shown and refused, and what a call makes of a function's outcome. */
import { createHash } from "node:crypto";
import type {
  FunctionConfiguration,
  GetFunctionCommandOutput,
  GetPolicyCommandOutput,
  InvokeCommandOutput,
  ListVersionsByFunctionCommandOutput,
} from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import type { FunctionOutcome } from "../../ports.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";
import { answered } from "../action.ts";
import { askCustomResource } from "./custom-resource.ts";
import { archiveOf } from "./inline-code.ts";

let cloud: TestCloud;
let outcome: FunctionOutcome;
let whenRun: (payload: string) => void;
const Role = `arn:aws:iam::${accountA}:role/worker`;
const FunctionArn = `arn:aws:lambda:us-east-1:${accountA}:function:one`;
const ZipFile = archiveOf({ "index.js": "exports.handler = async () => 1" });

const ran = (more: object = {}): FunctionOutcome => ({
  kind: "result",
  payload: "1",
  lines: ["hello"],
  environmentId: "e".repeat(32),
  durationMs: 1.5,
  isCold: true,
  ...more,
});

function open(options: Parameters<typeof testCloud>[0] = {}): void {
  outcome = ran();
  whenRun = () => {};
  cloud = testCloud({
    ...options,
    runFunction: async ({ payload }) => {
      whenRun(payload);
      return outcome;
    },
  });
  const trust = (Service: string) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }] });
  for (const [RoleName, service] of [
    ["worker", "lambda.amazonaws.com"],
    ["other", "ec2.amazonaws.com"],
  ] as const)
    cloud.call("CreateRole", { RoleName, AssumeRolePolicyDocument: trust(service) }, { service: "iam" });
}

beforeEach(() => open());

function lambda<Output = FunctionConfiguration>(operation: string, input: object = {}, account = accountA): Output {
  const named = { FunctionName: "one", ...input };
  return cloud.call<Output & Record<string, unknown>>(operation, named, { service: "lambda", account });
}

const create = (input: object = {}) =>
  lambda("CreateFunction", { Role, Runtime: "nodejs20.x", Handler: "index.handler", Code: { ZipFile }, ...input });

const invoke = async (input: object = {}) =>
  (await answered(lambda<InvokeCommandOutput>("Invoke", input))) as Omit<InvokeCommandOutput, "Payload"> & {
    readonly Payload?: Uint8Array;
  };

async function refusal(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (isAwsError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "allowed";
}

/** The lines of all streams of the function's group. */
function logged(): readonly string[] {
  return [...cloud.cloud.view.all("logEvents")].flatMap(({ Events }) => Events.map(({ Message }) => Message));
}

test("a function is made, shown with what it was not told, and there after a restart", () => {
  create({ Description: "one", Tags: { a: "1" }, Environment: { Variables: { COLOR: "red" } } });
  cloud.restart();
  const { Configuration, Tags } = lambda<GetFunctionCommandOutput>("GetFunction");
  expect(Configuration).toMatchObject({
    FunctionArn,
    Version: "$LATEST",
    State: "Active",
    LastUpdateStatus: "Successful",
    Timeout: 3,
    MemorySize: 128,
    CodeSize: ZipFile.length,
    CodeSha256: createHash("sha256").update(ZipFile).digest("base64"),
    Environment: { Variables: { COLOR: "red" } },
    LoggingConfig: { LogGroup: "/aws/lambda/one" },
  });
  expect(Tags).toEqual({ a: "1" });
  expect(cloud.blobs.size).toBe(1);
});

test("it is Pending for a while at AWS's pace, and an update is in progress for a while", async () => {
  open({ pace: "real" });
  expect(create()).toMatchObject({ State: "Pending", StateReasonCode: "Creating" });
  expect(await refusal(() => invoke())).toMatch(/^ResourceConflictException: .*Pending/);
  cloud.advance(2000);
  const updated = lambda("UpdateFunctionConfiguration", { Timeout: 10 });
  expect(updated).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress", Timeout: 10 });
  expect(await refusal(() => lambda("PublishVersion"))).toMatch(/^ResourceConflictException: .*update is in progress/);
  cloud.advance(1000);
  expect(lambda("GetFunctionConfiguration")).toMatchObject({ LastUpdateStatus: "Successful" });
});

test("code comes from S3, as it was there", async () => {
  const s3 = (operation: string, input: object) =>
    cloud.call(operation, { Bucket: "code", ...input }, { service: "s3" });
  expect(await refusal(() => create({ Code: { S3Bucket: "code", S3Key: "k" } }))).toBe(
    "InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist",
  );
  s3("CreateBucket", {});
  expect(await refusal(() => create({ Code: { S3Bucket: "code", S3Key: "k" } }))).toContain("S3 Error Code: NoSuchKey");
  s3("PutObject", { Key: "k", Body: ZipFile });
  create({ Code: { S3Bucket: "code", S3Key: "k" } });
  s3("DeleteObject", { Key: "k" });
  await invoke();
  expect(Uint8Array.from(cloud.functionRuns[0]?.code() ?? [])).toEqual(Uint8Array.from(ZipFile));
});

describe("a call", () => {
  beforeEach(() => void create({ Timeout: 7, Environment: { Variables: { COLOR: "red" } } }));

  test("gives the function its payload, time, variables and its role's keys", async () => {
    const { Payload, ...answer } = await invoke({ Payload: Buffer.from('{"a":1}') });
    expect(answer).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(Buffer.from(Payload ?? []).toString()).toBe("1");
    const [run] = cloud.functionRuns;
    expect(run).toMatchObject({ payload: '{"a":1}', timeoutMs: 7000, invokedFunctionArn: FunctionArn });
    const variables = run?.environment("e1") ?? {};
    expect(variables).toMatchObject({
      COLOR: "red",
      _HANDLER: "index.handler",
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "one",
      AWS_LAMBDA_LOG_STREAM_NAME: "2026/01/01/[$LATEST]e1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
    });
    const account = variables.AWS_ACCESS_KEY_ID ?? "";
    expect(cloud.call("GetCallerIdentity", {}, { service: "sts", account })).toMatchObject({
      Arn: `arn:aws:sts::${accountA}:assumed-role/worker/one`,
    });
    // The session is used again while it is good.
    await invoke();
    expect(cloud.functionRuns[1]?.environment("e1").AWS_ACCESS_KEY_ID).toBe(account);
  });

  test("is logged as Lambda does, in a group that is made for it", async () => {
    const { LogResult } = await invoke({ LogType: "Tail" });
    const [init, start, line, end, report] = logged();
    expect([init, start, line]).toEqual([
      "INIT_START Runtime Version: nodejs20.x",
      expect.stringMatching(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/),
      "hello",
    ]);
    expect(end).toMatch(/^END RequestId: /);
    expect(report).toContain("Duration: 1.50 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB");
    expect(Buffer.from(LogResult ?? "", "base64").toString()).toBe(
      logged()
        .map((each) => `${each}\n`)
        .join(""),
    );
    expect([...cloud.cloud.view.all("logGroup")].map(({ LogGroupName }) => LogGroupName)).toEqual(["/aws/lambda/one"]);
  });

  test("makes no group any more when its function was deleted meanwhile", async () => {
    whenRun = () => lambda("DeleteFunction");
    await invoke({ InvocationType: "Event" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(cloud.functionRuns).toHaveLength(1);
    expect([...cloud.cloud.view.all("logGroup")]).toEqual([]);
  });

  test("is logged as JSON when that is asked for, from the level that is asked for", async () => {
    const levels = { ApplicationLogLevel: "FATAL", SystemLogLevel: "WARN" };
    expect(await refusal(() => lambda("UpdateFunctionConfiguration", { LoggingConfig: levels }))).toMatch(
      /^InvalidParameterValueException: Log levels are not supported for the Text/,
    );
    const shownAs = lambda("UpdateFunctionConfiguration", { LoggingConfig: { LogFormat: "JSON" } }).LoggingConfig;
    expect(shownAs).toEqual({
      LogGroup: "/aws/lambda/one",
      LogFormat: "JSON",
      ApplicationLogLevel: "INFO",
      SystemLogLevel: "INFO",
    });
    await invoke();
    expect(cloud.functionRuns[0]?.environment("e1")).toMatchObject({
      AWS_LAMBDA_LOG_FORMAT: "JSON",
      AWS_LAMBDA_LOG_LEVEL: "INFO",
    });
    const [init, start, line, report] = logged();
    expect(JSON.parse(init ?? "")).toMatchObject({ type: "platform.initStart", record: { functionName: "one" } });
    expect(JSON.parse(start ?? "")).toMatchObject({ type: "platform.start", record: { version: "$LATEST" } });
    expect(line).toBe("hello");
    expect(JSON.parse(report ?? "")).toMatchObject({
      type: "platform.report",
      record: { status: "success", metrics: { durationMs: 1.5, billedDurationMs: 2, memorySizeMB: 128 } },
    });
    lambda("UpdateFunctionConfiguration", { LoggingConfig: levels });
    const before = logged().length;
    await invoke();
    expect(logged().slice(before)).toEqual(["hello"]);
    outcome = ran({ kind: "timed-out", payload: '{"errorType":"Sandbox.Timedout","errorMessage":"Task timed out"}' });
    await invoke();
    expect(
      logged()
        .slice(before + 2)
        .map((each) => JSON.parse(each)),
    ).toMatchObject([
      { type: "platform.runtimeDone", record: { status: "timeout", errorType: "Sandbox.Timedout" } },
      { type: "platform.report", record: { status: "timeout", errorType: "Sandbox.Timedout" } },
    ]);
  });

  test("that fails is answered all the same, with an error for its payload", async () => {
    outcome = ran({ kind: "timed-out", payload: '{"errorType":"Sandbox.Timedout","errorMessage":"Task timed out"}' });
    const { FunctionError, Payload } = await invoke();
    expect(FunctionError).toBe("Unhandled");
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ errorType: "Sandbox.Timedout" });
    expect(logged()).toContain("Task timed out");
  });

  test("is refused where nothing can be run, and when too many run", async () => {
    outcome = { kind: "unavailable", reason: "No sandbox here." };
    expect(await refusal(invoke)).toBe(
      "UnsupportedOperation: The function cannot be run by this local cloud: No sandbox here.",
    );
    outcome = { kind: "throttled" };
    expect(await refusal(invoke)).toMatch(/^TooManyRequestsException/);
  });

  test("as an event is answered at once; as a dry run nothing is run", async () => {
    expect(await invoke({ InvocationType: "DryRun" })).toEqual({ StatusCode: 204 });
    expect(cloud.functionRuns).toEqual([]);
    expect(await invoke({ InvocationType: "Event" })).toEqual({ StatusCode: 202 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(logged()).toContain("hello");
  });

  test.each([
    ["one:$LATEST", {}],
    [FunctionArn, {}],
    [`${accountA}:function:one`, {}],
    ["one", { Qualifier: "$LATEST" }],
  ])("names it %s %j", async (FunctionName, more) => {
    expect((await invoke({ FunctionName, ...more })).StatusCode).toBe(200);
  });

  test("after a change is another process's, and the old one ends", async () => {
    await invoke();
    lambda("UpdateFunctionCode", { ZipFile: archiveOf({ "index.js": "" }) });
    await invoke();
    const [before, after] = cloud.functionRuns.map(({ key }) => key);
    expect(before).not.toBe(after);
    expect(cloud.retired).toEqual([before]);
    // The code that nobody runs any more is gone.
    expect(cloud.blobs.size).toBe(1);
  });
});

test("versions stay what they were, and one without a change is the last one", () => {
  create();
  expect(lambda("PublishVersion")).toMatchObject({ Version: "1", FunctionArn: `${FunctionArn}:1` });
  expect(lambda("PublishVersion")).toMatchObject({ Version: "1" });
  cloud.advance(1000);
  lambda("UpdateFunctionConfiguration", { MemorySize: 256 });
  expect(lambda("PublishVersion")).toMatchObject({ Version: "2", MemorySize: 256 });
  const { Versions } = lambda<ListVersionsByFunctionCommandOutput>("ListVersionsByFunction");
  expect(Versions?.map(({ Version, MemorySize }) => [Version, MemorySize])).toEqual([
    ["$LATEST", 256],
    ["1", 128],
    ["2", 256],
  ]);
  lambda("DeleteFunction", { Qualifier: "1" });
  expect(cloud.blobs.size).toBe(1);
  lambda("DeleteFunction");
  expect([...cloud.cloud.view.all("lambdaFunction")]).toEqual([]);
  expect(cloud.blobs.size).toBe(0);
});

test("permissions are statements of one policy", async () => {
  create();
  const permission = { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
  lambda("AddPermission", { ...permission, SourceArn: "arn:aws:s3:::assets", SourceAccount: accountA });
  const { Policy } = lambda<GetPolicyCommandOutput>("GetPolicy");
  expect(JSON.parse(Policy ?? "")).toEqual({
    Version: "2012-10-17",
    Id: "default",
    Statement: [
      {
        Sid: "s3",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: FunctionArn,
        Condition: {
          StringEquals: { "AWS:SourceAccount": accountA },
          ArnLike: { "AWS:SourceArn": "arn:aws:s3:::assets" },
        },
      },
    ],
  });
  expect(await refusal(() => lambda("AddPermission", permission))).toMatch(/^ResourceConflictException/);
  lambda("RemovePermission", { StatementId: "s3" });
  expect(await refusal(() => lambda("GetPolicy"))).toMatch(/^ResourceNotFoundException/);
});

test("tags come and go", () => {
  create();
  lambda("TagResource", { Resource: FunctionArn, Tags: { a: "1", b: "2" } });
  lambda("UntagResource", { Resource: FunctionArn, TagKeys: ["a"] });
  expect(lambda("ListTags", { Resource: FunctionArn })).toEqual({ Tags: { b: "2" } });
});

test.each([
  ["a role that is not there", { Role: `${Role}2` }, /cannot be assumed by Lambda/],
  ["a role that is not for Lambda", { Role: `arn:aws:iam::${accountA}:role/other` }, /cannot be assumed by Lambda/],
  ["another runtime", { Runtime: "python3.12" }, /python3.12.*is not modelled/],
  ["no archive", { Code: { ZipFile: Buffer.from("text") } }, /Could not unzip/],
  ["no code", { Code: {} }, /provide a source/],
  ["a layer", { Layers: ["arn:aws:lambda:us-east-1:1:layer:a:1"] }, /A layer is not modelled/],
  ["a VPC", { VpcConfig: { SubnetIds: ["subnet-1"] } }, /A function in a VPC is not modelled/],
  ["a reserved variable", { Environment: { Variables: { AWS_REGION: "x" } } }, /reserved keys/],
  ["too long a time", { Timeout: 901 }, /between 1 and 900/],
])("%s is refused", async (_, input, message) => {
  expect(await refusal(() => create(input))).toMatch(/^InvalidParameterValueException/);
  expect(await refusal(() => create(input))).toMatch(message);
});

test("what is there already, or not, or another account's, is said to be so", async () => {
  create();
  expect(await refusal(() => create())).toMatch(/^ResourceConflictException/);
  expect(await refusal(() => lambda("GetFunction", { FunctionName: "two" }))).toBe(
    `ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:${accountA}:function:two`,
  );
  expect(await refusal(() => lambda("GetFunction", { FunctionName: FunctionArn }, accountB))).toMatch(
    /^ResourceNotFoundException/,
  );
});

describe("a custom resource's function", () => {
  const asked = (timeoutMs = 60_000) =>
    askCustomResource(cloud.cloud.background, {
      serviceToken: FunctionArn,
      caller: { accountId: accountA, region: "us-east-1" },
      request: { RequestType: "Create" },
      timeoutMs,
    });
  const tokenIn = (payload: string): string => JSON.parse(payload).ResponseURL.split("/").at(-1);

  beforeEach(() => void create());

  test("answers by putting something at the URL that it was given, once", async () => {
    let token = "";
    whenRun = (payload) => {
      token = tokenIn(payload);
      expect(JSON.parse(payload)).toMatchObject({
        RequestType: "Create",
        ResponseURL: expect.stringMatching(
          /^http:\/\/127\.0\.0\.1:4566\/_causeway\/cloudformation-response\/[0-9a-f]{48}$/,
        ),
      });
      expect(cloud.cloud.responses.put(token, '{"Status":"SUCCESS"}')).toBe(true);
    };
    expect(await asked()).toEqual({ kind: "answered", body: '{"Status":"SUCCESS"}' });
    expect(cloud.cloud.responses.put(token, "again")).toBe(false);
  });

  test("has failed when it ends in an error without an answer", async () => {
    outcome = ran({ kind: "error", payload: '{"errorMessage":"no"}' });
    expect(await asked()).toEqual({ kind: "failed", reason: '{"errorMessage":"no"}' });
  });

  test("may answer long after it has ended, and not for ever", async () => {
    let token = "";
    whenRun = (payload) => {
      token = tokenIn(payload);
    };
    const late = asked();
    await new Promise((resolve) => setImmediate(resolve));
    cloud.cloud.responses.put(token, "late");
    expect(await late).toEqual({ kind: "answered", body: "late" });
    const never = asked(5000);
    await new Promise((resolve) => setImmediate(resolve));
    cloud.advance(5000);
    expect(await never).toEqual({ kind: "timed-out" });
  });

  test("that is not there is no function", async () => {
    lambda("DeleteFunction");
    await expect(asked()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  });
});
