/**
 * The REST-JSON protocol (RAM): an operation is a method and a path; its input is spread over path, query, headers and a JSON body.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
import { AwsError } from "./errors.ts";
import type { Form } from "./form.ts";
import { readJson } from "./json.ts";
import type { Member, Operation, ServiceModel, Shape } from "./model.ts";
import type { Input } from "./query-request.ts";
import { booleanOf, dateOf, numberOf } from "./scalars.ts";
import { missingMembers } from "./validation-error.ts";

/** By lower-case name. */
export type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** What of a request an operation's input can be in. */
export interface RestRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: Form;
  readonly headers: Headers;
  readonly body: string;
}

/** The operation that a model has at this method and path. */
export function restOperation(
  model: ServiceModel,
  { method, path }: Pick<RestRequest, "method" | "path">,
): Operation | undefined {
  for (const operation of model.operations.values()) {
    const { http } = operation;
    if (http?.method === method && labelsOf(http.path, path) !== undefined) return operation;
  }
  return undefined;
}

/** Reads a request's input. Throws AwsError: SerializationException, or the service's word for a member that is missing. */
export function parseRestJson(operation: Operation, request: RestRequest): Input {
  const missing: string[] = [];
  const { input: shape } = operation;
  const inBody = shape.members.filter(({ location }) => location === undefined);
  const input: { [member: string]: unknown } = { ...readJson({ ...shape, members: inBody }, request.body, missing) };
  const labels = labelsOf(operation.http?.path ?? "", request.path) ?? new Map<string, string>();
  for (const member of shape.members) {
    if (member.location === undefined) continue;
    const texts = textsOf(member, labels, request);
    if (texts.length > 0) input[member.name] = readMember(member, texts);
    else if (member.required) missing.push(member.name);
  }
  if (missing.length > 0) throw missingMembers(missingCode(operation.model), missing);
  return input;
}

/** `{"message": …}`; the code is in a header. */
export function restJsonError(error: AwsError): string {
  return JSON.stringify({ message: error.message });
}

/** What the path's labels stand for, or undefined when it is another path. */
function labelsOf(template: string, path: string): ReadonlyMap<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  const labels = new Map<string, string>();
  for (const [index, part] of wanted.entries()) {
    const label = /^\{(\w+)(\+?)\}$/.exec(part);
    const value = label?.[2] === "+" ? given.splice(index).join("/") : given[index];
    if (!value && part !== "") return undefined;
    if (label === null && value !== part) return undefined;
    if (label !== null) labels.set(label[1] ?? "", decoded(value ?? ""));
  }
  return wanted.length < given.length ? undefined : labels;
}

/** A member's texts; several for a list, none when it was not sent. */
function textsOf(
  { name, location }: Member,
  labels: ReadonlyMap<string, string>,
  { query, headers }: RestRequest,
): readonly string[] {
  switch (location?.[0]) {
    case undefined:
      return [];
    case "label":
      return [labels.get(name) ?? []].flat();
    case "query":
      return query.filter(([parameter]) => parameter === location[1]).map(([, value]) => value);
    case "header":
      return [headers[location[1].toLowerCase()] ?? []].flat();
  }
}

function readMember({ shape, name }: Member, texts: readonly string[]): unknown {
  if (shape.type === "list") return texts.map((text) => scalarOf(shape.item, text, name));
  return scalarOf(shape, texts.at(-1) ?? "", name);
}

function scalarOf(shape: Shape, text: string, name: string): unknown {
  const value = readScalar(shape, text);
  if (value === undefined)
    throw new AwsError("SerializationException", `Expected a ${shape.type} at '${name}', found '${text}'.`);
  return value;
}

function readScalar(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case "string":
      return text;
    case "number":
      return numberOf(text);
    case "boolean":
      return booleanOf(text);
    case "timestamp":
      return dateOf(text);
    default:
      throw new Error(`bug: a ${shape.type} outside the body`);
  }
}

/** RAM has a word of its own for what is missing; Smithy's frameworks all say the same. */
function missingCode({ errors }: ServiceModel): string {
  return errors.get("MissingRequiredParameterException")?.code ?? "ValidationException";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new AwsError("SerializationException", "The path contains a syntax error.");
  }
}
