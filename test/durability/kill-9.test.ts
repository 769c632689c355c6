/**
 * `kill -9` of the cloud while clients write: what was answered is there, what was cut off is there wholly or not at all, and the
 * packets agree with it. CAUSEWAY_KILLS says how often (default 12), CAUSEWAY_KILL_SEED replays what the clients write.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../../src/cli/control-client.ts";
import type { StatusResult } from "../../src/cli/control-protocol.ts";
import { stateFolder } from "../../src/cli/state-folder.ts";
import { UserError } from "../../src/cli/user-error.ts";
import { type BuiltCommand, buildCommand } from "../built-command.ts";
import { ec2Client } from "../support/ec2-client.ts";
import { descendantsOf, eventually, footprintOf, remainsOf } from "../support/processes.ts";
import { run } from "../support/run.ts";
import { up } from "../support/start-cloud.ts";
import { fractions } from "./fractions.ts";
import { createLane, type Lane } from "./lane.ts";
import { expectPlannedNamespaces, pingReplies } from "./packets.ts";

const kills = Number(process.env.CAUSEWAY_KILLS ?? 12);
const seed = process.env.CAUSEWAY_KILL_SEED ?? String(Math.floor(Math.random() * 1e9));

let command: BuiltCommand;
let folder: string;
let state: string;
let cloud: StatusResult;
beforeAll(async () => {
  command = await buildCommand();
  folder = mkdtempSync(join(tmpdir(), "causeway-kill-test-"));
  state = join(folder, "state");
  cloud = await up(command, state);
});
afterAll(async () => {
  await run(process.execPath, [command.path, "down", "--state", state]);
  command.remove();
  rmSync(folder, { recursive: true, force: true });
});

test(`${kills} kills under three writing clients (seed ${seed})`, {
  timeout: 60_000 + kills * 15_000,
}, async (context) => {
  const random = fractions(seed);
  const lanes: Lane[] = [];
  const accounts = ["111111111111", "222222222222", "333333333333"];
  for (const account of accounts) {
    const client = ec2Client(cloud.endpoint, account);
    lanes.push(await createLane(client, account));
    client.destroy();
  }
  for (let kill = 1; kill <= kills; kill++) {
    const footprint = footprintOf(cloud.processId);
    const clients = accounts.map((account) => ec2Client(cloud.endpoint, account));
    const writing = Promise.all(lanes.map((lane, index) => lane.write(at(clients, index), random)));
    // A refused call ends the writing at once; it must not wait for the kill to be noticed.
    await Promise.race([writing, sleep(5 + random() * 400)]);
    process.kill(cloud.processId, "SIGKILL");
    await writing;
    for (const client of clients) client.destroy();
    expect(await eventually(() => remainsOf(footprint).length === 0), remainsOf(footprint).join("\n")).toBe(true);

    cloud = await up(command, state);
    const wrong = await withClients(accounts, (each) => Promise.all(lanes.map((lane, i) => lane.compare(at(each, i)))));
    expect(wrong.flat(), `after kill ${kill}`).toEqual([]);
    if (cloud.packets.mode === "kernel") {
      await expectPacketsToAgree(lanes, kill);
    }
  }
  const answered = lanes.reduce((sum, lane) => sum + lane.count.answered, 0);
  const cutOff = lanes.reduce((sum, lane) => sum + lane.count.cutOff, 0);
  expect(cutOff).toBe(kills * lanes.length);
  expect(answered).toBeGreaterThan(kills);
  await context.annotate(`${answered} answered calls kept, ${cutOff} cut off`);
});

describe("the fabric's processes", () => {
  // The cloud's child is the wrapper that unshare(1) is; the fabric itself is the wrapper's.
  test.each([
    ["the fabric", 1],
    ["the wrapper that holds its namespaces", 0],
  ])("kill -9 of %s: the cloud builds the packets again", async (_, depth) => {
    const lane = await createOpenPair();
    if (cloud.packets.mode !== "kernel") return;
    expect(await pingReplies(state, lane.from, lane.to)).toBe(1);
    const before = descendantsOf(cloud.processId);
    const victim = at(before, depth);
    process.kill(victim.id, "SIGKILL");
    expect(
      await eventually(() => before.every(({ id }) => !descendantsOf(cloud.processId).some((x) => x.id === id))),
    ).toBe(true);
    expect(await eventually(() => pingAnswered(lane.from, lane.to))).toBe(true);
    // The cloud itself never went away.
    expect((await ask<StatusResult>(stateFolder(state), { do: "status" })).processId).toBe(cloud.processId);
  });
});

describe("nothing is left", () => {
  test.each([
    ["after down", "down"],
    ["after SIGTERM", "SIGTERM"],
    ["after SIGINT", "SIGINT"],
    ["after kill -9", "SIGKILL"],
  ])("%s", async (_, how) => {
    const other = join(folder, how);
    const started = await up(command, other);
    const client = ec2Client(started.endpoint, "444444444444");
    await createLane(client, "444444444444");
    client.destroy();
    const footprint = footprintOf(started.processId);
    expect(footprint.processes.length).toBeGreaterThan(started.packets.mode === "kernel" ? 2 : 0);
    if (started.packets.mode === "kernel") expect(footprint.namespaces.size).toBeGreaterThanOrEqual(4);
    // A command that ignores being asked to end goes too.
    const stubborn = run(process.execPath, [
      command.path,
      "exec",
      "--state",
      other,
      "444444444444-a",
      "--",
      "sh",
      "-c",
      "trap '' TERM HUP INT; (trap '' TERM HUP INT; sleep 600) & sleep 600",
    ]);
    if (started.packets.mode === "kernel")
      expect(await eventually(() => descendantsOf(started.processId).some((each) => each.words === "sleep 600"))).toBe(
        true,
      );
    const whole = footprintOf(started.processId);
    if (how === "down") await run(process.execPath, [command.path, "down", "--state", other]);
    else process.kill(started.processId, how);
    expect(await eventually(() => remainsOf(whole).length === 0), remainsOf(whole).join("\n")).toBe(true);
    await stubborn;
  });
});

/** The namespaces are those of the plan, and a ping passes where the rules that were answered let it pass. */
async function expectPacketsToAgree(lanes: readonly Lane[], kill: number): Promise<void> {
  await expectPlannedNamespaces(state, `after kill ${kill}`);
  const replies = await Promise.all(lanes.map(({ from, to }) => pingReplies(state, from, to)));
  expect(replies, `after kill ${kill}`).toEqual(lanes.map((lane) => (lane.pingPasses() ? 1 : 0)));
}

/** Like `pingReplies`, where the packets may just be being built again. */
async function pingAnswered(from: string, to: string): Promise<boolean> {
  try {
    return (await pingReplies(state, from, to)) === 1;
  } catch (error) {
    if (error instanceof UserError && ["REBUILDING", "NO_NAMESPACE"].includes(error.code)) return false;
    throw error;
  }
}

/** A lane whose ping passes. */
async function createOpenPair(): Promise<Lane> {
  const account = String(500_000_000_000 + Math.floor(Math.random() * 1e9));
  const client = ec2Client(cloud.endpoint, account);
  try {
    return await createLane(client, account, "open");
  } finally {
    client.destroy();
  }
}

async function withClients<T>(
  accounts: readonly string[],
  use: (clients: readonly EC2Client[]) => Promise<T>,
): Promise<T> {
  const clients = accounts.map((account) => ec2Client(cloud.endpoint, account));
  try {
    return await use(clients);
  } finally {
    for (const client of clients) client.destroy();
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index} of ${items.length}`);
  return item;
}
