/** The life of an instance [IN-1]; a terminated row stays for about an hour. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { InstanceRecord } from "./record.ts";

type State = InstanceRecord["State"];
type Event = "StartInstances" | "StopInstances" | "TerminateInstances";

export const instanceLifecycle: Lifecycle<State, Event> = {
  initial: "pending",
  states: {
    pending: {
      on: { TerminateInstances: [{ to: "shutting-down" }] },
      after: { delay: "10s", kind: "work", arrows: [{ to: "running" }] },
    },
    running: { on: { StopInstances: [{ to: "stopping" }], TerminateInstances: [{ to: "shutting-down" }] } },
    stopping: {
      on: { TerminateInstances: [{ to: "shutting-down" }] },
      after: { delay: "20s", kind: "work", arrows: [{ to: "stopped" }] },
    },
    stopped: { on: { StartInstances: [{ to: "pending" }], TerminateInstances: [{ to: "terminated" }] } },
    "shutting-down": { after: { delay: "20s", kind: "work", arrows: [{ to: "terminated" }] } },
    terminated: { vanishesAfter: "1h" },
  },
};

export const instanceBinding = bindLifecycle<InstanceRecord, State, Event>({
  lifecycle: instanceLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
