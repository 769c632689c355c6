/** The life of a managed prefix list. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { ManagedPrefixListRecord } from "./record.ts";

type State = ManagedPrefixListRecord["State"];
type Event = "ModifyManagedPrefixList" | "DeleteManagedPrefixList";

export const managedPrefixListLifecycle: Lifecycle<State, Event> = {
  initial: "create-in-progress",
  states: {
    "create-in-progress": { after: { delay: "3s", kind: "work", arrows: [{ to: "create-complete" }] } },
    "create-complete": {
      on: {
        ModifyManagedPrefixList: [{ to: "modify-in-progress" }],
        DeleteManagedPrefixList: [{ to: "delete-in-progress" }],
      },
    },
    "modify-in-progress": { after: { delay: "3s", kind: "work", arrows: [{ to: "modify-complete" }] } },
    "modify-complete": {
      on: {
        ModifyManagedPrefixList: [{ to: "modify-in-progress" }],
        DeleteManagedPrefixList: [{ to: "delete-in-progress" }],
      },
    },
    "delete-in-progress": { after: { delay: "3s", kind: "work", arrows: [{ to: "delete-complete" }] } },
    "delete-complete": { vanishesAfter: "1h" },
  },
};

export const managedPrefixListBinding = bindLifecycle<ManagedPrefixListRecord, State, Event>({
  lifecycle: managedPrefixListLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
