/** The life of an instance [IN-1], and what it lets go of on the way; a terminated row stays for about an hour. */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { newPublicIp } from "../address/public-ip.ts";
import { releaseNetworkInterface } from "../network-interface/create-network-interface.ts";
import { detached, withoutAutoPublicIps } from "../network-interface/lifecycle.ts";
import { elasticIpOf } from "../network-interface/public-addresses.ts";
import { releaseVolumes } from "../volume/release-volumes.ts";
import type { InstanceRecord } from "./record.ts";

type State = InstanceRecord["State"];
type Event = "StartInstances" | "StopInstances" | "TerminateInstances";

export const instanceLifecycle: Lifecycle<State, Event> = {
  initial: "pending",
  states: {
    pending: {
      on: { TerminateInstances: [{ to: "shutting-down" }] },
      after: { delay: "10s", kind: "work", arrows: [{ to: "running" }] },
    },
    running: { on: { StopInstances: [{ to: "stopping" }], TerminateInstances: [{ to: "shutting-down" }] } },
    stopping: {
      on: { TerminateInstances: [{ to: "shutting-down" }] },
      after: { delay: "20s", kind: "work", arrows: [{ to: "stopped" }] },
    },
    stopped: { on: { StartInstances: [{ to: "pending" }], TerminateInstances: [{ to: "terminated" }] } },
    "shutting-down": { after: { delay: "20s", kind: "work", arrows: [{ to: "terminated" }] } },
    terminated: { vanishesAfter: "1h" },
  },
};

export const instanceBinding = bindLifecycle<InstanceRecord, State, Event>({
  lifecycle: instanceLifecycle,
  stateOf: (record) => record.State,
  enter(record, State, transaction) {
    switch (State) {
      case "pending": {
        assignPublicIp(transaction, record.InstanceId);
        const { StateReason: _, ...rest } = record;
        return { ...rest, State, StateTransitionReason: "", LaunchTime: transaction.now };
      }
      case "stopping":
      case "shutting-down":
        releasePublicIps(transaction, record.InstanceId);
        return { ...record, State, ...userInitiated(transaction.now) };
      case "terminated":
        releaseInterfaces(transaction, record.InstanceId);
        releaseVolumes(transaction, record.InstanceId);
        transaction.delete("managedInstance", record.InstanceId);
        return withoutProfile({ ...record, State, ...userInitiated(transaction.now) });
      default:
        return { ...record, State };
    }
  },
});

/** A public address for the primary interface, where it asks for one, is the only one, and has no Elastic IP. [IN-2] */
export function assignPublicIp(transaction: Transaction, instanceId: string): void {
  const [only, ...others] = transaction.by("networkInterface", "instance", instanceId);
  const [primary, ...rest] = only?.PrivateIpAddresses ?? [];
  if (only === undefined || primary === undefined || others.length > 0 || !only.AssociatePublicIpAddress) return;
  if (elasticIpOf(transaction, only, primary.PrivateIpAddress) !== undefined) return;
  const AutoPublicIp = newPublicIp(transaction);
  transaction.put("networkInterface", { ...only, PrivateIpAddresses: [{ ...primary, AutoPublicIp }, ...rest] });
}

/** Automatic public addresses go at stop and at termination; Elastic IPs stay. [IN-2] [AD-52] */
function releasePublicIps(transaction: Transaction, instanceId: string): void {
  for (const record of transaction.by("networkInterface", "instance", instanceId)) {
    if (!record.PrivateIpAddresses.some((address) => address.AutoPublicIp !== undefined)) continue;
    transaction.put("networkInterface", { ...record, PrivateIpAddresses: withoutAutoPublicIps(record) });
  }
}

/** Interfaces to be deleted on termination disappear, others become available. [IN-1] */
function releaseInterfaces(transaction: Transaction, instanceId: string): void {
  for (const record of transaction.by("networkInterface", "instance", instanceId)) {
    if (record.Attachment?.DeleteOnTermination) releaseNetworkInterface(transaction, record.NetworkInterfaceId);
    else transaction.put("networkInterface", detached(record));
  }
}

function withoutProfile({ IamInstanceProfile: _, ...record }: InstanceRecord): InstanceRecord {
  return record;
}

function userInitiated(now: number): Pick<InstanceRecord, "StateTransitionReason" | "StateReason"> {
  const time = new Date(now).toISOString().slice(0, 19).replace("T", " ");
  return {
    StateTransitionReason: `User initiated (${time} GMT)`,
    StateReason: {
      Code: "Client.UserInitiatedShutdown",
      Message: "Client.UserInitiatedShutdown: User initiated shutdown",
    },
  };
}
