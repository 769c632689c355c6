/**
 * The lives of shares, associations and invitations. An invitation to what can be shared here waits for seven days; entering its
 * end moves the association along. https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
 */
import type { Duration, Lifecycle } from "../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../state/lifecycle-binding.ts";
import {
  type PrincipalAssociationRecord,
  principalAssociationId,
  type ResourceAssociationRecord,
  type ResourceShareInvitationRecord,
  type ResourceShareRecord,
} from "./record.ts";
import { noteAccounts, passOn, passOnAll } from "./sharing.ts";

/** How long a deleted share can still be seen; what has left a share is forgotten with the same delay. */
const seenAfterEnd: Duration = "2h";

export const resourceShareLifecycle: Lifecycle<ResourceShareRecord["Status"], "DeleteResourceShare"> = {
  initial: "ACTIVE",
  states: {
    ACTIVE: { on: { DeleteResourceShare: [{ to: "DELETING" }] } },
    DELETING: { after: { delay: "5s", kind: "work", arrows: [{ to: "DELETED" }] } },
    DELETED: { vanishesAfter: seenAfterEnd },
  },
};

export const resourceShareBinding = bindLifecycle<
  ResourceShareRecord,
  ResourceShareRecord["Status"],
  "DeleteResourceShare"
>({
  lifecycle: resourceShareLifecycle,
  stateOf: (record) => record.Status,
  enter: (record, Status, { now }) => ({ ...record, Status, LastUpdatedAt: now }),
});

type AssociationStatus = ResourceAssociationRecord["Status"];

export const resourceAssociationLifecycle: Lifecycle<AssociationStatus, "DisassociateResourceShare"> = {
  initial: "ASSOCIATING",
  states: {
    ASSOCIATING: {
      on: { DisassociateResourceShare: [{ to: "DISASSOCIATING" }] },
      after: { delay: "2s", kind: "work", arrows: [{ to: "ASSOCIATED" }] },
    },
    ASSOCIATED: { on: { DisassociateResourceShare: [{ to: "DISASSOCIATING" }] } },
    DISASSOCIATING: { after: { delay: "2s", kind: "work", arrows: [{ to: "DISASSOCIATED" }] } },
    DISASSOCIATED: { vanishesAfter: seenAfterEnd },
  },
};

export const resourceAssociationBinding = bindLifecycle<
  ResourceAssociationRecord,
  AssociationStatus,
  "DisassociateResourceShare"
>({
  lifecycle: resourceAssociationLifecycle,
  stateOf: (record) => record.Status,
  enter(record, Status, transaction) {
    const entered = { ...record, Status, LastUpdatedAt: transaction.now };
    // Stored first: whom the resource is shared with is read from all associations together.
    transaction.put("resourceAssociation", entered);
    passOn(record.ResourceArn, transaction);
    return entered;
  },
});

type PrincipalEvent =
  /** The owner's own account needs no invitation. */
  | "AssociateResourceShare"
  | "AcceptResourceShareInvitation"
  | "RejectResourceShareInvitation"
  /** The invitation has expired. */
  | "expire"
  | "DisassociateResourceShare";

export const principalAssociationLifecycle: Lifecycle<AssociationStatus, PrincipalEvent, "own-account"> = {
  initial: "ASSOCIATING",
  states: {
    ASSOCIATING: {
      on: {
        AssociateResourceShare: [{ to: "ASSOCIATED", when: ["own-account"] }],
        AcceptResourceShareInvitation: [{ to: "ASSOCIATED" }],
        RejectResourceShareInvitation: [{ to: "DISASSOCIATED" }],
        expire: [{ to: "DISASSOCIATED" }],
        DisassociateResourceShare: [{ to: "DISASSOCIATING" }],
      },
    },
    ASSOCIATED: { on: { DisassociateResourceShare: [{ to: "DISASSOCIATING" }] } },
    DISASSOCIATING: { after: { delay: "2s", kind: "work", arrows: [{ to: "DISASSOCIATED" }] } },
    DISASSOCIATED: { vanishesAfter: seenAfterEnd },
  },
};

export const principalAssociationBinding = bindLifecycle<
  PrincipalAssociationRecord,
  AssociationStatus,
  PrincipalEvent,
  "own-account"
>({
  lifecycle: principalAssociationLifecycle,
  stateOf: (record) => record.Status,
  enter(record, Status, transaction) {
    const entered = { ...record, Status, LastUpdatedAt: transaction.now };
    transaction.put("principalAssociation", entered);
    noteAccounts(record.ResourceShareArn, transaction);
    passOnAll(record.ResourceShareArn, transaction);
    return entered;
  },
  holds: (record) => record.Principal === record.OwnerId,
});

type InvitationStatus = ResourceShareInvitationRecord["Status"];
type InvitationEvent = "AcceptResourceShareInvitation" | "RejectResourceShareInvitation";

export const resourceShareInvitationLifecycle: Lifecycle<InvitationStatus, InvitationEvent> = {
  initial: "PENDING",
  states: {
    PENDING: {
      on: {
        AcceptResourceShareInvitation: [{ to: "ACCEPTED" }],
        RejectResourceShareInvitation: [{ to: "REJECTED" }],
      },
      after: { delay: "7d", kind: "deadline", arrows: [{ to: "EXPIRED" }] },
    },
    // How long AWS shows an answered invitation is not documented.
    ACCEPTED: { vanishesAfter: "7d" },
    REJECTED: { vanishesAfter: "7d" },
    EXPIRED: { vanishesAfter: "7d" },
  },
};

const associationEvent: { readonly [S in Exclude<InvitationStatus, "PENDING">]: PrincipalEvent } = {
  ACCEPTED: "AcceptResourceShareInvitation",
  REJECTED: "RejectResourceShareInvitation",
  EXPIRED: "expire",
};

export const resourceShareInvitationBinding = bindLifecycle<
  ResourceShareInvitationRecord,
  InvitationStatus,
  InvitationEvent
>({
  lifecycle: resourceShareInvitationLifecycle,
  stateOf: (record) => record.Status,
  enter(record, Status, transaction) {
    const id = principalAssociationId(record.ResourceShareArn, record.OwnerId);
    const association = transaction.get("principalAssociation", id);
    if (association !== undefined && Status !== "PENDING")
      transaction.fire("principalAssociation", association, associationEvent[Status]);
    return { ...record, Status };
  },
});
