/** The life of a VPC [AD-8]: a deleted one is gone at once, without a last state. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { VpcRecord } from "./record.ts";

export const vpcLifecycle: Lifecycle<VpcRecord["State"]> = {
  initial: "pending",
  states: {
    pending: { after: { delay: "1s", kind: "work", arrows: [{ to: "available" }] } },
    available: {},
  },
};

export const vpcBinding = bindLifecycle<VpcRecord, VpcRecord["State"]>({
  lifecycle: vpcLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
