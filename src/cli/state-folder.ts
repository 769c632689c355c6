/** The folder that holds one cloud: its durable state, its instances' disks, its log, and who is running it. `--state` names one of several. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isRunning, type RunningProcess } from "./running-process.ts";
import { UserError } from "./user-error.ts";

export interface StateFolder {
  readonly path: string;
  readonly database: string;
  /** One folder per instance: its home, its /tmp. */
  readonly disks: string;
  /** Bodies of objects and code of functions. */
  readonly blobs: string;
  /** Functions' code, unpacked; made anew at every start. */
  readonly functions: string;
  readonly log: string;
  readonly running: string;
  /** The socket through which commands speak to a running cloud; readable by its user only. */
  readonly socket: string;
}

/** What a running cloud says of itself. */
export interface RunningCloud extends RunningProcess {
  readonly port: number;
  readonly startedAt: string;
}

/** `--state`, else `CAUSEWAY_STATE`, else the user's state folder. */
export function stateFolder(option: string | undefined): StateFolder {
  const fallback = join(process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state"), "causeway");
  const path = resolve(option ?? process.env.CAUSEWAY_STATE ?? fallback);
  return {
    path,
    database: join(path, "state.sqlite"),
    disks: join(path, "disks"),
    blobs: join(path, "blobs"),
    functions: join(path, "functions"),
    log: join(path, "causeway.log"),
    running: join(path, "running.json"),
    socket: socketPath(path),
  };
}

/** Makes the folder, for its user only. */
export function makeStateFolder(folder: StateFolder): void {
  try {
    makeFolder(folder.path);
  } catch (error) {
    throw new UserError(
      "STATE_FOLDER",
      `The state folder ${folder.path} cannot be made: ${error instanceof Error ? error.message : error}`,
      "Name another one with --state DIR.",
    );
  }
}

/** Level by level: Node's own `recursive` never ends where the system says of a folder below an existing one that it is not there (/proc). */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent)) makeFolder(parent);
  const isThere = (): boolean => existsSync(path) && statSync(path).isDirectory();
  if (isThere()) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another command may have made it at the same moment.
    if (!isThere()) throw error;
  }
}

export function readRunning(folder: StateFolder): RunningCloud | undefined {
  if (!existsSync(folder.running)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(folder.running, "utf8"));
    if (isRunningCloud(value) && isRunning(value)) return value;
  } catch (error) {
    // A half-written note of a process that was killed while writing it: the same as none.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

export function writeRunning(folder: StateFolder, cloud: RunningCloud): void {
  writeFileSync(folder.running, `${JSON.stringify(cloud)}\n`, { mode: 0o600 });
}

export function forgetRunning(folder: StateFolder): void {
  rmSync(folder.running, { force: true });
  rmSync(folder.socket, { force: true });
}

/** The kernel takes at most 107 bytes for a socket's path; a deeper folder gets one beside the user's other temporary files. */
function socketPath(path: string): string {
  const near = join(path, "control.sock");
  if (Buffer.byteLength(near) <= 100) return near;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return join(tmpdir(), `causeway-${userInfo().uid}-${name}.sock`);
}

function isRunningCloud(value: unknown): value is RunningCloud {
  return (
    typeof value === "object" &&
    value !== null &&
    "processId" in value &&
    typeof value.processId === "number" &&
    (!("began" in value) || typeof value.began === "string") &&
    "port" in value &&
    typeof value.port === "number" &&
    "startedAt" in value &&
    typeof value.startedAt === "string"
  );
}
