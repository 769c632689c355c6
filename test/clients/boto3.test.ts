/** boto3, unmodified: the walk-throughs as a Python program, by its resources, waiters and paginators. Its pings are sent here. */
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"], { stdio: "ignore" }).status === 0;
const why = hasBoto3 ? "" : " (skipped: python3 with boto3 is not installed)";
const departments = "boto3_three_departments.py";
const globalNetwork = "boto3_global_network.py";

let cloud: TestCloud;
beforeAll(async () => {
  if (hasBoto3) cloud = await startCloud();
});
afterAll(() => cloud?.stop());

describe.skipIf(!hasBoto3)(`boto3${why}`, () => {
  test.each([
    ["three departments, from no reply to a reply [PX-50] [PX-51] [SG-2]", departments, "three_departments", 8],
    ["two accounts, the second by an assumed role [SG-31] [SG-34]", departments, "two_accounts", 2],
    ["pages, dry runs and refusals", departments, "pages", 0],
    ["two Regions, their transit gateways peered [TG-61] [TG-63]", globalNetwork, "two_regions", 5],
    ["a transit gateway of another account [TG-10] [TG-80] [TG-82]", globalNetwork, "shared_gateway", 4],
  ])("%s", { timeout: 180_000 }, async (_, program, name, pings) => {
    const played = await play(program, name);
    expect(played.complaint).toBe("");
    expect(played).toMatchObject({ status: 0, done: true, pings });
  });
});

interface Played {
  readonly status: number | null;
  readonly done: boolean;
  readonly pings: number;
  readonly complaint: string;
}

/** Runs one of a program's parts, and answers each of its pings with the number of replies; null where no packets flow. */
async function play(program: string, part: string): Promise<Played> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn("python3", ["-W", "ignore", path, part], {
    env: { ...cloud.env(), PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 150_000,
    killSignal: "SIGKILL",
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let done = false;
  let pings = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    // The program prints such lines only.
    const said = JSON.parse(line) as { readonly ping?: readonly [string, string]; readonly done?: string };
    done = said.done === part;
    if (said.ping === undefined) continue;
    pings += 1;
    child.stdin.write(`${cloud.packets ? await cloud.ping(...said.ping) : null}\n`);
  }
  return { status: await ended, done, pings, complaint };
}
