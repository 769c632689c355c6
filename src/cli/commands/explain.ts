/** `causeway explain A B tcp/443`: whether it arrives and is answered, by AWS's rules, and if not, everything that stops it. */
import { readFileSync } from "node:fs";
import { type NetworkModel, snapshotFromJson } from "../../model/index.ts";
import { explain as explainFlow, explanationSchema } from "../../reachability/index.ts";
import { ask } from "../control-client.ts";
import { flowFromWords } from "../explain/flow-from-words.ts";
import { renderExplanation } from "../explain/render-explanation.ts";
import { print, printJson } from "../print.ts";
import { stateFolder } from "../state-folder.ts";
import { exitCode, UserError } from "../user-error.ts";

interface ExplainOptions {
  readonly ipv6?: boolean;
  readonly snapshot?: string;
  readonly state?: string;
  readonly json?: boolean;
  readonly schema?: boolean;
}

const widest = 100;

export async function explain(
  from: string | undefined,
  to: string | undefined,
  flow: string,
  { ipv6, snapshot, state, json, schema }: ExplainOptions,
): Promise<void> {
  if (schema) {
    printJson(explanationSchema());
    return;
  }
  if (from === undefined || to === undefined) {
    throw new UserError("ENDS", "Say between which two ends.", "For example: causeway explain web db tcp/5432");
  }
  const model = snapshot === undefined ? await modelOfCloud(state) : modelOfFile(snapshot);
  const explanation = explainFlow(model, flowFromWords(model, { from, to, flow, ipv6: ipv6 === true }));
  if (json) printJson(explanation);
  else {
    const width = Math.min(process.stdout.columns ?? widest, widest);
    for (const line of renderExplanation(explanation, model, { width })) print(line);
  }
  process.exitCode = { reachable: exitCode.yes, unreachable: exitCode.no, unknown: exitCode.unknown }[
    explanation.verdict
  ];
}

function modelOfCloud(state: string | undefined): Promise<NetworkModel> {
  return ask<NetworkModel>(stateFolder(state), { do: "model" });
}

/** The network of a snapshot file. Throws a `UserError` that says what is wrong with it, and where. */
function modelOfFile(path: string): NetworkModel {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError("SNAPSHOT", `The snapshot ${path} cannot be read: ${reason}.`, "Name a file that is there.");
  }
  const read = snapshotFromJson(text);
  if (read.ok) return read.model;
  const [first] = read.problems;
  const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more problems)` : "";
  throw new UserError(
    "SNAPSHOT",
    `${path} is not a snapshot of a network: ${first?.path ? `${first.path}: ` : ""}${first?.message ?? ""}${more}.`,
    "`causeway snapshot` writes one.",
  );
}
