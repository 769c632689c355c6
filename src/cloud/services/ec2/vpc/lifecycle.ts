/** The life of a VPC [AD-8], and within it that of its blocks [AD-7]. A deleted VPC is gone at once, without a last state. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { isInMotion, settled } from "./block-states.ts";
import type { VpcRecord } from "./record.ts";

/** `associating` is an available VPC, blocks of which are on their way in or out. */
type State = VpcRecord["State"] | "associating";

export const vpcLifecycle: Lifecycle<State> = {
  initial: "pending",
  states: {
    pending: { after: { delay: "1s", kind: "work", arrows: [{ to: "available" }] } },
    available: {},
    associating: { after: { delay: "5s", kind: "work", arrows: [{ to: "available" }] } },
  },
};

export const vpcBinding = bindLifecycle<VpcRecord, State>({
  lifecycle: vpcLifecycle,
  stateOf(record) {
    if (record.State === "pending") return "pending";
    const moving = [...record.CidrBlockAssociationSet, ...record.Ipv6CidrBlockAssociationSet].some(isInMotion);
    return moving ? "associating" : "available";
  },
  enter: (record) => ({
    ...record,
    State: "available",
    CidrBlockAssociationSet: settled(record.CidrBlockAssociationSet),
    Ipv6CidrBlockAssociationSet: settled(record.Ipv6CidrBlockAssociationSet),
  }),
});
