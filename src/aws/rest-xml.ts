/**
 * The REST-XML protocol as S3 speaks it: a bucket in the host's name or first in the path, a key behind it, and bodies that are
 * XML, or the caller's bytes. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 */
import { dechunked, isChunked } from "./aws-chunked.ts";
import { AwsError } from "./errors.ts";
import type { Form } from "./form.ts";
import type { Member, Operation, ServiceModel, Shape, StructureShape } from "./model.ts";
import type { Input } from "./query-request.ts";
import {
  boundAnswer,
  type Headers,
  type Labels,
  payloadOf,
  queryHolds,
  type RestRequest,
  readBoundMembers,
} from "./rest-bindings.ts";
import { booleanOf, dateOf, numberOf } from "./scalars.ts";
import { escaped, xmlDocument } from "./xml-answer.ts";
import { parseXml, type XmlElement } from "./xml-document.ts";

/** What of a request tells its operation. */
interface Address {
  readonly method: string;
  readonly path: string;
  readonly query: Form;
  readonly headers: Headers;
}

/** The operation that a request is for: of those that it has everything for, the one that asks most. */
export function restXmlOperation(model: ServiceModel, request: Address): Operation | undefined {
  const labels = bucketAndKey(request);
  const wantedPath = labels.has("Key") ? "/{Key+}" : "/";
  let found: { readonly operation: Operation; readonly asks: number } | undefined;
  for (const operation of model.operations.values()) {
    const { http, input } = operation;
    if (http?.method !== request.method || http.path !== wantedPath || !queryHolds(http, request.query)) continue;
    if (labels.has("Bucket") !== input.members.some(({ name }) => name === "Bucket")) continue;
    const required = input.members.filter((member) => member.required && isAsked(member));
    if (!required.every((member) => isGiven(member, request))) continue;
    const asks = http.query.length + required.length;
    if (found === undefined || asks > found.asks) found = { operation, asks };
  }
  return found?.operation;
}

/** Reads a request's input. Throws AwsError: MalformedXML, InvalidRequest for what is missing. */
export function parseRestXml(operation: Operation, sent: RestRequest): Input {
  const missing: string[] = [];
  const request = isChunked(sent.headers) ? unwrapped(sent) : sent;
  const input = readBoundMembers(operation, request, bucketAndKey(request), missing);
  const payload = payloadOf(operation.input.members);
  if (payload !== undefined) {
    const value = readPayload(payload, request, missing);
    if (value !== undefined) input[payload.name] = value;
    else if (payload.required) missing.push(payload.name);
  }
  if (missing.length > 0)
    throw new AwsError("InvalidRequest", `Missing required parameter for this request: ${missing.join(", ")}`);
  return input;
}

/** Status, headers and body of an answer. Part of an object is told by its status. */
export function restXmlAnswer(
  operation: Operation,
  output: object,
): {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
} {
  const { status: usual, headers } = boundAnswer(operation, output);
  const status = headers["Content-Range"] === undefined ? usual : 206;
  const { output: shape } = operation;
  const payload = payloadOf(shape?.members ?? []);
  const value: unknown = payload === undefined ? undefined : Reflect.get(output, payload.name);
  if (value instanceof Uint8Array || typeof value === "string") return { status, headers, body: value };
  const document =
    payload?.shape.type === "structure" && typeof value === "object" && value !== null
      ? xmlDocument(payload.shape, value, rootName(payload), operation.model.xmlNamespace)
      : payload === undefined && shape !== undefined && shape.members.some(({ location }) => location === undefined)
        ? ownDocument(operation, shape, output)
        : "";
  return {
    status,
    headers: document === "" ? headers : { "Content-Type": "application/xml", ...headers },
    body: document,
  };
}

/** `<Error>` without anything around it. */
export function restXmlError(error: AwsError, requestId: string): string {
  const details = Object.entries(error.details).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escaped(error.code)}</Code>` +
    `<Message>${escaped(error.message)}</Message>${details.join("")}<RequestId>${escaped(requestId)}</RequestId></Error>`
  );
}

/** Names under which this machine reaches itself; below `localhost` a bucket's name, with or without S3's own, may stand. */
const hostOfBucket = /^(?!s3[.-])(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost(?::\d+)?$/i;

/** The labels `Bucket` and `Key` of a request, as far as it has them. */
export function bucketAndKey({ path, headers }: Pick<Address, "path" | "headers">): Labels {
  const host = String(headers.host ?? "");
  const inHost = hostOfBucket.exec(host)?.[1];
  const [bucketInPath = "", ...rest] = path.slice(1).split("/");
  const bucket = inHost ?? decoded(bucketInPath);
  const key = decoded(inHost === undefined ? rest.join("/") : path.slice(1));
  const labels = new Map<string, string>();
  if (bucket !== "") labels.set("Bucket", bucket);
  if (key !== "") labels.set("Key", key);
  return labels;
}

/** The request as it would be without chunks: what came behind them is with the headers. */
function unwrapped(request: RestRequest): RestRequest {
  const { bytes, trailers } = dechunked(request.bytes);
  const encoding = String(request.headers["content-encoding"] ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "aws-chunked");
  const { method, path, query } = request;
  return {
    method,
    path,
    query,
    headers: { ...request.headers, ...trailers, "content-encoding": encoding.join(",") || undefined },
    bytes,
    get body() {
      return new TextDecoder().decode(bytes);
    },
  };
}

/** Members whose presence tells operations apart. */
function isAsked({ location }: Member): boolean {
  return location?.[0] === "query" || location?.[0] === "header";
}

function isGiven({ location }: Member, { query, headers }: Address): boolean {
  if (location?.[0] === "query") return query.some(([name]) => name === location[1]);
  return location?.[0] === "header" && headers[location[1].toLowerCase()] !== undefined;
}

function rootName({ xmlName, name, shape }: Member): string {
  return shape.type === "structure" && xmlName === name ? (shape.xmlName ?? shape.name) : xmlName;
}

/** S3 has one answer that is an element with text and no more. */
function ownDocument({ name, model }: Operation, shape: StructureShape, output: object): string {
  const root = shape.xmlName ?? shape.name;
  if (name !== "GetBucketLocation") return xmlDocument(shape, output, root, model.xmlNamespace);
  const text = Reflect.get(output, root);
  const content = typeof text === "string" ? escaped(text) : "";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${model.xmlNamespace}">${content}</${root}>`;
}

function readPayload({ shape, name }: Member, request: RestRequest, missing: string[]): unknown {
  if (shape.type === "blob") return request.bytes;
  if (shape.type === "string") return request.body;
  if (shape.type !== "structure") throw new Error(`bug: the body ${name} is a ${shape.type}`);
  return request.body.trim() === "" ? undefined : readElement(shape, parseXml(request.body), name, missing);
}

function readElement(shape: Shape, element: XmlElement, path: string, missing: string[]): unknown {
  switch (shape.type) {
    case "structure": {
      const value: { [member: string]: unknown } = {};
      for (const member of shape.members) {
        const memberPath = `${path}.${member.name}`;
        const read = readChildren(member, element, memberPath, missing);
        if (read !== undefined) value[member.name] = read;
        else if (member.required) missing.push(memberPath);
      }
      return value;
    }
    case "list":
      return element.children
        .filter(({ name }) => name === (shape.itemName ?? "member"))
        .map((item) => readElement(shape.item, item, path, missing));
    default:
      return readText(shape, element, path);
  }
}

function readChildren(member: Member, element: XmlElement, path: string, missing: string[]): unknown {
  const { shape, xmlName, flattened } = member;
  const children = element.children.filter(({ name }) => name === xmlName);
  const [first] = children;
  if (first === undefined) return undefined;
  if (shape.type === "list" && flattened) return children.map((child) => readElement(shape.item, child, path, missing));
  return readElement(shape, first, path, missing);
}

function readText(shape: Shape, { text }: XmlElement, path: string): unknown {
  const value =
    shape.type === "number"
      ? numberOf(text.trim())
      : shape.type === "boolean"
        ? booleanOf(text.trim())
        : shape.type === "timestamp"
          ? dateOf(text.trim())
          : text;
  if (value === undefined)
    throw new AwsError("MalformedXML", `Expected a ${shape.type} at '${path}', found '${text.slice(0, 100)}'.`);
  return value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}
