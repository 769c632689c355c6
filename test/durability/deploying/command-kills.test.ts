/**
 * `kill -9` of the command that deploys or destroys an app, with everything that it has started, at random moments; then the same command
 * again: it converges. `causeway` does so every time; the unmodified CDK CLI gives up on some of the states that it finds, as it does on AWS,
 * and is called again. CAUSEWAY_DEPLOY_KILLS says how often, CAUSEWAY_KILL_SEED repeats the moments, as far as time can be repeated.
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
const seed = process.env.CAUSEWAY_KILL_SEED ?? String(Math.floor(Math.random() * 1e9));
const cdkPath = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

let command: BuiltCommand;
let built: BuiltCdk;
let assemblies: Assemblies;
let cloud: CloudToKill;
beforeAll(async () => {
  command = await buildCommand();
  built = await buildCdkPackage();
  assemblies = await stacksToKill(built);
  cloud = await startCloudToKill({ command, account, assemblies: [] });
  const regions = ["us-east-1", "eu-west-1"].map((region) => `aws://${account}/${region}`);
  await mustSucceed([cdkPath, "bootstrap", ...regions, "--no-notices"]);
}, 120_000);
afterAll(async () => {
  await cloud?.stop();
  command?.remove();
  built?.remove();
});

interface Tool {
  readonly name: string;
  readonly kills: number;
  /** So often the command may be needed until it ends well. */
  readonly tries: number;
  words(step: Step): readonly string[];
}

const steps = ["deploy", "destroy"] as const;
type Step = (typeof steps)[number];

const tools: readonly Tool[] = [
  {
    name: "causeway",
    kills: asked === 0 ? 2 : Math.floor(asked / 3),
    tries: 1,
    words: (step) => [command.path, step, assemblies.first, "--yes"],
  },
  {
    name: "cdk",
    // A minute each: CI has none for them.
    kills: Math.floor(asked / 6),
    tries: 4,
    words: (step) => [
      cdkPath,
      ...[step, "--all", "--app", assemblies.first, "--concurrency", "4", "--no-notices"],
      ...(step === "deploy" ? ["--require-approval", "never"] : ["--force"]),
    ],
  },
];

test.for(tools.filter(({ kills }) => kills > 0))(
  `$kills kills of $name deploy and destroy (seed ${seed})`,
  {
    timeout: 300_000 + asked * 60_000,
  },
  async ({ name, kills, tries, words }, context) => {
    const random = fractions(`${seed} ${name}`);
    const undisturbed = new Map<Step, { readonly ms: number; readonly counts: Holdings["counts"] }>();
    for (const step of steps) {
      const began = Date.now();
      await mustSucceed(words(step));
      undisturbed.set(step, { ms: Date.now() - began, counts: await atRest() });
    }
    const complaints: string[] = [];
    for (let left = kills; left > 0; ) {
      for (const step of steps) {
        const { ms = 0, counts } = undisturbed.get(step) ?? {};
        for (let more = Math.min(left, Math.floor(random() * 5)); more > 0; more -= 1) {
          await runUntilKilled(words(step), random() * ms);
          left -= 1;
        }
        complaints.push(...(await untilItEndsWell(words(step), tries)).map((complaint) => `${step}: ${complaint}`));
        expect(await atRest(), step).toEqual(counts);
      }
    }
    await context.annotate(`${kills} kills of ${name}; given up on the way: ${complaints.join("; ") || "nothing"}`);
  },
);

function environment(): NodeJS.ProcessEnv {
  return { ...clientEnvironment(built.folder, cloud.endpoint, account, "us-east-1"), CI: "1" };
}

function runTool(words: readonly string[]): Promise<Ran> {
  return run(process.execPath, words, { env: environment(), timeoutMs: 180_000 });
}

async function mustSucceed(words: readonly string[]): Promise<void> {
  const ran = await runTool(words);
  expect(ran.status, `${words.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
}

/** Starts the command and kills it with all that it has started; it may have ended before. */
async function runUntilKilled(words: readonly string[], ms: number): Promise<void> {
  const child = spawn(process.execPath, words, { env: environment(), stdio: "ignore", detached: true });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("exit", () => resolve());
    child.once("error", reject);
  });
  await Promise.race([ended, sleep(ms)]);
  if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await ended;
}

/** The same command again until it ends well; resolves to what it said each time when it did not. */
async function untilItEndsWell(words: readonly string[], tries: number): Promise<readonly string[]> {
  const complaints: string[] = [];
  for (let tried = 0; tried < tries; tried += 1) {
    const ran = await runTool(words);
    if (ran.status === 0) return complaints;
    complaints.push(`${ran.status}: ${ran.stdout}${ran.stderr}`);
  }
  throw new Error(`${words.join(" ")} does not converge:\n${complaints.join("\n")}`);
}

async function atRest(): Promise<Holdings["counts"]> {
  const { atWork, counts } = await cloud.kill("instant");
  expect(atWork).toEqual([]);
  return counts;
}
