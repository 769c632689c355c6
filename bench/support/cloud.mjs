/** A cloud of its own for a benchmark, driven with raw EC2 queries over kept connections; and its end. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
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

/** An EC2 client: `ec2("DescribeVpcs", {"Filter.1.Name": …})` gives the XML, and throws at a refusal. */
export function client(port, { account = "111111111111", region = "us-east-1", keepAlive = true } = {}) {
  const agent = new Agent({ keepAlive, maxSockets: 64 });
  const Authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0000000000000000000000000000000000000000000000000000000000000000`;
  return (action, parameters = {}) =>
    new Promise((resolve, reject) => {
      const body = new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }).toString();
      const message = request(
        {
          host: "127.0.0.1",
          port,
          method: "POST",
          path: "/",
          agent,
          headers: {
            Authorization,
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "Content-Length": Buffer.byteLength(body),
          },
        },
        (answer) => {
          const chunks = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            if (answer.statusCode === 200) resolve(text);
            else reject(new Error(`${action}: ${answer.statusCode} ${text}`));
          });
        },
      );
      message.on("error", reject);
      message.end(body);
    });
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
