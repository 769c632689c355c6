/**
 * The phases of an operation: making what the template says, taking away what it no longer says, and going back. Each call does one
 * step, or says that there is none to do now.
 */
import { isTemplateError } from "../../../../ingest/index.ts";
import type { ActionContext } from "../../action.ts";
import type { StackRecord } from "../stack/record.ts";
import { putResourceWithEvent } from "../stack-event/events.ts";
import { isGone, type StackResourceRecord, stackResourceId } from "../stack-resource/record.ts";
import { callOff, refuse } from "./call-off.ts";
import { stateOf } from "./desired-state.ts";
import { outputsOf, usersOf } from "./outputs.ts";
import { nestedAtWork, waitsForOwner } from "./owner.ts";
import { saysNotFound, saysNotYet } from "./reasons.ts";
import {
  attributesNow,
  beginDelete,
  beginForward,
  beginRevert,
  finishDelete,
  hasEnded,
  neverWas,
  newResource,
  pollLater,
  pollResource,
  type StepContext,
} from "./resource-steps.ts";
import { ownPlan, type StackPlan } from "./stack-plan.ts";
import { enterPhase, failedResources } from "./transitions.ts";

/** A step, and what is to be written down instead when it is refused: the step itself is then undone. */
export interface Step {
  run(step: StepContext): void;
  refused(step: StepContext, reason: string, error: unknown): void;
}

/**
 * The next step of a stack at this moment; undefined when everything waits. Looking at resources under way and beginning with others
 * take turns, so that the clock can move what has begun before it is looked at.
 */
export function nextStep(stack: StackRecord, context: ActionContext, isLooking: boolean): Step | undefined {
  const resources = context.by("stackResource", "stack", stack.StackId).filter((each) => !isGone(each));
  switch (stack.StackStatus) {
    case "CREATE_IN_PROGRESS":
    case "UPDATE_IN_PROGRESS":
      return forward(stack, resources, context, isLooking);
    case "ROLLBACK_IN_PROGRESS":
    case "DELETE_IN_PROGRESS":
      return deletion(stack, resources, resources, context, isLooking);
    case "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": {
      const { resources: planned } = ownPlan(stack, context);
      const left = resources.filter((each) => each.Leaving || !planned.has(each.LogicalResourceId));
      return cleanup(stack, resources, left, context, isLooking);
    }
    case "UPDATE_ROLLBACK_IN_PROGRESS":
      return backward(stack, resources, context, isLooking);
    case "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": {
      const left = resources.filter((each) => each.Leaving || each.Fresh);
      return cleanup(stack, resources, left, context, isLooking);
    }
    default:
      throw new Error(`bug: a stack in ${stack.StackStatus} has an operation`);
  }
}

const fail = (_step: StepContext, reason: string): never => {
  throw new Error(`bug: this step can not be refused: ${reason}`);
};

function transition(stack: StackRecord, event: string, reason?: string, changes?: Partial<StackRecord>): Step {
  return { run: ({ context }) => void enterPhase(stack, event, reason, context, changes), refused: fail };
}

/** Looks at what is under way and due. */
function polling(
  stack: StackRecord,
  resources: readonly StackResourceRecord[],
  context: ActionContext,
): Step | undefined {
  const [due] = resources
    .filter(({ Progress }) => Progress !== undefined && Progress.PollAt <= context.now)
    .sort((a, b) => (a.Progress?.Looks ?? 0) - (b.Progress?.Looks ?? 0));
  if (due === undefined) return undefined;
  return {
    run: (step) => pollResource(due, stack, step),
    refused: (step, reason) => refuse(due, stack, step, reason),
  };
}

function forward(
  stack: StackRecord,
  resources: readonly StackResourceRecord[],
  context: ActionContext,
  isLooking: boolean,
): Step | undefined {
  const { Operation } = stack;
  if (Operation === undefined) throw new Error("bug: nothing is under way");
  if (Operation.Refused !== undefined)
    return transition(stack, "failed", `${Operation.Refused}. Rollback requested by user.`, beforeUpdate(stack));
  if (Operation.Failed.length > 0) return cancelOrFail(stack, resources, context);
  if (isLate(stack, context))
    return transition(
      stack,
      "failed",
      "Stack creation time exceeded the specified timeout. Rollback requested by user.",
    );
  const plan = ownPlan(stack, context);
  const current = new Map(resources.filter((each) => !each.Leaving).map((each) => [each.LogicalResourceId, each]));
  const isDone = (name: string): boolean => current.get(name)?.Phase === Operation.Phase;
  for (const [logicalId, dependencies] of isLooking ? [] : plan.dependencies) {
    const resource = current.get(logicalId);
    if (isDone(logicalId) || resource?.Progress !== undefined || !dependencies.every(isDone)) continue;
    return resource !== undefined && isLeftOver(resource)
      ? deleting(resource, stack, resources)
      : beginning(logicalId, resource, stack, plan);
  }
  const again = isLooking ? dueAgain(resources, context) : undefined;
  if (again !== undefined) return deleting(again, stack, resources);
  const settled = resources.filter(({ Progress }) => !Progress?.Again);
  const polled = isLooking ? polling(stack, settled, context) : undefined;
  if (polled !== undefined) return polled;
  return [...plan.resources.keys()].every(isDone) ? completion(stack, plan) : undefined;
}

/** What an earlier creation that failed has left is deleted before it is made anew. */
function isLeftOver({ ResourceStatus, PhysicalResourceId }: StackResourceRecord): boolean {
  return ResourceStatus === "CREATE_FAILED" && PhysicalResourceId !== "";
}

/** One whose deletion was refused for the sake of something else, and may be tried again now. */
function dueAgain(resources: readonly StackResourceRecord[], { now }: ActionContext): StackResourceRecord | undefined {
  return resources.find(({ Progress }) => Progress?.Again && Progress.PollAt <= now);
}

function beginning(
  logicalId: string,
  known: StackResourceRecord | undefined,
  stack: StackRecord,
  plan: StackPlan,
): Step {
  const present = known === undefined || neverWas(known) ? undefined : known;
  return {
    run: (step) => beginForward(logicalId, stack, plan, step),
    refused(step, reason) {
      const { context } = step;
      const resource: StackResourceRecord = present ?? {
        ...newResource(logicalId, stack, context),
        ResourceType: plan.resources.get(logicalId)?.type ?? "",
        PhysicalResourceId: "",
        Properties: {},
        Attributes: {},
        Dependencies: plan.dependencies.get(logicalId) ?? [],
        DeletionPolicy: "Delete",
        UpdateReplacePolicy: "Delete",
        StackTags: [],
        Fresh: true,
      };
      const verb = present === undefined ? "CREATE" : "UPDATE";
      putResourceWithEvent(context, { ...resource, ResourceStatus: `${verb}_IN_PROGRESS`, UpdatedAt: context.now });
      refuse(
        present === undefined ? resource : { ...resource, Before: present.Before ?? stateOf(present) },
        stack,
        step,
        reason,
      );
    },
  };
}

function completion(stack: StackRecord, plan: StackPlan): Step {
  return {
    run({ context, contextFor }) {
      const now = (resource: StackResourceRecord) => attributesNow(resource, { context, contextFor });
      const { Outputs, Imports } = outputsOf(stack, plan, context, now);
      enterPhase(stack, "done", undefined, context, { Outputs, Imports });
    },
    refused({ context }, reason, error) {
      if (!isTemplateError(error)) throw error;
      const { StackId } = stack;
      enterPhase(
        context.must("stack", StackId),
        "failed",
        `${reason}. Rollback requested by user.`,
        context,
        beforeUpdate(stack),
      );
    },
  };
}

/** When one has failed, what is still under way is called off, and the operation fails. */
function cancelOrFail(stack: StackRecord, resources: readonly StackResourceRecord[], context: ActionContext): Step {
  const running = resources.find(({ Progress }) => Progress !== undefined);
  if (running !== undefined) return { run: ({ context: at }) => callOff(running, stack, at), refused: fail };
  const rollsBack = !stack.DisableRollback && stack.Operation?.OnFailure !== "DO_NOTHING";
  const byUser = stack.StackStatus === "CREATE_IN_PROGRESS" && rollsBack ? "Rollback requested by user." : "";
  return transition(stack, "failed", `${failedResources(stack, context)}${byUser}`, beforeUpdate(stack));
}

/** What a failed update makes of the stack again. */
function beforeUpdate({ Operation, DisableRollback }: StackRecord): Partial<StackRecord> {
  return Operation?.Before === undefined || DisableRollback ? {} : Operation.Before;
}

function isLate({ StackStatus, TimeoutInMinutes, Operation }: StackRecord, { now }: ActionContext): boolean {
  return (
    StackStatus === "CREATE_IN_PROGRESS" &&
    TimeoutInMinutes !== undefined &&
    now - (Operation?.StartedAt ?? now) >= TimeoutInMinutes * 60_000
  );
}

/**
 * Takes away what an update or its rollback has replaced. Stacks in a stack wait until their owner is as far, which may yet need what they
 * have replaced; then all of them clean up at once, and the owner is done when they are.
 */
function cleanup(
  stack: StackRecord,
  resources: readonly StackResourceRecord[],
  leaving: readonly StackResourceRecord[],
  context: ActionContext,
  isLooking: boolean,
): Step | undefined {
  if (waitsForOwner(stack, context)) return undefined;
  const nested = nestedAtWork(resources, context);
  if (leaving.length === 0 && nested.length > 0) return undefined;
  const family = [...nested, ...(stack.ParentId === undefined ? [] : [stack.ParentId])];
  const others = family.flatMap((stackId) => context.by("stackResource", "stack", stackId));
  return deletion(stack, [...resources, ...others], leaving, context, isLooking);
}

/** Takes `leaving` away, what depends on others first. `all` is what may yet have to go before it. */
function deletion(
  stack: StackRecord,
  all: readonly StackResourceRecord[],
  leaving: readonly StackResourceRecord[],
  context: ActionContext,
  isLooking: boolean,
): Step | undefined {
  const { Operation } = stack;
  if (Operation === undefined) throw new Error("bug: nothing is under way");
  const inUse = exportInUse(stack, context);
  if (inUse !== undefined) return transition(stack, "failed", inUse);
  const isSeenTo = (each: StackResourceRecord): boolean => each.Phase === Operation.Phase;
  // Whatever still is there keeps what it depends on; what has been replaced, what was there before it.
  const needed = new Set(leaving.flatMap(({ Dependencies }) => Dependencies));
  const isNeeded = ({ LogicalResourceId }: StackResourceRecord): boolean => needed.has(LogicalResourceId);
  const next = leaving.find((each) => !isSeenTo(each) && each.Progress?.Step !== "delete" && !isNeeded(each));
  if (next !== undefined && !isLooking) return deleting(next, stack, all);
  const underWay = leaving.filter(({ Progress }) => Progress?.Step === "delete");
  const again = dueAgain(underWay, context);
  if (again !== undefined && isLooking) return deleting(again, stack, all);
  const settled = underWay.filter(({ Progress }) => !Progress?.Again);
  const polled = isLooking ? polling(stack, settled, context) : undefined;
  if (polled !== undefined) return polled;
  if (underWay.length > 0 || next !== undefined) return undefined;
  return leaving.length === 0 ? transition(stack, "done") : transition(stack, "failed", failedDeletion(stack, context));
}

function failedDeletion(stack: StackRecord, context: ActionContext): string {
  return stack.StackStatus.startsWith("UPDATE")
    ? "One or more resources could not be deleted."
    : failedResources(stack, context);
}

function exportInUse(stack: StackRecord, context: ActionContext): string | undefined {
  if (stack.StackStatus !== "DELETE_IN_PROGRESS") return undefined;
  for (const { ExportName } of stack.Outputs) {
    const users = ExportName === undefined ? [] : usersOf(ExportName, stack, context);
    if (users.length > 0)
      return `Delete canceled. Cannot delete export ${ExportName} as it is in use by ${users.join(", ")}.`;
  }
  return undefined;
}

function deleting(resource: StackResourceRecord, stack: StackRecord, all: readonly StackResourceRecord[]): Step {
  const begun: StackResourceRecord = { ...resource, ResourceStatus: "DELETE_IN_PROGRESS" };
  return {
    run: (step) => beginDelete(resource, stack, step),
    refused(step, reason, error) {
      const { context } = step;
      if (resource.ResourceStatus !== begun.ResourceStatus)
        putResourceWithEvent(context, { ...begun, UpdatedAt: context.now });
      if (saysNotFound(error) || hasEnded(begun, step)) {
        finishDelete(begun, stack, context);
        return;
      }
      const Progress = { Step: "delete", Since: context.now, PollAt: context.now } as const;
      const isAlone = !all.some(
        (each) =>
          stackResourceId(each) !== stackResourceId(resource) && each.Progress !== undefined && !each.Progress.Again,
      );
      const Looks = resource.Progress?.Looks ?? 0;
      if (saysNotYet(error) && (!isAlone || Looks + 1 < step.patience))
        pollLater({ ...begun, Progress: { ...Progress, Again: true, Looks } }, step);
      else refuse({ ...begun, Progress }, stack, step, reason);
    },
  };
}

/** Brings back what the update has changed, in the order in which things depended on each other before. */
function backward(
  stack: StackRecord,
  resources: readonly StackResourceRecord[],
  context: ActionContext,
  isLooking: boolean,
): Step | undefined {
  const { Operation } = stack;
  if (Operation === undefined) throw new Error("bug: nothing is under way");
  // What the update has made goes in the end.
  const current = resources.filter((each) => !each.Leaving && !each.Fresh);
  const isDone = (name: string): boolean =>
    current.every(
      (each) => each.LogicalResourceId !== name || each.Before === undefined || each.Phase === Operation.Phase,
    );
  const next =
    Operation.Failed.length > 0
      ? undefined
      : current.find(
          (each) =>
            !isDone(each.LogicalResourceId) && each.Progress === undefined && each.Before?.Dependencies.every(isDone),
        );
  if (next !== undefined && !isLooking) {
    return {
      run: (step) => beginRevert(next, stack, step),
      refused: (step, reason) => refuse(next, stack, step, reason),
    };
  }
  const polled = isLooking ? polling(stack, resources, context) : undefined;
  if (polled !== undefined) return polled;
  if (next !== undefined || resources.some(({ Progress }) => Progress !== undefined)) return undefined;
  return Operation.Failed.length === 0
    ? transition(stack, "done")
    : transition(stack, "failed", failedResources(stack, context));
}
