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

export interface AskedQuestion {
  readonly flow: Flow;
  /** What is expected; what the engine says when left out. */
  readonly expected?: string;
}

/** What the language has no words for is left out, and a comment says where that changes a verdict. */
export function netCaseOf(
  model: NetworkModel,
  questions: readonly AskedQuestion[],
  { title, rules = [] }: NetCaseOptions = {},
): string {
  const head = (title ?? "").split("\n").filter((line) => line !== "");
  const network = printNetwork(model);
  const said = questions.map(({ flow }) => verdictWords(explain(model, flow)));
  const asked = questions.map(({ flow, expected }, index) => `${questionOf(flow)} ${expected ?? said[index]}`);
  const lines = [
    ...head.map((line) => `# ${line}`),
    ...network,
    "",
    ...(rules.length === 0 ? [] : [`rule: ${rules.map((rule) => `[${rule}]`).join(" ")}`]),
    ...asked,
  ];
  const text = `${lines.join("\n")}\n`;
  return isSaid(text, said)
    ? text
    : `${text}# The language has no words for something of this network: read back, a verdict is another one.\n`;
}

function isSaid(text: string, said: readonly string[]): boolean {
  const result = parseNetCase(text);
  if ("problems" in result) return false;
  const { model, questions } = result.case;
  return questions.every(({ flow }, index) => verdictWords(explain(model, flow)) === said[index]);
}
