/**
 * A small EC2 client over HTTP: the demo speaks to its cloud as any other client would. Names on the wire come from AWS's service
 * model; answers are read as plain XML. Signatures are not computed: the cloud reads account and Region from the credential scope.
 */
import { type Operation, type Shape, serviceModel } from "../../aws/index.ts";
import { parseXml, text, type XmlElement } from "./xml.ts";

/** An operation's input by the API's own names, as in the AWS CLI's `--cli-input-json`. */
export interface ApiInput {
  readonly [member: string]: ApiValue;
}

export type ApiValue = string | number | boolean | ApiInput | readonly ApiValue[];

export interface ApiClient {
  /** The answer's root element. Throws an `ApiError` when the cloud refuses. */
  call(operation: string, input: ApiInput): Promise<XmlElement>;
}

/** A refusal, by AWS's code. */
export class ApiError extends Error {
  readonly code: string;

  constructor(operation: string, code: string, message: string) {
    super(`${operation} was refused: ${code}: ${message}`);
    this.name = "ApiError";
    this.code = code;
  }
}

export interface ApiClientOptions {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

export function createApiClient({ endpoint, account, region, signal }: ApiClientOptions): ApiClient {
  const model = serviceModel("ec2");
  return {
    async call(name, input) {
      const operation = model.operations.get(name);
      if (operation === undefined) throw new Error(`bug: EC2 has no operation ${name}`);
      const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
      const scope = `${account}/${date.slice(0, 8)}/${region}/ec2/aws4_request`;
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
      if (!response.ok)
        throw new ApiError(name, text(answer, "Errors", "Error", "Code"), text(answer, "Errors", "Error", "Message"));
      return answer;
    },
  };
}

/** The form of a request: lists are numbered from 1, structures are dotted. Throws an Error for a member that AWS does not have. */
export function encodeRequest(operation: Operation, input: ApiInput): URLSearchParams {
  const form = new URLSearchParams({ Action: operation.name, Version: operation.model.apiVersion });
  encode(form, "", operation.input, input);
  return form;
}

function encode(form: URLSearchParams, name: string, shape: Shape, value: ApiValue): void {
  if (shape.type === "structure" && isInput(value)) {
    for (const [memberName, part] of Object.entries(value)) {
      const member = shape.members.find((each) => each.name === memberName);
      if (member === undefined) throw new Error(`bug: ${shape.name} has no member ${memberName}`);
      encode(form, name === "" ? member.ec2QueryName : `${name}.${member.ec2QueryName}`, member.shape, part);
    }
  } else if (shape.type === "list" && isList(value)) {
    for (const [index, part] of value.entries()) encode(form, `${name}.${index + 1}`, shape.item, part);
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
