/** A `.net` case: a network, questions about it, and the verdicts that are expected. The text is all there is. */
import type { NetworkModel } from "../../model/index.ts";
import { type Explanation, explain } from "../../reachability/index.ts";
import { buildModel } from "./build-network.ts";
import { type Line, readLines } from "./lines.ts";
import { checkStatements, parseStatement, type Reading } from "./parse-statements.ts";
import type { NetProblem } from "./problem.ts";
import { isQuestion, type NetQuestion, parseQuestion, verdictWords } from "./question.ts";
import type { Statement } from "./statement.ts";

/** Why a runner leaves a case out. */
export const leftOutWords = ["engine-only:", "without-cloud:", "without-packets:"] as const;

export interface NetCase {
  /** The comment at the head. */
  readonly title: string;
  readonly model: NetworkModel;
  readonly questions: readonly NetQuestion[];
  /** By the runner that leaves the case out, the reason. */
  readonly leftOut: { readonly cloud?: string; readonly packets?: string };
}

export type NetCaseResult = { readonly case: NetCase } | { readonly problems: readonly NetProblem[] };

export function parseNetCase(text: string): NetCaseResult {
  const { lines, title, problems } = readLines(text);
  const reading: Reading = { problems: [...problems], mentions: [] };
  const statements: Statement[] = [];
  const questions: NetQuestion[] = [];
  let leftOut: NetCase["leftOut"] = {};
  let rules: readonly string[] = [];
  for (const line of lines) {
    const [{ text: keyword }] = line.words;
    if (keyword === "rule:") rules = rulesOf(reading, line);
    else if (isLeftOut(keyword)) leftOut = { ...leftOut, ...leftOutBy(reading, line) };
    else if (isQuestion(line)) {
      const question = parseQuestion(line, rules);
      if ("flow" in question) questions.push(question);
      else reading.problems.push(question);
    } else {
      const statement = parseStatement(reading, line, "case");
      if (statement !== undefined) statements.push(statement);
    }
  }
  if (reading.problems.length === 0) checkStatements(reading, statements);
  if (reading.problems.length > 0) return { problems: reading.problems };
  return { case: { title, model: buildModel(statements), questions, leftOut } };
}

/** `rule: [NA-3] [T4]`: of the questions that follow. */
function rulesOf({ problems }: Reading, { number, words }: Line): readonly string[] {
  const [, ...rest] = words;
  const wrong = rest.find(({ text }) => !/^\[[\w.-]+\]$/.test(text));
  if (wrong !== undefined || rest.length === 0) {
    const column = wrong?.column ?? 7;
    problems.push({ line: number, column, message: "not a rule's id", allowed: ["ids such as [NA-3]"] });
  }
  return rest.map(({ text }) => text.slice(1, -1));
}

function isLeftOut(keyword: string): keyword is (typeof leftOutWords)[number] {
  return leftOutWords.some((each) => each === keyword);
}

function leftOutBy({ problems }: Reading, { number, words, text }: Line): NetCase["leftOut"] {
  const [{ text: keyword }] = words;
  const reason = text.slice(keyword.length).trim();
  if (reason === "") {
    const column = text.length + 1;
    problems.push({ line: number, column, message: "why?", allowed: ["a reason that a reader can check"] });
  }
  if (keyword === "without-cloud:") return { cloud: reason };
  if (keyword === "without-packets:") return { packets: reason };
  return { cloud: reason, packets: reason };
}

export interface NetAnswer {
  readonly question: NetQuestion;
  readonly explanation: Explanation;
  /** As `verdictWords` has it. */
  readonly words: string;
  /** A question that names a verdict without reasons takes any. */
  readonly isExpected: boolean;
}

/** What the engine says to the case's questions. */
export function answerNetCase({ model, questions }: NetCase): readonly NetAnswer[] {
  return questions.map((question) => {
    const explanation = explain(model, question.flow);
    const words = verdictWords(explanation);
    return { question, explanation, words, isExpected: isExpected(question, words) };
  });
}

export function isExpected({ expected }: NetQuestion, words: string): boolean {
  return words === expected || words.split(" ")[0] === expected;
}

/** The text with other verdicts, by line; comments and everything else stay. */
export function withVerdicts(
  text: string,
  verdicts: ReadonlyMap<number, { readonly asked: string; readonly words: string }>,
): string {
  return text
    .split("\n")
    .map((line, index) => {
      const verdict = verdicts.get(index + 1);
      if (verdict === undefined) return line;
      const comment = /\s#.*$/.exec(line)?.[0] ?? "";
      return `${verdict.asked} ${verdict.words}${comment}`;
    })
    .join("\n");
}
