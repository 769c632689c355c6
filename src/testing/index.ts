/** What tests say about networks: plain model data, written as short as a test wants it, in code or as `.net` text. Nothing that ships imports it. */
export {
  answerNetCase,
  isExpected,
  type NetAnswer,
  type NetCase,
  type NetCaseResult,
  parseNetCase,
  withVerdicts,
} from "./net/net-case.ts";
export { type AskedQuestion, type NetCaseOptions, netCaseOf } from "./net/net-case-of.ts";
export { formatProblem, type NetProblem } from "./net/problem.ts";
export { flowOf, type NetQuestion, questionOf, reasonWords, verdictWords } from "./net/question.ts";
export { type InstanceOptions, type SubnetOptions, type TestNetwork, testNetwork } from "./network.ts";
