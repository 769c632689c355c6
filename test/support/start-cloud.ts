/** A cloud of its own for a test file: the built command, as users start it, on a temporary folder and any free port. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PingResult, StatusResult } from "../../src/cli/control-protocol.ts";
import { type BuiltCommand, buildCommand } from "../built-command.ts";
import { type Ran, run } from "./run.ts";

export interface TestCloud {
  readonly endpoint: string;
  /** The folder that holds the cloud's state and whatever a test wants to put beside it. */
  readonly folder: string;
  readonly state: string;
  /** The command's file, for who starts it in another way than `causeway` below. */
  readonly commandPath: string;
  readonly status: StatusResult;
  /** True when packets flow on this machine. */
  readonly packets: boolean;
  /** What points a client at the cloud; nothing of the user's own AWS settings is left in it. */
  env(account?: string, region?: string): NodeJS.ProcessEnv;
  /** Runs `causeway WORDS --state …`, without the user's AWS settings unless others are given. */
  causeway(words: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<Ran>;
  /** Replies to `count` pings from one instance to another, or to an address. */
  ping(from: string, to: string, count?: number, options?: readonly string[]): Promise<number>;
  /** Runs a command in an instance. */
  exec(instance: string, ...words: readonly string[]): Promise<Ran>;
  stop(): Promise<void>;
}

export interface CloudOptions {
  readonly pace?: "instant" | "20x" | "real";
  readonly packets?: "auto" | "kernel" | "model";
  readonly seed?: number;
  /** Any free one when not given. */
  readonly port?: number;
}

export async function startCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const command = await buildCommand();
  const folder = mkdtempSync(join(tmpdir(), "causeway-test-"));
  const state = join(folder, "state");
  try {
    const status = await up(command, state, options);
    return cloudOf(command, folder, state, status);
  } catch (error) {
    command.remove();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a cloud in the background on a folder. Throws with what the command said when it does not start. */
export async function up(command: BuiltCommand, state: string, options: CloudOptions = {}): Promise<StatusResult> {
  const words = ["up", "--detach", "--json", "--port", String(options.port ?? 0), "--state", state];
  if (options.pace !== undefined) words.push("--pace", options.pace);
  if (options.packets !== undefined) words.push("--packets", options.packets);
  if (options.seed !== undefined) words.push("--seed", String(options.seed));
  const ran = await run(process.execPath, [command.path, ...words], { env: cleanEnvironment() });
  if (ran.status !== 0) throw new Error(`the cloud did not start (${ran.status}): ${ran.stderr}${logOf(state)}`);
  // `up --json` prints this type.
  return JSON.parse(ran.stdout) as StatusResult;
}

function cloudOf(command: BuiltCommand, folder: string, state: string, status: StatusResult): TestCloud {
  const causeway = (words: readonly string[], input?: string, env = cleanEnvironment()): Promise<Ran> => {
    const [name = "status", ...rest] = words;
    return run(process.execPath, [command.path, name, "--state", state, ...rest], {
      env,
      ...(input !== undefined && { input }),
    });
  };
  return {
    endpoint: status.endpoint,
    folder,
    state,
    commandPath: command.path,
    status,
    packets: status.packets.mode === "kernel",
    env: (account = "000000000000", region = "us-east-1") =>
      clientEnvironment(folder, status.endpoint, account, region),
    causeway,
    async ping(from, to, count = 1, options = []) {
      const ran = await causeway(["ping", from, to, "--json", "-c", String(count), ...options]);
      if (ran.status !== 0 && ran.status !== 1) throw new Error(`ping ${from} ${to}: ${ran.stderr}`);
      // `ping --json` prints this type.
      return (JSON.parse(ran.stdout) as PingResult).received;
    },
    exec: (instance, ...words) => causeway(["exec", instance, "--", ...words]),
    async stop() {
      await causeway(["down"]);
      command.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** This process's environment without anything that would steer an AWS client or the command elsewhere. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|CAUSEWAY_)/.test(name)));
}

export function clientEnvironment(
  folder: string,
  endpoint: string,
  account: string,
  region: string,
): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "causeway",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
  };
}

function logOf(state: string): string {
  try {
    return readFileSync(join(state, "causeway.log"), "utf8");
  } catch (error) {
    return `(no log: ${error instanceof Error ? error.message : error})`;
  }
}
