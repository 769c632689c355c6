/** The command under its user's mistakes: an exit code that says so, words that say what to do, and nothing broken. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCommand, buildCommand } from "../built-command.ts";
import { eventually, footprintOf, remainsOf } from "../support/processes.ts";
import { type Ran, run } from "../support/run.ts";
import { cleanEnvironment, up } from "../support/start-cloud.ts";

let command: BuiltCommand;
let folder: string;
let running: string;
beforeAll(async () => {
  command = await buildCommand();
  folder = mkdtempSync(join(tmpdir(), "causeway-command-test-"));
  running = join(folder, "running");
  await up(command, running);
});
afterAll(async () => {
  await causeway("down", "--state", running);
  command.remove();
  rmSync(folder, { recursive: true, force: true });
});

const causeway = (...words: readonly string[]): Promise<Ran> =>
  run(process.execPath, [command.path, ...words], { env: cleanEnvironment() });

/** A folder of the test's own, which nothing has used. */
const fresh = (): string => mkdtempSync(join(folder, "state-"));

function expectMistake({ status, stdout, stderr }: Ran, words: RegExp): void {
  expect(`${stdout}${stderr}`).toMatch(words);
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at .*:\d+:\d+/);
  expect(status).toBe(2);
}

describe("causeway up", () => {
  test.each(["--detach", ""])("on a port that is in use %s", async (detach) => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
    const state = fresh();
    const words = ["up", "--port", String(port), "--state", state, ...(detach === "" ? [] : [detach])];
    expectMistake(await causeway(...words), new RegExp(`Port ${port} is in use.*--port`, "s"));
    server.close();
    // The folder is as good as before.
    await up(command, state);
    expect((await causeway("down", "--state", state)).status).toBe(0);
  });

  test("twice on one folder", async () => {
    expectMistake(await causeway("up", "--port", "0", "--state", running), /already running.*causeway down/s);
    expectMistake(await causeway("up", "--detach", "--port", "0", "--state", running), /already running/);
    expect((await causeway("status", "--state", running)).status).toBe(0);
  });

  test("twice at the same moment: one is the cloud", async () => {
    const state = fresh();
    const both = await Promise.all([1, 2].map(() => causeway("up", "--detach", "--port", "0", "--state", state)));
    expect(both.map((each) => each.status).toSorted(), both.map((each) => each.stderr).join("\n")).toEqual([0, 2]);
    expect((await causeway("status", "--state", state)).status).toBe(0);
    expect((await causeway("down", "--state", state)).status).toBe(0);
  });

  test("on a store that is damaged", async () => {
    const state = fresh();
    await up(command, state);
    await causeway("down", "--state", state);
    const database = readdirSync(state).filter((name) => name.includes("sqlite"));
    expect(database).not.toEqual([]);
    for (const name of database) writeFileSync(join(state, name), "this is no database ".repeat(1000));
    expectMistake(await causeway("up", "--port", "0", "--state", state), /state.*(damaged|corrupt|not a database)/is);
  });

  test.each([
    [
      "a file",
      () => {
        const path = join(fresh(), "file");
        writeFileSync(path, "");
        return path;
      },
    ],
    [
      "below a file",
      () => {
        const path = join(fresh(), "file");
        writeFileSync(path, "");
        return join(path, "state");
      },
    ],
    ["where nobody may write", () => "/proc/causeway"],
  ])("on a state folder that is %s", async (_, path) => {
    expectMistake(await causeway("up", "--port", "0", "--state", path()), /state folder|folder/i);
  });

  test("on a state folder with a deep path, whose control socket would be too long", async () => {
    const state = join(fresh(), "d".repeat(120), "e".repeat(100));
    mkdirSync(state, { recursive: true });
    await up(command, state);
    expect((await causeway("status", "--state", state)).status).toBe(0);
    expect((await causeway("down", "--state", state)).status).toBe(0);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "in the foreground ends at %s, and leaves nothing",
    async (signal) => {
      const child = spawn(process.execPath, [command.path, "up", "--port", "0", "--state", fresh()], {
        stdio: ["ignore", "pipe", "pipe"],
        env: cleanEnvironment(),
      });
      const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
      await new Promise<void>((resolve) =>
        child.stdout.on("data", (chunk: Buffer) => chunk.includes("stops it") && resolve()),
      );
      const footprint = footprintOf(child.pid ?? 0);
      child.kill(signal);
      expect(await ended).toBe(0);
      expect(await eventually(() => remainsOf(footprint).length === 0), remainsOf(footprint).join("\n")).toBe(true);
    },
  );
});

test("whoever reads the output may go away, as `| head` does", async () => {
  // A command whose output comes in parts, so that the reader is gone before the last.
  const line = `'${process.execPath}' '${command.path}' explain --schema | (exec <&-; sleep 1); echo "$?" "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await run("bash", ["-c", line], { env: cleanEnvironment() });
  expect(stderr).toBe("");
  expect(stdout.trim()).toBe("0 0");
});

describe("causeway down", () => {
  test("twice says that nothing runs", async () => {
    const state = fresh();
    await up(command, state);
    expect((await causeway("down", "--state", state)).status).toBe(0);
    const second = await causeway("down", "--state", state);
    expect(second.status).toBe(0);
    expect(second.stdout).toMatch(/No cloud is running/);
    expect((await causeway("status", "--state", state)).status).toBe(1);
  });
});

describe("words that are none", () => {
  test.each([
    [["fly"], /unknown command 'fly'/],
    [["up", "--fast"], /unknown option '--fast'/],
    [["up", "--port", "http"], /'http' is not a port/],
    [["up", "--port", "70000"], /'70000' is not a port/],
    [["up", "--pace", "slow"], /slow/],
    [["up", "--packets", "many"], /many/],
    [["env", "--account", "me"], /'me' is not an account id/],
    [["env", "--region", "moon"], /'moon' is not a Region/],
    [["ping"], /missing required argument/],
    [["ping", "a"], /missing required argument/],
    [["probe", "a", "b", "443"], /'443' is not a flow/],
    [["probe", "a", "b", "tcp/70000"], /'tcp\/70000' is not a flow/],
    [["ping", "a", "b", "-c", "0"], /'0' is not a number of pings/],
    [["demo", "nothing"], /nothing/],
  ])("%j", async (words, complaint) => {
    const { status, stderr } = await causeway(...words);
    expect(stderr).toMatch(complaint);
    expect(status).toBe(2);
  });

  test.each([
    ["exec", "nobody", "--", "true"],
    ["exec", "i-0123456789abcdef0", "--", "true"],
    ["ping", "nobody", "10.0.0.1"],
    ["probe", "nobody", "10.0.0.1", "tcp/80"],
    ["capture", "nobody"],
  ])("%s of %s, which is not there", async (name, ...words) => {
    expectMistake(await causeway(name, "--state", running, ...words), new RegExp(words[0] ?? ""));
  });

  test.each([["exec", "a"], ["ping", "a", "b"], ["env"], ["capture", "a"]])("%s without a cloud", async (...words) => {
    expectMistake(await causeway(...words, "--state", fresh()), /No cloud is running.*causeway up/s);
  });

  test("reset without --yes, where nobody can be asked", async () => {
    expectMistake(await causeway("reset", "--state", running), /--yes/);
  });
});
