/** A model and questions about it as a `.net` text that can be saved, read and run. */
import type { NetworkModel } from "../../model/index.ts";
import { explain, type Flow } from "../../reachability/index.ts";
import { parseNetCase } from "./net-case.ts";
import { printNetwork } from "./print-network.ts";
import { questionOf, verdictWords } from "./question.ts";

export interface NetCaseOptions {
  /** The comment at the head; lines are kept. */
  readonly title?: string;
  readonly rules?: readonly string[];
}

/** With the engine's verdicts. What the language has no words for is left out, and a comment says where that changes a verdict. */
export function netCaseOf(
  model: NetworkModel,
  flows: readonly Flow[],
  { title, rules = [] }: NetCaseOptions = {},
): string {
  const head = (title ?? "").split("\n").filter((line) => line !== "");
  const network = printNetwork(model);
  const asked = flows.map((flow) => `${questionOf(flow)} ${verdictWords(explain(model, flow))}`);
  const lines = [
    ...head.map((line) => `# ${line}`),
    ...network,
    "",
    ...(rules.length === 0 ? [] : [`rule: ${rules.map((rule) => `[${rule}]`).join(" ")}`]),
    ...asked,
  ];
  const text = `${lines.join("\n")}\n`;
  return isSaid(text)
    ? text
    : `${text}# The language has no words for something of this network: read back, a verdict is another one.\n`;
}

function isSaid(text: string): boolean {
  const result = parseNetCase(text);
  if ("problems" in result) return false;
  const { model, questions } = result.case;
  return questions.every(({ flow, expected }) => verdictWords(explain(model, flow)) === expected);
}
