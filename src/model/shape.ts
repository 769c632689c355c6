/**
 * Shapes: what a piece of a snapshot must look like, as data. One description serves the validator and the JSON schema, and
 * the compiler holds it to the interfaces: a field that one of them lacks does not compile.
 */
import { canonicalAddress, canonicalCidr } from "../ip/index.ts";

export type Shape =
  | { readonly kind: "text"; readonly meaning: string; readonly pattern?: RegExp }
  | { readonly kind: "cidr" }
  | { readonly kind: "address" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "list"; readonly of: Shape }
  | RecordShape
  | {
      readonly kind: "variants";
      readonly title: string;
      /** The field that tells the cases apart. */
      readonly tag: string;
      readonly cases: Readonly<Record<string, RecordShape>>;
    }
  /** Records that no one field tells apart by a text. */
  | { readonly kind: "either"; readonly title: string; readonly cases: readonly RecordShape[] };

export interface RecordShape {
  readonly kind: "record";
  readonly title: string;
  readonly fields: Readonly<Record<string, Shape | OptionalShape>>;
}

export interface OptionalShape {
  readonly kind: "optional";
  readonly of: Shape;
}

/** A path like `subnets[3].cidrBlock` (empty for the whole) and what is wrong there. */
export interface ModelProblem {
  readonly path: string;
  readonly message: string;
}

/** The fields of an interface, each required or optional as the interface has it. */
export type FieldsOf<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? OptionalShape : Shape };

export const boolean: Shape = { kind: "boolean" };
export const cidr: Shape = { kind: "cidr" };
export const address: Shape = { kind: "address" };
export const anyText: Shape = { kind: "text", meaning: "text" };

export function text(meaning: string, pattern: RegExp): Shape {
  return { kind: "text", meaning, pattern };
}

/** An id as AWS writes it: the prefix, a hyphen, and something after it. */
export function id(prefix: string): Shape {
  return text(`an id ${prefix}-…`, new RegExp(`^${prefix}-[0-9A-Za-z-]+$`));
}

export function choice<T extends string>(...values: readonly T[]): Shape {
  return { kind: "choice", values };
}

export function integer(minimum: number, maximum: number): Shape {
  return { kind: "integer", minimum, maximum };
}

export function list(of: Shape): Shape {
  return { kind: "list", of };
}

export function optional(of: Shape): OptionalShape {
  return { kind: "optional", of };
}

export function record<T extends object>(title: string, fields: FieldsOf<T> & RecordShape["fields"]): RecordShape {
  return { kind: "record", title, fields };
}

/** A union told apart by `kind`; each case lists its other fields. */
export function variants<T extends { readonly kind: string }>(title: string, cases: CasesOf<"kind", T>): Shape {
  return variantsBy<"kind", T>("kind", title, cases);
}

/** A union told apart by another field. */
export function variantsBy<Tag extends string, T extends { readonly [K in Tag]: string }>(
  tag: Tag,
  title: string,
  cases: CasesOf<Tag, T>,
): Shape {
  const named = Object.entries<RecordShape["fields"]>(cases).map(([name, fields]): [string, RecordShape] => [
    name,
    { kind: "record", title: `${title}: ${name}`, fields: { [tag]: choice(name), ...fields } },
  ]);
  return { kind: "variants", title, tag, cases: Object.fromEntries(named) };
}

/** Each case's other fields, by the tag's value. */
export type CasesOf<Tag extends string, T extends { readonly [K in Tag]: string }> = {
  readonly [K in T[Tag]]: FieldsOf<Omit<Extract<T, { readonly [L in Tag]: K }>, Tag>> & RecordShape["fields"];
};

export function either(title: string, ...cases: readonly RecordShape[]): Shape {
  return { kind: "either", title, cases };
}

/** Adds what is wrong with the value to the problems. Never throws, whatever the value is. */
export function checkShape(shape: Shape, value: unknown, path: string, problems: ModelProblem[]): void {
  switch (shape.kind) {
    case "list":
      if (!Array.isArray(value)) problems.push(expected("a list", value, path));
      else for (const [at, item] of value.entries()) checkShape(shape.of, item, `${path}[${at}]`, problems);
      return;
    case "record":
      if (isRecord(value)) checkFields(shape, value, path, problems);
      else problems.push(expected("an object", value, path));
      return;
    case "variants": {
      const named = isRecord(value) ? value[shape.tag] : undefined;
      const found = typeof named === "string" ? caseOf(shape.cases, named) : undefined;
      if (found !== undefined) checkShape(found, value, path, problems);
      else if (!isRecord(value)) problems.push(expected("an object", value, path));
      else problems.push(expected(oneOf(Object.keys(shape.cases)), named, field(path, shape.tag)));
      return;
    }
    case "either":
      if (!shape.cases.some((each) => fits(each, value))) problems.push(expected(shape.title, value, path));
      return;
    default: {
      const problem = leafProblem(shape, value);
      if (problem !== undefined) problems.push({ path, message: problem });
    }
  }
}

function fits(shape: Shape, value: unknown): boolean {
  const problems: ModelProblem[] = [];
  checkShape(shape, value, "", problems);
  return problems.length === 0;
}

/** Whether it is an object with fields: not a list, not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type LeafShape = Exclude<Shape, { readonly kind: "list" | "record" | "variants" | "either" }>;

function leafProblem(shape: LeafShape, value: unknown): string | undefined {
  switch (shape.kind) {
    case "text":
      return typeof value === "string" && (shape.pattern?.test(value) ?? true)
        ? undefined
        : wanted(shape.meaning, value);
    case "cidr":
      return canonicalProblem("a CIDR block", canonicalCidr, value);
    case "address":
      return canonicalProblem("an IP address", canonicalAddress, value);
    case "choice":
      return typeof value === "string" && shape.values.includes(value) ? undefined : wanted(oneOf(shape.values), value);
    case "integer":
      return Number.isInteger(value) && Number(value) >= shape.minimum && Number(value) <= shape.maximum
        ? undefined
        : wanted(`a whole number from ${shape.minimum} to ${shape.maximum}`, value);
    case "constant":
      return value === shape.value ? undefined : wanted(String(shape.value), value);
    case "boolean":
      return typeof value === "boolean" ? undefined : wanted("true or false", value);
  }
}

function canonicalProblem(
  meaning: string,
  canonicalize: (text: string) => string | undefined,
  value: unknown,
): string | undefined {
  const canonical = typeof value === "string" ? canonicalize(value) : undefined;
  if (canonical === undefined) return wanted(meaning, value);
  return canonical === value ? undefined : `${shown(value)} is not in canonical form: write ${shown(canonical)}`;
}

/** A field that nobody knows is a problem: an older reader that passed over it would answer wrongly without a word. */
function checkFields(
  shape: RecordShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  problems: ModelProblem[],
): void {
  for (const [name, inner] of Object.entries(shape.fields)) {
    const present = Object.hasOwn(value, name) && value[name] !== undefined;
    if (inner.kind === "optional") {
      if (present) checkShape(inner.of, value[name], field(path, name), problems);
    } else if (present) checkShape(inner, value[name], field(path, name), problems);
    else problems.push({ path: field(path, name), message: "is missing" });
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(shape.fields, name)) {
      problems.push({ path: field(path, name), message: `is not a field of ${shape.title}` });
    }
  }
}

function caseOf(cases: Readonly<Record<string, RecordShape>>, kind: string): RecordShape | undefined {
  return Object.hasOwn(cases, kind) ? cases[kind] : undefined;
}

function field(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function expected(meaning: string, value: unknown, path: string): ModelProblem {
  return { path, message: wanted(meaning, value) };
}

function wanted(meaning: string, value: unknown): string {
  return `expected ${meaning}, got ${shown(value)}`;
}

function oneOf(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

const longestShown = 60;

/** The value in a message: short, and safe for anything that JSON or a program can hold. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
}
