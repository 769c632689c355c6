/** Another program's run, bounded in time and memory: what a solver cannot do within them is told, and the rest goes on. */
import { spawnSync } from "node:child_process";

export const mostSeconds = 60;
const mostKilobytes = 8_000_000;

export function isInstalled(program) {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Milliseconds and output; or `stopped` after the time; or `failed` with its last words, memory that ran out among them. */
export function runBounded([program, ...words], { input, passes = [0] } = {}) {
  const began = performance.now();
  const limited = ["-c", 'ulimit -v "$0" && exec "$@"', String(mostKilobytes), program, ...words];
  const options = { encoding: "utf8", input, timeout: mostSeconds * 1000, killSignal: "SIGKILL", maxBuffer: 1e8 };
  const { status, stdout, stderr, error } = spawnSync("sh", limited, options);
  if (error?.code === "ETIMEDOUT") return { stopped: `stopped after ${mostSeconds} s` };
  if (!passes.includes(status)) return { failed: `${stderr}${stdout}`.trim().split("\n").at(-1) };
  return { ms: performance.now() - began, output: stdout };
}
