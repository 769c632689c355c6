/** Stacks and the stacks in them, during an operation that all of them take part in. */
import type { ActionContext } from "../../action.ts";
import type { StackRecord, StackStatus } from "../stack/record.ts";
import type { StackResourceRecord } from "../stack-resource/record.ts";

const undecided: ReadonlySet<StackStatus> = new Set(["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"]);

/** Whether the stack that owns this one, or whoever owns that, has not come to its cleanup yet. */
export function waitsForOwner({ ParentId }: StackRecord, context: ActionContext): boolean {
  const owner = ParentId === undefined ? undefined : context.get("stack", ParentId);
  if (owner?.Operation === undefined) return false;
  return undecided.has(owner.StackStatus) || waitsForOwner(owner, context);
}

/** The stacks among the resources that have an operation of their own. */
export function nestedAtWork(
  resources: readonly StackResourceRecord[],
  context: ActionContext,
): readonly StackRecord["StackId"][] {
  return resources
    .filter(({ ResourceType }) => ResourceType === "AWS::CloudFormation::Stack")
    .map(({ PhysicalResourceId }) => PhysicalResourceId)
    .filter((stackId) => context.get("stack", stackId)?.Operation !== undefined);
}
