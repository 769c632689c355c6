/** `causeway explain A B tcp/443`: whether it arrives and is answered, by AWS's rules, and if not, everything that stops it. */
import { explain as explainFlow, explanationSchema } from "../../reachability/index.ts";
import { flowFromWords } from "../explain/flow-from-words.ts";
import { renderExplanation } from "../explain/render-explanation.ts";
import { modelInQuestion } from "../model-in-question.ts";
import { print, printJson } from "../print.ts";
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
  const model = await modelInQuestion({ snapshot, state });
  const explanation = explainFlow(model, flowFromWords(model, { from, to, flow, ipv6: ipv6 === true }));
  if (json) printJson(explanation);
  else {
    const width = Math.min(process.stdout.columns ?? widest, widest);
    for (const line of renderExplanation(explanation, model, { width })) print(line);
    if (explanation.verdict === "unreachable")
      print(`\n  \`${fixCommand(from, to, flow, { ipv6, snapshot })}\` says what opens it.`);
  }
  process.exitCode = { reachable: exitCode.yes, unreachable: exitCode.no, unknown: exitCode.unknown }[
    explanation.verdict
  ];
}

/** The same question, to `causeway fix`. */
function fixCommand(from: string, to: string, flow: string, { ipv6, snapshot }: ExplainOptions): string {
  const words = [from, to, ...(flow === "icmp" ? [] : [flow]), ...(ipv6 ? ["--ipv6"] : [])];
  return ["causeway fix", ...words, ...(snapshot === undefined ? [] : ["--snapshot", snapshot])].join(" ");
}
