/** The life of a network interface: free, or on its way to and from an instance. [AD-55] */
import type { Lifecycle } from "../../../lifecycle/lifecycle.ts";
import { bindLifecycle } from "../../../state/lifecycle-binding.ts";
import type { NetworkInterfaceRecord } from "./record.ts";

type State = NetworkInterfaceRecord["Status"];
type Event = "AttachNetworkInterface" | "DetachNetworkInterface";

export const networkInterfaceLifecycle: Lifecycle<State, Event> = {
  initial: "pending",
  states: {
    pending: {
      on: { AttachNetworkInterface: [{ to: "attaching" }] },
      after: { delay: "1s", kind: "work", arrows: [{ to: "available" }] },
    },
    available: { on: { AttachNetworkInterface: [{ to: "attaching" }] } },
    attaching: { after: { delay: "2s", kind: "work", arrows: [{ to: "in-use" }] } },
    "in-use": { on: { DetachNetworkInterface: [{ to: "detaching" }] } },
    detaching: { after: { delay: "5s", kind: "work", arrows: [{ to: "detached" }] } },
    // Terraform waits until it has seen this one, for minutes if it never does: no pace hides it.
    detached: {
      on: { AttachNetworkInterface: [{ to: "attaching" }] },
      after: { delay: "10s", kind: "deadline", arrows: [{ to: "available" }] },
    },
  },
};

export const networkInterfaceBinding = bindLifecycle<NetworkInterfaceRecord, State, Event>({
  lifecycle: networkInterfaceLifecycle,
  stateOf: (record) => record.Status,
  enter(record, Status) {
    const { PastAttachment: _, ...rest } = record;
    if (Status === "available") return detached(rest);
    if (Status !== "detached") return { ...rest, Status };
    return {
      ...detached(rest),
      Status,
      ...(record.Attachment === undefined ? {} : { PastAttachment: record.Attachment }),
    };
  },
});

/** The interface without an attachment, and without the public address that only an attached one has. [AD-52] */
export function detached(record: NetworkInterfaceRecord): NetworkInterfaceRecord {
  const { Attachment: _, ...rest } = record;
  return { ...rest, Status: "available", PrivateIpAddresses: withoutAutoPublicIps(record) };
}

/** The interface's private addresses without the public ones that AWS gave. */
export function withoutAutoPublicIps(record: NetworkInterfaceRecord): NetworkInterfaceRecord["PrivateIpAddresses"] {
  return record.PrivateIpAddresses.map(({ PrivateIpAddress, Primary }) => ({ PrivateIpAddress, Primary }));
}
