/** Ends a process that leads a group of its own, with all that is in the group. */
import type { ChildProcess } from "node:child_process";

/** Once it has ended nothing is done: its number may be another's. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // It ended by itself, and is not yet known to have.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
