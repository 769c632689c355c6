/** Other people's facts about a network: the answers of AWS's describe-* calls as a network model, and CloudFormation's templates. Pure. */
export type { AnswerFile } from "./answer-files.ts";
export { ingestTemplates, type TemplateNetwork } from "./cloudformation/network/ingest-templates.ts";
export type { NestedTemplate, TemplateOrigin, TemplateStack } from "./cloudformation/network/template-stack.ts";
export {
  type AskedOutput,
  checkReferences,
  type Evaluated,
  functionCallOf,
  isTemplateError,
  isUnknownValue,
  type ParameterLookUps,
  type ParameterType,
  type ParameterValue,
  type Position,
  type PseudoParameters,
  parameterValues,
  planTemplate,
  type Reference,
  readTemplate,
  referencesIn,
  type Surroundings,
  type Template,
  TemplateError,
  type TemplateObject,
  type TemplateOutput,
  type TemplateParameter,
  type TemplatePlan,
  type TemplateResource,
  type TemplateValue,
  type UnknownValue,
  unknownPartOf,
  unknownValue,
  withUnknownsAs,
} from "./cloudformation/template/index.ts";
export { type IngestResult, ingestDescribeAnswers } from "./describe-answers.ts";
export type { IngestProblem } from "./report.ts";
export { unmodelledReason } from "./unmodelled.ts";
