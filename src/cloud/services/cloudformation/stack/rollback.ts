/** Going back: from an update that is under way, from an operation that failed and stayed as it was, and on with a rollback that failed. */
import type {
  CancelUpdateStackCommandInput,
  CancelUpdateStackCommandOutput,
  ContinueUpdateRollbackCommandInput,
  ContinueUpdateRollbackCommandOutput,
  RollbackStackCommandInput,
  RollbackStackCommandOutput,
} from "@aws-sdk/client-cloudformation";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { validationError } from "../errors.ts";
import { cancelUpdate } from "../operation/call-off.ts";
import { checkedToken } from "./client-request-token.ts";
import { namedStack } from "./find-stack.ts";
import { beginOperation } from "./operations.ts";
import type { StackRecord } from "./record.ts";

const cancelUpdateStack: Action<CancelUpdateStackCommandInput, CancelUpdateStackCommandOutput> = (input, context) => {
  const stack = namedStack(input.StackName, context);
  checkedToken(input.ClientRequestToken);
  if (stack.StackStatus !== "UPDATE_IN_PROGRESS")
    throw validationError("CancelUpdateStack cannot be called from current stack status");
  cancelUpdate(stack, context);
  return {};
};

const rollbackStack: Action<RollbackStackCommandInput, RollbackStackCommandOutput> = (input, context) => {
  const stack = namedStack(input.StackName, context);
  const beginning = {
    clientRequestToken: checkedToken(input.ClientRequestToken),
    // What the failed update had made of it is taken back.
    ...(stack.StackStatus === "UPDATE_FAILED" && { changes: { ...stack.BeforeFailure } }),
  };
  if (beginOperation(stack, "RollbackStack", beginning, context) === undefined)
    throw validationError(`Stack:${stack.StackId} is in ${stack.StackStatus} state and can not be rolled back.`);
  return { StackId: stack.StackId };
};

const continueUpdateRollback: Action<ContinueUpdateRollbackCommandInput, ContinueUpdateRollbackCommandOutput> = (
  input,
  context,
) => {
  const stack = namedStack(input.StackName, context);
  const resourcesToSkip = input.ResourcesToSkip ?? [];
  for (const name of resourcesToSkip) checkSkipped(name, stack, context);
  const beginning = { resourcesToSkip, clientRequestToken: checkedToken(input.ClientRequestToken) };
  if (beginOperation(stack, "ContinueUpdateRollback", beginning, context) === undefined)
    throw validationError(`Stack:${stack.StackId} is in ${stack.StackStatus} state and can not continue to roll back.`);
  return {};
};

function checkSkipped(name: string, { StackId, StackName }: StackRecord, context: ActionContext): void {
  if (name.includes("."))
    throw validationError(
      `ResourcesToSkip in nested stacks is not modelled by this local cloud: ${name}. Continue the rollback of the nested stack itself.`,
    );
  const resource = context.get("stackResource", `${StackId}/${name}`);
  if (resource === undefined) throw validationError(`Resource ${name} does not exist for stack ${StackName}`);
  if (resource.ResourceStatus !== "UPDATE_FAILED")
    throw validationError(
      `Resource ${name} is in ${resource.ResourceStatus} state. Only resources in the UPDATE_FAILED state can be skipped.`,
    );
}

export const rollbackActions = {
  CancelUpdateStack: cancelUpdateStack,
  RollbackStack: rollbackStack,
  ContinueUpdateRollback: continueUpdateRollback,
} satisfies Actions;
