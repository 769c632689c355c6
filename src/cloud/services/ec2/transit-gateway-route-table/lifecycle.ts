/** The life of a transit gateway's route table. It ends by its own deletion or with its gateway. (semantics 6.7) */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { emptyRouteTable } from "./membership.ts";
import type { TransitGatewayRouteTableRecord } from "./record.ts";

type State = TransitGatewayRouteTableRecord["State"];
type Event = "DeleteTransitGatewayRouteTable" | "DeleteTransitGateway";

export const transitGatewayRouteTableLifecycle: Lifecycle<State, Event> = {
  initial: "pending",
  states: {
    pending: {
      on: { DeleteTransitGateway: [{ to: "deleting" }] },
      after: { delay: "30s", kind: "work", arrows: [{ to: "available" }] },
    },
    available: {
      on: { DeleteTransitGatewayRouteTable: [{ to: "deleting" }], DeleteTransitGateway: [{ to: "deleting" }] },
    },
    deleting: { after: { delay: "30s", kind: "work", arrows: [{ to: "deleted" }] } },
    deleted: { vanishesAfter: "2h" },
  },
};

export const transitGatewayRouteTableBinding = bindLifecycle<TransitGatewayRouteTableRecord, State, Event>({
  lifecycle: transitGatewayRouteTableLifecycle,
  stateOf: (record) => record.State,
  enter(record, State, transaction) {
    if (State === "deleted") emptyRouteTable(transaction, record.TransitGatewayRouteTableId);
    return { ...record, State };
  },
});
