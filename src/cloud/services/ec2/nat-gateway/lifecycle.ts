/** The life of a NAT gateway [NG-2]: it fails asynchronously, and stays visible for an hour after its end. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { releaseNetworkInterface } from "../network-interface/create-network-interface.ts";
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
  enter(record, State, transaction) {
    if (State === "deleted") return { ...letGo(record, transaction), State, DeletedAt: transaction.now };
    return { ...record, State };
  },
  holds: (record) => record.FailureCode !== undefined,
});

/** An ended gateway gives its interface and addresses back; the Elastic IP is its owner's again, unassociated. */
function letGo(record: NatGatewayRecord, transaction: Transaction): NatGatewayRecord {
  if (record.NetworkInterfaceId !== undefined) releaseNetworkInterface(transaction, record.NetworkInterfaceId);
  return record;
}
