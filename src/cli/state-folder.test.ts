/** Whether a process still runs, which decides whether a state folder is free. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isAlive } from "./state-folder.ts";

test("this process is alive, and one that never was is not", () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(2 ** 30)).toBe(false);
});

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
      expect(isAlive(child)).toBe(false);
    } finally {
      parent.kill("SIGKILL");
      await once(parent, "close");
    }
  },
);
