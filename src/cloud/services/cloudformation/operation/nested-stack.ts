/** Stacks that are resources of stacks: begun like any other, and tied to the one that owns them. */
import { isAwsError } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { changesFor } from "../change-set/changes.ts";
import { type NestedStackPort, ResourceFailure } from "../resource-types/resource-type.ts";
import { beginOperation, newStackId, newStackRecord } from "../stack/operations.ts";
import type { StackRecord } from "../stack/record.ts";
import { type RequestedDefinition, requestedDefinition } from "../stack/requested-definition.ts";
import type { ResourceState, StackResourceRecord } from "../stack-resource/record.ts";
import { isSame } from "./desired-state.ts";
import { enterPhase } from "./transitions.ts";

/** Its part of an update is done, and it waits for its owner's. */
const cleaningUp: StackRecord["StackStatus"] = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS";

type Resource = Pick<StackResourceRecord, "StackId" | "LogicalResourceId"> & ResourceState;

export function nestedStackPort(resource: Resource, newName: () => string, context: ActionContext): NestedStackPort {
  const nested = (): StackRecord => context.must("stack", resource.PhysicalResourceId);
  return {
    create() {
      const parent = context.must("stack", resource.StackId);
      const name = newName();
      const stack = newStackRecord(newStackId(name, context), name, context);
      const { definition, fault } = requested(resource, parent, stack, context);
      const { TimeoutInMinutes } = resource.Properties;
      const changes = {
        ParentId: parent.StackId,
        RootId: parent.RootId ?? parent.StackId,
        ...(typeof TimeoutInMinutes === "number" && { TimeoutInMinutes }),
      };
      begun(beginOperation(stack, "CreateStack", { definition, fault, changes }, context), stack);
      return stack.StackId;
    },
    update() {
      const stack = nested();
      const owner = context.must("stack", resource.StackId);
      const wanted = requested(resource, owner, stack, context);
      // On its way back it is to what is asked for, by itself.
      const isReturning = stack.StackStatus.startsWith("UPDATE_ROLLBACK_") && stack.Operation !== undefined;
      if (isReturning && isFrom(stack, wanted)) return;
      if (owner.StackStatus === "UPDATE_ROLLBACK_IN_PROGRESS" && stack.StackStatus === cleaningUp) {
        enterPhase(stack, "called off", undefined, context, stack.Operation?.Before);
        return;
      }
      if (!changesFor(stack, wanted, context).hasChanges) return;
      const { definition, fault } = wanted;
      begun(beginOperation(stack, "UpdateStack", { definition, fault }, context), stack);
    },
    isAsAsked() {
      const stack = nested();
      return isFrom(stack, requested(resource, context.must("stack", resource.StackId), stack, context));
    },
  };
}

function isFrom({ TemplateBody, Parameters }: StackRecord, { definition }: RequestedDefinition): boolean {
  return TemplateBody === definition.TemplateBody && isSame(Parameters, definition.Parameters);
}

function begun(stack: StackRecord | undefined, before: StackRecord): void {
  if (stack === undefined)
    throw new ResourceFailure(`Stack:${before.StackId} is in ${before.StackStatus} state and can not be updated.`);
}

/** What the owner's properties ask for. */
function requested(
  { Properties, StackTags }: Resource,
  parent: StackRecord,
  stack: StackRecord,
  context: ActionContext,
): RequestedDefinition {
  const { TemplateURL, Parameters, Tags } = Properties;
  if (typeof TemplateURL !== "string") throw new ResourceFailure("TemplateURL must be specified.");
  const tags = new Map([...StackTags, ...tagsIn(Tags)].map(({ Key, Value }) => [Key, Value]));
  try {
    return requestedDefinition(
      {
        TemplateURL,
        Parameters: Object.entries(Parameters ?? {}).map(([ParameterKey, value]) => ({
          ParameterKey,
          ParameterValue: String(value),
        })),
        Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
        Capabilities: [...parent.Capabilities],
        ...(parent.RoleARN !== undefined && { RoleARN: parent.RoleARN }),
      },
      stack,
      undefined,
      context,
    );
  } catch (error) {
    if (isAwsError(error)) throw new ResourceFailure(error.message);
    throw error;
  }
}

function tagsIn(tags: unknown): StackRecord["Tags"] {
  // Checked against the specification before it came here.
  return Array.isArray(tags) ? tags : [];
}
