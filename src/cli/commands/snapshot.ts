/** `causeway snapshot`: a network as one JSON file, from the local cloud, a live account or a folder of answers, and what is not known of it. */
import { writeFileSync } from "node:fs";
import { snapshotPolicy } from "../../collect/index.ts";
import { type NetworkModel, snapshotToJson } from "../../model/index.ts";
import { print, printJson, progress, styled } from "../print.ts";
import { fromAws, fromFolder, fromLocalCloud, type Taken } from "../snapshot-sources.ts";
import { exitCode, UserError } from "../user-error.ts";

interface SnapshotOptions {
  readonly out?: string;
  readonly from: string;
  readonly profile?: string;
  readonly role?: string;
  readonly regions?: string;
  readonly answers?: string;
  readonly policy?: boolean;
  readonly state?: string;
  readonly json?: boolean;
}

export async function snapshot(options: SnapshotOptions): Promise<void> {
  if (options.policy) {
    printJson(snapshotPolicy);
    return;
  }
  const taken = await take(options);
  write(taken.model, options.out);
  if (options.out !== undefined && options.json) printJson({ out: options.out, ...summaryOf(taken) });
  else if (!options.json) tell(taken, options.out);
  if (taken.problems.length > 0 || taken.refused.length > 0) process.exitCode = exitCode.unknown;
}

async function take(options: SnapshotOptions): Promise<Taken> {
  const { from, profile, role, regions, answers, state } = options;
  if (from !== "aws" && (profile ?? role ?? regions ?? answers) !== undefined) {
    throw new UserError(
      "ONLY_AWS",
      "--profile, --role, --regions and --answers are for live accounts.",
      "Add --from aws, or leave them out.",
    );
  }
  if (from === "local") return fromLocalCloud(state);
  if (from !== "aws") return fromFolder(from);
  const accounts = { profiles: words(profile), roles: words(role), regions: regionsOf(regions), answers };
  let last = "asking whose account it is";
  return slowly(
    () => `reading AWS: ${last}`,
    () =>
      fromAws(accounts, (event) => {
        const wait = event.kind === "waiting" ? `, which asks to wait ${(event.ms / 1000).toFixed(1)} s` : "";
        last = `${event.account} ${event.region} ${event.action}${wait}`;
      }),
  );
}

function words(list: string | undefined): readonly string[] {
  return (list ?? "").split(",").filter((each) => each !== "");
}

function regionsOf(list: string | undefined): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const regions = words(list);
  const wrong = regions.find((each) => !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(each));
  if (wrong !== undefined || regions.length === 0) {
    throw new UserError(
      "REGION",
      `'${wrong ?? list}' is not a Region.`,
      "Give some such as --regions us-east-1,eu-west-1.",
    );
  }
  return regions;
}

/** What takes more than a second says what it does. */
async function slowly<T>(text: () => string, work: () => Promise<T>): Promise<T> {
  let line: ReturnType<typeof progress> | undefined;
  const timer = setTimeout(() => {
    line = progress(text);
  }, 1_000);
  try {
    const result = await work();
    line?.done("read");
    return result;
  } catch (error) {
    line?.fail(text());
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function write(model: NetworkModel, out: string | undefined): void {
  if (out === undefined) {
    process.stdout.write(snapshotToJson(model));
    return;
  }
  try {
    writeFileSync(out, snapshotToJson(model));
  } catch (error) {
    throw new UserError("OUT", `${out} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

function summaryOf({ model, problems, refused }: Taken) {
  const { version: _version, unknowns, ...collections } = model;
  const things = Object.entries(collections);
  const scopes = model.vpcs.map(({ ownerId, region }) => ({ ownerId, region }));
  return {
    accounts: [...new Set(scopes.map(({ ownerId }) => ownerId))],
    regions: [...new Set(scopes.map(({ region }) => region))],
    counts: Object.fromEntries(things.map(([kind, list]) => [kind, list.length])),
    unknowns,
    problems,
    refused,
  };
}

const shownAtMost = 20;

/** Where the snapshot itself is on standard output, people are told on the other one. */
function tell(taken: Taken, out: string | undefined): void {
  const say = out === undefined ? (line: string) => process.stderr.write(`${line}\n`) : print;
  const { accounts, regions, counts, unknowns, problems, refused } = summaryOf(taken);
  const some = Object.entries(counts).flatMap(([kind, count]) => (count === 0 ? [] : [`${count} ${inWords(kind)}`]));
  say(`${styled("green", "✔")} ${out ?? "snapshot"}: ${some.join(", ") || "an empty network"}`);
  say(`  ${plural(accounts.length, "account")}, ${plural(regions.length, "Region")}`);
  list(
    "Passed over",
    problems.map(({ file, path, message }) => `${file}${path && ` ${path}`}: ${message}`),
  );
  list("Refused", refused);
  list(
    "Not known",
    unknowns.map(({ id, reason }) => `${id}: ${reason}`),
  );

  function list(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    say(`${styled("yellow", title)} (${lines.length})`);
    for (const line of lines.slice(0, shownAtMost)) say(`  ${line}`);
    if (lines.length > shownAtMost) say(`  … and ${lines.length - shownAtMost} more: --json tells all`);
  }
}

/** `natGateways` are `nat gateways`. */
function inWords(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
