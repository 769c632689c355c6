/**
 * Questions to the functions behind custom resources, and their answers.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
import { isAwsError, parseArn } from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { ActionContext, Background } from "../../action.ts";
import { askCustomResource } from "../../lambda/custom-resource.ts";
import { uuid } from "../../uuid.ts";
import { type CustomAnswer, type CustomResourcePort, ResourceFailure } from "../resource-types/resource-type.ts";
import type { PropertyValues, StackResourceRecord } from "../stack-resource/record.ts";

type Resource = Pick<
  StackResourceRecord,
  "StackId" | "LogicalResourceId" | "PhysicalResourceId" | "ResourceType" | "Properties"
>;

export function customResourcePort(resource: Resource, context: ActionContext): CustomResourcePort {
  return {
    request(kind, before) {
      const { StackId, LogicalResourceId, PhysicalResourceId, ResourceType, Properties } = resource;
      const ServiceToken = serviceTokenOf(Properties);
      forgetRequests(context, resource);
      const Token = uuid(context.randomBytes(16));
      const event = {
        RequestType: kind,
        ServiceToken,
        StackId,
        RequestId: uuid(context.randomBytes(16)),
        LogicalResourceId,
        ...(kind !== "Create" && { PhysicalResourceId }),
        ResourceType,
        ResourceProperties: Properties,
        ...(before !== undefined && { OldResourceProperties: before }),
      };
      context.put("customRequest", {
        OwnerId: context.caller.accountId,
        Region: context.caller.region,
        CreatedAt: context.now,
        Token,
        StackId,
        LogicalResourceId,
        ServiceToken,
        TimeoutMs: timeoutMsOf(Properties),
        Event: JSON.stringify(event),
      });
      context.background((background) => ask(Token, background));
    },
    answer: () => requestOf(context, resource)?.Answer,
  };
}

/** Asks every function again that had not answered when the cloud was ended: its work has ended with the cloud. */
export function askAgain(view: StateView, background: Background): void {
  for (const { Token, Answer } of view.all("customRequest"))
    if (Answer === undefined) ask(Token, background).catch(background.onFault);
}

/** Calls the function. That it can not be called is an answer too; that it does not answer in time is for the resource to find. */
async function ask(token: string, background: Background): Promise<void> {
  const request = background.transact((transaction) => transaction.get("customRequest", token));
  if (request === undefined) return;
  const { ServiceToken, Event, TimeoutMs, OwnerId: accountId, Region: region } = request;
  const take = (body: string): void => background.transact((transaction) => takeAnswer(transaction, token, body));
  const failed = (Reason: string): void => take(JSON.stringify({ Status: "FAILED", Reason }));
  try {
    const answer = await askCustomResource(background, {
      serviceToken: ServiceToken,
      caller: { accountId, region },
      request: JSON.parse(Event),
      timeoutMs: TimeoutMs,
    });
    if (answer.kind === "answered") take(answer.body);
    else if (answer.kind === "failed") failed(answer.reason);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    failed(error.message);
  }
}

/** The function's ARN; topics of SNS, which AWS allows too, are not modelled. */
function serviceTokenOf(properties: PropertyValues): string {
  const token = properties.ServiceToken;
  if (typeof token !== "string" || parseArn(token)?.service !== "lambda")
    throw new ResourceFailure(
      `Invalid PhysicalResourceId/ServiceToken: ${String(token)} is not the ARN of a function; others are not modelled by this local cloud.`,
    );
  return token;
}

function requestOf(
  context: Transaction,
  { StackId, LogicalResourceId }: Pick<Resource, "StackId" | "LogicalResourceId">,
) {
  return context.by("customRequest", "resource", `${StackId}/${LogicalResourceId}`).at(-1);
}

function forgetRequests(
  context: Transaction,
  { StackId, LogicalResourceId }: Pick<Resource, "StackId" | "LogicalResourceId">,
): void {
  for (const { Token } of context.by("customRequest", "resource", `${StackId}/${LogicalResourceId}`))
    context.delete("customRequest", Token);
}

/** Takes a function's answer. It may come when nobody waits for it any more. */
function takeAnswer(transaction: Transaction, token: string, body: string): void {
  const request = transaction.get("customRequest", token);
  if (request === undefined || request.Answer !== undefined) return;
  transaction.put("customRequest", { ...request, Answer: answerOf(body) });
  wakeStack(transaction, request.StackId);
}

const defaultTimeoutSeconds = 3600;

/** How long the function may take to answer. */
export function timeoutMsOf({ ServiceTimeout }: PropertyValues): number {
  return Number(ServiceTimeout ?? defaultTimeoutSeconds) * 1000;
}

/** Lets the engine look at everything of a stack that is under way. */
export function wakeStack(transaction: Transaction, stackId: string): void {
  for (const resource of transaction.by("stackResource", "stack", stackId)) {
    if (resource.Progress !== undefined)
      transaction.put("stackResource", { ...resource, Progress: { ...resource.Progress, PollAt: transaction.now } });
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const maxAnswerBytes = 4096;

function answerOf(body: string): CustomAnswer {
  if (Buffer.byteLength(body) > maxAnswerBytes) return { Status: "FAILED", Refused: "Response object is too long." };
  const given = parsed(body);
  if (given === undefined || (given.Status !== "SUCCESS" && given.Status !== "FAILED"))
    return {
      Status: "FAILED",
      Reason: "Invalid response object: The response is not JSON with a Status of SUCCESS or FAILED",
    };
  const { Status, Reason, PhysicalResourceId, Data } = given;
  return {
    Status,
    ...(typeof Reason === "string" && { Reason }),
    ...(typeof PhysicalResourceId === "string" && { PhysicalResourceId }),
    ...(isValues(Data) && { Data }),
  };
}

function parsed(body: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isValues(value: unknown): value is PropertyValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
