/** A disagreement is printed as a case that reads, runs, and fails as the engine stands: with the kernel's verdict for the expected one. */
import { expect, test } from "vitest";
import { explain } from "../../src/reachability/index.ts";
import { answerNetCase, flowOf, parseNetCase, testNetwork } from "../../src/testing/index.ts";
import { disagreementText } from "./disagreement.ts";

test("what is printed can be saved and run", () => {
  const network = testNetwork();
  network.subnet(network.vpc("a", "10.0.0.0/16"), "10.0.1.0/24");
  network.instance("one", "vpc-a", "10.0.1.10");
  network.instance("two", "vpc-a", "10.0.1.11");
  const model = network.model();
  const flow = flowOf("one -> 10.0.1.11 tcp/443");
  const text = disagreementText(model, [{ flow, explanation: explain(model, flow), answered: false }]);
  const saved = text.slice(text.indexOf("\n\n") + 2);
  const result = parseNetCase(saved);
  expect(result).not.toHaveProperty("problems");
  const answers = "case" in result ? answerNetCase(result.case) : [];
  expect(
    answers.map(({ question, words, isExpected }) => [question.text, question.expected, words, isExpected]),
  ).toEqual([["one -> 10.0.1.11 tcp/443", "unreachable", "reachable", false]]);
  expect(saved).toContain("# one -> 10.0.1.11 tcp/443 reachable");
});
