/**
 * Creating, updating and deleting stacks. A call only begins: what it leads to is in the stack's events.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
import type {
  CreateStackCommandInput,
  CreateStackCommandOutput,
  DeleteStackCommandInput,
  DeleteStackCommandOutput,
  UpdateStackCommandInput,
  UpdateStackCommandOutput,
  UpdateTerminationProtectionCommandInput,
  UpdateTerminationProtectionCommandOutput,
} from "@aws-sdk/client-cloudformation";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { changesFor } from "../change-set/changes.ts";
import { alreadyExists, noStack, validationError } from "../errors.ts";
import { checkedToken } from "./client-request-token.ts";
import { checkedStackName, findStack, namedStack } from "./find-stack.ts";
import { beginOperation, newStackId, newStackRecord } from "./operations.ts";
import type { StackRecord } from "./record.ts";
import { requestedDefinition } from "./requested-definition.ts";
import { rollbackActions } from "./rollback.ts";

const createStack: Action<CreateStackCommandInput, CreateStackCommandOutput> = (input, context) => {
  const StackName = checkedStackName(input.StackName);
  if (StackName.startsWith("arn:")) throw validationError("A new stack has a name, no id.");
  const present = findStack(StackName, context);
  const token = input.ClientRequestToken;
  if (present !== undefined && present.StackStatus !== "REVIEW_IN_PROGRESS") {
    if (token !== undefined && present.Operation?.ClientRequestToken === token) return { StackId: present.StackId };
    throw alreadyExists(StackName);
  }
  if (input.DisableRollback !== undefined && input.OnFailure !== undefined)
    throw validationError("Either DisableRollback or OnFailure can be specified, not both.");
  const stack = present ?? newStackRecord(newStackId(StackName, context), StackName, context);
  const { definition, fault } = requestedDefinition(input, stack, undefined, context);
  if (present !== undefined) makeObsolete(present, context);
  const begun = beginOperation(
    stack,
    "CreateStack",
    {
      definition,
      fault,
      onFailure: input.OnFailure,
      clientRequestToken: checkedToken(token),
      changes: {
        DisableRollback: input.DisableRollback ?? false,
        EnableTerminationProtection: input.EnableTerminationProtection ?? false,
        ...(input.TimeoutInMinutes !== undefined && { TimeoutInMinutes: input.TimeoutInMinutes }),
      },
    },
    context,
  );
  if (begun === undefined) throw new Error("bug: a new stack can not be created");
  return { StackId: stack.StackId };
};

/** Change sets of a stack that has been made in another way. */
function makeObsolete({ StackId }: StackRecord, context: ActionContext): void {
  for (const changeSet of context.by("changeSet", "stack", StackId))
    context.put("changeSet", { ...changeSet, ExecutionStatus: "OBSOLETE" });
}

const updateStack: Action<UpdateStackCommandInput, UpdateStackCommandOutput> = (input, context) => {
  const stack = namedStack(input.StackName, context, noStack);
  const token = checkedToken(input.ClientRequestToken);
  if (token !== undefined && stack.Operation?.ClientRequestToken === token) return { StackId: stack.StackId };
  refuseUpdateIn(stack);
  const requested = requestedDefinition(input, stack, stack, context);
  const { definition, fault } = requested;
  if (!changesFor(stack, requested, context).hasChanges) throw validationError("No updates are to be performed.");
  const beginning = {
    definition,
    fault,
    clientRequestToken: token,
    changes: { DisableRollback: input.DisableRollback ?? false },
  };
  if (beginOperation(stack, "UpdateStack", beginning, context) === undefined) throw notNow(stack);
  return { StackId: stack.StackId };
};

/** Before the template is looked at, as AWS was recorded to. */
export function refuseUpdateIn(stack: StackRecord): void {
  const updatable = [
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_COMPLETE",
  ];
  if (!updatable.includes(stack.StackStatus)) throw notNow(stack);
}

function notNow({ StackId, StackStatus }: StackRecord): Error {
  return validationError(`Stack:${StackId} is in ${StackStatus} state and can not be updated.`);
}

/** A stack that is gone is no mistake. */
const deleteStack: Action<DeleteStackCommandInput, DeleteStackCommandOutput> = (input, context) => {
  const name = checkedStackName(input.StackName);
  const stack = findStack(name, context);
  if (stack === undefined || stack.StackStatus === "DELETE_COMPLETE" || stack.StackStatus === "DELETE_IN_PROGRESS")
    return {};
  if (stack.EnableTerminationProtection)
    throw validationError(`Stack [${stack.StackName}] cannot be deleted while TerminationProtection is enabled`);
  if (
    input.RetainResources?.length &&
    stack.StackStatus !== "DELETE_FAILED" &&
    input.DeletionMode !== "FORCE_DELETE_STACK"
  )
    throw validationError(
      "Invalid operation on stack. Specify the resources to retain only when the stack is in the DELETE_FAILED state.",
    );
  if (input.DeletionMode === "FORCE_DELETE_STACK")
    throw validationError("DeletionMode FORCE_DELETE_STACK is not modelled by this local cloud; RetainResources is.");
  const beginning = {
    retainResources: input.RetainResources,
    clientRequestToken: checkedToken(input.ClientRequestToken),
  };
  if (beginOperation(stack, "DeleteStack", beginning, context) === undefined)
    throw validationError(`Stack [${stack.StackName}] cannot be deleted while in status ${stack.StackStatus}`);
  return {};
};

const updateTerminationProtection: Action<
  UpdateTerminationProtectionCommandInput,
  UpdateTerminationProtectionCommandOutput
> = (input, context) => {
  const stack = namedStack(input.StackName, context, noStack);
  if (stack.RootId !== undefined)
    throw validationError("Termination protection of a nested stack is that of its root stack.");
  if (stack.StackStatus === "DELETE_IN_PROGRESS" || stack.StackStatus === "DELETE_COMPLETE")
    throw validationError(
      `Stack [${stack.StackName}] is in ${stack.StackStatus} state: its protection can not be changed.`,
    );
  context.put("stack", { ...stack, EnableTerminationProtection: input.EnableTerminationProtection ?? false });
  return { StackId: stack.StackId };
};

export const stackActions = {
  CreateStack: createStack,
  UpdateStack: updateStack,
  DeleteStack: deleteStack,
  ...rollbackActions,
  UpdateTerminationProtection: updateTerminationProtection,
} satisfies Actions;
