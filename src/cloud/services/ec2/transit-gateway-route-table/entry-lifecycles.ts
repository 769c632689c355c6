/** The lives of what a transit gateway's route table holds. What has ended is gone at once; only its answer tells. [TG-30 to TG-35] */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type {
  TransitGatewayAssociationRecord,
  TransitGatewayPrefixListReferenceRecord,
  TransitGatewayPropagationRecord,
  TransitGatewayRouteRecord,
} from "./record.ts";

type AssociationEvent = "DisassociateTransitGatewayRouteTable" | "DeleteTransitGatewayAttachment";
type PropagationEvent = "DisableTransitGatewayRouteTablePropagation" | "DeleteTransitGatewayAttachment";
type ReferenceEvent = "ModifyTransitGatewayPrefixListReference" | "DeleteTransitGatewayPrefixListReference";

export const associationLifecycle: Lifecycle<TransitGatewayAssociationRecord["State"], AssociationEvent> = {
  initial: "associating",
  states: {
    associating: {
      on: { DeleteTransitGatewayAttachment: [{ to: "disassociating" }] },
      after: { delay: "30s", kind: "work", arrows: [{ to: "associated" }] },
    },
    associated: {
      on: {
        DisassociateTransitGatewayRouteTable: [{ to: "disassociating" }],
        DeleteTransitGatewayAttachment: [{ to: "disassociating" }],
      },
    },
    disassociating: { after: { delay: "30s", kind: "work", arrows: [{ to: "disassociated" }] } },
    disassociated: { vanishesAfter: "0s" },
  },
};

export const propagationLifecycle: Lifecycle<TransitGatewayPropagationRecord["State"], PropagationEvent> = {
  initial: "enabling",
  states: {
    enabling: {
      on: { DeleteTransitGatewayAttachment: [{ to: "disabling" }] },
      after: { delay: "5s", kind: "work", arrows: [{ to: "enabled" }] },
    },
    enabled: {
      on: {
        DisableTransitGatewayRouteTablePropagation: [{ to: "disabling" }],
        DeleteTransitGatewayAttachment: [{ to: "disabling" }],
      },
    },
    disabling: { after: { delay: "5s", kind: "work", arrows: [{ to: "disabled" }] } },
    disabled: { vanishesAfter: "0s" },
  },
};

export const routeLifecycle: Lifecycle<TransitGatewayRouteRecord["State"], "DeleteTransitGatewayRoute"> = {
  initial: "pending",
  states: {
    pending: { after: { delay: "5s", kind: "work", arrows: [{ to: "active" }] } },
    active: { on: { DeleteTransitGatewayRoute: [{ to: "deleting" }] } },
    deleting: { after: { delay: "5s", kind: "work", arrows: [{ to: "deleted" }] } },
    deleted: { vanishesAfter: "0s" },
  },
};

export const prefixListReferenceLifecycle: Lifecycle<TransitGatewayPrefixListReferenceRecord["State"], ReferenceEvent> =
  {
    initial: "pending",
    states: {
      pending: { after: { delay: "10s", kind: "work", arrows: [{ to: "available" }] } },
      available: {
        on: {
          ModifyTransitGatewayPrefixListReference: [{ to: "modifying" }],
          DeleteTransitGatewayPrefixListReference: [{ to: "deleting" }],
        },
      },
      modifying: { after: { delay: "10s", kind: "work", arrows: [{ to: "available" }] } },
      deleting: { after: { delay: "10s", kind: "work", arrows: [{ to: "deleted" }] } },
      deleted: { vanishesAfter: "0s" },
    },
  };

export const associationBinding = bindLifecycle<
  TransitGatewayAssociationRecord,
  TransitGatewayAssociationRecord["State"],
  AssociationEvent
>({
  lifecycle: associationLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});

export const propagationBinding = bindLifecycle<
  TransitGatewayPropagationRecord,
  TransitGatewayPropagationRecord["State"],
  PropagationEvent
>({
  lifecycle: propagationLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});

export const routeBinding = bindLifecycle<
  TransitGatewayRouteRecord,
  TransitGatewayRouteRecord["State"],
  "DeleteTransitGatewayRoute"
>({
  lifecycle: routeLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});

export const prefixListReferenceBinding = bindLifecycle<
  TransitGatewayPrefixListReferenceRecord,
  TransitGatewayPrefixListReferenceRecord["State"],
  ReferenceEvent
>({
  lifecycle: prefixListReferenceLifecycle,
  stateOf: (record) => record.State,
  enter: (record, State) => ({ ...record, State }),
});
