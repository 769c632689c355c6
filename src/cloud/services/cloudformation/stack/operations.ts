/** Beginning the operations of a stack: from here on the engine carries them out. */
import type { ActionContext } from "../../action.ts";
import { uuid } from "../../uuid.ts";
import { putStackWithEvent } from "../stack-event/events.ts";
import type { StackDefinition, StackOperation, StackRecord } from "./record.ts";

export interface Beginning {
  /** What is to be. Without it, the stack's own. */
  readonly definition?: StackDefinition;
  /** Why the operation fails before it begins. */
  readonly fault?: string | undefined;
  readonly onFailure?: StackOperation["OnFailure"] | undefined;
  readonly retainResources?: readonly string[] | undefined;
  readonly resourcesToSkip?: readonly string[] | undefined;
  readonly clientRequestToken?: string | undefined;
  readonly changeSetId?: string | undefined;
  readonly changes?: Partial<StackRecord>;
}

export const userInitiated = "User Initiated";

export function newStackId(name: string, context: ActionContext): string {
  const { accountId, region } = context.caller;
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${uuid(context.randomBytes(16))}`;
}

const nothing: StackDefinition = { TemplateBody: "", Parameters: [], Tags: [], Capabilities: [], NotificationARNs: [] };

/** A stack of which nothing is there yet. */
export function newStackRecord(StackId: string, StackName: string, context: ActionContext): StackRecord {
  const { accountId, region } = context.caller;
  return {
    OwnerId: accountId,
    Region: region,
    CreatedAt: context.now,
    StackId,
    StackName,
    ...nothing,
    StackStatus: "REVIEW_IN_PROGRESS",
    Outputs: [],
    Imports: [],
    DisableRollback: false,
    EnableTerminationProtection: false,
    EventCount: 0,
  };
}

/** Fires the event, which begins an operation; undefined when the stack is in no state for it. */
export function beginOperation(
  stack: StackRecord,
  event: "CreateStack" | "UpdateStack" | "DeleteStack" | "RollbackStack" | "ContinueUpdateRollback",
  beginning: Beginning,
  context: ActionContext,
): StackRecord | undefined {
  const { definition, fault, clientRequestToken, changeSetId, changes } = beginning;
  const { ChangeSetId: _last, StackStatusReason: _past, Description: _old, ...rest } = stack;
  const Operation: StackOperation = {
    StartedAt: context.now,
    Phase: 1,
    Failed: [],
    OnFailure: beginning.onFailure ?? "ROLLBACK",
    RetainResources: beginning.retainResources ?? [],
    ...(beginning.resourcesToSkip?.length && { ResourcesToSkip: beginning.resourcesToSkip }),
    ...(fault !== undefined && { Refused: fault }),
    ...(clientRequestToken !== undefined && { ClientRequestToken: clientRequestToken }),
    ...(event === "UpdateStack" && { Before: stack.BeforeFailure ?? definitionOf(stack) }),
  };
  const prepared: StackRecord = {
    ...rest,
    ...(definition ?? (stack.Description !== undefined && { Description: stack.Description })),
    ...changes,
    StackStatusReason: userInitiated,
    Operation,
    ...(changeSetId !== undefined && { ChangeSetId: changeSetId }),
    ...((event === "UpdateStack" || changeSetId !== undefined) && { LastUpdatedAt: context.now }),
    ...(event === "DeleteStack" && { DeletedAt: context.now }),
  };
  const fired = context.fire("stack", prepared, event);
  return fired === undefined ? undefined : putStackWithEvent(context, fired);
}

function definitionOf(stack: StackRecord): NonNullable<StackOperation["Before"]> {
  const { TemplateBody, Description, Parameters, Tags, Capabilities, NotificationARNs, RoleARN, Outputs, Imports } =
    stack;
  return { TemplateBody, Description, Parameters, Tags, Capabilities, NotificationARNs, RoleARN, Outputs, Imports };
}
