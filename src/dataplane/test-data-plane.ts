/** A data plane on a real fabric for packet tests, and the questions that they ask of it. */
import type { Fabric, ProbeResult } from "../host/index.ts";
import { startTestFabric } from "../host/test-fabric.ts";
import type { TestNetwork } from "../testing/index.ts";
import { createDataPlane, type DataPlane } from "./data-plane.ts";

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
  /** A TCP connection between two instances that stays open while `change` happens; whether it still carries bytes after. */
  staysOpen(ends: ConnectionEnds, change: () => Promise<void>): Promise<boolean>;
  fabric(): Fabric;
  close(): Promise<void>;
}

export interface ConnectionEnds {
  readonly client: string;
  readonly server: string;
  /** The server's. */
  readonly address: string;
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
    staysOpen: async ({ client, server, address }, change) => {
      const stop = await fabric().listen({
        namespace: server,
        protocol: "tcp",
        address: "0.0.0.0",
        port: 7070,
        service: { kind: "echo" },
      });
      const carries = await carriesAfter(fabric(), client, address, change);
      await stop();
      return carries;
    },
    close: () => dataPlane.close(),
  };
}

async function carriesAfter(
  fabric: Fabric,
  namespace: string,
  address: string,
  change: () => Promise<void>,
): Promise<boolean> {
  const script = [
    `exec 3<>/dev/tcp/${address}/7070`,
    "echo connected",
    "read -r go",
    "echo hello >&3",
    'deadline=$((SECONDS + 2)); while IFS= read -r -t 1 line <&3 || [ $SECONDS -lt $deadline ]; do case "$line" in *hello*) echo carried; exit;; esac; done',
  ].join("\n");
  let heard = "";
  let connected: () => void = () => undefined;
  const whenConnected = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const session = fabric.runInteractive({
    namespace,
    argv: ["bash", "-c", script],
    onOutput: (_stream, chunk) => {
      heard += chunk.toString();
      if (heard.includes("connected")) connected();
    },
  });
  await Promise.race([whenConnected, session.exit]);
  await change();
  session.write(Buffer.from("go\n"));
  await session.exit;
  return heard.includes("carried");
}
