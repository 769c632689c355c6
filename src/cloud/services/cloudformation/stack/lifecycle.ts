/**
 * The life of a stack. Nothing in it waits for the clock: the resources' own lives take their time, and the stack follows.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { StackRecord, StackStatus } from "./record.ts";

type Event =
  | "CreateStack"
  | "UpdateStack"
  | "DeleteStack"
  | "RollbackStack"
  | "ContinueUpdateRollback"
  | "CancelUpdateStack"
  /** All that the phase asks of the resources is done. */
  | "done"
  /** A resource could not be made, changed or deleted. */
  | "failed"
  /** The stack that owns this one goes back. */
  | "called off";
type Guard = "no rollback" | "delete on failure";

const afterCreateFailure = [
  { to: "DELETE_IN_PROGRESS", when: ["delete on failure"] },
  { to: "CREATE_FAILED", when: ["no rollback"] },
  { to: "ROLLBACK_IN_PROGRESS" },
] as const;
const deletion = { DeleteStack: [{ to: "DELETE_IN_PROGRESS" }] } as const;
const updatable = { ...deletion, UpdateStack: [{ to: "UPDATE_IN_PROGRESS" }] } as const;

export const stackLifecycle: Lifecycle<StackStatus, Event, Guard> = {
  initial: "CREATE_IN_PROGRESS",
  otherInitials: ["REVIEW_IN_PROGRESS"],
  states: {
    REVIEW_IN_PROGRESS: { on: { ...deletion, CreateStack: [{ to: "CREATE_IN_PROGRESS" }] } },
    CREATE_IN_PROGRESS: { on: { ...deletion, done: [{ to: "CREATE_COMPLETE" }], failed: afterCreateFailure } },
    CREATE_COMPLETE: { on: updatable },
    CREATE_FAILED: { on: { ...updatable, RollbackStack: [{ to: "ROLLBACK_IN_PROGRESS" }] } },
    ROLLBACK_IN_PROGRESS: {
      on: { ...deletion, done: [{ to: "ROLLBACK_COMPLETE" }], failed: [{ to: "ROLLBACK_FAILED" }] },
    },
    ROLLBACK_COMPLETE: { on: deletion },
    ROLLBACK_FAILED: { on: { ...deletion, RollbackStack: [{ to: "ROLLBACK_IN_PROGRESS" }] } },
    UPDATE_IN_PROGRESS: {
      on: {
        CancelUpdateStack: [{ to: "UPDATE_ROLLBACK_IN_PROGRESS" }],
        done: [{ to: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" }],
        failed: [{ to: "UPDATE_FAILED", when: ["no rollback"] }, { to: "UPDATE_ROLLBACK_IN_PROGRESS" }],
      },
    },
    // A resource that a finished update can not delete is left behind; it makes nothing undone.
    UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: {
      on: {
        done: [{ to: "UPDATE_COMPLETE" }],
        failed: [{ to: "UPDATE_COMPLETE" }],
        "called off": [{ to: "UPDATE_ROLLBACK_IN_PROGRESS" }],
      },
    },
    UPDATE_COMPLETE: { on: updatable },
    UPDATE_FAILED: { on: { ...updatable, RollbackStack: [{ to: "UPDATE_ROLLBACK_IN_PROGRESS" }] } },
    UPDATE_ROLLBACK_IN_PROGRESS: {
      on: {
        done: [{ to: "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" }],
        failed: [{ to: "UPDATE_ROLLBACK_FAILED" }],
      },
    },
    UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: {
      on: { done: [{ to: "UPDATE_ROLLBACK_COMPLETE" }], failed: [{ to: "UPDATE_ROLLBACK_COMPLETE" }] },
    },
    UPDATE_ROLLBACK_COMPLETE: { on: updatable },
    UPDATE_ROLLBACK_FAILED: {
      on: { ...deletion, ContinueUpdateRollback: [{ to: "UPDATE_ROLLBACK_IN_PROGRESS" }] },
    },
    DELETE_IN_PROGRESS: {
      on: { ...deletion, done: [{ to: "DELETE_COMPLETE" }], failed: [{ to: "DELETE_FAILED" }] },
    },
    DELETE_FAILED: { on: deletion },
    DELETE_COMPLETE: { vanishesAfter: "90d" },
  },
};

export const stackBinding = bindLifecycle<StackRecord, StackStatus, Event, Guard>({
  lifecycle: stackLifecycle,
  stateOf: (record) => record.StackStatus,
  enter: (record, StackStatus) => ({ ...record, StackStatus }),
  holds: ({ DisableRollback, Operation }, guard) =>
    guard === "no rollback"
      ? DisableRollback || Operation?.OnFailure === "DO_NOTHING"
      : Operation?.OnFailure === "DELETE",
});
