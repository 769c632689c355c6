/** How a stack gets from one phase of its operation to the next: status, reason, event, and what is kept for later. */
import type { ActionContext } from "../../action.ts";
import { wakeStack } from "../custom-resource/requests.ts";
import type { StackRecord } from "../stack/record.ts";
import { putStackWithEvent } from "../stack-event/events.ts";
import { isGone } from "../stack-resource/record.ts";

/** Fires an event of the stack's life cycle, which must be allowed. */
export function enterPhase(
  stack: StackRecord,
  event: string,
  reason: string | undefined,
  context: ActionContext,
  changes: Partial<StackRecord> = {},
): StackRecord {
  const { StackStatusReason: _past, ...rest } = stack;
  const prepared: StackRecord = { ...rest, ...changes, ...(reason !== undefined && { StackStatusReason: reason }) };
  const entered = context.fire("stack", prepared, event);
  if (entered === undefined) throw new Error(`bug: ${event} is not allowed for a stack in ${stack.StackStatus}`);
  const isOver = !entered.StackStatus.endsWith("_IN_PROGRESS");
  const { Operation, BeforeFailure: _before, ...withoutOperation } = entered;
  if (Operation === undefined) throw new Error("bug: a stack without an operation has no phases");
  const isDeletion = entered.StackStatus === "DELETE_IN_PROGRESS" || entered.StackStatus === "ROLLBACK_IN_PROGRESS";
  const next: StackRecord = isOver
    ? {
        ...withoutOperation,
        ...(entered.StackStatus === "UPDATE_FAILED" && Operation.Before && { BeforeFailure: Operation.Before }),
      }
    : { ...entered, Operation: { ...Operation, Phase: Operation.Phase + 1, Failed: [] } };
  const stored = putStackWithEvent(context, {
    ...next,
    ...(isDeletion && { DeletedAt: next.DeletedAt ?? context.now }),
  });
  if (isOver) settle(stored, context);
  return context.must("stack", stored.StackId);
}

/** Nothing of the operation is left in the records when it is over. */
function settle(stack: StackRecord, context: ActionContext): void {
  const { StackId, StackStatus, ParentId } = stack;
  // A stack whose update or rollback failed may be rolled back later.
  const mayGoBack = StackStatus === "UPDATE_FAILED" || StackStatus === "UPDATE_ROLLBACK_FAILED";
  for (const resource of context.by("stackResource", "stack", StackId)) {
    const { Phase: _phase, Progress: _progress, Before, Fresh, ...rest } = resource;
    const kept = mayGoBack ? { Before, Fresh } : {};
    context.put("stackResource", { ...rest, ...kept });
  }
  if (StackStatus === "DELETE_COMPLETE" || StackStatus === "ROLLBACK_COMPLETE") {
    context.put("stack", { ...stack, Outputs: [], Imports: [] });
    for (const { Token } of context.by("customRequest", "stack", StackId)) context.delete("customRequest", Token);
  }
  if (StackStatus === "DELETE_COMPLETE") {
    for (const { ChangeSetId } of context.by("changeSet", "stack", StackId)) {
      const changeSet = context.must("changeSet", ChangeSetId);
      if (changeSet.ExecutionStatus === "AVAILABLE")
        context.put("changeSet", { ...changeSet, ExecutionStatus: "OBSOLETE" });
    }
  }
  for (const { ChangeSetId } of context.by("changeSet", "stack", StackId)) {
    const changeSet = context.must("changeSet", ChangeSetId);
    if (changeSet.ExecutionStatus !== "EXECUTE_IN_PROGRESS") continue;
    const isSuccess = StackStatus === "CREATE_COMPLETE" || StackStatus === "UPDATE_COMPLETE";
    context.put("changeSet", { ...changeSet, ExecutionStatus: isSuccess ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED" });
  }
  if (ParentId !== undefined) wakeStack(context, ParentId);
}

/** `The following resource(s) failed to create: [A, B]. ` */
export function failedResources(stack: StackRecord, context: ActionContext): string {
  const names = stack.Operation?.Failed ?? [];
  const failed = context
    .by("stackResource", "stack", stack.StackId)
    .filter((resource) => !isGone(resource) && names.includes(resource.LogicalResourceId))
    .filter(({ ResourceStatus }) => ResourceStatus.endsWith("_FAILED"));
  return ["create", "update", "delete"]
    .flatMap((verb) => {
      const those = failed
        .filter(({ ResourceStatus }) => ResourceStatus === `${verb.toUpperCase()}_FAILED`)
        .map(({ LogicalResourceId }) => LogicalResourceId);
      return those.length === 0
        ? []
        : [`The following resource(s) failed to ${verb}: [${[...new Set(those)].join(", ")}]. `];
    })
    .join("");
}
