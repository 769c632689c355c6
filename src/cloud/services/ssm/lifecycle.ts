/** The life of a sent command's row: AWS keeps finished commands for thirty days. */
import type { Lifecycle } from "../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../state/lifecycle-binding.ts";
import type { CommandRecord } from "./record.ts";

export const commandLifecycle: Lifecycle<CommandRecord["State"]> = {
  initial: "open",
  states: { open: {}, done: { vanishesAfter: "30d" } },
};

export const commandBinding = bindLifecycle<CommandRecord, CommandRecord["State"]>({
  lifecycle: commandLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
