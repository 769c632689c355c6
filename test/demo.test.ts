/** The demo, as a user starts it: it is as told, what it shows can be typed, and nothing is left of it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StageReport } from "../src/cli/demo/stage.ts";
import { type BuiltCommand, buildCommand } from "./built-command.ts";

let command: BuiltCommand;
let folder: string;
beforeAll(async () => {
  command = await buildCommand();
  folder = mkdtempSync(join(tmpdir(), "causeway-demo-test-"));
});
afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a demo with temporary files of its own, so that what it leaves can be seen. */
function demo(name: string, ...words: readonly string[]) {
  const temporary = temporaryFolder(name);
  const result = spawnSync(process.execPath, [command.path, "demo", name, ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary },
    timeout: 90_000,
  });
  return { ...result, left: readdirSync(temporary) };
}

function temporaryFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const noPackets = 4;
const hasAws = (process.env.PATH ?? "").split(delimiter).some((each) => existsSync(join(each, "aws")));

/** Replies to the pings of each stage. */
const come = [
  ["pending", "available"],
  ["pending", "available"],
];
const go = [
  ["shutting-down", "terminated"],
  ["deleting", "deleted"],
  ["deleting", "deleted"],
];
const stories = [
  {
    name: "departments",
    rule: "PX-51",
    received: [[], [0], [0], [0], [0], [0], [2], [2], [0]],
    states: [[], [], [], [], [], [], [], [], []],
  },
  {
    name: "global",
    rule: "TG-63",
    received: [[], [0], [], [0], [0], [2, 2], []],
    // A gateway and an attachment in each Region; the peering; and all of it back. [TG-1, TG-10, TG-61]
    states: [
      [],
      [...come, ...come],
      [["initiatingRequest", "pendingAcceptance"]],
      [["pending", "available"]],
      [["pending", "active"]],
      [["pending", "active"]],
      [["deleting", "deleted"], ...go, ...go],
    ],
  },
];

describe.each(stories)("causeway demo $name --json", ({ name, rule, received, states }) => {
  let played: ReturnType<typeof demo>;
  beforeAll(() => {
    played = demo(name, "--json");
  }, 120_000);

  // The command prints its own type.
  const stages = (): StageReport[] => JSON.parse(played.stdout) as StageReport[];

  test(`goes as told, with real packets [${rule}]`, (context) => {
    if (played.status === noPackets) context.skip(`no packets on this machine: ${played.stderr.trim()}`);
    expect(played.status, `${played.stdout}\n${played.stderr}`).toBe(0);
    expect(stages().map((each) => [each.number, each.verdict])).toEqual(
      received.map((_, index) => [index + 1, "as told"]),
    );
    expect(stages().map((each) => each.pings.map((ping) => ping.received))).toEqual(received);
    expect(stages().map((each) => each.states.map((thing) => thing.states))).toEqual(states);
  });

  test("leaves nothing", () => {
    expect(played.left).toEqual([]);
  });

  const title = hasAws ? "shows commands that can be typed" : "shows commands that can be typed (skipped: no aws)";
  test.skipIf(!hasAws)(title, { timeout: 180_000 }, (context) => {
    if (played.status === noPackets) context.skip("no packets on this machine");
    const commands = stages()
      .flatMap((each) => each.commands)
      .filter((each) => each.startsWith("aws "));
    const oneOfAKind = new Map(commands.map((each) => [each.replace(/ --.*/, ""), each]));
    expect(oneOfAKind.size).toBeGreaterThan(8);
    for (const typed of oneOfAKind.values()) {
      // The CLI checks the words against AWS's model, and sends nothing. The answers that it makes up for IAM's creations fail its
      // own checks, so for these it only reads the words.
      const skeleton = typed.startsWith("aws iam create-") ? "input" : "output";
      const place = typed.includes(" --region ") ? "" : " --region us-east-1";
      const words = `${typed} --generate-cli-skeleton ${skeleton}${place}`;
      const checked = spawnSync("bash", ["-c", words], { encoding: "utf8" });
      expect(checked.status, `${typed}\n${checked.stderr}`).toBe(0);
    }
  });
});

describe("causeway demo", () => {
  test("ends at Ctrl-C, and leaves nothing", async () => {
    const temporary = temporaryFolder("interrupted");
    const child = spawn(process.execPath, [command.path, "demo", "departments"], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, TMPDIR: temporary },
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    let said = "";
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.includes("2 of 9")) child.kill("SIGINT");
    }
    expect([130, noPackets]).toContain(await ended);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.each([
    ["a demo that does not exist", ["nothing"]],
    ["--step without a terminal", ["departments", "--step"]],
    ["--json with --keep", ["departments", "--json", "--keep"]],
  ])("%s is the user's mistake", (_, words) => {
    const { status, stderr } = spawnSync(process.execPath, [command.path, "demo", ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^causeway: /);
  });
});
