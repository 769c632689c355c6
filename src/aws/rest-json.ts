/**
 * The REST-JSON protocol (RAM, Lambda): an operation is a method and a path; its input is spread over path, query, headers and a
 * JSON body, or a body of the caller's own. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
import { AwsError } from "./errors.ts";
import type { Form } from "./form.ts";
import { jsonAnswer, readJson } from "./json.ts";
import type { Operation, ServiceModel } from "./model.ts";
import type { Input } from "./query-request.ts";
import {
  boundAnswer,
  type Labels,
  payloadOf,
  queryHolds,
  type RestRequest,
  readBoundMembers,
} from "./rest-bindings.ts";
import { missingMembers } from "./validation-error.ts";

/** The operation that a model has at this method and path; of two, the one that asks more of the query. */
export function restOperation(
  model: ServiceModel,
  { method, path, query = [] }: { readonly method: string; readonly path: string; readonly query?: Form },
): Operation | undefined {
  let found: Operation | undefined;
  for (const operation of model.operations.values()) {
    const { http } = operation;
    if (http?.method !== method || labelsOf(http.path, path) === undefined || !queryHolds(http, query)) continue;
    if (found === undefined || http.query.length > (found.http?.query.length ?? 0)) found = operation;
  }
  return found;
}

/** Reads a request's input. Throws AwsError: SerializationException, or the service's word for a member that is missing. */
export function parseRestJson(operation: Operation, request: RestRequest): Input {
  const missing: string[] = [];
  const { input: shape } = operation;
  const payload = payloadOf(shape.members);
  const inBody = shape.members.filter(({ location }) => location === undefined);
  const body: Input =
    payload === undefined
      ? readJson({ ...shape, members: inBody }, request.body, missing)
      : { [payload.name]: payload.shape.type === "blob" ? request.bytes : request.body };
  const labels = labelsOf(operation.http?.path ?? "", request.path) ?? new Map<string, string>();
  const input = { ...body, ...readBoundMembers(operation, request, labels, missing) };
  if (missing.length > 0) throw missingMembers(missingCode(operation.model), missing);
  return input;
}

/** The answer's status, the headers that are the output's own, and the body. */
export function restJsonAnswer(
  operation: Operation,
  output: object,
): {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
} {
  const { status, headers } = boundAnswer(operation, output);
  const payload = payloadOf(operation.output?.members ?? []);
  if (payload !== undefined) {
    const value: unknown = Reflect.get(output, payload.name);
    return { status, headers, body: value instanceof Uint8Array ? value : String(value ?? "") };
  }
  // Who has nothing to say with 204 says nothing.
  return { status, headers, body: status === 204 ? "" : jsonAnswer(operation, output) };
}

/** `{"message": …}`; the code is in a header. */
export function restJsonError(error: AwsError): string {
  return JSON.stringify({ message: error.message });
}

/** What the path's labels stand for, or undefined when it is another path. A slash at the end makes no difference to AWS. */
function labelsOf(template: string, path: string): Labels | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (given.length > 2 && given.at(-1) === "" && wanted.at(-1) !== "") given.pop();
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
