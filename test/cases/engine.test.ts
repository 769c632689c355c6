/** The cases, asked of the engine. `node scripts/update-cases.mjs` writes what it says into them; the difference is for a reviewer to read. */
import { describe, expect, test } from "vitest";
import { validateNetworkModel } from "../../src/model/index.ts";
import { answerNetCase } from "../../src/testing/index.ts";
import { caseFiles } from "./case-files.ts";

describe.each(caseFiles().map((each) => [each.file, each] as const))("%s", (_file, each) => {
  const answers = answerNetCase(each);

  test("the network holds together", () => {
    expect(validateNetworkModel(each.model)).toEqual([]);
  });

  test.each(answers.map((answer) => [nameOf(answer), answer] as const))("%s", (_name, answer) => {
    const { question, words, isExpected } = answer;
    // A verdict without reasons takes any.
    expect(isExpected ? question.expected : words).toBe(question.expected);
  });
});

function nameOf({ question: { rules, text, line } }: ReturnType<typeof answerNetCase>[number]): string {
  return `${rules.map((rule) => `[${rule}] `).join("")}${text} (line ${line})`;
}
