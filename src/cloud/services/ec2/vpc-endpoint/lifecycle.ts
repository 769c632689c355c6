/** The life of an endpoint [PL-22]: a change of subnets, groups or names makes it pending again; one of routes is there at once [PL-50]. Deleted, it is not found. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import { releaseNetworkInterface } from "../network-interface/create-network-interface.ts";
import { gatewayRouteTables, removeRoutesFrom } from "./held-routes.ts";
import type { VpcEndpointRecord } from "./record.ts";

type State = VpcEndpointRecord["State"];
type Event = "ModifyVpcEndpoint" | "DeleteVpcEndpoints";

export const vpcEndpointLifecycle: Lifecycle<State, Event> = {
  initial: "pending",
  otherInitials: ["available"],
  states: {
    pending: {
      on: { DeleteVpcEndpoints: [{ to: "deleting" }] },
      after: { delay: "60s", kind: "work", arrows: [{ to: "available" }] },
    },
    available: { on: { ModifyVpcEndpoint: [{ to: "pending" }], DeleteVpcEndpoints: [{ to: "deleting" }] } },
    deleting: { after: { delay: "90s", kind: "work", arrows: [{ to: "deleted" }] } },
    deleted: { vanishesAfter: "1h" },
  },
};

export const vpcEndpointBinding = bindLifecycle<VpcEndpointRecord, State, Event>({
  lifecycle: vpcEndpointLifecycle,
  stateOf: (record) => record.State,
  enter(record, State, transaction) {
    if (State === "deleting") removeRoutesFrom(gatewayRouteTables(record, transaction), record, transaction);
    if (State !== "deleted") return { ...record, State };
    // Until now its interfaces have held subnets and groups.
    for (const { NetworkInterfaceId } of record.Interfaces) releaseNetworkInterface(transaction, NetworkInterfaceId);
    return { ...record, State, Interfaces: [] };
  },
});
