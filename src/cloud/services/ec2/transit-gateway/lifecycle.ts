/** The life of a transit gateway [TG-1], and who sees it [TG-80]. The delays are typical ones (semantics 12.1). */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { TransitGatewayRecord } from "./record.ts";

type State = TransitGatewayRecord["State"];
type Event = "ModifyTransitGateway" | "DeleteTransitGateway";

export const transitGatewayLifecycle: Lifecycle<State, Event> = {
  initial: "pending",
  states: {
    pending: { after: { delay: "120s", kind: "work", arrows: [{ to: "available" }] } },
    available: {
      on: { ModifyTransitGateway: [{ to: "modifying" }], DeleteTransitGateway: [{ to: "deleting" }] },
    },
    modifying: { after: { delay: "30s", kind: "work", arrows: [{ to: "available" }] } },
    deleting: { after: { delay: "90s", kind: "work", arrows: [{ to: "deleted" }] } },
    deleted: { vanishesAfter: "2h" },
  },
};

export const transitGatewayBinding = bindLifecycle<TransitGatewayRecord, State, Event>({
  lifecycle: transitGatewayLifecycle,
  stateOf: (record) => record.State,
  enter(record, State, transaction) {
    if (State === "deleting") deleteRouteTables(record, transaction);
    return { ...record, State };
  },
});

export function transitGatewayScopes({ OwnerId, Region, SharedWith }: TransitGatewayRecord): readonly string[] {
  return [...new Set([OwnerId, ...SharedWith])].map((accountId) => scopeKey(accountId, Region));
}

/** All tables go with their gateway; without attachments nothing is associated any more. (semantics 6.7) */
function deleteRouteTables({ TransitGatewayId }: TransitGatewayRecord, transaction: Transaction): void {
  for (const table of transaction.by("transitGatewayRouteTable", "transitGateway", TransitGatewayId)) {
    transaction.fire("transitGatewayRouteTable", table, "DeleteTransitGateway");
  }
}
