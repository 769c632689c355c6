/** The life of a subnet [AD-33]: a deleted one is gone at once. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { SubnetRecord } from "./record.ts";

export const subnetLifecycle: Lifecycle<SubnetRecord["State"]> = {
  initial: "pending",
  states: {
    pending: { after: { delay: "1s", kind: "work", arrows: [{ to: "available" }] } },
    available: {},
  },
};

export const subnetBinding = bindLifecycle<SubnetRecord, SubnetRecord["State"]>({
  lifecycle: subnetLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
