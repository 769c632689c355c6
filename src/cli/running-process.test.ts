/** Whether the process that a note names still runs, which decides whether a state folder is free. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isRunning, thisProcess } from "./running-process.ts";

test("this process runs, and one that never was does not", () => {
  expect(isRunning(thisProcess())).toBe(true);
  expect(isRunning({ processId: process.pid })).toBe(true);
  expect(isRunning({ processId: 2 ** 30 })).toBe(false);
});

test.skipIf(!existsSync("/proc/self/stat"))(
  "a number that another process has now, or has after a reboot, is not it",
  () => {
    const { processId, began = "" } = thisProcess();
    const [boot, ticks] = began.split(" ");
    expect(Number(ticks)).toBeGreaterThan(0);
    expect(isRunning({ processId, began: `${boot} ${Number(ticks) - 1}` })).toBe(false);
    expect(isRunning({ processId, began: `another-boot ${ticks}` })).toBe(false);
  },
);

test.skipIf(!existsSync("/proc/self/stat"))(
  "one that has ended is dead, even while nobody has collected it",
  async () => {
    // The shell becomes a sleep, which never asks what became of its child; the child outlives the shell's own interest in it.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const child = Number(line.toString());
      const state = () => readFileSync(`/proc/${child}/stat`, "utf8").replace(/^.*\) (.).*$/s, "$1");
      for (let look = 0; look < 500 && state() !== "Z"; look += 1) await sleep(10);
      expect(state()).toBe("Z");
      expect(process.kill(child, 0)).toBe(true);
      expect(isRunning({ processId: child })).toBe(false);
    } finally {
      parent.kill("SIGKILL");
      await once(parent, "close");
    }
  },
);
