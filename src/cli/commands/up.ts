/** `causeway up`: starts a cloud and stays until Ctrl-C, or starts it in the background and returns when it answers. */
import { spawn } from "node:child_process";
import { appendFileSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Pace } from "../../cloud/index.ts";
import { ask } from "../control-client.ts";
import type { StatusResult } from "../control-protocol.ts";
import { print, printJson, printPairs, progress, styled } from "../print.ts";
import { serve } from "../serve.ts";
import { makeStateFolder, readRunning, type StateFolder, stateFolder } from "../state-folder.ts";
import { exitCode, UserError } from "../user-error.ts";

interface UpOptions {
  readonly detach?: boolean;
  readonly port: string;
  readonly state?: string;
  readonly pace: Pace;
  readonly packets: "auto" | "kernel" | "model";
  readonly userData: "run" | "ignore";
  readonly functions: "sandboxed" | "unconfined";
  readonly seed?: string;
  readonly json?: boolean;
}

export async function up(options: UpOptions): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError("PORT", `'${options.port}' is not a port.`, "Give a number from 0 to 65535.");
  const folder = stateFolder(options.state);
  const running = readRunning(folder);
  if (running !== undefined) {
    throw new UserError(
      "ALREADY_RUNNING",
      `A cloud is already running on ${folder.path}, at http://127.0.0.1:${running.port} (process ${running.processId}).`,
      "Use it, stop it with `causeway down`, or name another folder with --state DIR.",
    );
  }
  if (options.detach) await goOnInBackground(folder, options);
  else await stay(folder, port, options);
}

async function stay(folder: StateFolder, port: number, options: UpOptions): Promise<void> {
  const server = await serve({
    folder,
    port,
    pace: options.pace,
    packets: options.packets,
    userData: options.userData,
    functions: options.functions,
    ...(options.seed !== undefined && { seed: options.seed }),
    log: (message) => appendFileSync(folder.log, `${new Date().toISOString()} ${message}\n`, { mode: 0o600 }),
  });
  const finish = (): void => void server.stop();
  process.once("SIGINT", finish);
  process.once("SIGTERM", finish);
  process.once("SIGHUP", finish);

  const packets = await server.packets;
  if (options.packets === "kernel" && packets.mode === "model") {
    await server.stop();
    throw new UserError(
      "NO_PACKETS",
      `Real packets were demanded, and this machine cannot: ${packets.detail}`,
      "Without --packets kernel the cloud runs on its records alone.",
    );
  }
  await patiently(server.inForce(), process.send === undefined ? "bringing the packets back" : undefined);
  // The parent of a detached cloud waits for this word; it leaves the terminal to the parent.
  if (process.send !== undefined) {
    process.send("ready");
    process.disconnect();
  } else {
    announce(await ask<StatusResult>(folder, { do: "status" }), options, "Ctrl-C stops it.");
  }
  await server.stopped;
}

/** Waits, and says so when it takes longer than a moment. */
async function patiently(work: Promise<void>, what: string | undefined): Promise<void> {
  const moment = sleep(700, "still at it" as const);
  if (what === undefined || (await Promise.race([work, moment])) !== "still at it") return work;
  const line = progress(what);
  await work;
  line.done("packets flow");
}

async function goOnInBackground(folder: StateFolder, options: UpOptions): Promise<void> {
  makeStateFolder(folder);
  const log = openSync(folder.log, "a", 0o600);
  const line = progress("starting");
  const child = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL("./causeway.js", import.meta.url)), ...childArguments(folder, options)],
    {
      detached: true,
      stdio: ["ignore", log, "pipe", "ipc"],
    },
  );
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  const code = await new Promise<number | "ready">((resolve) => {
    child.once("message", () => resolve("ready"));
    child.once("exit", (exit) => resolve(exit ?? exitCode.bug));
  });
  if (code !== "ready") {
    // What it wrote last may still be on its way.
    await sleep(20);
    line.fail("not started");
    process.stderr.write(complaint);
    process.exitCode = code;
    return;
  }
  child.stderr?.destroy();
  if (child.connected) child.disconnect();
  child.unref();
  line.done("started");
  announce(await ask<StatusResult>(folder, { do: "status" }), options, "`causeway down` stops it.");
}

function childArguments(folder: StateFolder, { port, pace, packets, userData, functions, seed }: UpOptions): string[] {
  const words = [
    "up",
    "--state",
    folder.path,
    "--port",
    port,
    "--pace",
    pace,
    "--packets",
    packets,
    "--user-data",
    userData,
    "--functions",
    functions,
  ];
  return seed === undefined ? words : [...words, "--seed", seed];
}

function announce(status: StatusResult, { json, state }: UpOptions, ending: string): void {
  if (json) {
    printJson(status);
    return;
  }
  const here = state === undefined ? "" : ` --state ${state}`;
  print(`${styled("green", "●")} a local AWS at ${styled("bold", status.endpoint)}`);
  printPairs([
    [
      "packets",
      `${status.packets.mode === "kernel" ? styled("green", "real") : styled("yellow", "none, model only")}: ${status.packets.detail}`,
    ],
    ["pace", status.pace],
    ["state", status.statePath],
  ]);
  print(
    `\nPoint the AWS CLI, SDKs, boto3 or Terraform at it:  ${styled("bold", `eval "$(npx causeway env${here})"`)}\n${ending}`,
  );
}
