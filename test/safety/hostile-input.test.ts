/** Whatever is sent to the API, the process goes on, answers in AWS's shape with a 4xx, and keeps its state. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask as askCloud } from "../../src/cli/control-client.ts";
import type { StatusResult } from "../../src/cli/control-protocol.ts";
import { stateFolder } from "../../src/cli/state-folder.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import { ask, ec2Headers, sendBytes } from "../support/raw-http.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
let cloud: TestCloud;
let before: string;
beforeAll(async () => {
  cloud = await startCloud();
  await ask(cloud.endpoint, {
    headers: ec2Headers(account),
    body: "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16",
  });
});
afterAll(() => cloud?.stop());

const model = async (): Promise<string> =>
  JSON.stringify(await askCloud<NetworkModel>(stateFolder(cloud.state), { do: "model" }));

beforeEach(async () => {
  before = await model();
});
afterEach(async () => {
  expect(await model()).toBe(before);
  const status = await askCloud<StatusResult>(stateFolder(cloud.state), { do: "status" });
  expect(status.processId).toBe(cloud.status.processId);
});

const ec2 = (body: string | Buffer): ReturnType<typeof ask> =>
  ask(cloud.endpoint, { headers: ec2Headers(account), body });
const ssm = (target: string, body: string): ReturnType<typeof ask> =>
  ask(cloud.endpoint, {
    headers: {
      ...ec2Headers(account, "ssm"),
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
    },
    body,
  });

describe("bytes", () => {
  test("that are no HTTP", { timeout: 120_000 }, async () => {
    const starts = fc.constantFrom(
      "",
      "POST / HTTP/1.1\r\n",
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    );
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 2000 }), async (start, bytes) => {
        const received = await sendBytes(cloud.endpoint, Buffer.concat([Buffer.from(start), bytes]));
        expect(received).toMatch(/^($|HTTP\/1\.1 4\d\d )/);
      }),
      { numRuns: 60 },
    );
  });

  test("as a body", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), fc.boolean(), async (bytes, asJson) => {
        const body = Buffer.from(bytes);
        const answer = asJson ? await ssm("AmazonSSM.GetParameter", body.toString("latin1")) : await ec2(body);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["a length that is not kept", "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nAction="],
    ["two lengths", "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"],
    [
      "a length and chunks, as smugglers send",
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET",
    ],
    ["chunks that are none", "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["no Host", "POST / HTTP/1.1\r\n\r\n"],
    ["a header of 100 kB", `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"x".repeat(100_000)}\r\n\r\n`],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ])("%s", async (_, bytes) => {
    expect(await sendBytes(cloud.endpoint, Buffer.from(bytes, "latin1"))).toMatch(/^($|HTTP\/1\.1 4\d\d )/);
  });

  test("a body over the limit is refused, and the connection with it", async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, "A");
    const answer = await ec2(body).catch((error: NodeJS.ErrnoException) => error.code);
    // The server may close before all of it was sent.
    if (typeof answer === "object") expect(answer.status).toBe(413);
    else expect(["ECONNRESET", "EPIPE"]).toContain(answer);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND", "TRACE"])("method %s", async (method) => {
    const answer = await ask(cloud.endpoint, { method, path: "/some/where", headers: ec2Headers(account) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describe("requests", () => {
  test.each([
    ["no action", "Version=2016-11-15"],
    ["an action that is none", "Action=MakeItSo&Version=2016-11-15"],
    ["an action of JavaScript's own", "Action=constructor&Version=2016-11-15"],
    ["an action twice", "Action=CreateVpc&Action=DeleteVpc&Version=2016-11-15"],
    ["a parameter that is missing", "Action=CreateVpc&Version=2016-11-15"],
    ["a parameter that is unknown", "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16&Colour=blue"],
    ["a prototype", "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16&__proto__.x=1"],
    ["a list that is none", "Action=DescribeVpcs&Version=2016-11-15&VpcId=vpc-1"],
    ["a list with a hole that nobody has", "Action=DescribeVpcs&Version=2016-11-15&VpcId.99999999999=vpc-1"],
    ["a list with a negative place", "Action=DescribeVpcs&Version=2016-11-15&VpcId.-1=vpc-1"],
    ["a number that is none", "Action=RunInstances&Version=2016-11-15&ImageId=ami-1&MinCount=one&MaxCount=1"],
    ["a number that is too great", "Action=DescribeSubnets&Version=2016-11-15&MaxResults=1e400"],
    ["a boolean that is none", "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16&DryRun=perhaps"],
    ["a percent sign alone", "Action=CreateVpc&Version=2016-11-15&CidrBlock=%"],
    ["a text with a zero byte", "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16%00"],
    [
      "a count of a billion",
      "Action=RunInstances&Version=2016-11-15&ImageId=ami-0123456789abcdef0&MinCount=1000000000&MaxCount=1000000000",
    ],
    ["a page token of somebody else", "Action=DescribeSubnets&Version=2016-11-15&MaxResults=5&NextToken=AAAA"],
  ])("%s", async (_, body) => {
    const answer = await ec2(body);
    expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.body).toBeLessThan(500);
    expect(answer.body).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<Response><Errors><Error><Code>[\w.]+<\/Code><Message>[\s\S]*<\/Message><\/Error><\/Errors><RequestID>[\w-]+<\/RequestID><\/Response>$/,
    );
  });

  test("any parameters that no action has", { timeout: 120_000 }, async () => {
    const actions = fc.constantFrom(
      "CreateVpc",
      "RunInstances",
      "AuthorizeSecurityGroupIngress",
      "CreateTags",
      "DeleteVpc",
      "DescribeVpcs",
    );
    const names = fc.string({ minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(actions, fc.array(fc.tuple(names, fc.string()), { maxLength: 8 }), async (action, pairs) => {
        const body = new URLSearchParams([
          ...pairs.map(([name, value]): [string, string] => [`X${name}`, value]),
          ["Xunknown", "1"],
        ]);
        const answer = await ec2(`Action=${action}&Version=2016-11-15&${body}`);
        expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
        expect(answer.status, answer.body).toBeLessThan(500);
        expect(answer.body).toContain("<Errors><Error><Code>");
      }),
      { numRuns: 100 },
    );
  });

  test("any JSON", { timeout: 120_000 }, async () => {
    const targets = fc.constantFrom(
      "AmazonSSM.SendCommand",
      "AmazonSSM.GetCommandInvocation",
      "AmazonSSM.toString",
      "Nobody.Nothing",
    );
    await fc.assert(
      fc.asyncProperty(targets, fc.json({ maxDepth: 4 }), async (target, body) => {
        const answer = await ssm(target, body);
        expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
        expect(answer.status, answer.body).toBeLessThan(500);
        expect(JSON.parse(answer.body)).toHaveProperty("__type");
      }),
      { numRuns: 100 },
    );
  });

  test("any JSON, by REST", { timeout: 120_000 }, async () => {
    const headers = { ...ec2Headers(account, "ram"), "content-type": "application/json" };
    const paths = fc.constantFrom(
      "/createresourceshare",
      "/associateresourceshare",
      "/toString",
      "/%",
      "/tagresource/",
    );
    await fc.assert(
      fc.asyncProperty(paths, fc.json({ maxDepth: 4 }), async (path, body) => {
        const answer = await ask(cloud.endpoint, { path, headers, body });
        expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
        expect(answer.status, answer.body).toBeLessThan(500);
        expect(answer.headers).toHaveProperty("x-amzn-errortype");
        expect(JSON.parse(answer.body)).toHaveProperty("message");
      }),
      { numRuns: 100 },
    );
  });

  test("JSON a hundred thousand levels deep", async () => {
    const answer = await ssm("AmazonSSM.SendCommand", `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test.each([
    ["none", undefined],
    ["a scope that is none", "AWS4-HMAC-SHA256 Credential=nonsense"],
    [
      "a Region that is none",
      "AWS4-HMAC-SHA256 Credential=111111111111/20260101/../ec2/aws4_request, SignedHeaders=host, Signature=0",
    ],
    [
      "a service that is none",
      "AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/nothing/aws4_request, SignedHeaders=host, Signature=0",
    ],
    ["no AWS signature", "Bearer token"],
  ])("authorization: %s", async (_, authorization) => {
    const headers = { "content-type": "application/x-www-form-urlencoded", ...(authorization && { authorization }) };
    const answer = await ask(cloud.endpoint, { headers, body: "Action=DescribeVpcs&Version=2016-11-15" });
    expect(answer.status).toBeLessThan(500);
  });
});
