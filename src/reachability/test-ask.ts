/** Questions as tests write them: `app -> db tcp/443`, and answers as they read them. */
import type { NetworkModel } from "../model/index.ts";
import { flowOf, reasonWords, type TestNetwork } from "../testing/index.ts";
import { explain } from "./explain.ts";
import type { Explanation } from "./explanation.ts";
import { explanationProblems } from "./explanation-shape.ts";

/** The verdict when nothing blocks and all is known; else every blocker in order, then what is unknown. */
export function ask(network: TestNetwork | NetworkModel, question: string): string {
  return inWords(answer(network, question));
}

/** Of every answer it is seen that it has the shape that programs are told of. */
export function answer(network: TestNetwork | NetworkModel, question: string): Explanation {
  const explanation = explain("model" in network ? network.model() : network, flowOf(question));
  const problems = explanationProblems(JSON.parse(JSON.stringify(explanation)));
  if (problems.length > 0) throw new Error(`bug: not an explanation's shape: ${JSON.stringify(problems)}`);
  return explanation;
}

function inWords(explanation: Explanation): string {
  return explanation.verdict === "reachable" ? explanation.verdict : reasonWords(explanation);
}
