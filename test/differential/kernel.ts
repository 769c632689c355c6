/** What the kernel says: whether probes of a network's flows are answered. */

import { type TestDataPlane, testDataPlane } from "../../src/dataplane/test-data-plane.ts";
import type { Fabric, ProbeRequest, ProbeResult } from "../../src/host/index.ts";
import { familyOf } from "../../src/ip/index.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import { emptyNetworkModel } from "../../src/model/index.ts";
import type { Flow } from "../../src/reachability/index.ts";

export interface Kernel {
  /** Brings the network into force, with listeners at every instance. */
  become(model: NetworkModel): Promise<void>;
  /** Whether each is answered or refused; both say that a packet got there and one came back. */
  reaches(flows: readonly Flow[], patienceMs: number): Promise<readonly boolean[]>;
  close(): Promise<void>;
}

/** The ports at which every instance listens. A UDP port's refusal would be ICMP, which other rules judge; a TCP port's may get lost (docs/not-modelled.md, SG-65). */
const udpPort = 53;
const tcpPort = 443;

export function startKernel(): Kernel {
  const plane = testDataPlane();
  return {
    become: async (model) => {
      // From nothing: what the kernel remembers of flows in the network before must not help this one's.
      await plane.dataPlane.reconcile(emptyNetworkModel);
      await plane.dataPlane.reconcile(model);
      await listen(plane, model);
    },
    reaches: async (flows, patienceMs) => {
      const results = await plane.fabric().probeAll(flows.map((flow) => probeOf(flow, patienceMs)));
      return results.map(({ outcome }: ProbeResult) => outcome === "answered" || outcome === "refused");
    },
    close: () => plane.close(),
  };
}

async function listen(plane: TestDataPlane, model: NetworkModel): Promise<void> {
  const fabric: Fabric = plane.fabric();
  const running = new Set(
    model.instances.filter(({ state }) => state === "running").map(({ instanceId }) => instanceId),
  );
  for (const { attachment, privateAddresses, ipv6Addresses } of model.networkInterfaces) {
    const namespace = attachment?.instanceId;
    if (namespace === undefined || !running.has(namespace)) continue;
    for (const address of [...privateAddresses.map((each) => each.address), ...ipv6Addresses]) {
      await fabric.listen({ namespace, protocol: "udp", address, port: udpPort, service: { kind: "echo" } });
      await fabric.listen({ namespace, protocol: "tcp", address, port: tcpPort, service: { kind: "echo" } });
    }
  }
}

function probeOf({ source, destination, traffic }: Flow, timeoutMs: number): ProbeRequest {
  if (destination.kind !== "address") throw new Error("bug: probes go to addresses");
  const namespace = source.kind === "instance" ? source.instanceId : "internet";
  const own = source.kind === "internet" && source.address !== undefined ? { source: source.address } : {};
  const base = { namespace, destination: destination.address, timeoutMs, ...own };
  if ("port" in traffic) return { ...base, protocol: traffic.protocol, port: traffic.port };
  return { ...base, protocol: "icmp", count: 1 };
}

/** Every question that the network's instances and the internet can ask. */
export function flowsOf(model: NetworkModel, addresses: readonly string[]): readonly Flow[] {
  const flows: Flow[] = [];
  const outside = addresses.filter((address) => isOutside(address));
  const sources: { source: Flow["source"]; ipv6: boolean; ipv4: boolean }[] = model.instances
    .filter(({ state }) => state === "running")
    .map(({ instanceId }) => ({
      source: { kind: "instance", instanceId },
      ipv4: true,
      ipv6: model.networkInterfaces.some(
        (each) => each.attachment?.instanceId === instanceId && each.ipv6Addresses.length > 0,
      ),
    }));
  for (const { source, ipv6 } of sources) {
    for (const address of addresses) {
      if (familyOf(address) === "ipv6" && !ipv6) continue;
      for (const traffic of trafficsTo(address, outside))
        flows.push({ source, destination: { kind: "address", address }, traffic });
    }
  }
  if (model.internetGateways.length + model.egressOnlyInternetGateways.length > 0) {
    for (const address of addresses) {
      if (outside.includes(address) || address.startsWith("10.") || address.startsWith("172.")) continue;
      for (const traffic of trafficsTo(address, outside)) {
        flows.push({ source: { kind: "internet" }, destination: { kind: "address", address }, traffic });
      }
    }
  }
  return flows;
}

function trafficsTo(address: string, outside: readonly string[]): readonly Flow["traffic"][] {
  const both: readonly Flow["traffic"][] = [{ protocol: "icmp" }, { protocol: "tcp", port: tcpPort }];
  return outside.includes(address) ? both : [...both, { protocol: "udp", port: udpPort }];
}

function isOutside(address: string): boolean {
  return address.startsWith("203.0.113.") || address.startsWith("2001:db8:ffff:");
}
