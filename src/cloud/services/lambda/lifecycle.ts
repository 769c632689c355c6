/** A function is made, and changed, in the background. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
import type { Lifecycle } from "../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../state/lifecycle-binding.ts";
import type { FunctionRecord, FunctionState } from "./record.ts";

export type FunctionEvent = "UpdateFunction";

/** `Updating` is what the API calls Active, with an update in progress. */
export const functionLifecycle: Lifecycle<FunctionState, FunctionEvent> = {
  initial: "Pending",
  states: {
    Pending: { after: { delay: "2s", kind: "work", arrows: [{ to: "Active" }] } },
    Active: { on: { UpdateFunction: [{ to: "Updating" }] } },
    Updating: { after: { delay: "1s", kind: "work", arrows: [{ to: "Active" }] } },
  },
};

export const functionBinding = bindLifecycle<FunctionRecord, FunctionState, FunctionEvent>({
  lifecycle: functionLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
