/** CloudFormation's template language: reading, checking and evaluating templates. Pure. */
export { checkReferences } from "./check-references.ts";
export type { AskedOutput } from "./evaluate.ts";
export { possibleReferences } from "./loop-names.ts";
export type { ParameterType, TemplateParameter } from "./parameter-declarations.ts";
export { type ParameterLookUps, type ParameterValue, parameterValues } from "./parameter-values.ts";
export { planTemplate, type Surroundings, type TemplatePlan, withUnknownsAs } from "./plan.ts";
export type { PseudoParameters } from "./pseudo-parameters.ts";
export { type Reference, referencesIn } from "./references.ts";
export {
  readTemplate,
  type Template,
  type TemplateOutput,
  type TemplateResource,
  type UnexpandedResource,
} from "./template.ts";
export { isTemplateError, type Position, TemplateError } from "./template-error.ts";
export {
  type Evaluated,
  functionCallOf,
  isLoopKey,
  isUnknownValue,
  loopKeyOf,
  type TemplateObject,
  type TemplateValue,
  type UnknownValue,
  unknownPartOf,
  unknownValue,
} from "./value.ts";
