/** Finding the change set that a call names: by its id, or by its name and its stack's. */
import type { ActionContext } from "../../action.ts";
import { noStack, validationError } from "../errors.ts";
import { findStack, namedStack } from "../stack/find-stack.ts";
import type { ChangeSetRecord } from "./record.ts";

/** Undefined when there is none. Throws when it is not said of which stack, or when that stack is not there. */
export function findChangeSet(
  name: string,
  stackName: string | undefined,
  context: ActionContext,
): ChangeSetRecord | undefined {
  const { accountId, region } = context.caller;
  if (name.startsWith("arn:")) return context.visible("changeSet", name, accountId, region);
  if (!stackName) throw validationError("StackName must be specified if ChangeSetName is not specified as an ARN.");
  const { StackId } = namedStack(stackName, context, noStack);
  return context.by("changeSet", "stack", StackId).find(({ ChangeSetName }) => ChangeSetName === name);
}

/** The change sets of a stack, oldest first. */
export function changeSetsOf(stackName: string, context: ActionContext): readonly ChangeSetRecord[] {
  const stack = findStack(stackName, context);
  if (stack === undefined) throw noStack(stackName);
  return context.by("changeSet", "stack", stack.StackId);
}
