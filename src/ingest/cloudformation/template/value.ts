/**
 * Values of a template: JSON, in which an object with a single key that names an intrinsic function is a call of it; and what becomes of
 * them when they are evaluated, where a part may not be known yet.
 */

export type TemplateValue = null | boolean | number | string | readonly TemplateValue[] | TemplateObject;

export interface TemplateObject {
  readonly [key: string]: TemplateValue;
}

/** A value that only the deployed stack will have: `name` is what was asked for, such as `Vpc` or `Vpc.CidrBlock`. */
export interface UnknownValue {
  readonly [unknownMark]: true;
  readonly name: string;
}

const unknownMark = Symbol.for("causeway.UnknownValue");

/** A value after evaluation. */
export type Evaluated =
  | null
  | boolean
  | number
  | string
  | UnknownValue
  | readonly Evaluated[]
  | { readonly [key: string]: Evaluated };

export function unknownValue(name: string): UnknownValue {
  return { [unknownMark]: true, name };
}

export function isUnknownValue(value: unknown): value is UnknownValue {
  return typeof value === "object" && value !== null && unknownMark in value;
}

/** The first unknown part of a value, at any depth. */
export function unknownPartOf(value: Evaluated): UnknownValue | undefined {
  if (isUnknownValue(value)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (const part of Object.values(value)) {
    const unknown = unknownPartOf(part);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

export function isObject(value: TemplateValue | undefined): value is TemplateObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: TemplateValue | undefined): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

/** An object without a prototype: its keys are the template author's. */
export function objectOf<T>(entries: Iterable<readonly [string, T]>): { readonly [key: string]: T } {
  const object: { [key: string]: T } = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}

export interface FunctionCall {
  /** `Ref`, `Condition`, or `Fn::…`. */
  readonly name: string;
  readonly argument: TemplateValue;
}

/** The intrinsic function that a value calls, if it is one. */
export function functionCallOf(value: TemplateValue): FunctionCall | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length !== 1 || name === undefined || !isFunctionName(name)) return undefined;
  return { name, argument: value[name] ?? null };
}

/** Of `Fn::ForEach::Name`, the key of a loop. */
export const loopPrefix = "Fn::ForEach::";

export function isLoopKey(key: string): boolean {
  return key === "Fn::ForEach" || key.startsWith(loopPrefix);
}

/** The first loop among an object's members. */
export function loopKeyOf(value: TemplateObject): string | undefined {
  return Object.keys(value).find(isLoopKey);
}

/** `Condition` is a function inside conditions only; elsewhere it is a key like any other. */
function isFunctionName(name: string): boolean {
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::");
}

/** `Vpc.CidrBlock` or `[Vpc, CidrBlock]` as its two parts; undefined for anything else. */
export function getAttPartsOf(argument: TemplateValue): readonly [TemplateValue, TemplateValue] | undefined {
  if (typeof argument === "string") {
    const dot = argument.indexOf(".");
    return dot <= 0 ? undefined : [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  if (!isList(argument)) return undefined;
  const [logicalId, attribute] = argument;
  return argument.length !== 2 || logicalId === undefined || attribute === undefined
    ? undefined
    : [logicalId, attribute];
}

export interface SubPart {
  /** `text` stands as it is; `variable` is what is between `${` and `}`. */
  readonly kind: "text" | "variable";
  readonly text: string;
}

/** The parts of a text with `${Name}` in it; `${!Literal}` stands for `${Literal}`. */
export function subPartsOf(text: string): readonly SubPart[] {
  const parts: SubPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{(!?)([^{}]*)\}/g)) {
    const [whole, literal, name = ""] = match;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(literal === "!" ? { kind: "text", text: `\${${name}}` } : { kind: "variable", text: name.trim() });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}
