/** The life of a change set until it can be reviewed; what becomes of it then is in its `ExecutionStatus`. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { ChangeSetRecord, ChangeSetStatus } from "./record.ts";

export const changeSetLifecycle: Lifecycle<ChangeSetStatus, never, "no changes"> = {
  initial: "CREATE_PENDING",
  states: {
    CREATE_PENDING: { after: { delay: "1s", kind: "work", arrows: [{ to: "CREATE_IN_PROGRESS" }] } },
    CREATE_IN_PROGRESS: {
      after: {
        delay: "3s",
        kind: "work",
        arrows: [{ to: "FAILED", when: ["no changes"] }, { to: "CREATE_COMPLETE" }],
      },
    },
    CREATE_COMPLETE: {},
    FAILED: {},
  },
};

export const changeSetBinding = bindLifecycle<ChangeSetRecord, ChangeSetStatus, never, "no changes">({
  lifecycle: changeSetLifecycle,
  stateOf: (record) => record.Status,
  enter: (record, Status) => ({
    ...record,
    Status,
    ...(Status === "CREATE_COMPLETE" && { ExecutionStatus: "AVAILABLE" }),
  }),
  holds: ({ Fault }) => Fault !== undefined,
});
