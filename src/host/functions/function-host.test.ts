/** Functions as real processes: in the sandbox, and as they are. The endpoint is a real server on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFabric } from "../start-fabric.ts";
import { bundleForTest, testFabricEntry } from "../test-fabric.ts";
import { type FunctionHost, type FunctionOutcome, type FunctionRequest, openFunctionHost } from "./function-host.ts";
import { confinedLauncher, unconfinedLauncher } from "./launcher.ts";
import { testArchive } from "./test-archive.ts";

let endpoint: Server;
let stranger: Server;
let scratch: string;
let confined: FunctionHost;
let unconfined: FunctionHost;
const requests: { method: string | undefined; url: string | undefined; body: string }[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "causeway-functions-test-"));
  writeFileSync(join(scratch, "secret"), "secret", { mode: 0o644 });
  endpoint = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      requests.push({ method: request.method, url: request.url, body });
      response.end("from the endpoint");
    });
  });
  stranger = createServer((_request, response) => response.end("from somebody else"));
  for (const server of [endpoint, stranger])
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const runtime = await bundleForTest('import "./functions/runtime.ts";');
  const entry = await testFabricEntry();
  confined = openFunctionHost({
    folder: join(scratch, "confined"),
    launcher: confinedLauncher({ runtime, port: () => portOf(endpoint), startFabric: () => startFabric(entry) }),
  });
  unconfined = openFunctionHost({ folder: join(scratch, "unconfined"), launcher: unconfinedLauncher({ runtime }) });
});

afterAll(async () => {
  await confined?.close();
  await unconfined?.close();
  for (const server of [endpoint, stranger]) server?.close();
  rmSync(scratch, { recursive: true, force: true });
});

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("bug: the server does not listen");
  return address.port;
}

let made = 0;

interface Code {
  readonly files: Readonly<Record<string, string>>;
  readonly handler?: string;
  readonly timeoutMs?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A function of its own: each has its own processes. */
function request({ files, handler = "index.handler", timeoutMs = 20_000, variables = {} }: Code): FunctionRequest {
  made += 1;
  return {
    key: `function-${made}`,
    codeId: `code${made}`,
    code: () => testArchive(files),
    requestId: `request-${made}`,
    payload: '{"name":"world"}',
    invokedFunctionArn: "arn:aws:lambda:us-east-1:111111111111:function:one",
    timeoutMs,
    environment: (id) => ({
      ...variables,
      _HANDLER: handler,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${portOf(endpoint)}`,
      AWS_LAMBDA_LOG_STREAM_NAME: id,
      COLOR: "red",
    }),
  };
}

const body = (text: string): Code => ({ files: { "index.js": text } });

function ran(outcome: FunctionOutcome) {
  if (!("payload" in outcome)) throw new Error(`it did not run: ${JSON.stringify(outcome)}`);
  return { ...outcome, value: JSON.parse(outcome.payload) };
}

const run = async (code: Code, host = confined) => ran(await host.invoke(request(code)));

describe.each([
  ["in the sandbox", () => confined],
  ["as it is", () => unconfined],
])("a function %s", (_, host) => {
  test.each<[string, Code]>([
    ["async", body("exports.handler = async (event) => ({ hello: event.name })")],
    ["with a callback", body("exports.handler = (event, context, callback) => callback(null, { hello: event.name })")],
    [
      "with context.done",
      body("exports.handler = (event, context) => setTimeout(() => context.done(null, { hello: event.name }), 10)"),
    ],
    ["as an ES module", { files: { "index.mjs": "export const handler = async (event) => ({ hello: event.name })" } }],
    [
      "by package.json's type",
      {
        files: {
          "package.json": '{"type":"module"}',
          "src/app.js": "export const run = async (event) => ({ hello: event.name })",
        },
        handler: "src/app.run",
      },
    ],
  ])("answers: %s", async (_kind, code) => {
    expect(await run(code, host())).toMatchObject({ kind: "result", value: { hello: "world" } });
  });

  test("that comes to its end without a word answers null", async () => {
    expect(await run(body("exports.handler = () => { setTimeout(() => {}, 20) }"), host())).toMatchObject({
      kind: "result",
      value: null,
    });
  });

  test("sees its environment and what Lambda says of the call", async () => {
    const { value } = await run(
      body(
        "exports.handler = async (e, c) => [process.env.COLOR, c.awsRequestId, c.invokedFunctionArn, c.getRemainingTimeInMillis() > 0]",
      ),
      host(),
    );
    expect(value).toEqual(["red", `request-${made}`, "arn:aws:lambda:us-east-1:111111111111:function:one", true]);
  });

  test("logs line by line, in order, with Lambda's heads", async () => {
    const { lines } = await run(
      body(
        "exports.handler = async () => { console.log('one', { a: 1 }); console.error('two\\nlines'); process.stdout.write('raw') }",
      ),
      host(),
    );
    const [one = "", two = "", raw] = lines;
    expect(one.split("\t").slice(1)).toEqual([`request-${made}`, "INFO", "one { a: 1 }"]);
    expect(two.split("\t").slice(1)).toEqual([`request-${made}`, "ERROR", "two\nlines"]);
    expect(raw).toBe("raw");
  });

  test("logs as JSON, from the level that it is told", async () => {
    const code = body(
      "exports.handler = async () => { console.info('none'); console.warn({ a: 1 }); console.error('no %s', 'luck', new TypeError('x')); throw new RangeError('out') }",
    );
    const variables = { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "WARN" };
    const { lines } = await run({ ...code, variables }, host());
    const requestId = `request-${made}`;
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: "WARN", requestId, message: { a: 1 } },
      {
        level: "ERROR",
        requestId,
        message: expect.stringMatching(/^no luck/),
        errorType: "TypeError",
        errorMessage: "x",
      },
      { level: "ERROR", requestId, message: { errorType: "RangeError", errorMessage: "out" } },
    ]);
  });

  test.each([
    ["a thrown error", "throw new TypeError('no')", { errorType: "TypeError", errorMessage: "no" }],
    [
      "an error later",
      "setTimeout(() => { throw new RangeError('late') }); return new Promise(() => {})",
      { errorType: "RangeError", errorMessage: "late" },
    ],
    [
      "a process that ends",
      "process.exit(3)",
      { errorType: "Runtime.ExitError", errorMessage: "Error: Runtime exited with error: exit status 3" },
    ],
  ])("fails as in Lambda: %s", async (_kind, text, error) => {
    expect(await run(body(`exports.handler = async () => { ${text} }`), host())).toMatchObject({
      kind: "error",
      value: error,
    });
  });

  test.each<[string, Code, object]>([
    ["no such file", { files: { "other.js": "" } }, { errorType: "Runtime.ImportModuleError" }],
    ["no such export", body("exports.other = 1"), { errorType: "Runtime.HandlerNotFound" }],
    ["a syntax error", body("exports.handler = ("), { errorType: "SyntaxError" }],
  ])("is refused at its start: %s", async (_kind, code, error) => {
    expect(await run(code, host())).toMatchObject({ kind: "error", value: error });
  });

  test("is ended when its time is up, with what it had logged", async () => {
    const outcome = await run(
      { ...body("exports.handler = async () => { console.log('started'); for (;;); }"), timeoutMs: 1500 },
      host(),
    );
    expect(outcome).toMatchObject({
      kind: "timed-out",
      value: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringContaining("Task timed out after 1.50 seconds"),
      },
    });
    expect(outcome.lines.join()).toContain("started");
  });

  test("keeps its process for the next call, and gets a new one when it is retired", async () => {
    const one = request(body("let count = 0; exports.handler = async () => ++count"));
    const outcomes = [];
    for (let call = 0; call < 3; call += 1) outcomes.push(ran(await host().invoke(one)));
    expect(outcomes.map(({ value, isCold }) => [value, isCold])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    host().retire(one.key);
    expect(ran(await host().invoke(one))).toMatchObject({ value: 1, isCold: true });
  });

  test("runs many at once, each in a process of its own", async () => {
    const one = request(
      body(
        "exports.handler = async () => { await new Promise((r) => setTimeout(r, 50)); return process.env.AWS_LAMBDA_LOG_STREAM_NAME }",
      ),
    );
    const outcomes = await Promise.all([1, 2, 3].map(() => host().invoke(one)));
    expect(new Set(outcomes.map((each) => ran(each).value)).size).toBe(3);
  });

  test("reaches the endpoint, also as CloudFormation's documented clients do", async () => {
    const { value } = await run(
      body(
        `const https = require("https");
        exports.handler = async () => {
          const direct = await (await fetch(process.env.AWS_ENDPOINT_URL + "/direct")).text();
          const status = await new Promise((resolve, reject) => {
            const request = https.request({ hostname: "127.0.0.1", port: 443, path: "/_causeway/answer", method: "PUT" }, (r) => { r.resume(); resolve(r.statusCode) });
            request.on("error", reject);
            request.end("done");
          });
          return [direct, status];
        }`,
      ),
      host(),
    );
    expect(value).toEqual(["from the endpoint", 200]);
    expect(requests.slice(-2)).toMatchObject([
      { method: "GET", url: "/direct" },
      { method: "PUT", url: "/_causeway/answer", body: "done" },
    ]);
  });

  test("finds the AWS SDK, by require and by import, and is told of a client that is not there", async () => {
    const { value } = await run(
      {
        files: {
          "index.mjs": `import { createRequire } from "node:module";
            const require = createRequire(import.meta.url);
            export const handler = async () => [
              typeof (await import("@aws-sdk/client-sts")).STSClient,
              typeof require("@aws-sdk/client-sts").STSClient,
            ]`,
        },
      },
      host(),
    );
    expect(value).toEqual(["function", "function"]);
    const missing = await run(body('exports.handler = async () => require("@aws-sdk/client-braket")'), host());
    expect(missing.value.errorMessage).toContain("@aws-sdk/client-braket is not installed beside this local cloud");
  });
});

describe("a function in the sandbox cannot", () => {
  const reads = (path: string) =>
    body(`exports.handler = async () => require("fs").readFileSync(${JSON.stringify(path)}, "utf8")`);
  test.each([
    ["read the user's home", () => reads(join(homedir(), ".bashrc"))],
    ["read the machine's /tmp", () => reads(join(scratch, "secret"))],
    ["read the project", () => reads(join(process.cwd(), "package.json"))],
    [
      "change its own code",
      () => body('exports.handler = async () => require("fs").writeFileSync("/var/task/index.js", "")'),
    ],
    [
      "change the SDK",
      () => body('exports.handler = async () => require("fs").writeFileSync("/var/node_modules/x", "")'),
    ],
    [
      "reach another server of the machine",
      () => body(`exports.handler = async () => (await fetch("http://127.0.0.1:${portOf(stranger)}")).status`),
    ],
    ["reach the internet", () => body('exports.handler = async () => (await fetch("http://1.1.1.1")).status')],
  ])("%s", async (_, code) => {
    expect((await run(code())).kind).toBe("error");
  });

  test("and has a /tmp of its own, gone with it", async () => {
    const text =
      'const fs = require("fs"); exports.handler = async () => { const was = fs.readdirSync("/tmp"); fs.writeFileSync("/tmp/x", "y"); return was }';
    const one = request(body(text));
    expect(ran(await confined.invoke(one)).value).toEqual([]);
    confined.retire(one.key);
    expect(ran(await confined.invoke(one)).value).toEqual([]);
  });
});

test("code that is no archive is said to be none", async () => {
  const broken = { ...request(body("")), code: () => Buffer.from("text") };
  expect(await confined.invoke(broken)).toEqual({
    kind: "unavailable",
    reason: "The function's code cannot be unpacked: it is no ZIP archive",
  });
});

test("a function as it is ends with whoever started it", async () => {
  const runtime = await bundleForTest('import "./functions/runtime.ts";');
  writeFileSync(join(scratch, "index.mjs"), "export const handler = async () => 1");
  const launch = await unconfinedLauncher({ runtime }).launch({
    id: "1",
    codeFolder: scratch,
    environment: { _HANDLER: "index.handler", AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
  });
  let whenReady = () => {};
  const ready = new Promise<void>((resolve) => {
    whenReady = resolve;
  });
  const child = launch((chunk) => chunk.includes("ready") && whenReady());
  await ready;
  child.closeInput();
  expect(await child.exit).toBe(0);
});
