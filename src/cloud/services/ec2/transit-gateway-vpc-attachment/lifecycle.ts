/** The life of a VPC attachment (semantics 6.3), and who sees it [TG-81]. The delays are typical ones (semantics 12.1). */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { joinDefaultRouteTables, leaveRouteTables } from "../transit-gateway-route-table/membership.ts";
import { lacksAddresses, releaseInterfaces, withWanted } from "./interfaces.ts";
import type { TransitGatewayVpcAttachmentState as State, TransitGatewayVpcAttachmentRecord } from "./record.ts";

type Event =
  | "AcceptTransitGatewayVpcAttachment"
  | "RejectTransitGatewayVpcAttachment"
  | "ModifyTransitGatewayVpcAttachment"
  | "DeleteTransitGatewayVpcAttachment";
type Guard = "no-free-address";

export const transitGatewayVpcAttachmentLifecycle: Lifecycle<State, Event, Guard> = {
  initial: "pending",
  otherInitials: ["pendingAcceptance"],
  states: {
    pendingAcceptance: {
      on: {
        AcceptTransitGatewayVpcAttachment: [{ to: "pending" }],
        RejectTransitGatewayVpcAttachment: [{ to: "rejecting" }],
        DeleteTransitGatewayVpcAttachment: [{ to: "deleting" }],
      },
    },
    pending: {
      after: {
        delay: "90s",
        kind: "work",
        arrows: [{ to: "failing", when: ["no-free-address"] }, { to: "available" }],
      },
    },
    available: {
      on: {
        ModifyTransitGatewayVpcAttachment: [{ to: "modifying" }],
        DeleteTransitGatewayVpcAttachment: [{ to: "deleting" }],
      },
    },
    modifying: {
      after: {
        delay: "60s",
        kind: "work",
        arrows: [{ to: "rollingBack", when: ["no-free-address"] }, { to: "available" }],
      },
    },
    rollingBack: { after: { delay: "30s", kind: "work", arrows: [{ to: "available" }] } },
    rejecting: { after: { delay: "10s", kind: "work", arrows: [{ to: "rejected" }] } },
    failing: { after: { delay: "10s", kind: "work", arrows: [{ to: "failed" }] } },
    deleting: { after: { delay: "60s", kind: "work", arrows: [{ to: "deleted" }] } },
    // [TG-10]
    rejected: { vanishesAfter: "2h" },
    failed: { vanishesAfter: "2h" },
    deleted: { vanishesAfter: "2h" },
  },
};

export const transitGatewayVpcAttachmentBinding = bindLifecycle<TransitGatewayVpcAttachmentRecord, State, Event, Guard>(
  {
    lifecycle: transitGatewayVpcAttachmentLifecycle,
    stateOf: (record) => record.State,
    enter: enterState,
    holds: (record, _noFreeAddress, transaction) => lacksAddresses(record, transaction),
  },
);

export function transitGatewayVpcAttachmentScopes(record: TransitGatewayVpcAttachmentRecord): readonly string[] {
  return [...new Set([record.OwnerId, record.TransitGatewayOwnerId])].map((id) => scopeKey(id, record.Region));
}

/** The record in this state, also in its first one. */
export function enterState(
  record: TransitGatewayVpcAttachmentRecord,
  State: State,
  transaction: Transaction,
): TransitGatewayVpcAttachmentRecord {
  const { TransitGatewayId, TransitGatewayAttachmentId } = record;
  switch (State) {
    case "pending":
      joinDefaultRouteTables(transaction, { TransitGatewayId, TransitGatewayAttachmentId, propagates: true });
      return { ...record, State };
    case "available":
      return { ...withWanted(record, transaction), State };
    case "rollingBack": {
      const { Wanted: _, ...before } = record;
      return { ...before, State };
    }
    case "failing":
    case "deleting":
      leaveRouteTables(transaction, TransitGatewayId, TransitGatewayAttachmentId);
      return { ...record, State };
    case "deleted":
      releaseInterfaces(record.Interfaces, transaction);
      return { ...record, Interfaces: [], State };
    default:
      return { ...record, State };
  }
}
