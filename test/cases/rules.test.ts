/** Every rule that concerns reachability has a case that passes and one that blocks, and every rule of a case is in the list. */
import { describe, expect, test } from "vitest";
import { caseFiles } from "./case-files.ts";
import { otherRules, reachabilityRules } from "./rules.ts";

const questions = caseFiles().flatMap(({ questions: own }) => own);

describe.each(reachabilityRules)("[%s]", (rule) => {
  test.each(["reachable", "unreachable"])("has a question that is %s", (verdict) => {
    const about = questions.filter(({ rules, expected }) => rules.includes(rule) && expected.split(" ")[0] === verdict);
    expect(about.length).toBeGreaterThan(0);
  });
});

test("a case names no rule that the list does not have", () => {
  const named = new Set(questions.flatMap(({ rules }) => rules));
  expect([...named].filter((rule) => !reachabilityRules.includes(rule))).toEqual([]);
});

test("no rule is in the list twice, or both in and out", () => {
  const all = [...reachabilityRules, ...otherRules.flatMap(({ rules }) => rules.split(" "))];
  expect(all.filter((rule, index) => all.indexOf(rule) !== index)).toEqual([]);
});

test("every question is about a rule", () => {
  expect(questions.filter(({ rules }) => rules.length === 0).map(({ text }) => text)).toEqual([]);
});
