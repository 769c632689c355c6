/**
 * The values that a template's parameters have: given, kept from before, or default; checked against the declarations.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
import type { TemplateParameter } from "./parameter-declarations.ts";
import type { Template } from "./template.ts";
import { TemplateError } from "./template-error.ts";
import type { Evaluated } from "./value.ts";

export interface ParameterValue {
  /** As given: for a parameter that names one of Systems Manager, that name. */
  readonly text: string;
  /** What the name stands for, where it names a parameter of Systems Manager. */
  readonly resolved: string | undefined;
  readonly noEcho: boolean;
  readonly value: Evaluated;
}

/** What values may refer to outside the template. */
export interface ParameterLookUps {
  /** The value of a parameter of Systems Manager, or undefined when there is none. */
  ssmParameter(name: string): string | undefined;
  /** Whether AWS has the thing: `("AWS::EC2::VPC::Id", "vpc-…")`. */
  exists(type: string, id: string): boolean;
}

/**
 * Values for every declared parameter. Throws TemplateError for a missing, an undeclared or a forbidden one. A thing that does not exist
 * is told in `missingThings`, because CloudFormation only finds that out once the stack is being made.
 */
export function parameterValues(
  template: Template,
  given: ReadonlyMap<string, string>,
  lookUps: ParameterLookUps,
): { readonly values: ReadonlyMap<string, ParameterValue>; readonly missingThings: readonly string[] } {
  const undeclared = [...given.keys()].filter((name) => !template.parameters.has(name));
  if (undeclared.length > 0)
    throw new TemplateError(`Parameters: [${undeclared.join(", ")}] do not exist in the template`);
  const valueless = [...template.parameters]
    .filter(([name, parameter]) => (given.get(name) ?? parameter.default) === undefined)
    .map(([name]) => name);
  if (valueless.length > 0) throw new TemplateError(`Parameters: [${valueless.join(", ")}] must have values`);

  const missingThings: string[] = [];
  const values = new Map(
    [...template.parameters].map(([name, parameter]) => {
      const text = given.get(name) ?? parameter.default ?? "";
      const fault = faultOf(name, parameter, text);
      if (fault !== undefined) throw new TemplateError(fault);
      const resolved = parameter.type.fromSsm ? resolvedThroughSsm(text, lookUps) : undefined;
      const value = typed(parameter, resolved ?? text);
      for (const id of thingsIn(parameter, value)) {
        if (!lookUps.exists(parameter.type.item, id))
          missingThings.push(
            `Parameter validation failed: parameter value ${id} for parameter name ${name} does not exist`,
          );
      }
      return [name, { text, resolved, noEcho: parameter.noEcho, value }];
    }),
  );
  return { values, missingThings };
}

function resolvedThroughSsm(name: string, lookUps: ParameterLookUps): string {
  const value = lookUps.ssmParameter(name);
  if (value === undefined)
    throw new TemplateError(`Unable to fetch parameters [${name}] from parameter store for this account.`);
  return value;
}

function typed({ type }: TemplateParameter, text: string): Evaluated {
  if (!type.isList) return text;
  return text === "" ? [] : text.split(",").map((item) => item.trim());
}

/** The ids of existing things in a value. An empty one is nobody's. */
function thingsIn({ type }: TemplateParameter, value: Evaluated): readonly string[] {
  if (!type.item.startsWith("AWS::EC2::")) return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === "string" && each !== "",
  );
}

function faultOf(name: string, parameter: TemplateParameter, text: string): string | undefined {
  const items = parameter.type.isList ? text.split(",").map((item) => item.trim()) : [text];
  for (const item of items) {
    const fault = itemFault(parameter, item);
    if (fault === undefined) continue;
    return parameter.constraintDescription === undefined || fault === notANumber
      ? `Parameter '${name}' ${fault}`
      : `Parameter ${name} failed to satisfy constraint: ${parameter.constraintDescription}`;
  }
  return undefined;
}

const notANumber = "must be a number.";

function itemFault(parameter: TemplateParameter, item: string): string | undefined {
  const { allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue, type } = parameter;
  const number = Number(item);
  if (type.item === "Number" && !type.fromSsm && (item.trim() === "" || Number.isNaN(number))) return notANumber;
  if (allowedValues !== undefined && !allowedValues.includes(item)) return "must be one of AllowedValues";
  // Source text of the author's own pattern, without what makes it match the whole value.
  if (allowedPattern !== undefined && !allowedPattern.test(item))
    return `must match pattern ${allowedPattern.source.slice(4, -2)}`;
  if (minLength !== undefined && item.length < minLength) return `must contain at least ${minLength} characters`;
  if (maxLength !== undefined && item.length > maxLength) return `must contain at most ${maxLength} characters`;
  if (minValue !== undefined && number < minValue) return `must be a number not less than ${minValue}`;
  if (maxValue !== undefined && number > maxValue) return `must be a number not greater than ${maxValue}`;
  return undefined;
}
