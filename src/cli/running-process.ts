/** Whether a process that a note names still runs, and is the one meant: the kernel gives numbers again, after a while and after a reboot. */
import { existsSync, readFileSync } from "node:fs";

/** A process, told from any other that had or will have its number. */
export interface RunningProcess {
  readonly processId: number;
  /** When it began, of which boot; absent where the system does not say (no /proc): there the number must do. */
  readonly began?: string;
}

export function thisProcess(): RunningProcess {
  const began = beginningOf(process.pid);
  return { processId: process.pid, ...(began !== undefined && { began }) };
}

/** One that has ended still takes signals until its parent has asked for its exit code; it does not run. */
export function isRunning({ processId, began }: RunningProcess): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  if (!existsSync(bootIdFile)) return true;
  const stat = statOf(processId);
  return stat !== undefined && stat.state !== "Z" && (began === undefined || began === beginningOf(processId));
}

const bootIdFile = "/proc/sys/kernel/random/boot_id";

function beginningOf(processId: number): string | undefined {
  const stat = existsSync(bootIdFile) ? statOf(processId) : undefined;
  return stat && `${readFileSync(bootIdFile, "utf8").trim()} ${stat.startTicks}`;
}

/** undefined when there is no such process. */
function statOf(processId: number): { readonly state: string; readonly startTicks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "utf8");
    // The fields follow the command's name, which is in brackets and may hold any character: proc_pid_stat(5), fields 3 and 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTicks: fields[19] ?? "" };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH"))
      return undefined;
    throw error;
  }
}
