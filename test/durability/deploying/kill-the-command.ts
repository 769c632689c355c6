/** A command that deploys and destroys an app, killed at random moments with everything that it has started, and given again. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { killGroup } from "../../../src/host/kill-group.ts";
import { type Ran, run } from "../../support/run.ts";
import { clientEnvironment } from "../../support/start-cloud.ts";
import type { CloudToKill } from "./cloud-to-kill.ts";
import { countsAtRest, type Holdings } from "./holdings.ts";
import { account } from "./stacks-to-kill.ts";
import { told } from "./told.ts";

const steps = ["deploy", "destroy"] as const;
export type CommandStep = (typeof steps)[number];

export interface CommandKills {
  readonly cloud: CloudToKill;
  readonly kills: number;
  /** So often the command may be needed until it ends well. */
  readonly tries: number;
  readonly random: () => number;
  /** What Node is given. */
  words(step: CommandStep): readonly string[];
}

/** Resolves to what the command said each time when it did not end well. */
export async function killTheCommand({ cloud, kills, tries, random, words }: CommandKills): Promise<readonly string[]> {
  const undisturbed = new Map<CommandStep, { readonly ms: number; readonly counts: Holdings["counts"] }>();
  for (const step of steps) {
    const began = Date.now();
    await mustSucceed(cloud, words(step));
    undisturbed.set(step, { ms: Date.now() - began, counts: countsAtRest(cloud.state) });
  }
  const complaints: string[] = [];
  for (let left = kills; left > 0; ) {
    for (const step of steps) {
      const { ms = 0, counts } = undisturbed.get(step) ?? {};
      for (let more = Math.min(left, Math.floor(random() * 8)); more > 0; more -= 1) {
        if (!(await runUntilKilled(cloud, words(step), random() * ms))) break;
        left -= 1;
        told(`${kills - left} of ${kills} kills of ${words(step).slice(0, 2).join(" ")}`);
      }
      const said = await untilItEndsWell(cloud, words(step), tries);
      complaints.push(...said.map((complaint) => `${step}: ${complaint}`));
      expect(countsAtRest(cloud.state), step).toEqual(counts);
      told(`${step}: as it would be undisturbed, after ${said.length + 1} calls`);
    }
  }
  return complaints;
}

export async function mustSucceed(cloud: CloudToKill, words: readonly string[]): Promise<void> {
  const ran = await runTool(cloud, words);
  expect(ran.status, `${words.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
}

function environment({ endpoint, state }: CloudToKill): NodeJS.ProcessEnv {
  return { ...clientEnvironment(state, endpoint, account, "us-east-1"), CI: "1" };
}

function runTool(cloud: CloudToKill, words: readonly string[]): Promise<Ran> {
  return run(process.execPath, words, { env: environment(cloud), timeoutMs: 180_000 });
}

/** Starts the command and kills it with all that it has started. Whether that came before its end. */
async function runUntilKilled(cloud: CloudToKill, words: readonly string[], ms: number): Promise<boolean> {
  const child = spawn(process.execPath, words, { env: environment(cloud), stdio: "ignore", detached: true });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("exit", () => resolve());
    child.once("error", reject);
  });
  await Promise.race([ended, sleep(ms)]);
  killGroup(child);
  await ended;
  return child.signalCode === "SIGKILL";
}

/** The same command again until it ends well; resolves to what it said each time when it did not. */
async function untilItEndsWell(
  cloud: CloudToKill,
  words: readonly string[],
  tries: number,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  for (let tried = 0; tried < tries; tried += 1) {
    const ran = await runTool(cloud, words);
    if (ran.status === 0) return complaints;
    complaints.push(`${ran.status}: ${ran.stdout}${ran.stderr}`);
  }
  throw new Error(`${words.join(" ")} does not converge:\n${complaints.join("\n")}`);
}
