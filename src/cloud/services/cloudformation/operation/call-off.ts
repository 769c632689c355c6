/** Writing down that a resource has failed, and calling off what is under way. */
import type { ActionContext } from "../../action.ts";
import { userInitiated } from "../stack/operations.ts";
import type { StackRecord } from "../stack/record.ts";
import { putResourceWithEvent } from "../stack-event/events.ts";
import type { StackResourceRecord } from "../stack-resource/record.ts";
import { enterPhase } from "./transitions.ts";

/** Writes down that a resource has failed, and that the operation has. */
export function refuse(
  resource: StackResourceRecord,
  stack: StackRecord,
  { context }: { readonly context: ActionContext },
  reason: string,
): void {
  const { Progress, ...rest } = resource;
  const isUpdate = resource.Before !== undefined || (resource.Fresh !== true && Progress?.Step !== "create");
  const verb = Progress?.Step === "delete" ? "DELETE" : isUpdate ? "UPDATE" : "CREATE";
  const failed = { ...rest, ResourceStatus: `${verb}_FAILED`, UpdatedAt: context.now };
  putResourceWithEvent(context, { ...failed, ...(stack.Operation && { Phase: stack.Operation.Phase }) }, reason);
  noteFailure(stack.StackId, resource.LogicalResourceId, context);
}

function noteFailure(stackId: string, logicalId: string, context: ActionContext): void {
  const stack = context.must("stack", stackId);
  if (stack.Operation === undefined) throw new Error("bug: a stack without an operation has failed");
  context.put("stack", {
    ...stack,
    Operation: { ...stack.Operation, Failed: [...stack.Operation.Failed, logicalId] },
  });
}

export function callOff(running: StackResourceRecord, stack: StackRecord, context: ActionContext): void {
  const verb = running.Before === undefined ? "creation" : "update";
  refuse(running, stack, { context }, `Resource ${verb} cancelled`);
  const nested = context.get("stack", running.PhysicalResourceId);
  if (nested?.StackStatus === "UPDATE_IN_PROGRESS") cancelUpdate(nested, context);
}

/** Ends an update where it is: what is under way is called off, and the stack goes back, whatever was said of rollbacks. */
export function cancelUpdate({ StackId }: StackRecord, context: ActionContext): void {
  for (const resource of context.by("stackResource", "stack", StackId))
    if (resource.Progress !== undefined) callOff(resource, context.must("stack", StackId), context);
  const stack = context.must("stack", StackId);
  enterPhase(stack, "CancelUpdateStack", userInitiated, context, stack.Operation?.Before);
}
