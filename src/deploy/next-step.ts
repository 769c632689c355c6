/** What a stack's status means for whoever wants to deploy or remove it: every status of CloudFormation's has its line here. */
import type { Looked } from "./deployed-stack.ts";

/**
 * `wait`: CloudFormation works on it; look again when it has ended. `clear`: what is left of it is removed first. `roll-back`: an update that got
 * stuck is taken back first.
 */
export type DeployStep = "create" | "update" | "wait" | "clear" | "roll-back" | "unknown";
export type DestroyStep = "nothing" | "delete" | "wait" | "unknown";

const updatable: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
]);
/** Nothing but a deletion is allowed. */
const clearedFirst: ReadonlySet<string> = new Set(["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"]);
const stuck: ReadonlySet<string> = new Set(["CREATE_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"]);

/** A stack that holds only a change set that nobody has executed. */
const onlyReviewed = "REVIEW_IN_PROGRESS";

export function deployStep(looked: Looked): DeployStep {
  if (looked.kind === "absent") return "create";
  if (looked.kind === "unknown") return "unknown";
  const { status } = looked;
  if (status === onlyReviewed) return "create";
  if (isInProgress(status)) return "wait";
  if (updatable.has(status)) return "update";
  if (clearedFirst.has(status)) return "clear";
  return stuck.has(status) ? "roll-back" : "unknown";
}

export function destroyStep(looked: Looked): DestroyStep {
  if (looked.kind === "absent") return "nothing";
  if (looked.kind === "unknown") return "unknown";
  // A creation may be called off; an update or a rollback must come to its end first.
  if (looked.status === "CREATE_IN_PROGRESS" || looked.status === "DELETE_IN_PROGRESS") return "delete";
  return isInProgress(looked.status) ? "wait" : "delete";
}

/** Whether CloudFormation works on the stack. */
export function isInProgress(status: string): boolean {
  return status.endsWith("_IN_PROGRESS") && status !== onlyReviewed;
}

/** What is said of a stack whose state asks for more than an update; undefined when there is nothing to say. */
export function stateWords(looked: Looked): string | undefined {
  const step = deployStep(looked);
  if (looked.kind === "unknown") return `its state cannot be read: ${looked.reason}`;
  if (looked.kind === "absent") return undefined;
  const { status, reason } = looked;
  const is = `is ${status}${reason === undefined ? "" : ` (${reason})`}`;
  switch (step) {
    case "wait":
      return `${is}: it is waited for, then deployed`;
    case "clear":
      return `${is}: what is left of it is removed, then it is created anew`;
    case "roll-back":
      return `${is}: it is rolled back, then deployed`;
    case "unknown":
      return `${is}, which this version does not know`;
    default:
      return status === onlyReviewed ? `${is}: a change set that was never executed is replaced` : undefined;
  }
}
