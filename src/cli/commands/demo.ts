/** `causeway demo NAME`: plays a reference network on a cloud of its own, and leaves nothing behind unless asked to. */
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Pace } from "../../cloud/index.ts";
import { createApiClient } from "../api/api-client.ts";
import { departmentsStory } from "../demo/departments.ts";
import { globalStory } from "../demo/global.ts";
import { silentNarrator, terminalNarrator } from "../demo/narrators.ts";
import { play, type StageReport } from "../demo/stage.ts";
import type { Story } from "../demo/story.ts";
import { print, printJson, styled } from "../print.ts";
import { type RunningServer, serve } from "../serve.ts";
import { stateFolder } from "../state-folder.ts";
import { exitCode, UserError } from "../user-error.ts";
import { wrapped } from "../wrapped.ts";
import { up } from "./up.ts";

interface DemoOptions {
  readonly keep?: boolean;
  readonly step?: boolean;
  readonly json?: boolean;
  readonly pace: Pace;
}

/** By the name that the user gives. */
const stories: ReadonlyMap<string, Story> = new Map([
  ["departments", departmentsStory],
  ["global", globalStory],
]);

const account = "111111111111";

export async function demo(name: string, options: DemoOptions): Promise<void> {
  const story = stories.get(name);
  if (story === undefined)
    throw new UserError("DEMO", `There is no demo called '${name}'.`, `There is: ${[...stories.keys()].join(", ")}.`);
  if (options.keep && options.json)
    throw new UserError(
      "KEEP",
      "--json prints stages only; it cannot say where a kept cloud is.",
      "Leave one of --json and --keep away.",
    );
  if (options.step && !process.stdin.isTTY)
    throw new UserError(
      "STEP",
      "--step waits for Enter, and there is no terminal to press it in.",
      "Leave --step away.",
    );

  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const each of signals) process.on(each, interrupt);
  const path = mkdtempSync(join(tmpdir(), "causeway-demo-"));
  let kept = false;
  try {
    kept = await playOn(path, name, story, options, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write("\nInterrupted; everything of the demo is gone.\n");
    process.exitCode = 130;
  } finally {
    if (!kept) rmSync(path, { recursive: true, force: true });
    for (const each of signals) process.off(each, interrupt);
  }
}

/** Plays the story; says whether the cloud goes on. */
async function playOn(
  path: string,
  name: string,
  story: Story,
  { keep, step, json, pace }: DemoOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = stateFolder(path);
  // A cloud in this very process: even a killed demo leaves no process and no namespace.
  const cloud = await serve({
    folder,
    port: 0,
    pace,
    packets: "auto",
    userData: "ignore",
    functions: "sandboxed",
    log: (message) => process.stderr.write(`${message}\n`),
  });
  let reports: readonly StageReport[];
  try {
    const missing = await whatIsMissing(cloud);
    if (missing !== undefined) {
      refuse(missing, json);
      return false;
    }
    const narrator = json ? silentNarrator : terminalNarrator({ step: step === true, signal });
    const canWatch = isInstalled("tcpdump");
    if (!json) introduce(story, cloud, canWatch);
    reports = await play(story.stages({ keep: keep === true }), narrator, {
      apiIn: (region) => createApiClient({ endpoint: cloud.endpoint, account, region, signal }),
      region: story.region,
      operations: cloud.operations,
      inForce: cloud.inForce,
      canWatch,
      signal,
    });
  } finally {
    await cloud.inForce();
    await cloud.stop();
  }
  if (json) printJson(reports);
  const asTold = reports.every((each) => each.verdict === "as told");
  if (!asTold) process.exitCode = exitCode.bug;
  if (json || !asTold) return false;
  if (!keep) {
    sayHowToGoOn(name, story);
    return false;
  }
  // The store is durable: the same cloud goes on in a process of its own.
  print(`\n${styled("bold", "The network goes on running.")}\n`);
  await up({ detach: true, port: "0", state: path, pace, packets: "auto", userData: "ignore", functions: "sandboxed" });
  sayHowToUse(path, story);
  return true;
}

/** What this machine lacks for real packets, in a sentence; undefined when nothing. */
async function whatIsMissing(cloud: RunningServer): Promise<string | undefined> {
  const packets = await cloud.packets;
  if (packets.mode === "model") return packets.detail;
  if (!isInstalled("ping")) return "The program ping is not installed (Debian: apt-get install iputils-ping).";
  return undefined;
}

function refuse(missing: string, json: boolean | undefined): void {
  if (json) printJson([]);
  process.stderr.write(
    `${styled("yellow", "This demo is about real packets, and no packet can move on this machine:")}\n  ${missing}\n` +
      "  It does not pretend. The API, its life cycles and its records work all the same: causeway up\n",
  );
  process.exitCode = exitCode.unknown;
}

function introduce({ title, subtitle }: Story, cloud: RunningServer, canWatch: boolean): void {
  print(`${styled("bold", title)}: ${subtitle}`);
  print(
    wrapped(
      `A local AWS runs at ${cloud.endpoint}, for this demo only. Every command below is a real API call to it, every ping is the kernel's, between real network namespaces.`,
      78,
    ).join("\n"),
  );
  if (!canWatch) print("(tcpdump is not installed: what crosses a peering is not counted.)");
}

function sayHowToGoOn(name: string, { page }: Story): void {
  print(`
${styled("green", "✔")} ${styled("bold", "All of it went as told.")} The demo's cloud is gone, nothing is left behind.

  Now by hand, with your own AWS CLI, SDK or Terraform:

    npx causeway up --detach             a local AWS, yours
    eval "$(npx causeway env)"           point the AWS CLI at it
    aws ec2 describe-vpcs

  Or go on from here, with this network running:

    npx causeway demo ${name} --keep${page === undefined ? "" : `\n\n  The same story with every command: ${page}`}`);
}

function sayHowToUse(path: string, { tries }: Story): void {
  print(`
  In this shell, so that every command means this cloud:

    export CAUSEWAY_STATE=${path}
    eval "$(npx causeway env --account ${account})"

  Then, for instance:

${tries.map((each) => `    ${each}`).join("\n")}
    npx causeway down && rm -r "$CAUSEWAY_STATE"     when you are done`);
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false; // Not in this folder; the next may have it.
    }
  });
}
