/** Invoke: the answer waits for the function, or does not. An event is tried once. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { AwsError } from "../../../aws/index.ts";
import { type Action, answeredLater } from "../action.ts";
import { uuid } from "../uuid.ts";
import { invalidParameter, notModelled, resourceConflict } from "./errors.ts";
import { functionNamed } from "./look-up.ts";
import { type FunctionResult, runFunction } from "./run-function.ts";

/** The codec gives bytes and takes them. */
type Input = Omit<InvokeCommandInput, "Payload"> & { readonly Payload?: Uint8Array };
type Output = Omit<InvokeCommandOutput, "Payload" | "$metadata"> & { readonly Payload?: Uint8Array };

const maxPayloadBytes = 6 * 1024 * 1024;
const logTailBytes = 4096;

export const invoke: Action<Input, Output & Pick<InvokeCommandOutput, "$metadata">> = (input, context) => {
  const record = functionNamed(context, input);
  const { InvocationType = "RequestResponse", LogType } = input;
  if (input.TenantId !== undefined || input.DurableExecutionName !== undefined) throw notModelled("This kind of call");
  const payload = checkedPayload(input.Payload);
  const clientContext = checkedContext(input.ClientContext);
  if (InvocationType === "DryRun") return { StatusCode: 204 };
  if (record.State === "Pending") {
    throw resourceConflict(
      "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    );
  }
  const requestId = uuid(context.randomBytes(16));
  const call = { record, requestId, payload, ...(clientContext === undefined ? {} : { clientContext }) };
  if (InvocationType === "Event") {
    context.background(async (background) => {
      await runFunction(background, call);
    });
    return { StatusCode: 202 };
  }
  return answeredLater(context, async (background): Promise<Output> => {
    const result = await runFunction(background, call);
    return outputOf(result, record.Version, LogType === "Tail");
  });
};

function outputOf(result: FunctionResult, ExecutedVersion: string, withLog: boolean): Output {
  if (result.kind === "throttled") throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
  if (result.kind === "unavailable")
    throw new AwsError("UnsupportedOperation", `The function cannot be run by this local cloud: ${result.reason}`);
  return {
    StatusCode: 200,
    ExecutedVersion,
    Payload: Buffer.from(result.payload),
    ...(result.kind === "result" ? {} : { FunctionError: "Unhandled" }),
    ...(withLog ? { LogResult: Buffer.from(result.log).subarray(-logTailBytes).toString("base64") } : {}),
  };
}

/** Nothing is an empty object. */
function checkedPayload(bytes: Uint8Array = new Uint8Array()): string {
  if (bytes.length > maxPayloadBytes)
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${maxPayloadBytes} bytes for the InvokeFunction operation`,
      413,
    );
  const text = Buffer.from(bytes).toString("utf8");
  if (text.trim() === "") return "{}";
  if (!isJson(text))
    throw new AwsError("InvalidRequestContentException", "Could not parse request body into json: it is no JSON.");
  return text;
}

function checkedContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, "base64").toString("utf8");
  if (!isJson(text)) throw invalidParameter("Client context must be a valid Base64-encoded JSON object.");
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}
