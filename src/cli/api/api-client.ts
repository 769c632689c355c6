/**
 * A small client of AWS's query protocols over HTTP: a command speaks to the cloud as any other client would. Names on the wire come
 * from AWS's service model; answers are read as plain XML. Signatures are not computed: the cloud reads account and Region from
 * the credential scope.
 */
import { isServiceName, type Operation, parseXml, type Shape, serviceModel, type XmlElement } from "../../aws/index.ts";
import { text } from "./xml.ts";

/** An operation's input by the API's own names, as in the AWS CLI's `--cli-input-json`. */
export interface ApiInput {
  readonly [member: string]: ApiValue;
}

export type ApiValue = string | number | boolean | ApiInput | readonly ApiValue[];

export interface ApiClient {
  /**
   * The answer's root element. `operation` is EC2's, `CreateVpc`, or says its service: `iam:CreateRole`. Throws an `ApiError` when the
   * cloud refuses.
   */
  call(operation: string, input: ApiInput): Promise<XmlElement>;
}

/** A refusal, by AWS's code. */
export class ApiError extends Error {
  readonly code: string;
  /** What AWS says, without the code. */
  readonly said: string;

  constructor(operation: string, code: string, said: string) {
    super(`${operation} was refused: ${code}: ${said}`);
    this.name = "ApiError";
    this.code = code;
    this.said = said;
  }
}

export interface ApiClientOptions {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

export function createApiClient({ endpoint, account, region, signal }: ApiClientOptions): ApiClient {
  return {
    async call(name, input) {
      const operation = operationNamed(name);
      const { service, protocol } = operation.model;
      const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
      const scope = `${account}/${date.slice(0, 8)}/${region}/${service}/aws4_request`;
      const response = await fetch(endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded; charset=utf-8",
          "x-amz-date": date,
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
        },
        body: encodeRequest(operation, input).toString(),
        signal,
      });
      const answer = parseXml(await response.text());
      if (response.ok) return answer;
      const error = protocol === "ec2" ? ["Errors", "Error"] : ["Error"];
      throw new ApiError(name, text(answer, ...error, "Code"), text(answer, ...error, "Message"));
    },
  };
}

/** `CreateVpc` is EC2's; `iam:CreateRole` says its service. */
export function splitOperation(name: string): { readonly service: string; readonly operation: string } {
  const colon = name.indexOf(":");
  return colon < 0
    ? { service: "ec2", operation: name }
    : { service: name.slice(0, colon), operation: name.slice(colon + 1) };
}

function operationNamed(name: string): Operation {
  const { service, operation } = splitOperation(name);
  const found = isServiceName(service) ? serviceModel(service).operations.get(operation) : undefined;
  if (found === undefined) throw new Error(`bug: AWS has no operation ${name}`);
  return found;
}

/** The form of a request: lists are numbered from 1, structures are dotted. Throws an Error for a member that AWS does not have. */
export function encodeRequest(operation: Operation, input: ApiInput): URLSearchParams {
  const { apiVersion, protocol } = operation.model;
  const form = new URLSearchParams({ Action: operation.name, Version: apiVersion });
  encode(form, protocol === "ec2" ? "ec2" : "query", "", operation.input, input);
  return form;
}

function encode(form: URLSearchParams, protocol: "ec2" | "query", name: string, shape: Shape, value: ApiValue): void {
  if (shape.type === "structure" && isInput(value)) {
    for (const [memberName, part] of Object.entries(value)) {
      const member = shape.members.find((each) => each.name === memberName);
      if (member === undefined) throw new Error(`bug: ${shape.name} has no member ${memberName}`);
      const label = protocol === "ec2" ? member.ec2QueryName : member.name;
      encode(form, protocol, name === "" ? label : `${name}.${label}`, member.shape, part);
    }
  } else if (shape.type === "list" && isList(value)) {
    const prefix = protocol === "ec2" ? name : `${name}.member`;
    for (const [index, part] of value.entries()) encode(form, protocol, `${prefix}.${index + 1}`, shape.item, part);
  } else if (typeof value !== "object") {
    form.append(name, String(value));
  } else {
    throw new Error(`bug: ${name} is a ${shape.type}`);
  }
}

export function isList(value: ApiValue): value is readonly ApiValue[] {
  return Array.isArray(value);
}

export function isInput(value: ApiValue): value is ApiInput {
  return typeof value === "object" && !isList(value);
}
