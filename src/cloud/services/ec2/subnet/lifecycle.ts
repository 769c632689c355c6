/** The life of a subnet [AD-33], and within it that of its IPv6 blocks. A deleted subnet is gone at once. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { isInMotion, settled } from "../vpc/block-states.ts";
import type { SubnetRecord } from "./record.ts";

/** `associating` is an available subnet, an IPv6 block of which is on its way in or out. */
type State = SubnetRecord["State"] | "associating";

export const subnetLifecycle: Lifecycle<State> = {
  initial: "pending",
  states: {
    pending: { after: { delay: "1s", kind: "work", arrows: [{ to: "available" }] } },
    available: {},
    associating: { after: { delay: "2s", kind: "work", arrows: [{ to: "available" }] } },
  },
};

export const subnetBinding = bindLifecycle<SubnetRecord, State>({
  lifecycle: subnetLifecycle,
  stateOf(record) {
    if (record.State === "pending") return "pending";
    return record.Ipv6CidrBlockAssociationSet.some(isInMotion) ? "associating" : "available";
  },
  enter: (record) => ({
    ...record,
    State: "available",
    Ipv6CidrBlockAssociationSet: settled(record.Ipv6CidrBlockAssociationSet),
  }),
});
