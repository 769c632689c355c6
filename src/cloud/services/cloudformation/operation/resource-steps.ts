/**
 * The steps that make, change, delete and bring back one resource. Each runs in one transaction together with the records of its stack,
 * so that it has happened and is written down, or neither.
 */
import { isAwsError } from "../../../../aws/index.ts";
import type { Evaluated } from "../../../../ingest/index.ts";
import type { ActionContext } from "../../action.ts";
import { resourceTypeOf } from "../resource-types/index.ts";
import type { ResourceType, ResourceWork } from "../resource-types/resource-type.ts";
import type { StackRecord } from "../stack/record.ts";
import { putResourceWithEvent } from "../stack-event/events.ts";
import {
  isGone,
  type PropertyValues,
  type ResourceState,
  type StackResourceRecord,
  stackResourceId,
} from "../stack-resource/record.ts";
import { isCustom } from "./check-types.ts";
import { type Desired, desiredState, differenceOf, isSame, stateOf } from "./desired-state.ts";
import type { ContextFor } from "./inner-call.ts";
import { saysNotFound } from "./reasons.ts";
import { resourceWork } from "./resource-work.ts";
import type { StackPlan } from "./stack-plan.ts";

/** What a step is done with. */
export interface StepContext {
  readonly context: ActionContext;
  readonly contextFor: ContextFor;
  /** How long until a resource that is under way is looked at again, and whether it is at once the first time. */
  readonly pollMs: number;
  readonly firstPollMs: number;
  /** How often a deletion is tried that is refused because of the state of things. */
  readonly patience: number;
}

/** Begins to make a resource what the plan says. */
export function beginForward(logicalId: string, stack: StackRecord, plan: StackPlan, step: StepContext): void {
  const { context } = step;
  const desired = desiredState(logicalId, stack, plan, context, (resource) => attributesNow(resource, step));
  const present = presentResource(logicalId, stack, context);
  if (present === undefined || neverWas(present)) {
    beginCreate({ ...newResource(logicalId, stack, context), ...desired.state, Fresh: true }, "CREATE", desired, step);
    return;
  }
  const Phase = stack.Operation?.Phase ?? 0;
  const Before = present.Before ?? stateOf(present);
  const difference = differenceOf(present, desired);
  const { PhysicalResourceId, Attributes } = present;
  if (difference === "none") {
    // Policies, metadata and order may change without anybody seeing to the resource.
    context.put("stackResource", { ...present, ...desired.state, PhysicalResourceId, Attributes, Before, Phase });
  } else if (difference === "replacement") {
    beginReplacement({ ...present, Before }, desired, step);
  } else {
    const changing = { ...present, ...desired.state, PhysicalResourceId, Attributes, Before, UpdatedAt: context.now };
    beginUpdate(changing, desired.handler, present.Properties, step);
  }
}

/** An earlier operation did not get to making it. */
export function neverWas({ ResourceStatus, PhysicalResourceId }: StackResourceRecord): boolean {
  return ResourceStatus === "CREATE_FAILED" && PhysicalResourceId === "";
}

/** The resource of that name, if the stack has it. */
export function presentResource(
  logicalId: string,
  { StackId }: StackRecord,
  context: ActionContext,
): StackResourceRecord | undefined {
  const resource = context.get("stackResource", `${StackId}/${logicalId}`);
  return resource === undefined || isGone(resource) ? undefined : resource;
}

export function newResource(
  LogicalResourceId: string,
  { StackId, StackName, OwnerId, Region }: StackRecord,
  { now }: ActionContext,
): Omit<StackResourceRecord, keyof Desired["state"]> {
  return { OwnerId, Region, CreatedAt: now, StackId, StackName, LogicalResourceId, ResourceStatus: "", UpdatedAt: now };
}

const initiated = "Resource creation Initiated";

function beginCreate(
  resource: StackResourceRecord,
  verb: "CREATE" | "UPDATE",
  { handler }: Pick<Desired, "handler">,
  step: StepContext,
  reason?: string,
): StackResourceRecord {
  const { context } = step;
  const ResourceStatus = `${verb}_IN_PROGRESS`;
  const UpdatedAt = context.now;
  putResourceWithEvent(context, { ...resource, UpdatedAt, ResourceStatus }, reason);
  const PhysicalResourceId = handler.create(work({ ...resource, PhysicalResourceId: "" }, step));
  const begun: StackResourceRecord = {
    ...resource,
    UpdatedAt,
    PhysicalResourceId,
    ResourceStatus,
    Progress: progress("create", step),
  };
  if (PhysicalResourceId === "") context.put("stackResource", begun);
  else putResourceWithEvent(context, begun, initiated);
  return begun;
}

function beginReplacement(present: StackResourceRecord, desired: Desired, step: StepContext): void {
  const next = { ...present, ...desired.state, PhysicalResourceId: present.PhysicalResourceId };
  const begun = beginCreate(
    next,
    "UPDATE",
    desired,
    step,
    "Requested update requires the creation of a new physical resource; hence creating one.",
  );
  if (begun.PhysicalResourceId !== "") leave(present, present.PhysicalResourceId, step.context);
}

function beginUpdate(
  resource: StackResourceRecord,
  handler: ResourceType,
  before: PropertyValues,
  step: StepContext,
): void {
  putResourceWithEvent(step.context, { ...resource, ResourceStatus: "UPDATE_IN_PROGRESS" });
  handler.update?.(work(resource, step), before);
  step.context.put("stackResource", {
    ...resource,
    ResourceStatus: "UPDATE_IN_PROGRESS",
    Progress: progress("update", step),
  });
}

/** What has been replaced stays until the operation is over, which may yet need it. */
function leave(resource: StackResourceRecord, PhysicalResourceId: string, context: ActionContext): void {
  const { Progress: _progress, Before: _before, Phase: _phase, ...rest } = resource;
  context.put("stackResource", { ...rest, PhysicalResourceId, Leaving: true });
}

function progress(Step: "create" | "update" | "delete", step: StepContext): StackResourceRecord["Progress"] {
  return { Step, Since: step.context.now, PollAt: step.context.now + step.firstPollMs };
}

function work(resource: StackResourceRecord, { context, contextFor }: StepContext): ResourceWork {
  return resourceWork(resource, context, contextFor);
}

/** Looks whether a resource that is under way has come to where it should. */
export function pollResource(resource: StackResourceRecord, stack: StackRecord, step: StepContext): void {
  const { context } = step;
  const handler = resourceTypeOf(resource.ResourceType);
  const { Progress } = resource;
  if (handler === undefined || Progress === undefined) throw new Error("bug: nothing is under way");
  const at = work(resource, step);
  if (Progress.Step === "delete") {
    if (handler.deleted?.(at) ?? true) finishDelete(resource, stack, step.context);
    else pollLater(resource, step);
    return;
  }
  const outcome = (Progress.Step === "create" ? handler.created?.(at) : handler.updated?.(at)) ?? true;
  if (outcome === false) {
    pollLater(resource, step);
    return;
  }
  const PhysicalResourceId = typeof outcome === "string" ? outcome : resource.PhysicalResourceId;
  const known = { ...resource, PhysicalResourceId };
  const verb = resource.Before === undefined ? "CREATE" : "UPDATE";
  if (PhysicalResourceId !== resource.PhysicalResourceId) {
    if (resource.PhysicalResourceId !== "" && resource.Before !== undefined)
      leave({ ...resource, ...resource.Before }, resource.PhysicalResourceId, context);
    if (Progress.Step === "create")
      putResourceWithEvent(context, { ...known, ResourceStatus: `${verb}_IN_PROGRESS` }, initiated);
  }
  const { Progress: _done, ...rest } = known;
  putResourceWithEvent(context, {
    ...rest,
    UpdatedAt: context.now,
    Attributes: attributesOf(handler, work(known, step)),
    ResourceStatus: `${verb}_COMPLETE`,
    ...(stack.Operation !== undefined && { Phase: stack.Operation.Phase }),
  });
}

/** What Fn::GetAtt gives of a resource now: a VPC's blocks, say, may have become more since it was made. */
export function attributesNow(
  resource: StackResourceRecord,
  step: Pick<StepContext, "context" | "contextFor">,
): PropertyValues {
  const handler = resourceTypeOf(resource.ResourceType);
  if (handler === undefined || isCustom(resource.ResourceType) || resource.Progress !== undefined)
    return resource.Attributes;
  try {
    return attributesOf(handler, resourceWork(resource, step.context, step.contextFor));
  } catch (error) {
    // It was deleted behind the stack's back: what was known of it still stands.
    if (isAwsError(error)) return resource.Attributes;
    throw error;
  }
}

function attributesOf(handler: ResourceType, at: ResourceWork): PropertyValues {
  return Object.fromEntries(
    Object.entries(handler.attributes?.(at) ?? {}).filter(
      (entry): entry is [string, Evaluated] => entry[1] !== undefined,
    ),
  );
}

/** A look may have moved something on by itself, so that the next ones need not wait, where nothing takes time. */
export const quickLooks = 3;

export function pollLater(resource: StackResourceRecord, { context, pollMs, firstPollMs }: StepContext): void {
  const { Progress } = resource;
  if (Progress === undefined) throw new Error("bug: nothing is under way");
  const Looks = (Progress.Looks ?? 0) + 1;
  const PollAt = context.now + (Looks < quickLooks ? firstPollMs : pollMs);
  context.put("stackResource", { ...resource, Progress: { ...Progress, Looks, PollAt } });
}

/** Why a deletion leaves the resource alone; undefined when it does not. */
function isRetained(resource: StackResourceRecord, stack: StackRecord): boolean {
  if (
    stack.StackStatus === "DELETE_IN_PROGRESS" &&
    stack.Operation?.RetainResources.includes(resource.LogicalResourceId)
  )
    return true;
  const policy = resource.Leaving ? resource.UpdateReplacePolicy : resource.DeletionPolicy;
  // Whatever the policy: a resource that a failed operation has just made is no loss. That is so for a stack's first one only by wish.
  if (policy === "RetainExceptOnCreate") return resource.Fresh !== true;
  return policy === "Retain" && !(resource.Fresh === true && stack.StackStatus.startsWith("UPDATE_ROLLBACK"));
}

export function beginDelete(resource: StackResourceRecord, stack: StackRecord, step: StepContext): void {
  const { context } = step;
  const { Progress: _progress, ...rest } = resource;
  if (isRetained(resource, stack)) {
    const skipped = { ...rest, ResourceStatus: "DELETE_SKIPPED", UpdatedAt: context.now };
    putResourceWithEvent(context, skipped);
    forgetWhenOver(skipped, stack, context);
    return;
  }
  const deleting = { ...rest, ResourceStatus: "DELETE_IN_PROGRESS", UpdatedAt: context.now };
  const handler = resourceTypeOf(resource.ResourceType);
  if (resource.PhysicalResourceId === "" || handler === undefined) {
    finishDelete(deleting, stack, context);
    return;
  }
  if (resource.ResourceStatus !== "DELETE_IN_PROGRESS") putResourceWithEvent(context, deleting);
  handler.delete(work(deleting, step));
  context.put("stackResource", { ...deleting, Progress: progress("delete", step) });
}

/** Whether a resource whose deletion was refused has come to its end without it: EC2 remembers for a while what it has deleted. */
export function hasEnded(resource: StackResourceRecord, step: StepContext): boolean {
  try {
    return resourceTypeOf(resource.ResourceType)?.deleted?.(work(resource, step)) ?? false;
  } catch (error) {
    if (isAwsError(error)) return saysNotFound(error);
    throw error;
  }
}

export function finishDelete(resource: StackResourceRecord, stack: StackRecord, context: ActionContext): void {
  const { Progress: _progress, ...rest } = resource;
  const deleted = { ...rest, ResourceStatus: "DELETE_COMPLETE", UpdatedAt: context.now };
  putResourceWithEvent(context, deleted);
  forgetWhenOver(deleted, stack, context);
  // Whoever was refused for its sake need not wait any longer.
  for (const other of context.by("stackResource", "stack", stack.StackId)) {
    if (other.Progress?.Again)
      context.put("stackResource", { ...other, Progress: { ...other.Progress, PollAt: context.now } });
  }
}

/** A stack that ends shows its resources to the last; one that goes on forgets those that it has lost. */
function forgetWhenOver(resource: StackResourceRecord, stack: StackRecord, context: ActionContext): void {
  if (resource.Leaving || stack.StackStatus.startsWith("UPDATE"))
    context.delete("stackResource", stackResourceId(resource));
}

/** Brings a resource back to what it was before the update. */
export function beginRevert(resource: StackResourceRecord, stack: StackRecord, step: StepContext): void {
  const { context } = step;
  const { Before, Progress: _progress, ...rest } = resource;
  if (Before === undefined) throw new Error("bug: there is nothing to return to");
  const { ResourceStatus: _status, ...state } = Before;
  const Phase = stack.Operation?.Phase ?? 0;
  if (resource.PhysicalResourceId !== Before.PhysicalResourceId) {
    // The replacement is to go, and what it had replaced is the resource again.
    leave(
      { ...resource, DeletionPolicy: "Delete", UpdateReplacePolicy: "Delete" },
      resource.PhysicalResourceId,
      context,
    );
    context.delete(
      "stackResource",
      stackResourceId({ ...resource, PhysicalResourceId: Before.PhysicalResourceId, Leaving: true }),
    );
    putResourceWithEvent(context, {
      ...rest,
      ...state,
      Before,
      ResourceStatus: "UPDATE_COMPLETE",
      UpdatedAt: context.now,
      Phase,
    });
    return;
  }
  const reverted = { ...rest, ...state, Before };
  const isSkipped = stack.Operation?.ResourcesToSkip?.includes(resource.LogicalResourceId);
  if (isSkipped || isUnchanged(resource, Before)) {
    const restored = { ...reverted, ResourceStatus: "UPDATE_COMPLETE", UpdatedAt: context.now, Phase };
    if (resource.ResourceStatus === Before.ResourceStatus)
      context.put("stackResource", { ...restored, ResourceStatus: Before.ResourceStatus });
    else putResourceWithEvent(context, restored);
    return;
  }
  const handler = resourceTypeOf(resource.ResourceType);
  if (handler === undefined) throw new Error(`bug: no handler for ${resource.ResourceType}`);
  beginUpdate({ ...reverted, UpdatedAt: context.now }, handler, resource.Properties, step);
}

function isUnchanged(resource: StackResourceRecord, { Properties, StackTags }: ResourceState): boolean {
  return isSame(resource.Properties, Properties) && isSame(resource.StackTags, StackTags);
}
