/** `causeway fix A B tcp/443`: the fewest settings that open the flow, as commands and templates; `--apply` makes them in the running cloud. */
import type { NetworkModel } from "../../model/index.ts";
import {
  changesOf,
  type Explanation,
  explain,
  type Fix,
  fix as findFix,
  type NetworkChange,
  openedBy,
} from "../../reachability/index.ts";
import { createApiClient } from "../api/api-client.ts";
import { flowFromWords } from "../explain/flow-from-words.ts";
import { type Applied, type Applying, applyFix } from "../fix/apply-fix.ts";
import { cloudFormation } from "../fix/cloudformation.ts";
import { commandLines } from "../fix/command-lines.ts";
import { appliedLines, madeLines, renderFix } from "../fix/render-fix.ts";
import { terraform } from "../fix/terraform.ts";
import { modelInQuestion, modelOfCloud } from "../model-in-question.ts";
import { print, printJson } from "../print.ts";
import { readRunning, stateFolder } from "../state-folder.ts";
import { exitCode, UserError } from "../user-error.ts";

interface FixOptions {
  readonly ipv6?: boolean;
  readonly as?: keyof typeof forms;
  readonly apply?: boolean;
  readonly snapshot?: string;
  readonly state?: string;
  readonly json?: boolean;
}

const forms = { cli: commandLines, cloudformation: cloudFormation, terraform } as const;

const exitCodes = {
  reachable: exitCode.yes,
  fixable: exitCode.yes,
  "not-fixable": exitCode.no,
  unknown: exitCode.unknown,
} as const;

export async function fix(from: string, to: string, flow: string, options: FixOptions): Promise<void> {
  const { ipv6, as, apply, snapshot, state, json } = options;
  checkOptions(options);
  const model = await modelInQuestion({ snapshot, state });
  const found = findFix(model, flowFromWords(model, { from, to, flow, ipv6: ipv6 === true }));
  process.exitCode = exitCodes[found.outcome];
  if (as !== undefined) printForm(found, model, as);
  else if (apply && found.outcome === "fixable") await applyAndTell(found, model, options);
  else tell(found, model, json === true);
}

function checkOptions({ as, apply, snapshot, json }: FixOptions): void {
  if (apply && snapshot !== undefined) {
    throw new UserError(
      "APPLY_SNAPSHOT",
      "--apply changes the running cloud, and --snapshot asks about a file.",
      "Leave one of them away; without --apply the commands are printed.",
    );
  }
  if (as !== undefined && (apply || json)) {
    throw new UserError(
      "AS",
      `--as ${as} prints the changes and nothing else.`,
      `Leave ${apply ? "--apply" : "--json"} away, or --as.`,
    );
  }
}

/** Only what can be used as it is; whatever is to be said besides goes to standard error. */
function printForm(found: Fix, model: NetworkModel, as: keyof typeof forms): void {
  if (found.outcome === "fixable") for (const line of forms[as](changesOf(found.steps))) print(line);
  else for (const line of renderFix(found, undefined, { model, width: width() })) process.stderr.write(`${line}\n`);
}

function tell(found: Fix, model: NetworkModel, json: boolean): void {
  const opened = found.outcome === "fixable" ? openedBy(model, found) : undefined;
  if (!json) {
    for (const line of renderFix(found, opened, { model, width: width() })) print(line);
    return;
  }
  const changes = found.outcome === "fixable" ? changesOf(found.steps) : undefined;
  printJson({
    ...found,
    ...(opened !== undefined && { opened }),
    ...(changes !== undefined && {
      as: Object.fromEntries(Object.entries(forms).map(([form, lines]) => [form, lines(changes)])),
    }),
  });
}

const widest = 100;

function width(): number {
  return Math.min(process.stdout.columns ?? widest, widest);
}

type Fixable = Extract<Fix, { outcome: "fixable" }>;

async function applyAndTell(found: Fixable, model: NetworkModel, { state, json }: FixOptions): Promise<void> {
  const rendering = { model, width: width() };
  const applied = await inCloud(changesOf(found.steps), state, (change) => {
    if (!json) for (const line of madeLines(change, rendering)) print(line);
  });
  const now = await modelOfCloud(state);
  const after = explain(now, found.before.flow);
  if (applied.refused !== undefined) process.exitCode = exitCode.no;
  else process.exitCode = exitCodeOf(after);
  if (json) printJson({ ...found, after, applied });
  else for (const line of appliedLines(found, applied, after, { ...rendering, model: now })) print(line);
}

function exitCodeOf({ verdict }: Explanation): number {
  return { reachable: exitCode.yes, unreachable: exitCode.no, unknown: exitCode.unknown }[verdict];
}

async function inCloud(
  changes: readonly NetworkChange[],
  state: string | undefined,
  onMade: Applying["onMade"],
): Promise<Applied> {
  const folder = stateFolder(state);
  const running = readRunning(folder);
  if (running === undefined) {
    throw new UserError("NOT_RUNNING", `The cloud on ${folder.path} ended meanwhile.`, "Start it with `causeway up`.");
  }
  const endpoint = `http://127.0.0.1:${running.port}`;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt);
  try {
    const { signal } = interrupted;
    const clientAt: Applying["clientAt"] = ({ ownerId: account, region }) =>
      createApiClient({ endpoint, account, region, signal });
    return await applyFix(changes, { clientAt, signal, onMade });
  } finally {
    process.off("SIGINT", interrupt);
  }
}
