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

/** Runs the demo with temporary files of its own, so that what it leaves can be seen. */
function demo(name: string, ...words: readonly string[]) {
  const temporary = temporaryFolder(name);
  const result = spawnSync(process.execPath, [command.path, "demo", "departments", ...words], {
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

describe("causeway demo departments --json", () => {
  let played: ReturnType<typeof demo>;
  beforeAll(() => {
    played = demo("json", "--json");
  }, 120_000);

  // The command prints its own type.
  const stages = (): StageReport[] => JSON.parse(played.stdout) as StageReport[];

  test("goes as told, with real packets [PX-51]", (context) => {
    if (played.status === noPackets) context.skip(`no packets on this machine: ${played.stderr.trim()}`);
    expect(played.status, `${played.stdout}\n${played.stderr}`).toBe(0);
    const numbers = Array.from({ length: 9 }, (_, index) => index + 1);
    expect(stages().map((each) => [each.number, each.verdict])).toEqual(numbers.map((each) => [each, "as told"]));
    const received = stages().map((each) => each.pings.map((ping) => ping.received));
    expect(received).toEqual([[], [0], [0], [0], [0], [0], [2], [2], [0]]);
  });

  test("leaves nothing", () => {
    expect(played.left).toEqual([]);
  });

  const title = hasAws ? "shows commands that can be typed" : "shows commands that can be typed (skipped: no aws)";
  test.skipIf(!hasAws)(title, { timeout: 120_000 }, (context) => {
    if (played.status === noPackets) context.skip("no packets on this machine");
    const commands = stages()
      .flatMap((each) => each.commands)
      .filter((each) => each.startsWith("aws "));
    const oneOfAKind = new Map(commands.map((each) => [each.replace(/ --.*/, ""), each]));
    expect(oneOfAKind.size).toBeGreaterThan(8);
    for (const typed of oneOfAKind.values()) {
      // The CLI checks the words against AWS's model, and sends nothing.
      const words = `${typed} --generate-cli-skeleton output --region us-east-1`;
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
