/** Other people's facts about a network as a network model: the answers of AWS's describe-* calls. Pure. */
export type { AnswerFile } from "./answer-files.ts";
export { type IngestResult, ingestDescribeAnswers } from "./describe-answers.ts";
export type { IngestProblem } from "./report.ts";
