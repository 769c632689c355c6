/** Puts together what a resource type's handler works with: the properties, and calls in the stack's name. */
import { isAwsError } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { setAwsTags } from "../../ec2/tag/tags.ts";
import { customResourcePort } from "../custom-resource/requests.ts";
import type { ResourceWork } from "../resource-types/resource-type.ts";
import type { StackTag } from "../stack/record.ts";
import type { ResourceState, StackResourceRecord } from "../stack-resource/record.ts";
import { type ContextFor, contextOf, innerCall } from "./inner-call.ts";
import { nestedStackPort } from "./nested-stack.ts";
import { noteRefuser } from "./reasons.ts";

export function resourceWork(
  resource: Pick<StackResourceRecord, "StackId" | "StackName" | "LogicalResourceId" | "Progress"> & ResourceState,
  context: ActionContext,
  contextFor: ContextFor,
): ResourceWork {
  const { StackId, StackName, LogicalResourceId, PhysicalResourceId, Properties, StackTags, ResourceType } = resource;
  const { accountId, region } = context.caller;
  const call = <Output>(action: string, input: object, where: { accountId?: string; region?: string } = {}): Output => {
    const there = contextOf(context, { accountId, region, ...where }, contextFor);
    try {
      // The handler names the output type that belongs to the operation it calls.
      return innerCall(action, input, there) as Output;
    } catch (error) {
      if (isAwsError(error)) noteRefuser(error, action.split(":")[0] ?? "");
      throw error;
    }
  };
  return {
    accountId,
    region,
    stack: { StackId, StackName },
    logicalId: LogicalResourceId,
    physicalId: PhysicalResourceId,
    properties: Properties,
    tags: mergedTags(StackTags, Properties.Tags),
    now: context.now,
    since: resource.Progress?.Since ?? context.now,
    call,
    newName: (maxLength) => newName(StackName, LogicalResourceId, maxLength, context),
    tagAsOwn: (resourceType, resourceId) =>
      setAwsTags(context, resourceType, resourceId, [
        { Key: "aws:cloudformation:stack-name", Value: StackName },
        { Key: "aws:cloudformation:stack-id", Value: StackId },
        { Key: "aws:cloudformation:logical-id", Value: LogicalResourceId },
      ]),
    custom: customResourcePort({ StackId, LogicalResourceId, PhysicalResourceId, ResourceType, Properties }, context),
    nested: nestedStackPort(resource, () => newName(StackName, LogicalResourceId, maxStackName, context), context),
  };
}

/** The stack's tags, and the resource's own, which go before them. */
function mergedTags(stackTags: readonly StackTag[], own: unknown): readonly StackTag[] {
  const merged = new Map(stackTags.map(({ Key, Value }) => [Key, Value]));
  // Checked against the specification: where `Tags` are no list, they are of a type that this cloud gives none.
  for (const tag of Array.isArray(own) ? own : []) merged.set(tag.Key, tag.Value);
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}

const nameAlphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const randomLength = 12;
const maxStackName = 128;

/** `CFN-MyParameter-2gHk8sJd01Zx`: the stack's and the resource's names are cut when they are too long. */
function newName(stackName: string, logicalId: string, maxLength: number, context: ActionContext): string {
  const random = [...context.randomBytes(randomLength)]
    .map((byte) => nameAlphabet[byte % nameAlphabet.length])
    .join("");
  const room = maxLength - randomLength - 2;
  const logical = logicalId.slice(0, Math.max(room - stackName.length, Math.floor(room / 2)));
  return `${stackName.slice(0, room - logical.length)}-${logical}-${random}`;
}
