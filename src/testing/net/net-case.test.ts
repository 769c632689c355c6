/** What a writer of `.net` text is told: where the mistake is, what it is, and what may stand there; and what becomes of each statement. */
import { describe, expect, test } from "vitest";
import { answerNetCase, type NetCase, parseNetCase, withVerdicts } from "./net-case.ts";
import { formatProblem } from "./problem.ts";

const network = `
vpc a 10.0.0.0/16
  subnet a1 10.0.1.0/24
    instance h 10.0.1.10`;

function problemsOf(text: string): readonly string[] {
  const result = parseNetCase(text);
  return "problems" in result ? result.problems.map(formatProblem) : [];
}

function caseOf(text: string): NetCase {
  const result = parseNetCase(text);
  if ("problems" in result) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.case;
}

describe("mistakes", () => {
  test.each([
    [
      "an unknown statement",
      "vcp a 10.0.0.0/16",
      'line 1, column 1: "vcp" is no statement that may stand here (allowed: vpc, ',
    ],
    [
      "a block without a length",
      "vpc a 10.0.0.0",
      'line 1, column 7: "10.0.0.0" cannot be the blocks (allowed: a CIDR block such as',
    ],
    ["nothing where a block should be", "vpc a", "line 1, column 7: blocks: something is missing"],
    [
      "an unknown option",
      "vpc a 10.0.0.0/16 regoin x",
      'line 1, column 19: "regoin" may not stand here (allowed: account (twelve digits), region',
    ],
    [
      "an option without its value",
      "vpc a 10.0.0.0/16 account 12",
      'line 1, column 27: "12" cannot be the account (allowed: twelve digits)',
    ],
    [
      "a statement below the wrong one",
      "vpc a 10.0.0.0/16\n  instance h 10.0.1.10",
      'line 2, column 3: "instance" is no statement that may stand here',
    ],
    [
      "something below what takes nothing",
      "peering a b\n  route x",
      'line 2, column 3: nothing may stand below "peering"',
    ],
    [
      "a name that nothing declares",
      "vpc a 10.0.0.0/16\npeering a b",
      "line 2, column 11: there is no vpc-b in this text (allowed: vpc-a)",
    ],
    [
      "a target that nothing declares",
      "vpc a 10.0.0.0/16\n  route 0.0.0.0/0 -> igw-a",
      "line 2, column 22: there is no igw-a in this text",
    ],
    [
      "two things of one name",
      "vpc a 10.0.0.0/16\nvpc a 10.1.0.0/16",
      "line 2, column 1: vpc-a is there already, in line 1",
    ],
    [
      "an address outside its subnet",
      network.replace("10.0.1.10", "10.0.2.10"),
      "line 4, column 5: 10.0.2.10 is not in 10.0.1.0/24",
    ],
    [
      "a subnet of two blocks",
      "vpc a 10.0.0.0/16\n  subnet x 10.0.1.0/24 10.0.2.0/24",
      "line 2, column 3: there is one too many",
    ],
    [
      "an instance without IPv4",
      "vpc a 10.0.0.0/16 2001:db8::/56\n  subnet x 10.0.1.0/24 2001:db8::/64\n    instance h 2001:db8::9",
      "line 3, column 5: something of IPv4 is missing",
    ],
    [
      "an indentation of no line above",
      "vpc a 10.0.0.0/16\n    acl x\n  acl y",
      "line 3, column 3: the indentation is that of no line above (allowed: 4 spaces)",
    ],
    ["a tab", "vpc a 10.0.0.0/16\n\tacl x", "line 2, column 1: a tab; indent with spaces"],
    [
      "a question without verdict",
      "h -> h icmp",
      "line 1, column 12: no verdict (allowed: reachable, unreachable, unknown)",
    ],
    ["a question without traffic", "h -> h", "line 1, column 7: what traffic? (allowed: icmp, icmp/3/4,"],
    ["a code that is none", "h -> h icmp unreachable NO_ROUTE at rtb-a", 'line 1, column 25: "NO_ROUTE" is no code'],
    ["an end that is none", "a/b -> h icmp reachable", 'line 1, column 1: "a/b" is no end of a flow'],
    ["a rule that is none", "rule: NA-3", "line 1, column 7: not a rule's id (allowed: ids such as [NA-3])"],
    ["a runner left out without a reason", "engine-only:", "line 1, column 13: why?"],
  ])("%s", (_what, text, expected) => {
    expect(problemsOf(text)[0]).toContain(expected);
  });

  test("all of them are told at once", () => {
    expect(problemsOf("vcp a\nvpc b 10\nh -> h")).toHaveLength(3);
  });

  test("what is said to be deleted need not be there", () => {
    const text =
      "vpc a 10.0.0.0/16\n  group g\n    in all sg-gone deleted\n  route 10.9.0.0/16 -> pcx-gone blackhole deleted";
    expect(problemsOf(text)).toEqual([]);
  });
});

test("the title, the rules of each question, and who leaves the case out", () => {
  const text = `# Two lines
# of title.
engine-only: nobody can make this
${network}

h -> h icmp reachable
rule: [NA-2] [T2]
h -> h tcp/443 reachable # why
`;
  const { title, leftOut, questions } = caseOf(text);
  expect(title).toBe("Two lines\nof title.");
  expect(leftOut).toEqual({ cloud: "nobody can make this", packets: "nobody can make this" });
  expect(questions.map(({ rules, text: asked, line }) => [asked, rules, line])).toEqual([
    ["h -> h icmp", [], 9],
    ["h -> h tcp/443", ["NA-2", "T2"], 11],
  ]);
});

test("verdicts are rewritten in their lines, and comments stay", () => {
  const text = `${network}\nh -> 10.0.1.99 icmp reachable # nobody has it\n`;
  const answers = answerNetCase(caseOf(text));
  expect(answers.map(({ isExpected }) => isExpected)).toEqual([false]);
  const verdicts = answers.map(({ question, words }) => [question.line, { asked: question.text, words }] as const);
  const updated = withVerdicts(text, new Map(verdicts));
  expect(updated).toBe(
    `${network}\nh -> 10.0.1.99 icmp unreachable NO_POSSIBLE_DESTINATION at vpc-a # nobody has it\n`,
  );
  expect(answerNetCase(caseOf(updated)).map(({ isExpected }) => isExpected)).toEqual([true]);
});

test("a verdict without reasons takes any reason, but no other verdict", () => {
  const asked = (verdict: string) => answerNetCase(caseOf(`${network}\nh -> 10.9.0.9 icmp ${verdict}`))[0]?.isExpected;
  expect(asked("unreachable")).toBe(true);
  expect(asked("unreachable NO_ROUTE_TO_DESTINATION at rtb-a")).toBe(true);
  expect(asked("unreachable NO_ROUTE_TO_DESTINATION at rtb-b")).toBe(false);
  expect(asked("unknown")).toBe(false);
});
