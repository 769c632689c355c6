/**
 * `kill -9` of the command that deploys or destroys an app, with everything that it has started, at random moments; then the same command
 * again: it converges. The commands are the unmodified CDK CLI's. CAUSEWAY_DEPLOY_KILLS says how often, CAUSEWAY_KILL_SEED repeats the
 * moments, as far as time can be repeated.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCdk, buildCdkPackage } from "../../built-cdk.ts";
import { type BuiltCommand, buildCommand } from "../../built-command.ts";
import { type Ran, run } from "../../support/run.ts";
import { clientEnvironment } from "../../support/start-cloud.ts";
import { fractions } from "../fractions.ts";
import { type CloudToKill, startCloudToKill } from "./cloud-to-kill.ts";
import type { Holdings } from "./holdings.ts";
import { type Assemblies, stacksToKill } from "./stacks-to-kill.ts";

const account = "111111111111";
const asked = Number(process.env.CAUSEWAY_DEPLOY_KILLS ?? 0);
const kills = asked === 0 ? 2 : Math.floor(asked / 2);
const seed = process.env.CAUSEWAY_KILL_SEED ?? String(Math.floor(Math.random() * 1e9));
const cdkPath = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

/** So often the same command may be needed after a kill: CDK, as on AWS, gives up on some of the states that it finds. */
const mostTries = 4;

let command: BuiltCommand;
let built: BuiltCdk;
let assemblies: Assemblies;
let cloud: CloudToKill;
beforeAll(async () => {
  command = await buildCommand();
  built = await buildCdkPackage();
  assemblies = await stacksToKill(built);
  cloud = await startCloudToKill({ command, account, assemblies: [] });
  await mustSucceed(["bootstrap", `aws://${account}/us-east-1`, `aws://${account}/eu-west-1`]);
}, 120_000);
afterAll(async () => {
  await cloud?.stop();
  command?.remove();
  built?.remove();
});

const steps = [
  { what: "deploy", words: ["deploy", "--all", "--require-approval", "never"] },
  { what: "destroy", words: ["destroy", "--all", "--force"] },
] as const;

test(`${kills} kills of cdk deploy and cdk destroy (seed ${seed})`, {
  timeout: 300_000 + asked * 60_000,
}, async (context) => {
  const random = fractions(`${seed} commands`);
  const undisturbed = new Map<string, { readonly ms: number; readonly counts: Holdings["counts"] }>();
  for (const { what, words } of steps) {
    const began = Date.now();
    await mustSucceed(words);
    undisturbed.set(what, { ms: Date.now() - began, counts: await atRest() });
  }
  const complaints: string[] = [];
  for (let left = kills; left > 0; ) {
    for (const { what, words } of steps) {
      const { ms = 0, counts } = undisturbed.get(what) ?? {};
      for (let more = Math.min(left, Math.floor(random() * 4)); more > 0; more -= 1) {
        await runUntilKilled(words, random() * ms);
        left -= 1;
      }
      complaints.push(...(await untilItEndsWell(words)).map((complaint) => `${what}: ${complaint}`));
      expect(await atRest(), what).toEqual(counts);
    }
  }
  await context.annotate(`${kills} kills; given up on the way: ${complaints.join("; ") || "nothing"}`);
});

function cdk(words: readonly string[]): readonly string[] {
  return [cdkPath, ...words, "--app", assemblies.first, "--no-notices", "--no-version-reporting"];
}

function environment(): NodeJS.ProcessEnv {
  return { ...clientEnvironment(built.folder, cloud.endpoint, account, "us-east-1"), CI: "1" };
}

function runCdk(words: readonly string[]): Promise<Ran> {
  return run(process.execPath, cdk(words), { env: environment(), timeoutMs: 180_000 });
}

async function mustSucceed(words: readonly string[]): Promise<void> {
  const ran = await runCdk(words);
  expect(ran.status, `cdk ${words.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
}

/** Starts the command and kills it with all that it has started; it may have ended before. */
async function runUntilKilled(words: readonly string[], ms: number): Promise<void> {
  const child = spawn(process.execPath, cdk(words), { env: environment(), stdio: "ignore", detached: true });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("exit", () => resolve());
    child.once("error", reject);
  });
  await Promise.race([ended, sleep(ms)]);
  if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await ended;
}

/** The same command again until it ends well; resolves to what it said each time when it did not. */
async function untilItEndsWell(words: readonly string[]): Promise<readonly string[]> {
  const complaints: string[] = [];
  for (let tries = 0; tries < mostTries; tries += 1) {
    const ran = await runCdk(words);
    if (ran.status === 0) return complaints;
    complaints.push(lastLine(ran));
  }
  throw new Error(`cdk ${words.join(" ")} does not converge: ${complaints.join("\n")}`);
}

function lastLine({ stdout, stderr }: Ran): string {
  return `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "";
}

async function atRest(): Promise<Holdings["counts"]> {
  const { atWork, counts } = await cloud.kill("instant");
  expect(atWork).toEqual([]);
  return counts;
}
