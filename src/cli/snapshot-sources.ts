/** Where a snapshot can come from: the running local cloud, a live account, or a folder of describe-* answers. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CannotRead,
  type CollectEvent,
  type CollectedFile,
  collect,
  loadSdk,
  type Reader,
  sdkPackages,
  sdkReader,
} from "../collect/index.ts";
import { type IngestResult, ingestDescribeAnswers } from "../ingest/index.ts";
import type { NetworkModel } from "../model/index.ts";
import { ask } from "./control-client.ts";
import { stateFolder } from "./state-folder.ts";
import { UserError } from "./user-error.ts";

/** A model, and what could not be read for it. */
export interface Taken extends IngestResult {
  /** Calls that AWS refused. */
  readonly refused: readonly string[];
}

/** The cloud's own state: nothing has to be read. */
export async function fromLocalCloud(state: string | undefined): Promise<Taken> {
  const model = await ask<NetworkModel>(stateFolder(state), { do: "model" });
  return { model, problems: [], refused: [] };
}

export function fromFolder(folder: string): Taken {
  const files = answerFiles(folder);
  const taken = ingestDescribeAnswers(files);
  if (files.length === 0) {
    throw new UserError(
      "NO_ANSWERS",
      `There are no .json files in ${folder}.`,
      "Put answers of the AWS CLI there, e.g. `aws ec2 describe-vpcs > 111111111111/eu-west-1/Vpcs.json`.",
    );
  }
  return { ...taken, refused: [] };
}

function answerFiles(folder: string): CollectedFile[] {
  try {
    if (!statSync(folder).isDirectory()) throw notAFolder(folder, "it is a file");
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => ({ path: relative(folder, path).split(sep).join("/"), text: readFileSync(path, "utf8") }));
  } catch (error) {
    if (error instanceof Error && "code" in error && !(error instanceof UserError)) {
      throw notAFolder(folder, error.message);
    }
    throw error;
  }
}

function notAFolder(folder: string, why: string): UserError {
  return new UserError(
    "NO_FOLDER",
    `${folder} cannot be read as a folder of answers: ${why}`,
    "--from takes local, aws, or a folder with answers of `aws ec2 describe-…`.",
  );
}

export interface LiveAccounts {
  readonly profiles: readonly string[];
  readonly roles: readonly string[];
  /** Undefined for all that are enabled. */
  readonly regions: readonly string[] | undefined;
  /** A folder to keep the answers in. */
  readonly answers: string | undefined;
}

export async function fromAws(accounts: LiveAccounts, onEvent: (event: CollectEvent) => void): Promise<Taken> {
  const refused: string[] = [];
  const files = await collectFiles(await readersOf(accounts), accounts.regions, (event) => {
    if (event.kind === "refused") refused.push(`${event.action} in ${event.account}/${event.region}: ${event.reason}`);
    onEvent(event);
  });
  if (accounts.answers !== undefined) keep(files, accounts.answers);
  return { ...ingestDescribeAnswers(files), refused };
}

async function collectFiles(
  readers: readonly Reader[],
  regions: readonly string[] | undefined,
  onEvent: (event: CollectEvent) => void,
): Promise<readonly CollectedFile[]> {
  try {
    return await collect({ readers, regions, waiting: { sleep, random: Math.random }, onEvent });
  } catch (error) {
    if (!(error instanceof CannotRead)) throw error;
    throw new UserError(
      "AWS",
      `The account cannot be read: ${error.message}`,
      "`aws sts get-caller-identity`, with the same --profile, tells whether the credentials work.",
    );
  }
}

/** One reader for each profile; with roles, one for each role, which the first profile assumes. */
async function readersOf({ profiles, roles }: LiveAccounts): Promise<readonly Reader[]> {
  const sdk = await loadSdk();
  if (sdk === undefined) {
    throw new UserError(
      "NO_SDK",
      "Live accounts are read through the AWS SDK, which is not installed beside causeway.",
      `Install it: npm install ${sdkPackages.join(" ")}`,
    );
  }
  const [first] = profiles;
  const own = first === undefined ? {} : { profile: first };
  if (roles.length > 0) return roles.map((roleArn) => sdkReader(sdk, { ...own, roleArn }));
  return profiles.length === 0 ? [sdkReader(sdk, {})] : profiles.map((profile) => sdkReader(sdk, { profile }));
}

function keep(files: readonly CollectedFile[], folder: string): void {
  for (const { path, text } of files) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
}
