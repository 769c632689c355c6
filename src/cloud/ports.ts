/** What the cloud needs of the machine, as interfaces: cli/ plugs host/ and dataplane/ in, tests plug in a simulated clock. */
import type { NetworkModel } from "../model/index.ts";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` once, not before `at` (milliseconds since the epoch). Returns how to call it off. */
  schedule(at: number, fire: () => void): () => void;
}

export interface RandomSource {
  bytes(count: number): Uint8Array;
}

/** One record of the durable state: `json: null` removes it. */
export interface StoredChange {
  readonly kind: string;
  readonly id: string;
  readonly json: string | null;
}

/** The durable layer. `commit` returns when the changes survive the end of the process, all or none of them. */
export interface Store {
  load(): Iterable<{ readonly kind: string; readonly id: string; readonly json: string }>;
  commit(changes: readonly StoredChange[]): void;
  readMeta(key: string): string | undefined;
  writeMeta(key: string, value: string): void;
  close(): void;
}

/** Bytes that are too many for records: bodies of S3's objects, code of functions. Ids are the cloud's: letters and digits. */
export interface Blobs {
  /** In its place, as a whole, when this returns. */
  write(id: string, bytes: Uint8Array): void;
  /** Throws when there is none. */
  read(id: string): Uint8Array;
  /** Nothing happens when there is none. */
  remove(id: string): void;
  ids(): Iterable<string>;
}

/** One call of a function. */
export interface FunctionRun {
  /** Calls with the same key may share a process, one after the other; no others do. */
  readonly key: string;
  /** Names the code: the same id is the same archive. */
  readonly codeId: string;
  /** A ZIP archive; asked for when it has not been unpacked yet. */
  code(): Uint8Array;
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invokedFunctionArn: string;
  /** JSON text. */
  readonly clientContext?: string;
  readonly timeoutMs: number;
  /** Variables of the process. `environmentId` is the process's own. */
  environment(environmentId: string): Readonly<Record<string, string>>;
}

export type FunctionOutcome =
  | {
      readonly kind: "result" | "error" | "timed-out";
      /** JSON text: what the handler gave, or the error. */
      readonly payload: string;
      /** What the function wrote. */
      readonly lines: readonly string[];
      readonly environmentId: string;
      readonly durationMs: number;
      /** Whether a process was started for it. */
      readonly isCold: boolean;
    }
  | { readonly kind: "unavailable"; readonly reason: string }
  | { readonly kind: "throttled" };

/** Where functions run. */
export interface Functions {
  /** Gets ready, so that the first call need not wait for that. */
  prepare(): void;
  /** Never rejects for what the function does. */
  invoke(run: FunctionRun): Promise<FunctionOutcome>;
  /** Ends the processes with this key. */
  retire(key: string): void;
}

export interface InstanceCommand {
  readonly instanceId: string;
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface InstanceCommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** A program with a terminal of its own in an instance. */
export interface ShellRequest {
  readonly instanceId: string;
  readonly argv: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly onOutput: (chunk: Buffer) => void;
}

/** A running shell. Calls after its end do nothing. */
export interface Shell {
  write(bytes: Buffer): void;
  resize(columns: number, rows: number): void;
  kill(): void;
  /** Resolves with the exit code after the last output; rejects when the shell could not be started. */
  readonly exit: Promise<number>;
}

/** Where the network becomes packets. `model` mode moves none: commands in instances are then refused by name. */
export interface DataPlane {
  readonly mode: "kernel" | "model";
  /** Brings the packets in line with the model; level-triggered. Resolves when this model, or a newer one, is in force. */
  reconcile(model: NetworkModel): Promise<void>;
  run(command: InstanceCommand): Promise<InstanceCommandResult>;
  /** Throws when the instance has no place for it at the moment. */
  startShell(request: ShellRequest): Shell;
}

/** How fast life cycles run: AWS's delays, a twentieth of them, or none. Deadlines (an unaccepted request's seven days) are never skipped. */
export type Pace = "instant" | "20x" | "real";
