/** What engine and kernel differ about, as a `.net` case that can be saved in test/cases and run: what the kernel did is what it expects. */
import type { NetworkModel } from "../../src/model/index.ts";
import type { Explanation, Flow } from "../../src/reachability/index.ts";
import { netCaseOf, questionOf, verdictWords } from "../../src/testing/index.ts";

export interface Disagreement {
  readonly flow: Flow;
  readonly explanation: Explanation;
  /** By the kernel. */
  readonly answered: boolean;
}

export function disagreementText(model: NetworkModel, disagreements: readonly Disagreement[]): string {
  const title = [
    "Engine and kernel differ. The verdicts below are the kernel's; the engine says:",
    ...disagreements.map(({ flow, explanation }) => `${questionOf(flow)} ${verdictWords(explanation)}`),
    ...disagreements.slice(0, 1).map(({ explanation }) => `by way of ${wayOf(explanation)}`),
  ].join("\n");
  const questions = disagreements.map(({ flow, answered }) => ({
    flow,
    expected: answered ? "reachable" : "unreachable",
  }));
  return `save this as test/cases/NAME.net, and say which rule it is about:\n\n${netCaseOf(model, questions, { title })}`;
}

function wayOf({ forward, return: back }: Explanation): string {
  return [...forward, ...back]
    .map(({ component, blocked }) => `${component}${blocked ? `!${blocked.code}` : ""}`)
    .join(" > ");
}
