/** What runs and which network namespaces live on this machine, as /proc tells: for tests that nothing is left behind. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  /** In the kernel's ticks; with the id it names one process for ever. */
  readonly startedAt: string;
  readonly words: string;
}

/** Every process that can be seen. One that ends meanwhile is left out. */
export function runningProcesses(): readonly RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readIfAlive(`/proc/${name}/stat`);
      const words = readIfAlive(`/proc/${name}/cmdline`);
      if (stat === undefined || words === undefined) return [];
      // The program's name, in parentheses, may hold anything; what follows the last one is regular.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [state, parent] = fields;
      if (state === "Z") return [];
      return [
        {
          id: Number(name),
          parent: Number(parent),
          startedAt: fields[19] ?? "",
          words: words.replaceAll("\0", " ").trim(),
        },
      ];
    });
}

/** A process and everything it started, however deep; deepest last. */
export function descendantsOf(processId: number): readonly RunningProcess[] {
  const all = runningProcesses();
  const found: RunningProcess[] = [];
  const parents = [processId];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    for (const each of all.filter(({ parent: of }) => of === parent)) {
      found.push(each);
      parents.push(each.id);
    }
  }
  return found;
}

/** The network namespaces that the given processes are in. */
export function networkNamespacesOf(processIds: readonly number[]): ReadonlySet<string> {
  return new Set(processIds.flatMap((id) => linkIfAlive(`/proc/${id}/ns/net`) ?? []));
}

/** The network namespaces that the given processes hold open, without being in them. */
export function namespacesHeldBy(processId: number): ReadonlySet<string> {
  const folder = `/proc/${processId}/fd`;
  return new Set(
    (ifAlive(() => readdirSync(folder)) ?? [])
      .flatMap((fd) => linkIfAlive(`${folder}/${fd}`) ?? [])
      .filter((target) => target.startsWith("net:[")),
  );
}

/** Everything that a process has on this machine: what it started, and whoever else is in its network namespaces or holds one. */
export interface Footprint {
  readonly processes: readonly RunningProcess[];
  readonly namespaces: ReadonlySet<string>;
}

export function footprintOf(processId: number): Footprint {
  const all = runningProcesses();
  const ids = new Set([processId, ...descendantsOf(processId).map(({ id }) => id)]);
  const namespaces = new Set([...ids].flatMap(namespacesOf));
  for (const mine of networkNamespacesOf([process.pid])) namespaces.delete(mine);
  const touches = (id: number): boolean => namespacesOf(id).some((each) => namespaces.has(each));
  return { processes: all.filter(({ id }) => ids.has(id) || touches(id)), namespaces };
}

/**
 * What is left of a footprint, in words; empty when nothing is. A namespace lives as long as a process is in it or holds it, so the
 * processes tell; the namespaces' own numbers do not, since the kernel gives them to others again.
 */
export function remainsOf({ processes }: Footprint): readonly string[] {
  const running = runningProcesses();
  return processes
    .filter(({ id, startedAt }) => running.some((each) => each.id === id && each.startedAt === startedAt))
    .map(({ id, words }) => `process ${id}: ${words}`);
}

function namespacesOf(processId: number): readonly string[] {
  return [...networkNamespacesOf([processId]), ...namespacesHeldBy(processId)];
}

/** Asks until the answer is yes or the time (default 10 s) is over; returns the last answer. */
export async function eventually(isSo: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await isSo()) return true;
    if (Date.now() > end) return false;
    await sleep(25);
  }
}

function readIfAlive(path: string): string | undefined {
  return ifAlive(() => readFileSync(path, "utf8"));
}

function linkIfAlive(path: string): string | undefined {
  return ifAlive(() => readlinkSync(path));
}

function ifAlive<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return undefined;
    throw error;
  }
}
