/**
 * A request's way in and an answer's way out, whatever the protocol: which service and operation a message is for, its input,
 * and the bytes of the answer or of the refusal. Source: semantics 13.
 */
import { AwsError, invalidAction, missingAction } from "./errors.ts";
import { type Form, field, readForm } from "./form.ts";
import { jsonAnswer, jsonError, parseJson } from "./json.ts";
import { isServiceName, type Operation, type ServiceModel, serviceModel, serviceNames } from "./model.ts";
import { type Input, parseEc2Query, parseQuery } from "./query-request.ts";
import { type Headers, parseRestJson, restJsonError, restOperation } from "./rest-json.ts";
import { ec2Answer, ec2Error, queryAnswer, queryError } from "./xml-answer.ts";

/** What of an HTTP request tells the call. */
export interface WireRequest {
  /** POST, when not said. */
  readonly method?: string | undefined;
  /** Before the `?`; `/`, when not said. */
  readonly path?: string | undefined;
  /** After the `?`, without it. */
  readonly queryString?: string | undefined;
  readonly body: string;
  /** The `X-Amz-Target` header, which JSON 1.1 has and the others do not. */
  readonly target?: string | undefined;
  readonly headers?: Headers | undefined;
}

/** A request read so far that its service and operation can be told. */
export interface Message {
  readonly method: string;
  readonly path: string;
  readonly target: string | undefined;
  /** The query string's fields, and the body's where that is a form. */
  readonly form: Form;
  readonly headers: Headers;
  readonly body: string;
}

/** An HTTP answer; the body's length is the server's to count. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** What is needed to speak a service's dialect when refusing. */
export type Dialect = Pick<ServiceModel, "protocol" | "xmlNamespace">;

/** Reads the form of a request, if it is one. Throws AwsError for a broken form. */
export function readMessage(request: WireRequest): Message {
  const { method = "POST", path = "/", queryString = "", body, target, headers = {} } = request;
  const rest = { method, path, target, headers, body };
  if (target !== undefined) return { ...rest, form: [] };
  const fromUrl = queryString === "" ? [] : readForm(queryString);
  const isForm = body !== "" && !/^application\/json\b/.test(String(headers["content-type"] ?? ""));
  return { ...rest, form: isForm ? [...fromUrl, ...readForm(body)] : fromUrl };
}

/** The service a message is for: by its credential scope's service, else by target, by `Action` and `Version`, or by path. */
export function serviceOfMessage(message: Message, scopeService?: string): ServiceModel | undefined {
  const { target, form } = message;
  if (scopeService !== undefined) return isServiceName(scopeService) ? serviceModel(scopeService) : undefined;
  const models = serviceNames.map(serviceModel);
  if (target !== undefined)
    return models.find((model) => model.protocol === "json-1.1" && target.startsWith(`${model.target}.`));
  const action = field(form, "Action");
  const version = field(form, "Version");
  return models.find((model) =>
    model.protocol === "rest-json"
      ? restOperation(model, message) !== undefined
      : model.protocol !== "json-1.1" && model.apiVersion === version && model.operations.has(action ?? ""),
  );
}

/** The operation a message names. Throws AwsError when it names none, or none that AWS knows. */
export function operationOfMessage(model: ServiceModel, message: Message): Operation {
  const { method, path, target, form } = message;
  if (model.protocol === "rest-json") {
    const operation = restOperation(model, message);
    if (operation === undefined)
      throw new AwsError("UnknownOperationException", `The operation ${method} ${path} is not known.`, 404);
    return operation;
  }
  if (method !== "POST" && method !== "GET") {
    throw new AwsError(
      "MethodNotAllowed",
      `The method ${method} is not allowed; this API takes POST, and GET for queries.`,
      405,
    );
  }
  if (model.protocol === "json-1.1") {
    const dot = target?.lastIndexOf(".") ?? -1;
    const operation = target?.slice(0, dot) === model.target ? model.operations.get(target.slice(dot + 1)) : undefined;
    if (operation === undefined)
      throw new AwsError("UnknownOperationException", `The operation ${target ?? ""} is not known.`);
    return operation;
  }
  const action = field(form, "Action");
  if (!action) throw missingAction();
  const operation = model.operations.get(action);
  if (operation === undefined) throw invalidAction(action);
  return operation;
}

/** The operation's input by the SDK's member names, in the SDK's types. Throws AwsError when it is not as the model says. */
export function inputOfMessage(operation: Operation, message: Message): Input {
  const { form, body } = message;
  switch (operation.model.protocol) {
    case "ec2":
      return parseEc2Query(operation, form);
    case "query":
      return parseQuery(operation, form);
    case "json-1.1":
      return parseJson(operation, body);
    case "rest-json":
      return parseRestJson(operation, { ...message, query: form });
  }
}

/** The answer to a call that succeeded. */
export function answer(operation: Operation, output: object, requestId: string): WireAnswer {
  const { protocol } = operation.model;
  const headers = headersFor(protocol, requestId);
  switch (protocol) {
    case "ec2":
      return { status: 200, headers, body: ec2Answer(operation, output, requestId) };
    case "query":
      return { status: 200, headers, body: queryAnswer(operation, output, requestId) };
    case "json-1.1":
      return { status: 200, headers, body: jsonAnswer(operation, output) };
    case "rest-json":
      return { status: operation.http?.status ?? 200, headers, body: jsonAnswer(operation, output) };
  }
}

/** The answer to a call that was refused. */
export function refusal(dialect: Dialect, error: AwsError, requestId: string): WireAnswer {
  const headers = headersFor(dialect.protocol, requestId);
  switch (dialect.protocol) {
    case "ec2":
      return { status: error.httpStatus, headers, body: ec2Error(error, requestId) };
    case "query":
      return { status: error.httpStatus, headers, body: queryError(dialect, error, requestId) };
    case "json-1.1":
      return {
        status: error.httpStatus,
        headers: { ...headers, "x-amzn-ErrorType": error.code },
        body: jsonError(error),
      };
    case "rest-json":
      return {
        status: error.httpStatus,
        headers: { ...headers, "x-amzn-ErrorType": error.code },
        body: restJsonError(error),
      };
  }
}

function headersFor(protocol: ServiceModel["protocol"], requestId: string): { readonly [name: string]: string } {
  return { "Content-Type": contentTypes[protocol], "x-amzn-RequestId": requestId };
}

const contentTypes: { readonly [protocol in ServiceModel["protocol"]]: string } = {
  ec2: "text/xml;charset=UTF-8",
  query: "text/xml;charset=UTF-8",
  "json-1.1": "application/x-amz-json-1.1",
  "rest-json": "application/json",
};
