/** A stack as CloudFormation has it now: there, not there, or not to be looked at. */
import type { Clients } from "./cloud.ts";
import { type RefusalKind, refusalOf } from "./refusals.ts";

export interface DeployedStack {
  readonly stackId: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly terminationProtection: boolean;
}

export type Looked =
  | { readonly kind: "absent" }
  | ({ readonly kind: "there" } & DeployedStack)
  /** `refusal` where it is for credentials or rights. */
  | { readonly kind: "unknown"; readonly reason: string; readonly refusal?: RefusalKind };

/** Throws only what is no answer of CloudFormation's. */
export async function lookAt({ cloudFormation }: Clients, nameOrId: string): Promise<Looked> {
  try {
    const { Stacks = [] } = await cloudFormation.describeStacks({ StackName: nameOrId });
    const [stack] = Stacks;
    if (stack?.StackId === undefined || stack.StackStatus === undefined) return { kind: "absent" };
    if (stack.StackStatus === "DELETE_COMPLETE") return { kind: "absent" };
    return {
      kind: "there",
      stackId: stack.StackId,
      status: stack.StackStatus,
      reason: stack.StackStatusReason,
      terminationProtection: stack.EnableTerminationProtection === true,
    };
  } catch (error) {
    if (isNoSuchStack(error)) return { kind: "absent" };
    const refusal = refusalOf(error);
    if (refusal !== undefined) return { kind: "unknown", reason: refusal.text, refusal: refusal.kind };
    if (isRefusal(error)) return { kind: "unknown", reason: `${error.name}: ${error.message}` };
    throw error;
  }
}

/** CloudFormation has no code of its own for it: only the text tells it from other mistakes. */
export function isNoSuchStack(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationError" && error.message.endsWith(" does not exist");
}

/** An answer of AWS's that says no to this call. Credentials that have run out are no such thing: there is no other call that they are good for. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Error && "$fault" in error && error.$fault === "client" && refusalOf(error)?.kind !== "expired"
  );
}
