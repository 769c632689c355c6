/** The life of a peering attachment (semantics 6.5), and who sees it [TG-62]. The delays are typical ones (semantics 12.1). */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { joinDefaultRouteTables, leaveRouteTables } from "../transit-gateway-route-table/membership.ts";
import type { TransitGatewayPeeringAttachmentState as State, TransitGatewayPeeringAttachmentRecord } from "./record.ts";
import { sidesOf } from "./sides.ts";

type Event =
  | "AcceptTransitGatewayPeeringAttachment"
  | "RejectTransitGatewayPeeringAttachment"
  | "DeleteTransitGatewayPeeringAttachment";
type Guard = "no-such-peer";

export const transitGatewayPeeringAttachmentLifecycle: Lifecycle<State, Event, Guard> = {
  initial: "initiatingRequest",
  states: {
    initiatingRequest: {
      after: {
        delay: "60s",
        kind: "work",
        arrows: [{ to: "failing", when: ["no-such-peer"] }, { to: "pendingAcceptance" }],
      },
    },
    // Waits for its answer as long as it takes. [TG-61]
    pendingAcceptance: {
      on: {
        AcceptTransitGatewayPeeringAttachment: [{ to: "pending" }],
        RejectTransitGatewayPeeringAttachment: [{ to: "rejecting" }],
        DeleteTransitGatewayPeeringAttachment: [{ to: "deleting" }],
      },
    },
    pending: { after: { delay: "120s", kind: "work", arrows: [{ to: "available" }] } },
    available: { on: { DeleteTransitGatewayPeeringAttachment: [{ to: "deleting" }] } },
    failing: { after: { delay: "10s", kind: "work", arrows: [{ to: "failed" }] } },
    rejecting: { after: { delay: "10s", kind: "work", arrows: [{ to: "rejected" }] } },
    deleting: { after: { delay: "60s", kind: "work", arrows: [{ to: "deleted" }] } },
    failed: { vanishesAfter: "2h" },
    rejected: { vanishesAfter: "2h" },
    deleted: { vanishesAfter: "2h" },
  },
};

export const transitGatewayPeeringAttachmentBinding = bindLifecycle<
  TransitGatewayPeeringAttachmentRecord,
  State,
  Event,
  Guard
>({
  lifecycle: transitGatewayPeeringAttachmentLifecycle,
  stateOf: (record) => record.State,
  enter(record, State, transaction) {
    if (State === "pending") joinSides(record, transaction);
    if (State === "deleting") leaveSides(record, transaction);
    return { ...record, State };
  },
  holds: ({ Accepter }, _noSuchPeer, transaction) => {
    const peer = transaction.get("transitGateway", Accepter.TransitGatewayId);
    const found = peer?.OwnerId === Accepter.OwnerId && peer.Region === Accepter.Region;
    return !found || (peer.State !== "available" && peer.State !== "modifying");
  },
});

export function transitGatewayPeeringAttachmentScopes(
  record: TransitGatewayPeeringAttachmentRecord,
): readonly string[] {
  return [...new Set(sidesOf(record).map(({ own }) => scopeKey(own.OwnerId, own.Region)))];
}

function joinSides({ Requester, Accepter }: TransitGatewayPeeringAttachmentRecord, transaction: Transaction): void {
  for (const side of [Requester, Accepter]) joinDefaultRouteTables(transaction, { ...side, propagates: false });
}

function leaveSides({ Requester, Accepter }: TransitGatewayPeeringAttachmentRecord, transaction: Transaction): void {
  for (const { TransitGatewayId, TransitGatewayAttachmentId } of [Requester, Accepter]) {
    leaveRouteTables(transaction, TransitGatewayId, TransitGatewayAttachmentId);
  }
}
