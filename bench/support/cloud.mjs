/** A cloud of its own for a benchmark, driven with raw EC2 queries over kept connections; and its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const causeway = fileURLToPath(new URL("../../dist/causeway.js", import.meta.url));

export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 || options.mayFail
        ? resolve({ code, stdout, stderr })
        : reject(new Error(`${command} ${args.join(" ")}: exit ${code}\n${stdout}${stderr}`)),
    );
  });
}

/** A port of 127.0.0.1 that nobody listens on: whoever answers there later is who was started for it. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export function temporaryState() {
  return mkdtempSync(join(tmpdir(), "causeway-bench-"));
}

/** Starts a cloud in the background; `options` are further words of `causeway up`. */
export async function startCloud(state, ...options) {
  await run(process.execPath, [causeway, "up", "--detach", "--port", "0", "--state", state, ...options]);
  const { port } = JSON.parse(readFileSync(join(state, "running.json"), "utf8"));
  return { port, ec2: client(port) };
}

export async function stopCloud(state) {
  await run(process.execPath, [causeway, "down", "--state", state]);
}

export function forget(state) {
  rmSync(state, { recursive: true, force: true });
}

/**
 * An EC2 client: `ec2("DescribeVpcs", {"Filter.1.Name": …})` gives the XML, and throws at a refusal. It writes to sockets itself and
 * keeps them, one for each call under way: a full HTTP client would take longer than the cloud, and be what is measured.
 */
export function client(port, { account = "111111111111", region = "us-east-1", keepAlive = true } = {}) {
  const scope = `${account}/20260101/${region}/ec2/aws4_request`;
  const head =
    `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: ${keepAlive ? "keep-alive" : "close"}\r\n` +
    `Authorization: AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}\r\n` +
    "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: ";
  const idle = [];
  return (action, parameters = {}) =>
    new Promise((resolve, reject) => {
      const body = new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }).toString();
      const connection = idle.pop() ?? openConnection(port);
      connection.take = (status, text, reusable) => {
        if (reusable) idle.push(connection);
        if (status === 200) resolve(text);
        else reject(new Error(`${action}: ${status} ${text}`));
      };
      connection.fail = reject;
      connection.socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
}

/** One connection: reads one answer at a time, by its Content-Length or to the end of the connection. */
function openConnection(port) {
  const socket = createConnection(port, "127.0.0.1").setNoDelay(true);
  const connection = { socket, take: undefined, fail: undefined };
  let received = Buffer.alloc(0);
  const finish = (status, bodyStart, end, reusable) => {
    const { take } = connection;
    const text = received.toString("utf8", bodyStart, end);
    received = Buffer.alloc(0);
    connection.take = undefined;
    take(status, text, reusable);
  };
  const headOf = () => {
    const mark = received.indexOf("\r\n\r\n");
    if (mark < 0) return undefined;
    const text = received.toString("latin1", 0, mark);
    const length = /^content-length: *(\d+)/im.exec(text)?.[1];
    return {
      status: Number(text.slice(9, 12)),
      bodyStart: mark + 4,
      end: length === undefined ? undefined : mark + 4 + Number(length),
      reusable: !/^connection: *close/im.test(text) && !text.startsWith("HTTP/1.0"),
    };
  };
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const head = headOf();
    if (head?.end === undefined || received.length < head.end) return;
    finish(head.status, head.bodyStart, head.end, head.reusable);
    if (!head.reusable) socket.destroy();
  });
  socket.on("error", (error) => connection.fail?.(error));
  socket.on("close", () => {
    if (connection.take === undefined) return;
    const head = headOf();
    if (head === undefined || head.end !== undefined) connection.fail(new Error("the connection was closed"));
    else finish(head.status, head.bodyStart, received.length, false);
  });
  return connection;
}

/** The text of the first element of that name. */
export function element(xml, name) {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml);
  if (found === null) throw new Error(`no <${name}> in ${xml.slice(0, 400)}`);
  return found[1];
}

export function elements(xml, name) {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map((match) => match[1]);
}

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** Runs `work` over and over on `lanes` lanes at once for `seconds`; operations per second. */
export async function rate(work, { seconds, lanes }) {
  let done = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < end) {
        await work();
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - start) / 1000);
}

export async function which(command) {
  const { code } = await run("/bin/sh", ["-c", `command -v ${command}`], { mayFail: true });
  return code === 0;
}
