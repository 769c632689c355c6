/**
 * A template's text as a value: JSON when it begins with a brace, else YAML with CloudFormation's short forms, which are written out
 * (`!Ref X` becomes `{"Ref": "X"}`).
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from "yaml";
import { firstJsonFault } from "./json-syntax.ts";
import { formatError, type Position } from "./template-error.ts";
import { objectOf, type TemplateValue } from "./value.ts";

export interface ParsedText {
  readonly value: TemplateValue;
  /** Where the value of a path is written; undefined when the text has no such path. */
  positionOf(path: readonly (string | number)[]): Position | undefined;
}

/** Nested deeper, a text is no template; and a reader of it might not return. */
const maxDepth = 100;

/** Throws TemplateError when the text is neither. */
export function parseTemplateText(text: string): ParsedText {
  const isJson = text.trimStart().startsWith("{");
  const lines = new LineCounter();
  if (isJson) refuseBrokenJson(text);
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) throw formatError("YAML not well-formed.", position(error.pos[0]));
  const value = isJson
    ? ownJson(JSON.parse(text))
    : read(document.contents, 0, (node) => position(node.range?.[0] ?? 0));
  return {
    value,
    positionOf(path) {
      const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      return start === undefined ? undefined : position(start);
    },
  };
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value);
}

function refuseBrokenJson(text: string): void {
  const fault = firstJsonFault(text);
  if (fault === undefined) return;
  const before = text.slice(0, fault).split("\n");
  // CloudFormation tells where it stopped reading: behind the character that is wrong.
  throw formatError("JSON not well-formed.", { line: before.length, column: (before.at(-1)?.length ?? 0) + 2 });
}

/** Parsed JSON without prototypes. */
function ownJson(value: unknown): TemplateValue {
  if (Array.isArray(value)) return value.map(ownJson);
  if (typeof value !== "object" || value === null) return value as TemplateValue;
  return objectOf(Object.entries(value).map(([key, each]) => [key, ownJson(each)] as const));
}

type Locate = (node: Node) => Position;

function read(node: unknown, depth: number, locate: Locate): TemplateValue {
  if (node === null || node === undefined) return null;
  if (depth > maxDepth) throw formatError("The template is nested too deeply.");
  if (isAlias(node)) throw formatError("YAML aliases are not allowed in CloudFormation templates", locate(node));
  if (!isNode(node)) throw new Error("bug: a YAML node of an unknown kind");
  const inner = bareValueOf(node, depth, locate);
  const tag = node.tag;
  if (tag === undefined || !tag.startsWith("!") || tag === "!") return inner;
  const name = shortForms.get(tag);
  if (name === undefined) throw formatError(`Unsupported tag ${tag}.`, locate(node));
  return objectOf([[name, name === "Fn::GetAtt" && typeof inner === "string" ? splitAtDot(inner) : inner]]);
}

function bareValueOf(node: Node, depth: number, locate: Locate): TemplateValue {
  if (isScalar(node)) return scalarOf(node);
  if (isSeq(node)) return node.items.map((item) => read(item, depth + 1, locate));
  if (!isMap(node)) throw new Error("bug: a YAML node of an unknown kind");
  return objectOf(
    node.items.map((pair) => {
      const key: unknown = pair.key;
      if (!isScalar(key)) throw formatError("YAML not well-formed.", isNode(key) ? locate(key) : undefined);
      return [keyOf(key), read(pair.value, depth + 1, locate)] as const;
    }),
  );
}

/** Keys are text as written: `Y`, `1` and `on` are names too. */
function keyOf(key: Scalar): string {
  return key.source ?? String(key.value);
}

/**
 * CloudFormation reads YAML 1.1: `yes` and `off` are booleans. A number that would not be written the same again (`010`, `1_000`,
 * an account id with a leading zero) keeps its text, which property types then read.
 */
function scalarOf(node: Scalar): TemplateValue {
  const { value, source, type } = node;
  if (type !== "PLAIN") return typeof value === "string" ? value : String(value ?? "");
  if (node.tag === "!") return source ?? "";
  if (typeof value === "string") return yaml11Booleans.get(value) ?? value;
  if (typeof value === "number") return String(value) === source ? value : (source ?? String(value));
  if (typeof value === "boolean" || value === null) return value;
  return source ?? String(value);
}

const yaml11Booleans: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

const shortForms: ReadonlyMap<string, string> = new Map([
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...[
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
  ].map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

function splitAtDot(text: string): readonly TemplateValue[] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
