/** `causeway down`: stops a running cloud and waits until nothing of it is left. Run twice, it says that nothing runs. */
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../control-client.ts";
import { print, printJson, progress } from "../print.ts";
import { isRunning } from "../running-process.ts";
import { forgetRunning, readRunning, stateFolder } from "../state-folder.ts";

interface DownOptions {
  readonly state?: string;
  readonly json?: boolean;
}

/** How long a cloud may take to end by itself before it is killed; its state is durable either way. */
const patienceMs = 5_000;

export async function down({ state, json }: DownOptions): Promise<void> {
  const folder = stateFolder(state);
  const running = readRunning(folder);
  if (running === undefined) {
    if (json) printJson({ stopped: false, reason: "not running", state: folder.path });
    else print(`No cloud is running on ${folder.path}.`);
    return;
  }
  const line = progress("stopping");
  // The cloud may be gone before its answer is read: what counts is whether the process ends.
  await ask(folder, { do: "stop" }).catch(() => undefined);
  const deadline = Date.now() + patienceMs;
  while (isRunning(running) && Date.now() < deadline) await sleep(10);
  const killed = isRunning(running);
  if (killed) process.kill(running.processId, "SIGKILL");
  forgetRunning(folder);
  line.done(`stopped; the state is kept in ${folder.path}`);
  if (json) printJson({ stopped: true, killed, state: folder.path });
}
