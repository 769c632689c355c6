/**
 * XML answers of the EC2 Query and AWS Query protocols: a handler's output to text, by the model alone. Absent members are left
 * out, empty lists are an empty element. Source: semantics 13.1 and 13.2.
 */
import type { AwsError } from "./errors.ts";
import type { ListShape, MapShape, Operation, ServiceModel, Shape, SimpleShape, StructureShape } from "./model.ts";
import { base64Of } from "./scalars.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** `<DescribeVpcsResponse>` with `<requestId>` and the members side by side; `<return>true</return>` where the model has no output. */
export function ec2Answer(operation: Operation, output: object, requestId: string): string {
  const { name, model } = operation;
  const members = contentOf(operation.output, output);
  // Where AWS's model shows no answer at all, EC2 still says that the call took effect.
  const body = (operation.output?.members.length ?? 0) === 0 ? "<return>true</return>" : members;
  // Real EC2's namespace ends in a slash, which the SDK's model leaves out.
  const namespace = model.xmlNamespace.endsWith("/") ? model.xmlNamespace : `${model.xmlNamespace}/`;
  return `${declaration}<${name}Response xmlns="${namespace}"><requestId>${escaped(requestId)}</requestId>${body}</${name}Response>`;
}

/** `<XResponse><XResult>…</XResult><ResponseMetadata>…`; no result where the model has no output. */
export function queryAnswer(operation: Operation, output: object, requestId: string): string {
  const { name, model } = operation;
  const result = operation.output === undefined ? "" : element(`${name}Result`, contentOf(operation.output, output));
  const metadata = `<ResponseMetadata><RequestId>${escaped(requestId)}</RequestId></ResponseMetadata>`;
  return `${declaration}<${name}Response xmlns="${model.xmlNamespace}">${result}${metadata}</${name}Response>`;
}

/** `<Response><Errors><Error>…`, with EC2's own capitals in `RequestID`. */
export function ec2Error(error: AwsError, requestId: string): string {
  const detail = `<Code>${escaped(error.code)}</Code><Message>${escaped(error.message)}</Message>`;
  return `${declaration}<Response><Errors><Error>${detail}</Error></Errors><RequestID>${escaped(requestId)}</RequestID></Response>`;
}

/** `<ErrorResponse><Error><Type>Sender…`. */
export function queryError(model: Pick<ServiceModel, "xmlNamespace">, error: AwsError, requestId: string): string {
  const type = error.httpStatus < 500 ? "Sender" : "Receiver";
  const detail = `<Type>${type}</Type><Code>${escaped(error.code)}</Code><Message>${escaped(error.message)}</Message>`;
  return `${declaration}<ErrorResponse xmlns="${model.xmlNamespace}"><Error>${detail}</Error><RequestId>${escaped(requestId)}</RequestId></ErrorResponse>`;
}

/** A structure as a whole document, with the members that are not bound to headers. */
export function xmlDocument(shape: StructureShape, value: object, root: string, namespace: string): string {
  return `${declaration}<${root} xmlns="${namespace}">${contentOf(shape, value)}</${root}>`;
}

type Encode = (value: unknown) => string;

/** Encoders by shape, compiled when a shape is first written. */
const contents = new WeakMap<StructureShape, Encode>();

function contentOf(shape: StructureShape | undefined, value: object): string {
  return shape === undefined ? "" : contentEncoder(shape)(value);
}

/** Writes a structure's members, in the order in which the handler gave them. */
function contentEncoder(shape: StructureShape): Encode {
  const known = contents.get(shape);
  if (known !== undefined) return known;
  const members = new Map<string, Encode>();
  const encode: Encode = (value) => {
    if (typeof value !== "object" || value === null) throw mismatch(shape.name, value);
    let text = "";
    for (const [name, member] of Object.entries(value)) {
      // Records may hold more than AWS shows; only what the model names is written.
      if (member !== undefined && member !== null) text += members.get(name)?.(member) ?? "";
    }
    return text;
  };
  // Registered before its members are compiled, for shapes that contain themselves.
  contents.set(shape, encode);
  for (const member of shape.members) {
    // What is in a header is not in the body too.
    if (member.location === undefined)
      members.set(member.name, elementEncoder(member.shape, member.xmlName, member.flattened));
  }
  return encode;
}

function elementEncoder(shape: Shape, name: string, flattened: boolean): Encode {
  switch (shape.type) {
    case "structure": {
      let encode: Encode | undefined;
      return (value) => {
        encode ??= contentEncoder(shape);
        return element(name, encode(value));
      };
    }
    case "list":
      return listEncoder(shape, name, flattened);
    case "map":
      return mapEncoder(shape, name, flattened);
    default: {
      const text = textEncoder(shape, name);
      return (value) => element(name, text(value));
    }
  }
}

function listEncoder(shape: ListShape, name: string, flattened: boolean): Encode {
  let encodeItem: Encode | undefined;
  return (value) => {
    if (!Array.isArray(value)) throw mismatch(name, value);
    encodeItem ??= elementEncoder(shape.item, flattened ? name : (shape.itemName ?? "member"), false);
    let text = "";
    for (const item of value) text += encodeItem(item);
    return flattened ? text : element(name, text);
  };
}

function mapEncoder(shape: MapShape, name: string, flattened: boolean): Encode {
  let encodeValue: Encode | undefined;
  return (value) => {
    if (typeof value !== "object" || value === null) throw mismatch(name, value);
    encodeValue ??= elementEncoder(shape.value, shape.valueName, false);
    let text = "";
    for (const [key, entry] of Object.entries(value)) {
      if (entry !== undefined)
        text += element(flattened ? name : "entry", element(shape.keyName, escaped(key)) + encodeValue(entry));
    }
    return flattened ? text : element(name, text);
  };
}

function textEncoder({ type }: SimpleShape, name: string): Encode {
  return (value) => {
    if (type === "string" && typeof value === "string") return escaped(value);
    if (type === "boolean" && typeof value === "boolean") return value ? "true" : "false";
    if (type === "number" && typeof value === "number" && Number.isFinite(value)) return String(value);
    if (type === "timestamp" && value instanceof Date) return value.toISOString();
    if (type === "blob" && value instanceof Uint8Array) return base64Of(value);
    if (type === "document") return escaped(JSON.stringify(value));
    throw mismatch(name, value);
  };
}

function element(name: string, content: string): string {
  return content === "" ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function mismatch(name: string, value: unknown): Error {
  return new Error(`bug: a handler gave ${value === null ? "null" : typeof value} for ${name}`);
}

const special = /[&<>"\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/;
const specials =
  /[&<>"\r]|[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["\r", "&#xD;"],
]);

/** Text for between tags. What XML 1.0 cannot hold at all, not even as a reference, becomes U+FFFD. */
export function escaped(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => entities.get(character) ?? "\ufffd") : text;
}
