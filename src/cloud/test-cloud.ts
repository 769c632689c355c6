/** A whole cloud for tests: simulated clock, seeded ids, a store in memory that can be opened again as after a restart. */
import type { NetworkModel } from "../model/index.ts";
import { type Cloud, createCloud } from "./cloud.ts";
import type {
  Blobs,
  Clock,
  FunctionOutcome,
  FunctionRun,
  InstanceCommand,
  InstanceCommandResult,
  Pace,
  Shell,
  ShellRequest,
  Store,
  StoredChange,
} from "./ports.ts";
import { isServiceName } from "./services/registry.ts";

export interface TestCaller {
  readonly account?: string;
  readonly region?: string;
  readonly service?: string;
}

export interface TestCloud {
  /**
   * Calls an operation and answers its output, typed by the caller: `await call<DescribeVpcsCommandOutput>("DescribeVpcs", {})`.
   * Throws what the API would refuse with.
   */
  call<Output = Record<string, unknown>>(operation: string, input?: object, caller?: TestCaller): Output;
  /** Lets time pass, in milliseconds; what is due on the way happens at its own time. */
  advance(ms: number): void;
  now(): number;
  model(): NetworkModel;
  /** The commands that were run in instances, oldest first. */
  readonly commands: InstanceCommand[];
  /** The shells that were started in instances, oldest first. */
  readonly shells: TestShell[];
  /** Ends this cloud without warning and opens another one on the same store. */
  restart(): void;
  readonly cloud: Cloud;
  /** The calls of functions, oldest first. */
  readonly functionRuns: FunctionRun[];
  /** Keys whose processes were ended. */
  readonly retired: string[];
  /** The blobs that are there, by id. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** Faults that were reported; a test may expect none. */
  readonly faults: string[];
}

/** A shell that does what the test says. */
export interface TestShell extends Shell {
  readonly request: ShellRequest;
  /** What was typed into it so far. */
  typed(): string;
  readonly sizes: { readonly columns: number; readonly rows: number }[];
  isKilled(): boolean;
  finish(exitCode: number): void;
  fail(error: Error): void;
}

export interface TestCloudOptions {
  readonly mode?: "kernel" | "model";
  readonly pace?: Pace;
  readonly userData?: "run" | "ignore";
  readonly seed?: number;
  /** How far the clock moves by itself whenever it is read, in milliseconds. */
  readonly tickMs?: number;
  readonly runFunction?: (run: FunctionRun) => Promise<FunctionOutcome>;
  readonly run?: (command: InstanceCommand) => Promise<InstanceCommandResult>;
}

export const accountA = "111111111111";
export const accountB = "222222222222";

export function testCloud(options: TestCloudOptions = {}): TestCloud {
  const clock = simulatedClock(Date.UTC(2026, 0, 1), options.tickMs);
  const store = memoryStore();
  const blobs = new Map<string, Uint8Array>();
  const random = { bytes: seededBytes(options.seed ?? 1) };
  const commands: InstanceCommand[] = [];
  const shells: TestShell[] = [];
  const faults: string[] = [];
  const functionRuns: FunctionRun[] = [];
  const retired: string[] = [];
  const succeedFunction = async (run: FunctionRun): Promise<FunctionOutcome> => ({
    kind: "result",
    payload: run.payload,
    lines: [],
    environmentId: "0".repeat(32),
    durationMs: 1,
    isCold: true,
  });
  const succeed = async (): Promise<InstanceCommandResult> => ({
    exitCode: 0,
    stdout: "",
    stderr: "",
    timedOut: false,
  });

  const open = (): Cloud =>
    createCloud({
      clock,
      random,
      store,
      blobs: memoryBlobs(blobs),
      functions: {
        prepare: () => {},
        invoke: (run) => {
          functionRuns.push(run);
          return (options.runFunction ?? succeedFunction)(run);
        },
        retire: (key) => retired.push(key),
      },
      pace: options.pace ?? "instant",
      settings: { userData: options.userData ?? "ignore", endpoint: "http://127.0.0.1:4566" },
      dataPlane: {
        mode: options.mode ?? "kernel",
        reconcile: async () => {},
        run: (command) => {
          commands.push(command);
          return (options.run ?? succeed)(command);
        },
        startShell(request) {
          const shell = testShell(request);
          shells.push(shell);
          return shell;
        },
      },
      onFault: (message, error) => faults.push(`${message}: ${error}`),
    });
  let cloud = open();

  return {
    call<Output>(
      operation: string,
      input: object = {},
      { account = accountA, region = "us-east-1", service = "ec2" }: TestCaller = {},
    ) {
      if (!isServiceName(service)) throw new Error(`bug: no service ${service}`);
      // The test names the output type that belongs to the operation it calls.
      return cloud.call({ service, operation, input, accessKeyId: account, region }) as Output;
    },
    advance: clock.advance,
    now: clock.now,
    model: () => cloud.model(),
    commands,
    shells,
    restart() {
      cloud.stop();
      cloud = open();
    },
    get cloud() {
      return cloud;
    },
    functionRuns,
    retired,
    blobs,
    faults,
  };
}

/** A shell that ends when the test says so, or when it is killed. */
export function testShell(request: ShellRequest): TestShell {
  const typed: Buffer[] = [];
  const sizes: { readonly columns: number; readonly rows: number }[] = [];
  let killed = false;
  let finish: (exitCode: number) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const exit = new Promise<number>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return {
    request,
    exit,
    sizes,
    typed: () => Buffer.concat(typed).toString("utf8"),
    isKilled: () => killed,
    write: (bytes) => typed.push(bytes),
    resize: (columns, rows) => sizes.push({ columns, rows }),
    kill() {
      killed = true;
      finish(137);
    },
    finish: (exitCode) => finish(exitCode),
    fail: (error) => fail(error),
  };
}

interface SimulatedClock extends Clock {
  advance(ms: number): void;
}

function simulatedClock(start: number, tickMs = 0): SimulatedClock {
  let now = start;
  let order = 0;
  const alarms = new Map<number, { readonly at: number; readonly fire: () => void }>();
  return {
    now() {
      now += tickMs;
      return now;
    },
    schedule(at, fire) {
      const id = order++;
      alarms.set(id, { at, fire });
      return () => alarms.delete(id);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...alarms]
          .filter(([, alarm]) => alarm.at <= end)
          .sort(([a, x], [b, y]) => x.at - y.at || a - b);
        if (next === undefined) break;
        alarms.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].fire();
      }
      now = end;
    },
  };
}

function memoryStore(): Store {
  const rows = new Map<string, { kind: string; id: string; json: string }>();
  const meta = new Map<string, string>();
  return {
    load: () => [...rows.values()],
    commit(changes: readonly StoredChange[]) {
      for (const { kind, id, json } of changes) {
        if (json === null) rows.delete(`${kind} ${id}`);
        else rows.set(`${kind} ${id}`, { kind, id, json });
      }
    },
    readMeta: (key) => meta.get(key),
    writeMeta: (key, value) => meta.set(key, value),
    close: () => {},
  };
}

function memoryBlobs(blobs: Map<string, Uint8Array>): Blobs {
  return {
    write: (id, bytes) => blobs.set(id, Uint8Array.from(bytes)),
    read(id) {
      const bytes = blobs.get(id);
      if (bytes === undefined) throw new Error(`bug: no blob ${id}`);
      return bytes;
    },
    remove: (id) => blobs.delete(id),
    ids: () => blobs.keys(),
  };
}

/** mulberry32: small, and the same on every machine. */
function seededBytes(seed: number): (count: number) => Uint8Array {
  let state = seed >>> 0;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return (mixed ^ (mixed >>> 14)) & 0xff;
    });
}
