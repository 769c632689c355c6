/**
 * Runs functions: unpacks their code, starts their processes, keeps those that have answered for the next order, and ends them
 * when they have been idle, when their time is up, when their function changes, and with the cloud.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Environment, type EnvironmentOutcome, startEnvironment } from "./environment.ts";
import type { Launcher } from "./launcher.ts";
import type { RuntimeOrder } from "./runtime-protocol.ts";
import { unzip } from "./unzip.ts";

export interface FunctionRequest extends Omit<RuntimeOrder, "deadline"> {
  /** Orders with the same key may share a process, and no others. */
  readonly key: string;
  /** Names the code: the same id is the same archive. */
  readonly codeId: string;
  /** The archive; asked for when it has not been unpacked yet. */
  code(): Uint8Array;
  readonly timeoutMs: number;
  /** For the process, once the name of its log stream is known. */
  environment(environmentId: string): Readonly<Record<string, string>>;
}

export type FunctionOutcome =
  | (EnvironmentOutcome & { readonly environmentId: string; readonly durationMs: number; readonly isCold: boolean })
  /** This machine runs no functions, or not this one. */
  | { readonly kind: "unavailable"; readonly reason: string }
  | { readonly kind: "throttled" };

export interface FunctionHost {
  /** Gets ready, so that the first order need not wait for the sandbox. */
  prepare(): void;
  invoke(request: FunctionRequest): Promise<FunctionOutcome>;
  /** Ends the processes with this key. */
  retire(key: string): void;
  retireAll(): void;
  close(): Promise<void>;
}

export interface FunctionHostOptions {
  /** For unpacked code; emptied at the start. */
  readonly folder: string;
  readonly launcher: Launcher;
}

/** Processes at once; further orders are throttled. */
const maxEnvironments = 50;
const idleMs = 300_000;

interface Held {
  readonly environment: Environment;
  busy: boolean;
  idle: NodeJS.Timeout | undefined;
}

export function openFunctionHost({ folder, launcher }: FunctionHostOptions): FunctionHost {
  const held = new Map<string, Set<Held>>();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Code without a package.json is no module of whatever lies above this folder.
  writeFileSync(join(folder, "package.json"), "{}\n");
  if (launcher.modulesBesideCode !== undefined) symlinkSync(launcher.modulesBesideCode, join(folder, "node_modules"));

  function count(): number {
    let sum = 0;
    for (const each of held.values()) sum += each.size;
    return sum;
  }

  /** The folder with the code in it, whole or not there. */
  function unpacked({ codeId, code }: FunctionRequest): string {
    const path = join(folder, "code", codeId);
    if (existsSync(path)) return path;
    const draft = `${path}.part`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true, mode: 0o755 });
    unzip(Buffer.from(code()), draft);
    renameSync(draft, path);
    return path;
  }

  async function start(request: FunctionRequest): Promise<Held | string> {
    const refusal = await launcher.ready();
    if (refusal !== undefined) return refusal;
    const id = randomBytes(16).toString("hex");
    let codeFolder: string;
    try {
      codeFolder = unpacked(request);
    } catch (error) {
      return `The function's code cannot be unpacked: ${error instanceof Error ? error.message : error}`;
    }
    const launch = await launcher.launch({ id, codeFolder, environment: request.environment(id) });
    return { environment: startEnvironment(id, launch), busy: true, idle: undefined };
  }

  function drop(key: string, one: Held): void {
    clearTimeout(one.idle);
    held.get(key)?.delete(one);
    one.environment.end();
    launcher.forget(one.environment.id);
  }

  function retire(key: string): void {
    for (const one of held.get(key) ?? []) drop(key, one);
    held.delete(key);
  }

  function retireAll(): void {
    for (const key of [...held.keys()]) retire(key);
  }

  return {
    prepare: () => void launcher.ready(),
    async invoke(request) {
      const { key, timeoutMs } = request;
      const all = held.get(key) ?? new Set<Held>();
      held.set(key, all);
      let one = [...all].find(({ busy, environment }) => !busy && !environment.ended);
      const isCold = one === undefined;
      if (one === undefined) {
        if (count() >= maxEnvironments) return { kind: "throttled" };
        const started = await start(request);
        if (typeof started === "string") return { kind: "unavailable", reason: started };
        one = started;
        all.add(one);
      }
      one.busy = true;
      clearTimeout(one.idle);
      const { requestId, payload, invokedFunctionArn, clientContext } = request;
      const deadline = Date.now() + timeoutMs;
      const order = { requestId, payload, deadline, invokedFunctionArn, ...(clientContext && { clientContext }) };
      const startedAt = performance.now();
      const outcome = await one.environment.invoke(order, timeoutMs);
      const durationMs = performance.now() - startedAt;
      one.busy = false;
      const ran = one;
      // Who has retired the key meanwhile has ended this one too.
      if (one.environment.ended || !held.get(key)?.has(one)) drop(key, one);
      else one.idle = setTimeout(() => drop(key, ran), idleMs).unref();
      return { ...outcome, environmentId: one.environment.id, durationMs, isCold };
    },
    retire,
    retireAll,
    async close() {
      retireAll();
      await launcher.close();
    },
  };
}
