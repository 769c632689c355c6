/** A data plane on a real fabric for packet tests, and the questions that they ask of it. */
import type { Fabric, ProbeResult } from "../host/index.ts";
import { startTestFabric } from "../host/test-fabric.ts";
import { createDataPlane, type DataPlane } from "./data-plane.ts";
import type { TestNetwork } from "./test-network.ts";

export interface TestDataPlane {
  readonly dataPlane: DataPlane;
  /** Brings the network, as it is now, into force. */
  apply(network: TestNetwork): Promise<void>;
  /**
   * `icmp`, `tcp/443` or `udp/53` from an instance or namespace; opens no listener. Unanswered means twice: a new link may
   * lose a first packet while the kernel switches its queue on.
   */
  probe(from: string, to: string, what?: string): Promise<ProbeResult["outcome"]>;
  /** As `probe`, with everything known about the answer. */
  ask(from: string, to: string, what?: string, source?: string): Promise<ProbeResult>;
  /** A TCP and UDP echo listener in an instance; resolves with how to stop it. */
  serve(namespace: string, port: number, address?: string): Promise<() => Promise<void>>;
  fabric(): Fabric;
  close(): Promise<void>;
}

/** Milliseconds until a probe counts as unanswered: all is on this machine, an answer takes microseconds. */
const patience = 150;

export function testDataPlane(options: { onStatus?: (status: unknown) => void } = {}): TestDataPlane {
  const dataPlane = createDataPlane({ startFabric: startTestFabric, maxRestarts: 0, ...options });
  const fabric = () => {
    const current = dataPlane.fabric();
    if (current === undefined) throw new Error("bug: no fabric before the first model");
    return current;
  };
  const once: TestDataPlane["ask"] = (namespace, destination, what = "icmp", source) => {
    const [protocol, port] = what.split("/");
    const base = { namespace, destination, timeoutMs: patience, ...(source === undefined ? {} : { source }) };
    if (protocol === "tcp" || protocol === "udp") return fabric().probe({ ...base, protocol, port: Number(port) });
    return fabric().probe({ ...base, protocol: "icmp", count: 1 });
  };
  const ask: TestDataPlane["ask"] = async (from, to, what, source) => {
    const result = await once(from, to, what, source);
    return result.outcome === "no-answer" ? once(from, to, what, source) : result;
  };
  return {
    dataPlane,
    fabric,
    ask,
    apply: (network) => dataPlane.reconcile(network.model()),
    probe: async (from, to, what) => (await ask(from, to, what)).outcome,
    serve: async (namespace, port, address = "0.0.0.0") => {
      const stops: (() => Promise<void>)[] = [];
      for (const protocol of ["tcp", "udp"] as const) {
        stops.push(await fabric().listen({ namespace, protocol, address, port, service: { kind: "echo" } }));
      }
      return async () => {
        for (const stop of stops) await stop();
      };
    },
    close: () => dataPlane.close(),
  };
}
