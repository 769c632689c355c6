/**
 * Whether conditions and the assertions of rules hold.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
 */
import { evaluate, type Scope, textOf } from "./evaluate.ts";
import type { Template } from "./template.ts";
import { TemplateError } from "./template-error.ts";
import {
  type Evaluated,
  functionCallOf,
  isList,
  isUnknownValue,
  type TemplateValue,
  type UnknownValue,
  unknownPartOf,
} from "./value.ts";

/** A condition's outcome: unknown where it depends on what only a deployment knows. */
export type Outcome = boolean | UnknownValue;

/** All conditions by name; `others` tells of those that are not among them. The scope's own `condition` is not asked. */
export function conditionValues(
  conditions: ReadonlyMap<string, TemplateValue>,
  scope: Scope,
  others: (name: string) => UnknownValue | undefined,
): ReadonlyMap<string, Outcome> {
  const values = new Map<string, Outcome>();
  const underWay = new Set<string>();

  const outcomeOf = (name: string): Outcome => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const definition = conditions.get(name);
    if (definition === undefined) {
      const other = others(name);
      if (other !== undefined) return other;
      throw new TemplateError(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    if (underWay.has(name))
      throw new TemplateError(
        `Template error: Found circular condition dependency between ${[...underWay].join(" and ")}`,
      );
    underWay.add(name);
    const value = holds(definition, { ...scope, condition: outcomeOf });
    underWay.delete(name);
    values.set(name, value);
    return value;
  };
  for (const name of conditions.keys()) outcomeOf(name);
  return values;
}

/** The first assertion of a rule that certainly does not hold, in words; undefined when there is none. */
export function brokenRule(template: Template, scope: Scope): string | undefined {
  for (const [name, { condition, assertions }] of template.rules) {
    if (condition !== undefined && holds(condition, scope) !== true) continue;
    for (const { assert, description } of assertions) {
      if (holds(assert, scope) === false)
        return `Template constraint error: rule ${name} failed: ${description ?? JSON.stringify(assert)}`;
    }
  }
  return undefined;
}

function holds(value: TemplateValue, scope: Scope): Outcome {
  const call = functionCallOf(value);
  if (call === undefined) return truthOf(value, scope);
  const { name, argument } = call;
  switch (name) {
    case "Condition":
      if (typeof argument !== "string")
        throw new TemplateError("Template error: every Condition must be the name of one.");
      return scope.condition(argument);
    case "Fn::Equals": {
      const [first, second] = isList(argument) && argument.length === 2 ? argument : [];
      if (first === undefined || second === undefined)
        throw new TemplateError("Template error: every Fn::Equals object requires a list of 2 string parameters.");
      return whenBothKnown(operandOf(first, scope), operandOf(second, scope), isEqual);
    }
    case "Fn::And":
    case "Fn::Or":
      return combined(
        operands(name, argument, 2, 10).map((each) => holds(each, scope)),
        name === "Fn::Or",
      );
    case "Fn::Not": {
      const [outcome] = operands(name, argument, 1, 1).map((each) => holds(each, scope));
      return isUnknownValue(outcome) ? outcome : outcome !== true;
    }
    case "Fn::Contains":
    case "Fn::EachMemberIn":
    case "Fn::EachMemberEquals":
      return holdsForMembers(name, argument, scope);
    default:
      return truthOf(value, scope);
  }
}

/** One that decides is enough, whatever the others are: true for Fn::Or, false for Fn::And. */
function combined(outcomes: readonly Outcome[], decisive: boolean): Outcome {
  if (outcomes.includes(decisive)) return decisive;
  return outcomes.find(isUnknownValue) ?? !decisive;
}

/** Conditions are made of conditions in the end; a text that says true or false is one too. */
function truthOf(value: TemplateValue, scope: Scope): Outcome {
  const outcome = operandOf(value, scope);
  if (isUnknownValue(outcome)) return outcome;
  if (outcome === true || outcome === "true") return true;
  if (outcome === false || outcome === "false") return false;
  throw new TemplateError("Template error: every condition must be a boolean or a function that gives one.");
}

function operands(name: string, argument: TemplateValue, least: number, most: number): readonly TemplateValue[] {
  if (!isList(argument) || argument.length < least || argument.length > most) {
    const count = least === most ? `${least}` : `at least ${least} and at most ${most}`;
    throw new TemplateError(`Template error: every ${name} object requires a list of ${count} boolean parameters.`);
  }
  return argument;
}

function holdsForMembers(name: string, argument: TemplateValue, scope: Scope): Outcome {
  const [first, second] = isList(argument) && argument.length === 2 ? argument : [];
  if (first === undefined || second === undefined)
    throw new TemplateError(`Template error: every ${name} object requires a list of 2 parameters.`);
  return whenBothKnown(operandOf(first, scope), operandOf(second, scope), (left, right) => {
    const members = Array.isArray(left) ? left : [left];
    if (name === "Fn::Contains") return members.some((each) => isEqual(each, right));
    if (name === "Fn::EachMemberEquals") return members.every((each) => isEqual(each, right));
    const allowed = Array.isArray(right) ? right : [right];
    return members.every((each) => allowed.some((one) => isEqual(each, one)));
  });
}

function operandOf(value: TemplateValue, scope: Scope): Evaluated {
  return evaluate(value, scope) ?? null;
}

function whenBothKnown(a: Evaluated, b: Evaluated, holdsFor: (a: Evaluated, b: Evaluated) => boolean): Outcome {
  return unknownPartOf(a) ?? unknownPartOf(b) ?? holdsFor(a, b);
}

function isEqual(a: Evaluated, b: Evaluated): boolean {
  const isScalar = (value: Evaluated): boolean => typeof value !== "object" || value === null;
  return isScalar(a) && isScalar(b) ? textOf(a) === textOf(b) : JSON.stringify(a) === JSON.stringify(b);
}
