/** The way of a request through the gateway, as a list. Order is data: each step says what it needs from those before it. */
import {
  AwsError,
  answer,
  credentialScope,
  inputOfMessage,
  operationOfMessage,
  readMessage,
  serviceModel,
  serviceOfMessage,
  unsupportedOperation,
  type WireAnswer,
} from "../../aws/index.ts";
import { responsePath } from "../response-door.ts";
import { answered } from "../services/action.ts";
import { isServiceName, services } from "../services/registry.ts";
import type { Exchange, Step } from "./exchange.ts";
import { refusedPage } from "./page-guard.ts";
import { presignedUntil } from "./presigned-url.ts";

/** The way, from the bytes to the answer. */
export const steps: readonly Step[] = [
  refusePages,
  health,
  takeResponse,
  readRequest,
  readScope,
  chooseService,
  readOperation,
  readInput,
  act,
];

/** Until the service is known, refusals are worded as EC2's. */
export const firstDialect = serviceModel("ec2");

/** First of all, so that nothing a page sends is even read. */
function refusePages({ request }: Exchange): undefined {
  const reason = refusedPage(request.headers);
  if (reason !== undefined) throw new AwsError("AccessDenied", reason, 403);
}

/** For whoever waits until the cloud answers; tells nothing of its content. */
function health({ request }: Exchange): WireAnswer | undefined {
  if (request.method !== "GET" || request.url !== "/_causeway/health") return undefined;
  return { status: 200, headers: { "Content-Type": "application/json" }, body: '{"status":"running"}\n' };
}

/** A function's answer for CloudFormation. Its documented clients PUT; the token in the path is all that they know. */
function takeResponse({ request, cloud }: Exchange): WireAnswer | undefined {
  const { method, url } = request;
  if (!url.startsWith(responsePath)) return undefined;
  const headers = { "Content-Type": "application/json" };
  if (method !== "PUT" && method !== "POST") return { status: 405, headers, body: "" };
  const token = url.slice(responsePath.length).replace(/\?.*$/, "");
  return { status: cloud.responses.put(token, request.body) ? 200 : 404, headers, body: "" };
}

function readRequest(exchange: Exchange): undefined {
  const { request } = exchange;
  const { method, url, headers } = request;
  const mark = url.indexOf("?");
  const target = headers["x-amz-target"];
  exchange.message = readMessage({
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    headers,
    queryString: mark < 0 ? "" : url.slice(mark + 1),
    get body() {
      return request.body;
    },
    bytes: request.bytes,
    target: Array.isArray(target) ? target[0] : target,
  });
}

function readScope(exchange: Exchange): undefined {
  const message = known(exchange.message);
  const inUrl = (wanted: string): string | undefined => message.form.find(([name]) => name === wanted)?.[1];
  const guessed = serviceOfMessage(message);
  if (guessed !== undefined) exchange.dialect = guessed;
  exchange.scope = credentialScope({
    authorization: exchange.request.headers.authorization,
    presignedCredential: inUrl("X-Amz-Credential"),
    olderAccessKeyId: inUrl("Signature") === undefined ? undefined : inUrl("AWSAccessKeyId"),
  });
}

/** Needs the scope: one endpoint serves every service, and the scope says which is meant. */
function chooseService(exchange: Exchange): undefined {
  const { service } = known(exchange.scope);
  const model = serviceOfMessage(known(exchange.message), service);
  if (model === undefined || !isServiceName(service)) {
    throw new AwsError(
      "UnsupportedOperation",
      `The service '${service}' is not modelled by this local cloud. It answers ${Object.keys(services).join(", ")}.`,
    );
  }
  exchange.dialect = model;
  const { form } = known(exchange.message);
  if (service === "s3" && presignedUntil(form) < Date.now())
    throw new AwsError("AccessDenied", "Request has expired", 403);
}

function readOperation(exchange: Exchange): undefined {
  const { service } = known(exchange.scope);
  if (!isServiceName(service)) throw new Error("bug: the service was not checked");
  const operation = operationOfMessage(serviceModel(service), known(exchange.message));
  if (!Object.hasOwn(services[service], operation.name)) throw refusedByName(service, operation.name);
  exchange.operation = operation;
}

/** In the words of the service that is asked. */
function refusedByName(service: string, operation: string): AwsError {
  const { message } = unsupportedOperation(operation);
  return service === "s3" ? new AwsError("NotImplemented", message) : unsupportedOperation(operation);
}

function readInput(exchange: Exchange): undefined {
  exchange.input = inputOfMessage(known(exchange.operation), known(exchange.message));
}

/**
 * The call itself. It is answered when it is durable and when the packets follow everything it tells of: an answer that says
 * `active` is never ahead of the kernel, also when the clock and not this call made it so.
 */
async function act({ cloud, scope, operation, input, requestId }: Exchange): Promise<WireAnswer> {
  const { service, accessKeyId, region } = known(scope);
  const { name } = known(operation);
  if (!isServiceName(service)) throw new Error("bug: the service was not checked");
  const output = cloud.call({ service, operation: name, input: known(input), accessKeyId, region });
  await cloud.settled();
  return answer(known(operation), await answered(output), requestId);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("bug: a step of the gateway ran before the one it needs");
  return value;
}
