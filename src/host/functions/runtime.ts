/**
 * The first file of a function's process: loads the handler, calls it for each order, and answers as Lambda's own runtime for
 * Node does. It runs in the function's world and imports nothing but Node. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
import { existsSync, writeSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { writeAsLambdaDoes } from "./runtime-log.ts";
import { answerMark, type RuntimeAnswer, type RuntimeOrder } from "./runtime-protocol.ts";

type Handler = (event: unknown, context: object, callback: (error: unknown, result?: unknown) => void) => unknown;

const {
  CAUSEWAY_SOCKET: socketPath,
  CAUSEWAY_SDK_CLIENTS: sdkClients = "",
  AWS_ENDPOINT_URL: endpoint = "",
  LAMBDA_TASK_ROOT: taskRoot = "",
  _HANDLER: handlerName = "",
} = process.env;
delete process.env.CAUSEWAY_SOCKET;
delete process.env.CAUSEWAY_SDK_CLIENTS;

const maxResultBytes = 6 * 1024 * 1024;

let current: RuntimeOrder | undefined;
let finish: ((answer: RuntimeAnswer) => void) | undefined;

speakInOneStream();
const log = writeAsLambdaDoes(process.env, () => current?.requestId);
reachResponseUrls();
process.on("uncaughtException", (error) => fail(error));
process.on("unhandledRejection", (reason) => fail(reason));
process.on("beforeExit", () => {
  // Nothing is left to do, and nobody has called back: Lambda answers null.
  if (current !== undefined) finish?.({ kind: "result", requestId: current.requestId, payload: "null" });
});

if (socketPath !== undefined) await bridge(socketPath);
const handler = await load();
const input = createInterface({ input: process.stdin });
const orders: string[] = [];
let working = false;
input.on("line", (line) => {
  orders.push(line);
  void work();
});
// Nobody is there any more who could ask.
input.on("close", () => process.exit(0));
answer({ kind: "ready" });

/** One at a time, as in Lambda. */
async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (let line = orders.shift(); line !== undefined; line = orders.shift()) await run(JSON.parse(line));
  working = false;
}

function run(order: RuntimeOrder): Promise<void> {
  return new Promise((resolve) => {
    current = order;
    finish = (given) => {
      if (current !== order) return;
      current = undefined;
      process.stdin.ref?.();
      answer(given);
      resolve();
    };
    const succeed = (result: unknown): void => finish?.(resultOf(order, result));
    const refuse = (error: unknown): void => fail(error, order);
    try {
      const returned = handler(
        JSON.parse(order.payload),
        contextOf(order, succeed, refuse),
        (error: unknown, result?: unknown) => (error ? refuse(error) : succeed(result)),
      );
      if (returned instanceof Promise || isThenable(returned)) Promise.resolve(returned).then(succeed, refuse);
      // The process may run out of things to do, which is then the answer.
      else process.stdin.unref?.();
    } catch (error) {
      refuse(error);
    }
  });
}

function contextOf(order: RuntimeOrder, succeed: (result: unknown) => void, refuse: (error: unknown) => void): object {
  const { AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_VERSION, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env;
  const { AWS_LAMBDA_LOG_GROUP_NAME, AWS_LAMBDA_LOG_STREAM_NAME } = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: order.invokedFunctionArn,
    awsRequestId: order.requestId,
    ...(order.clientContext === undefined ? {} : { clientContext: JSON.parse(order.clientContext) }),
    getRemainingTimeInMillis: () => Math.max(order.deadline - Date.now(), 0),
    done: (error: unknown, result?: unknown) => (error ? refuse(error) : succeed(result)),
    succeed,
    fail: refuse,
  };
}

function resultOf({ requestId }: RuntimeOrder, result: unknown): RuntimeAnswer {
  let payload: string;
  try {
    payload = JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch (error) {
    const errorMessage = `Unable to stringify response body: ${error instanceof Error ? error.message : error}`;
    return {
      kind: "error",
      requestId,
      payload: JSON.stringify({ errorType: "Runtime.MarshalError", errorMessage, trace: [] }),
    };
  }
  if (Buffer.byteLength(payload) <= maxResultBytes) return { kind: "result", requestId, payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${maxResultBytes} bytes).`;
  return {
    kind: "error",
    requestId,
    payload: JSON.stringify({ errorType: "Function.ResponseSizeTooLarge", errorMessage }),
  };
}

/** The error becomes the answer; without an order to answer it ends the process, as in Lambda. */
function fail(error: unknown, order = current): void {
  const payload = errorText(error);
  log.failure("Invoke Error", error, payload);
  if (order === undefined) process.exit(1);
  finish?.({ kind: "error", requestId: order.requestId, payload });
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    const errorMessage = typeof error === "string" ? error : JSON.stringify(error);
    return JSON.stringify({ errorType: typeof error, errorMessage, trace: [] });
  }
  return JSON.stringify({
    errorType: error.name,
    errorMessage: error.message + hintOn(error),
    trace: (error.stack ?? "").split("\n"),
  });
}

/** Lambda has every client of the SDK; here it is what is installed. */
function hintOn(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  const missing = /(?:module|package) '(@(?:aws-sdk|smithy)\/[^'/]+)/.exec(error.message)?.[1];
  if ((code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") || missing === undefined) return "";
  return `\n(${missing} is not installed beside this local cloud, which gives functions the clients that are: ${sdkClients || "none"}. Install it there, or put it into the function's code.)`;
}

async function load(): Promise<Handler> {
  try {
    return await loaded();
  } catch (error) {
    const { errorType, ...rest } = JSON.parse(errorText(error));
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const type = /MODULE_NOT_FOUND$/.test(code) ? "Runtime.ImportModuleError" : errorType;
    const text = JSON.stringify({ errorType: type, ...rest });
    log.failure("Uncaught Exception", error, text);
    answer({ kind: "init-error", error: text });
    process.exit(1);
  }
}

async function loaded(): Promise<Handler> {
  const dot = handlerName.lastIndexOf(".");
  const [file, name] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
  const path = ["", ".js", ".mjs", ".cjs"]
    .map((end) => join(taskRoot, `${file}${end}`))
    .find((each) => existsSync(each));
  if (dot < 1 || path === undefined)
    throw Object.assign(new Error(`Error: Cannot find module '${file}'`), { code: "MODULE_NOT_FOUND" });
  const module: Record<string, unknown> = await import(pathToFileURL(path).href);
  const common = module.default;
  const found = module[name] ?? (isRecord(common) ? common[name] : undefined);
  if (typeof found === "function") return found as Handler;
  throw Object.assign(new Error(`${handlerName} is undefined or not exported`), { name: "Runtime.HandlerNotFound" });
}

/** In here the endpoint's own address leads to the socket, and so to the cloud. */
async function bridge(path: string): Promise<void> {
  const { port } = new URL(endpoint);
  const server = createServer((inside) => {
    const outside = connect(path);
    inside.on("error", () => outside.destroy());
    outside.on("error", () => inside.destroy());
    inside.pipe(outside).pipe(inside);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port), "127.0.0.1", resolve);
  });
  server.unref();
}

/**
 * Answers to CloudFormation go to a URL of the cloud's own. Its documented clients take host and path from that URL and speak
 * TLS to port 443, which the cloud does not.
 */
function reachResponseUrls(): void {
  const { hostname, port } = new URL(endpoint);
  const secure = https.request;
  const plain = (target: unknown, ...rest: unknown[]): unknown => {
    const own = isOwn(target) || rest.some(isOwn);
    if (!own) return Reflect.apply(secure, https, [target, ...rest]);
    const toPlain = (value: unknown): unknown =>
      isRecord(value) && !(value instanceof URL) && "path" in value
        ? { ...value, protocol: "http:", port, agent: undefined }
        : value instanceof URL || typeof value === "string"
          ? String(value).replace(/^https:/, "http:")
          : value;
    return Reflect.apply(http.request, http, [toPlain(target), ...rest.map(toPlain)]);
  };
  const isOwn = (value: unknown): boolean => {
    if (value instanceof URL || typeof value === "string")
      return URL.canParse(String(value)) && new URL(String(value)).hostname === hostname;
    return isRecord(value) && (value.hostname ?? value.host) === hostname;
  };
  https.request = plain as typeof https.request;
  syncBuiltinESMExports();
}

/** Output and answers are read from one stream, so that each line stands where it was written. */
function speakInOneStream(): void {
  process.stderr.write = ((...args: Parameters<typeof process.stderr.write>) =>
    process.stdout.write(...args)) as typeof process.stderr.write;
}

function answer(given: RuntimeAnswer): void {
  const text = Buffer.from(`${answerMark}${JSON.stringify(given)}\n`);
  // Pipes take what they have room for.
  for (let at = 0; at < text.length; ) {
    try {
      at += writeSync(1, text, at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

function isThenable(value: unknown): boolean {
  return isRecord(value) && typeof value.then === "function";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
