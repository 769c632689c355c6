/**
 * Runs commands in an instance. Each gets mount, process, host name and IPC namespaces of its own inside the instance's
 * network namespace, and sees `private-root.ts`. Of root's capabilities three are left, over its own network only: raw sockets
 * (ping, tcpdump), network administration (its own routes and addresses: the rules that AWS would enforce are in the router's
 * namespace, out of reach) and ports below 1024. It can neither mount, nor enter a namespace, nor gain anything by `execve`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { constants } from "node:os";
import { Readable } from "node:stream";
import type { CommandRequest, CommandResult, InteractiveCommand, InteractiveRequest } from "../fabric.ts";
import { killGroup } from "../kill-group.ts";
import { CLONE_NEWIPC, CLONE_NEWNS, CLONE_NEWUTS, setHostName, setns, unshare } from "../netlink/libc.ts";
import type { Namespace, Namespaces } from "./namespaces.ts";
import { enterPrivateRoot } from "./private-root.ts";
import { shimFolder } from "./shims.ts";
import { openTerminal, type Terminal } from "./terminals.ts";

export interface Commands {
  /** Never rejects for what the command does; throws when it cannot be started. */
  run(request: CommandRequest): Promise<CommandResult>;
  runInteractive(request: InteractiveRequest): InteractiveCommand;
}

/** Remembers where the main thread returns to. */
export function createCommands(namespaces: Namespaces): Commands {
  const homes = (
    [
      ["mnt", CLONE_NEWNS],
      ["uts", CLONE_NEWUTS],
      ["ipc", CLONE_NEWIPC],
    ] as const
  ).map(([name, type]) => ({ type, fd: openSync(`/proc/thread-self/ns/${name}`, "r") }));

  function start(request: StartRequest): Started {
    const namespace = namespaces.get(request.namespace);
    if (request.argv.length === 0) throw new RangeError("a command needs at least a program");
    return namespaces.within(namespace, () => {
      unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC);
      try {
        const hostName = request.hostName ?? "localhost";
        setHostName(hostName);
        enterPrivateRoot({ disk: request.disk, hostName, readOnly: request.readOnly ?? [] });
        return spawnHere(namespace, request);
      } finally {
        for (const { fd, type } of homes) setns(fd, type);
      }
    });
  }

  return {
    run: (request) => collect(start(request), request),
    runInteractive: (request) => follow(start(request), request),
  };
}

type StartRequest = Pick<
  CommandRequest,
  "namespace" | "argv" | "disk" | "hostName" | "readOnly" | "environment" | "leaveRunning"
> &
  Pick<InteractiveRequest, "terminal">;

interface Started {
  readonly child: ChildProcess;
  readonly terminal: Terminal | undefined;
  /** Ends the command and all that it started. */
  kill(): void;
}

/** Bytes of one stream that are kept. */
const outputLimit = 10_000_000;

const capabilities = ["net_raw", "net_admin", "net_bind_service"];

/** The first process: waits for the command, so that a command is never process 1, which no signal ends by default. */
const firstProcess = '"$@"; exit $?';

/** Says the exit code on descriptor 3, and stays as long as it is not the only one; nobody waits for it any more. */
const firstProcessThatStays =
  '"$@" 3>&-; echo $? >&3; set -- /proc/[0-9]*; [ $# -gt 1 ] || exit 0; exec sleep infinity 3>&- </dev/null >/dev/null 2>&1';

function spawnHere(namespace: Namespace, request: StartRequest): Started {
  const terminal = request.terminal && openTerminal(request.terminal.columns, request.terminal.rows);
  const launcher = [
    ...["/usr/bin/unshare", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"],
    ...(terminal ? ["/usr/bin/setsid", "--ctty"] : []),
    ...["/usr/bin/setpriv", "--no-new-privs", "--inh-caps=-all"],
    `--bounding-set=-all,${capabilities.map((name) => `+${name}`).join(",")}`,
    ...["/bin/sh", "-c", request.leaveRunning ? firstProcessThatStays : firstProcess, "sh"],
  ];
  const [program = "", ...options] = launcher;
  const child = spawn(program, [...options, ...request.argv], {
    cwd: "/root",
    env: environment(request),
    // A process group of its own, for `kill`.
    detached: true,
    stdio: terminal
      ? [terminal.slave, terminal.slave, terminal.slave]
      : ["pipe", "pipe", "pipe", request.leaveRunning ? "pipe" : "ignore"],
  });
  terminal?.releaseSlave();
  // With `unshare` dies what it has started, by the signal that the kernel sends to the child of a parent that died. Between its
  // fork and its asking for that signal the child is still in the group.
  const kill = () => killGroup(child);
  namespace.onDelete.add(kill);
  child.once("close", () => namespace.onDelete.delete(kill));
  return { child, terminal, kill };
}

const programFolders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function environment(request: StartRequest): Record<string, string> {
  return {
    PATH: `${shimFolder}:${programFolders}`,
    HOME: "/root",
    USER: "root",
    LOGNAME: "root",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    ...(request.terminal ? { TERM: request.terminal.type ?? "xterm-256color" } : {}),
    ...request.environment,
  };
}

function collect({ child, kill }: Started, request: CommandRequest): Promise<CommandResult> {
  const kept: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  let truncated = false;
  for (const stream of ["stdout", "stderr"] as const) {
    let size = 0;
    child[stream]?.on("data", (chunk: Buffer) => {
      const rest = chunk.subarray(0, Math.max(outputLimit - size, 0));
      if (rest.length < chunk.length) truncated = true;
      size += rest.length;
      if (rest.length > 0) kept[stream].push(rest);
      request.onOutput?.(stream, chunk);
    });
  }
  writeInput(child, request.input);
  let timedOut = false;
  const timer =
    request.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          kill();
        }, request.timeoutMs);
  request.signal?.addEventListener("abort", kill, { once: true });
  if (request.signal?.aborted) kill();
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", kill);
      resolve({
        exitCode: timedOut ? 124 : exitCode(code, signal),
        stdout: Buffer.concat(kept.stdout).toString("utf8"),
        stderr: Buffer.concat(kept.stderr).toString("utf8"),
        timedOut,
        truncated,
      });
    };
    child.once("close", finish);
    whenDone(child, (code) => finish(code, null));
  });
}

/** Milliseconds that output may lag behind the exit code: unshare itself holds the streams open while anything runs. */
const drainTime = 100;

/** For a command that leaves processes behind: calls back with its exit code once its output is read. */
function whenDone(child: ChildProcess, done: (code: number) => void): void {
  const report = child.stdio[3];
  if (!(report instanceof Readable)) return;
  // Killed before it could report: `close` tells how.
  report.once("data", (text: Buffer) => {
    setTimeout(() => done(Number.parseInt(text.toString("latin1"), 10)), drainTime);
  });
}

function follow({ child, terminal, kill }: Started, request: InteractiveRequest): InteractiveCommand {
  request.signal?.addEventListener("abort", kill, { once: true });
  if (request.signal?.aborted) kill();
  child.stdout?.on("data", (chunk: Buffer) => request.onOutput("stdout", chunk));
  child.stderr?.on("data", (chunk: Buffer) => request.onOutput("stderr", chunk));
  ignoreClosedInput(child);
  const terminalEnd = new Promise<void>((resolve) => {
    if (terminal) terminal.listen((chunk) => request.onOutput("stdout", chunk), resolve);
    else resolve();
  });
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      request.signal?.removeEventListener("abort", kill);
      void terminalEnd.then(() => resolve(exitCode(code, signal)));
    });
  });
  return {
    write: (chunk) => {
      if (terminal) terminal.write(chunk);
      else if (child.stdin?.writable) child.stdin.write(chunk);
    },
    end: () => {
      child.stdin?.end();
    },
    resize: (columns, rows) => terminal?.resize(columns, rows),
    kill,
    exit,
  };
}

function writeInput(child: ChildProcess, input: string | undefined): void {
  ignoreClosedInput(child);
  child.stdin?.end(input ?? "");
}

/** A command may end without reading its input; that is its affair. */
function ignoreClosedInput(child: ChildProcess): void {
  child.stdin?.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ECONNRESET") throw error;
  });
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0));
}
