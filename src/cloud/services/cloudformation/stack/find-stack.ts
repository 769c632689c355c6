/** Finding the stack that a call names, by its name while it lives, or by its id for as long as it is remembered. */
import type { AwsError } from "../../../../aws/index.ts";
import { type Scope, scopeKey } from "../../../state/record.ts";
import type { ActionContext } from "../../action.ts";
import { constraintFailed, stackNotFound, validationError } from "../errors.ts";
import type { StackRecord } from "./record.ts";

const namePattern = "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*";
const maxNameLength = 128;

export function findStack(
  name: string,
  context: ActionContext,
  { accountId, region }: Scope = context.caller,
): StackRecord | undefined {
  if (name.startsWith("arn:")) return context.visible("stack", name, accountId, region);
  return context
    .by("stack", "name", `${scopeKey(accountId, region)}/${name}`)
    .find(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE");
}

/** Throws what `refusal` says when there is none. */
export function namedStack(
  name: string | undefined,
  context: ActionContext,
  refusal: (name: string) => AwsError = stackNotFound,
): StackRecord {
  const checked = checkedStackName(name);
  const stack = findStack(checked, context);
  if (stack === undefined) throw refusal(checked);
  return stack;
}

/** A name, or an id, of the form that AWS takes. */
export function checkedStackName(name: string | undefined): string {
  if (name === undefined || name === "")
    throw validationError(
      "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
    );
  if (!new RegExp(`^(?:${namePattern})$`).test(name))
    throw constraintFailed(name, "stackName", `Member must satisfy regular expression pattern: ${namePattern}`);
  if (name.length > maxNameLength && !name.startsWith("arn:"))
    throw constraintFailed(name, "stackName", `Member must have length less than or equal to ${maxNameLength}`);
  return name;
}
