/** The life of a NAT gateway [NG-2]: it fails asynchronously, and stays visible for an hour after its end. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { NatGatewayRecord } from "./record.ts";

type State = NatGatewayRecord["State"];
type Guard = "cannot-start";

export const natGatewayLifecycle: Lifecycle<State, "DeleteNatGateway", Guard> = {
  initial: "pending",
  states: {
    pending: {
      on: { DeleteNatGateway: [{ to: "deleting" }] },
      after: { delay: "105s", kind: "work", arrows: [{ to: "failed", when: ["cannot-start"] }, { to: "available" }] },
    },
    available: { on: { DeleteNatGateway: [{ to: "deleting" }] } },
    failed: { on: { DeleteNatGateway: [{ to: "deleting" }] }, vanishesAfter: "1h" },
    deleting: { after: { delay: "60s", kind: "work", arrows: [{ to: "deleted" }] } },
    deleted: { vanishesAfter: "1h" },
  },
};

export const natGatewayBinding = bindLifecycle<NatGatewayRecord, State, "DeleteNatGateway", Guard>({
  lifecycle: natGatewayLifecycle,
  stateOf: (record) => record.State,
  // Owned by the resource's actions: what a failing or ending gateway lets go of is added there.
  enter: (record, State) => ({ ...record, State }),
  holds: (record) => record.FailureCode !== undefined,
});
