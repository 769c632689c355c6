/** Finds out, by doing it in a fabric of its own, whether this machine can carry packets, and if not, what is in the way. */
import type { Fabric, KernelOperation } from "./fabric.ts";
import { FabricError } from "./fabric-error.ts";
import type { FabricEntry } from "./launch-fabric.ts";
import { startFabric } from "./start-fabric.ts";

export type PacketSupport =
  | { readonly possible: true; readonly mode: "rootless" | "root" }
  /** `reason` is for the user: what is missing and what to do about it. */
  | { readonly possible: false; readonly reason: string };

/** Starts a fabric, asks of it one of everything, and ends it. */
export async function detectPackets(entry: FabricEntry): Promise<PacketSupport> {
  let fabric: Fabric;
  try {
    fabric = await startFabric(entry);
  } catch (error) {
    if (error instanceof FabricError) return { possible: false, reason: error.message };
    throw error;
  }
  try {
    return await checkFabric(fabric);
  } finally {
    await fabric.close();
  }
}

/** The same on a fabric that runs; leaves nothing in it. */
export async function checkFabric(fabric: Fabric): Promise<PacketSupport> {
  for (const { operations, missing } of trials) {
    try {
      await fabric.apply(operations);
    } catch (error) {
      if (error instanceof FabricError) return { possible: false, reason: `${missing} (${error.message})` };
      throw error;
    }
  }
  return { possible: true, mode: fabric.mode };
}

const [here, there] = ["check-here", "check-there"];
const table = { family: "inet", name: "check" } as const;

const trials: readonly { readonly operations: readonly KernelOperation[]; readonly missing: string }[] = [
  {
    operations: [
      { op: "namespace-add", namespace: here },
      { op: "namespace-add", namespace: there },
    ],
    missing: "No network namespace can be made; see sysctl user.max_net_namespaces.",
  },
  {
    operations: [
      { op: "veth-add", end: { namespace: here, link: "eth0" }, peer: { namespace: there, link: "eth0" }, mtu: 1500 },
    ],
    missing: "The kernel has no veth links; load the module veth as root: modprobe veth.",
  },
  {
    operations: [
      { op: "rule-add", namespace: here, family: "ipv4", priority: 100, table: 100 },
      { op: "rule-delete", namespace: here, family: "ipv4", priority: 100, table: 100 },
    ],
    missing: "The kernel has no policy routing (CONFIG_IP_MULTIPLE_TABLES).",
  },
  {
    operations: [
      {
        op: "nft",
        namespace: here,
        commands: [
          { kind: "add-table", table },
          {
            kind: "add-chain",
            table,
            chain: "forward",
            base: { type: "filter", hook: "forward", priority: 0, policy: "accept" },
          },
          {
            kind: "add-rule",
            table,
            chain: "forward",
            statements: [
              { kind: "ct-state", states: ["established"] },
              { kind: "verdict", verdict: { kind: "accept" } },
            ],
          },
        ],
      },
    ],
    missing:
      "The kernel has no nf_tables with connection tracking; load them as root: modprobe -a nf_tables nft_ct nf_conntrack.",
  },
  {
    operations: [
      { op: "namespace-delete", namespace: here },
      { op: "namespace-delete", namespace: there },
    ],
    missing: "Namespaces cannot be taken down again.",
  },
];
