/**
 * A request's way in and an answer's way out, whatever the protocol: which service and operation a message is for, its input,
 * and the bytes of the answer or of the refusal. Source: semantics 13.
 */
import { AwsError, invalidAction, missingAction } from "./errors.ts";
import { type Form, field, readForm } from "./form.ts";
import { jsonAnswer, jsonError, parseJson } from "./json.ts";
import { isServiceName, type Operation, type ServiceModel, serviceModel, serviceNames } from "./model.ts";
import { type Input, parseEc2Query, parseQuery } from "./query-request.ts";
import type { Headers, RestRequest } from "./rest-bindings.ts";
import { parseRestJson, restJsonAnswer, restJsonError, restOperation } from "./rest-json.ts";
import { parseRestXml, restXmlAnswer, restXmlError, restXmlOperation } from "./rest-xml.ts";
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
  /** The body as it was sent; that of `body`'s text, when not said. */
  readonly bytes?: Uint8Array | undefined;
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
  readonly bytes: Uint8Array;
}

/** An HTTP answer; the body's length is the server's to count, unless a header says it. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
}

/** What is needed to speak a service's dialect when refusing. */
export type Dialect = Pick<ServiceModel, "protocol" | "xmlNamespace">;

/** Reads the form of a request, if it is one. Throws AwsError for a broken form. */
export function readMessage(request: WireRequest): Message {
  const { method = "POST", path = "/", queryString = "", target, headers = {} } = request;
  return {
    method,
    path,
    target,
    headers,
    form: target === undefined ? formOf(request, queryString) : [],
    // As text, or as bytes, only where it is asked for: it may be long, and no text.
    get body() {
      return request.body;
    },
    get bytes() {
      return request.bytes ?? new TextEncoder().encode(request.body);
    },
  };
}

function formOf(request: WireRequest, queryString: string): Form {
  const fromUrl = queryString === "" ? [] : readForm(queryString);
  return hasForm(request) && request.body !== "" ? [...fromUrl, ...readForm(request.body)] : fromUrl;
}

/** Clients of forms POST, and say what they send, or nothing; the REST services take whatever there is as it is. */
function hasForm({ method = "POST", headers = {} }: WireRequest): boolean {
  const contentType = headers["content-type"];
  const service = /\/([a-z0-9-]+)\/aws4_request\b/.exec(String(headers.authorization ?? ""))?.[1] ?? "";
  if (isServiceName(service) && serviceModel(service).protocol.startsWith("rest-")) return false;
  if (contentType !== undefined) return !/^application\/json\b/.test(String(contentType));
  return method === "POST";
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
      : (model.protocol === "ec2" || model.protocol === "query") &&
        model.apiVersion === version &&
        model.operations.has(action ?? ""),
  );
}

/** The operation a message names. Throws AwsError when it names none, or none that AWS knows. */
export function operationOfMessage(model: ServiceModel, message: Message): Operation {
  const { method, path, target, form } = message;
  if (model.protocol === "rest-xml") {
    const operation = restXmlOperation(model, { method, path, query: form, headers: message.headers });
    if (operation === undefined)
      throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
    return operation;
  }
  if (model.protocol === "rest-json") {
    const operation = restOperation(model, { method, path, query: form });
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
  const { form } = message;
  switch (operation.model.protocol) {
    case "ec2":
      return parseEc2Query(operation, form);
    case "query":
      return parseQuery(operation, form);
    case "json-1.1":
      return parseJson(operation, message.body);
    case "rest-json":
      return parseRestJson(operation, restRequest(message));
    case "rest-xml":
      return parseRestXml(operation, restRequest(message));
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
    case "rest-json": {
      const rest = restJsonAnswer(operation, output);
      return { ...rest, headers: { ...headers, ...rest.headers } };
    }
    case "rest-xml": {
      const rest = restXmlAnswer(operation, output);
      return { ...rest, headers: { ...headers, ...rest.headers } };
    }
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
    case "rest-xml": {
      const { Region } = error.details;
      return {
        status: error.httpStatus,
        headers: { ...headers, ...(Region === undefined ? {} : { "x-amz-bucket-region": Region }) },
        // The answer that nothing has changed is one without a body.
        body: error.httpStatus === 304 ? "" : restXmlError(error, requestId),
      };
    }
  }
}

function restRequest(message: Message): RestRequest {
  const { method, path, form: query, headers } = message;
  return {
    method,
    path,
    query,
    headers,
    get body() {
      return message.body;
    },
    get bytes() {
      return message.bytes;
    },
  };
}

function headersFor(protocol: ServiceModel["protocol"], requestId: string): { readonly [name: string]: string } {
  if (protocol === "rest-xml") return { "Content-Type": contentTypes[protocol], "x-amz-request-id": requestId };
  return { "Content-Type": contentTypes[protocol], "x-amzn-RequestId": requestId };
}

const contentTypes: { readonly [protocol in ServiceModel["protocol"]]: string } = {
  ec2: "text/xml;charset=UTF-8",
  query: "text/xml;charset=UTF-8",
  "json-1.1": "application/x-amz-json-1.1",
  "rest-json": "application/json",
  "rest-xml": "application/xml",
};
