/**
 * The life of a VPC peering connection [PX-1], who sees it when [PX-2, PX-3, PX-5], and what its status says (semantics 5.2).
 * States, the seven days and who may do what are the VPC Peering Guide's; the delays of a few seconds are typical ones.
 */
import type { VpcPeeringConnectionStateReasonCode } from "../../../../model/index.ts";
import type { Duration, Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { currentBlocks, peeringFailure } from "./feasibility.ts";
import type { PeeringSide, VpcPeeringConnectionRecord } from "./record.ts";

type State = VpcPeeringConnectionStateReasonCode;
type Event =
  | "AcceptVpcPeeringConnection"
  | "RejectVpcPeeringConnection"
  | "DeleteVpcPeeringConnection"
  /** One of the two VPCs is deleted; what that may end is for vpc-deletion.ts to know. [PX-30] */
  | "DeleteVpc";
type Guard = "cannot-peer" | "inter-region";

/** How long a request waits for its answer. */
export const requestLifetime: Duration = "7d";

export const vpcPeeringConnectionLifecycle: Lifecycle<State, Event, Guard> = {
  initial: "initiating-request",
  states: {
    "initiating-request": {
      on: { DeleteVpc: [{ to: "deleted" }] },
      after: {
        delay: "2s",
        kind: "work",
        arrows: [{ to: "failed", when: ["cannot-peer"] }, { to: "pending-acceptance" }],
      },
    },
    "pending-acceptance": {
      on: {
        AcceptVpcPeeringConnection: [{ to: "failed", when: ["cannot-peer"] }, { to: "provisioning" }],
        RejectVpcPeeringConnection: [{ to: "rejected" }],
        DeleteVpcPeeringConnection: [{ to: "deleting", when: ["inter-region"] }, { to: "deleted" }],
        DeleteVpc: [{ to: "deleted" }],
      },
      after: { delay: requestLifetime, kind: "deadline", arrows: [{ to: "expired" }] },
    },
    provisioning: {
      on: {
        DeleteVpcPeeringConnection: [{ to: "deleting", when: ["inter-region"] }, { to: "deleted" }],
        DeleteVpc: [{ to: "deleted" }],
      },
      after: { delay: "3s", kind: "work", arrows: [{ to: "active" }] },
    },
    active: {
      on: {
        DeleteVpcPeeringConnection: [{ to: "deleting", when: ["inter-region"] }, { to: "deleted" }],
        DeleteVpc: [{ to: "deleted" }],
      },
    },
    deleting: { after: { delay: "20s", kind: "work", arrows: [{ to: "deleted" }] } },
    // The row itself lives as long as the side that sees it longest; what each side still sees is `visibleTo`.
    failed: { vanishesAfter: "2h" },
    expired: { vanishesAfter: "2d" },
    rejected: { vanishesAfter: "2d" },
    deleted: { vanishesAfter: "2d" },
  },
};

export const vpcPeeringConnectionBinding = bindLifecycle<VpcPeeringConnectionRecord, State, Event, Guard>({
  lifecycle: vpcPeeringConnectionLifecycle,
  stateOf: (record) => record.StatusCode,
  enter: enterState,
  holds: (record, guard, transaction) =>
    guard === "inter-region" ? record.Requester.Region !== record.Accepter.Region : peeringFailure(record, transaction),
});

/** The account/Region pairs that see the row: the accepter only once the request has reached it, and never a failed one. */
export function vpcPeeringConnectionScopes(record: VpcPeeringConnectionRecord): readonly string[] {
  const requester = scopeKey(record.Requester.OwnerId, record.Requester.Region);
  const accepter = scopeKey(record.Accepter.OwnerId, record.Accepter.Region);
  const hidden = record.StatusCode === "initiating-request" || record.StatusCode === "failed";
  return hidden || requester === accepter ? [requester] : [requester, accepter];
}

const twoHoursMs = 2 * 3_600_000;

/** Whether this account still sees a terminal row. [PX-2] */
export function visibleTo(record: VpcPeeringConnectionRecord, accountId: string, now: number): boolean {
  if (record.EndedAt === undefined || now - record.EndedAt < twoHoursMs) return true;
  const oneAccount = record.Requester.OwnerId === record.Accepter.OwnerId;
  if (record.StatusCode === "rejected") return !oneAccount && accountId === record.Requester.OwnerId;
  if (record.StatusCode === "deleted") return !oneAccount && accountId !== record.DeletedBy;
  return record.StatusCode === "expired";
}

function enterState(
  record: VpcPeeringConnectionRecord,
  StatusCode: State,
  transaction: Transaction,
): VpcPeeringConnectionRecord {
  const open = StatusCode === "initiating-request" || StatusCode === "pending-acceptance";
  const ended =
    StatusCode === "failed" || StatusCode === "expired" || StatusCode === "rejected" || StatusCode === "deleted";
  // The accepter's blocks are nobody's to know before it has accepted. [PX-10]
  const accepted = StatusCode === "provisioning" || record.Accepter.CidrBlockSet.length > 0;
  return {
    ...record,
    Requester: withBlocks(record.Requester, transaction),
    Accepter: accepted ? withBlocks(record.Accepter, transaction) : record.Accepter,
    StatusCode,
    StatusMessage: statusMessage(record, StatusCode),
    ExpirationTime: open ? record.ExpirationTime : undefined,
    EndedAt: ended ? transaction.now : record.EndedAt,
  };
}

/** The side with its VPC's blocks of now, or with the last ones known of a VPC that is gone. */
function withBlocks(side: PeeringSide, transaction: Transaction): PeeringSide {
  const blocks = currentBlocks(side, transaction);
  return blocks === undefined ? side : { ...side, CidrBlockSet: blocks.ipv4, Ipv6CidrBlockSet: blocks.ipv6 };
}

/** `status/message` for a code. Those of failed, active, provisioning and the requests are real AWS's. */
export function statusMessage(
  record: Pick<VpcPeeringConnectionRecord, "Requester" | "Accepter" | "DeletedBy">,
  code: State,
): string {
  switch (code) {
    case "initiating-request":
      return `Initiating Request to ${record.Accepter.OwnerId}`;
    case "pending-acceptance":
      return `Pending Acceptance by ${record.Accepter.OwnerId}`;
    case "provisioning":
      return "Provisioning";
    case "active":
      return "Active";
    case "failed":
      return "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range";
    case "expired":
      return "Expired";
    case "rejected":
      return "Inactive";
    case "deleting":
      return "Deleting";
    case "deleted":
      return `Deleted by ${record.DeletedBy ?? record.Requester.OwnerId}`;
  }
}
