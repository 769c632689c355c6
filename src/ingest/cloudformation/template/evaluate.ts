/**
 * Evaluates a template's values: intrinsic functions, pseudo parameters, dynamic references. Pure: what a stack has and what AWS knows
 * comes in through the scope, which may also say that something is not known yet.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
import { cidrBlocksOf } from "./cidr-function.ts";
import { resolveDynamicReferences } from "./dynamic-references.ts";
import { TemplateError } from "./template-error.ts";
import {
  type Evaluated,
  type FunctionCall,
  functionCallOf,
  getAttPartsOf,
  isList,
  isObject,
  isUnknownValue,
  loopKeyOf,
  objectOf,
  subPartsOf,
  type TemplateObject,
  type TemplateValue,
  type UnknownValue,
  unknownPartOf,
  unknownValue,
} from "./value.ts";

/** What names stand for. A look-up throws TemplateError, or answers an unknown value. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource. `noValue` for AWS::NoValue. */
  ref(name: string): Evaluated | typeof noValue;
  getAtt(logicalId: string, attribute: string): Evaluated;
  /** Unknown where it depends on what only a deployment knows. */
  condition(name: string): boolean | UnknownValue;
  readonly mappings: TemplateObject;
  /** Whether the name in Ref and Fn::GetAtt may be a function. Elsewhere it is a text by now. */
  readonly takesComputedNames?: true;
  importValue(name: string): Evaluated;
  stackOutput(asked: AskedOutput): Evaluated;
  /** The names of a Region's zones; of the stack's own Region when the name is empty. */
  availabilityZones(region: string | UnknownValue): Evaluated;
  /** The value of a parameter of Systems Manager, of a version when one is named. */
  ssmParameter(name: string, version: string | undefined): Evaluated;
}

/** An output of another stack, as Fn::GetStackOutput names it. */
export interface AskedOutput {
  readonly stackName: string;
  readonly outputName: string;
  /** Undefined for the Region of the stack that asks. */
  readonly region: string | UnknownValue | undefined;
  /** A role of the other stack's account, which need not be the account of the stack that asks. */
  readonly roleArn: string | undefined;
}

/** AWS::NoValue: whatever it stands for is not there. */
export const noValue = Symbol("AWS::NoValue");

type Outcome = Evaluated | typeof noValue;

/** The value, or undefined when it is AWS::NoValue. */
export function evaluate(value: TemplateValue, scope: Scope): Evaluated | undefined {
  const outcome = outcomeOf(value, scope);
  return outcome === noValue ? undefined : outcome;
}

function outcomeOf(value: TemplateValue, scope: Scope): Outcome {
  if (typeof value === "string") return resolveDynamicReferences(value, scope.ssmParameter);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) {
    const items = value.map((item) => outcomeOf(item, scope));
    return items.filter((item): item is Evaluated => item !== noValue);
  }
  const loop = loopKeyOf(value);
  if (loop !== undefined) return membersUnknownBy(loop, value, scope);
  const call = functionCallOf(value);
  if (call !== undefined && call.name !== "Condition") return outcomeOfCall(call, scope);
  const entries: (readonly [string, Evaluated])[] = [];
  for (const [key, each] of Object.entries(value)) {
    const outcome = outcomeOf(each, scope);
    if (outcome !== noValue) entries.push([key, outcome]);
  }
  return objectOf(entries);
}

/** A loop that is still there has a collection that is not known. Then so are the members of the object that it is in. */
function membersUnknownBy(loop: string, value: TemplateObject, scope: Scope): Evaluated {
  const written = value[loop];
  const collection = evaluated((isList(written) ? written[1] : undefined) ?? null, scope);
  const unknown = unknownPartOf(collection);
  if (unknown === undefined) throw new Error(`bug: ${loop} was not written out`);
  return unknownValue(`${loop}, whose collection depends on ${unknown.name}`);
}

function outcomeOfCall(call: FunctionCall, scope: Scope): Outcome {
  const { name, argument } = call;
  if (name === "Ref") {
    const logicalId = nameIn(argument, scope);
    if (isUnknownValue(logicalId)) return logicalId;
    if (typeof logicalId !== "string")
      throw new TemplateError("Template error: every Ref object must have a single String value.");
    return scope.ref(logicalId);
  }
  if (name === "Fn::If") {
    const [condition, yes, no] = isList(argument) && argument.length === 3 ? argument : [];
    if (typeof condition !== "string" || yes === undefined || no === undefined)
      throw new TemplateError(
        "Template error: every Fn::If object requires three parameters, (1) the name of a condition, (2) the value if it is true and (3) the value if it is false.",
      );
    const holds = scope.condition(condition);
    return isUnknownValue(holds) ? holds : outcomeOf(holds ? yes : no, scope);
  }
  const run = functions.get(name);
  if (run === undefined) throw new TemplateError(`Template error: ${name} is not modelled by this local cloud.`);
  const outcome = run(argument, scope);
  // A function's text may have become a dynamic reference: `!Sub "{{resolve:ssm:/${Name}}}"`.
  return typeof outcome === "string" ? resolveDynamicReferences(outcome, scope.ssmParameter) : outcome;
}

type IntrinsicFunction = (argument: TemplateValue, scope: Scope) => Outcome;

const functions: ReadonlyMap<string, IntrinsicFunction> = new Map<string, IntrinsicFunction>([
  ["Fn::GetAtt", getAtt],
  ["Fn::Sub", sub],
  ["Fn::Join", join],
  ["Fn::Select", select],
  ["Fn::Split", split],
  ["Fn::FindInMap", findInMap],
  [
    "Fn::ImportValue",
    (argument, scope) => whenKnown([evaluated(argument, scope)], (name) => scope.importValue(textOf(name))),
  ],
  ["Fn::GetStackOutput", getStackOutput],
  [
    "Fn::GetAZs",
    (argument, scope) => {
      const region = evaluated(argument, scope);
      return scope.availabilityZones(isUnknownValue(region) ? region : textOf(region));
    },
  ],
  ["Fn::Base64", (argument, scope) => whenKnown([evaluated(argument, scope)], (text) => base64Of(textOf(text)))],
  ["Fn::Cidr", cidr],
  ["Fn::Length", length],
  ["Fn::ToJsonString", (argument, scope) => whenKnown([evaluated(argument, scope)], (value) => JSON.stringify(value))],
]);

function getAtt(argument: TemplateValue, scope: Scope): Evaluated {
  const parts = getAttPartsOf(argument);
  if (parts === undefined) throw getAttError();
  const [written, attribute] = parts;
  const logicalId = nameIn(written, scope);
  if (isUnknownValue(logicalId)) return logicalId;
  if (typeof logicalId !== "string") throw getAttError();
  return whenKnown([evaluated(attribute, scope)], (name) => {
    if (typeof name !== "string") throw getAttError();
    return scope.getAtt(logicalId, name);
  });
}

/** A function in the place of a name that waits for what is not known. */
function nameIn(name: TemplateValue, scope: Scope): Evaluated {
  const value = isObject(name) ? evaluated(name, scope) : name;
  return isObject(name) && !scope.takesComputedNames ? (unknownPartOf(value) ?? null) : value;
}

function getAttError(): TemplateError {
  return new TemplateError(
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
  );
}

function sub(argument: TemplateValue, scope: Scope): Evaluated {
  const [text, variables] = isList(argument) ? argument : [argument, objectOf<TemplateValue>([])];
  if (typeof text !== "string" || !isObject(variables) || (isList(argument) && argument.length !== 2)) {
    throw new TemplateError(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  }
  const parts = subPartsOf(text).map((part): Evaluated => {
    if (part.kind === "text") return part.text;
    const variable = Object.hasOwn(variables, part.text) ? variables[part.text] : undefined;
    if (variable !== undefined) return evaluated(variable, scope);
    const dot = part.text.indexOf(".");
    if (dot > 0) return scope.getAtt(part.text.slice(0, dot), part.text.slice(dot + 1));
    const value = scope.ref(part.text);
    return value === noValue ? "" : value;
  });
  return whenKnown(parts, (...known) => known.map(textOf).join(""));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html */
function getStackOutput(argument: TemplateValue, scope: Scope): Evaluated {
  const { StackName, OutputName, Region, RoleArn, ...others } = isObject(argument) ? argument : {};
  if (StackName === undefined || OutputName === undefined || Object.keys(others).length > 0)
    throw new TemplateError(
      "Template error: every Fn::GetStackOutput object requires StackName and OutputName, and takes Region and RoleArn besides",
    );
  const region = Region === undefined ? null : evaluated(Region, scope);
  const values = [StackName, OutputName, RoleArn ?? null].map((each) => evaluated(each, scope));
  return whenKnown(values, (...known) => {
    const [stackName = "", outputName = "", roleArn = ""] = known.map(textOf);
    return scope.stackOutput({
      stackName,
      outputName,
      region: isUnknownValue(region) ? region : textOf(region) || undefined,
      roleArn: roleArn || undefined,
    });
  });
}

function join(argument: TemplateValue, scope: Scope): Evaluated {
  const refusal = new TemplateError(
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
  );
  const [delimiter, items] = isList(argument) && argument.length === 2 ? argument : [];
  if (typeof delimiter !== "string" || items === undefined) throw refusal;
  const list = evaluated(items, scope);
  if (isUnknownValue(list)) return list;
  if (!Array.isArray(list)) throw refusal;
  return whenKnown(list, (...known) => known.map(textOf).join(delimiter));
}

function select(argument: TemplateValue, scope: Scope): Evaluated {
  const refusal = new TemplateError(
    "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
  );
  const [indexValue, items] = isList(argument) && argument.length === 2 ? argument : [];
  if (indexValue === undefined || items === undefined) throw refusal;
  const index = evaluated(indexValue, scope);
  const list = evaluated(items, scope);
  if (isUnknownValue(index)) return index;
  if (isUnknownValue(list)) return { ...list, name: `${list.name}[${String(index)}]` };
  if (!/^\d+$/.test(textOf(index)) || !Array.isArray(list)) throw refusal;
  const item: Evaluated | undefined = list[Number(index)];
  if (item === undefined)
    throw new TemplateError(`Template error: Fn::Select cannot select nonexistent value at index ${String(index)}`);
  return item;
}

function split(argument: TemplateValue, scope: Scope): Evaluated {
  const refusal = new TemplateError(
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
  );
  const [delimiter, source] = isList(argument) && argument.length === 2 ? argument : [];
  if (typeof delimiter !== "string" || delimiter === "" || source === undefined) throw refusal;
  return whenKnown([evaluated(source, scope)], (text) => {
    if (typeof text !== "string") throw refusal;
    return text.split(delimiter);
  });
}

function findInMap(argument: TemplateValue, scope: Scope): Outcome {
  const [map, first, second, options] = isList(argument) ? argument : [];
  if (map === undefined || first === undefined || second === undefined) {
    throw new TemplateError(
      "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
    );
  }
  return whenKnown(
    [map, first, second].map((each) => evaluated(each, scope)),
    (...keys) => {
      const [name = "", key = "", attribute = ""] = keys.map(textOf);
      const found = memberOf(memberOf(memberOf(scope.mappings, name), key), attribute);
      if (found !== undefined) return evaluated(found, scope);
      if (isObject(options) && options.DefaultValue !== undefined) return outcomeOf(options.DefaultValue, scope);
      throw new TemplateError(`Template error: Unable to get mapping for ${name}::${key}::${attribute}`);
    },
  );
}

function memberOf(value: TemplateValue | undefined, key: string): TemplateValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function cidr(argument: TemplateValue, scope: Scope): Evaluated {
  const [block, count, bits] = isList(argument) ? argument : [];
  if (block === undefined || count === undefined)
    throw new TemplateError(
      "Template error: every Fn::Cidr object requires two or three parameters, the block, the count and the subnet bits",
    );
  const parts = [block, count, ...(bits === undefined ? [] : [bits])].map((each) => evaluated(each, scope));
  return whenKnown(parts, (...known) => cidrBlocksOf(known.map(textOf)));
}

function length(argument: TemplateValue, scope: Scope): Evaluated {
  const list = evaluated(argument, scope);
  if (isUnknownValue(list)) return list;
  if (!Array.isArray(list)) throw new TemplateError("Template error: Fn::Length requires a list");
  return list.length;
}

/** A value that a function takes: AWS::NoValue is none. */
function evaluated(value: TemplateValue, scope: Scope): Evaluated {
  const outcome = outcomeOf(value, scope);
  return outcome === noValue ? null : outcome;
}

/** Runs `run` when all values are known to the last part; else the answer is as unknown as they are. */
function whenKnown<T extends Outcome>(
  values: readonly Evaluated[],
  run: (...values: readonly Evaluated[]) => T,
): T | UnknownValue {
  let unknown: UnknownValue | undefined;
  for (const value of values) unknown ??= unknownPartOf(value);
  return unknown ?? run(...values);
}

/** Numbers and booleans in a place of text. */
export function textOf(value: Evaluated): string {
  if (typeof value === "object" && value !== null)
    throw new TemplateError("Template error: a function that takes text was given a list or an object");
  return value === null ? "" : String(value);
}

function base64Of(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
