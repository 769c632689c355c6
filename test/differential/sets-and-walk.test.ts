/**
 * The sets against the walk: on random networks every pair of interfaces, every kind of traffic and both families, the compiled rows' verdict is
 * the one that `explain` comes to hop by hop. `CAUSEWAY_NETWORKS` says how many networks, `CAUSEWAY_SEED` which.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NetworkModel } from "../../src/model/index.ts";
import { compileSets, explain, type FlowTraffic } from "../../src/reachability/index.ts";
import { buildNetwork, randomNetwork } from "./random-network.ts";

const wanted = Number(process.env.CAUSEWAY_NETWORKS ?? 60);
const seed = process.env.CAUSEWAY_SEED === undefined ? undefined : Number(process.env.CAUSEWAY_SEED);

const traffics: readonly FlowTraffic[] = [
  { protocol: "icmp" },
  { protocol: "icmp", type: 3, code: 4 },
  { protocol: "tcp", port: 443 },
  { protocol: "tcp", port: 22 },
  { protocol: "udp", port: 53 },
  { protocol: 50 },
];

test(`${wanted} random networks: sets and walk agree on every pair`, { timeout: 60_000 + wanted * 1000 }, () => {
  const tally = { verdicts: 0, reachable: 0 };
  const property = fc.property(randomNetwork, (random) => {
    const model = buildNetwork(random).network.model();
    for (const family of ["ipv4", "ipv6"] as const)
      for (const traffic of traffics) expect(differences(model, family, traffic, tally)).toEqual([]);
  });
  fc.assert(property, { numRuns: wanted, ...(seed !== undefined && { seed }), endOnFailure: false });
  // Networks in which nothing passes, or everything, would prove little; every second one has no IPv6 at all.
  expect(tally.reachable / tally.verdicts).toBeGreaterThan(0.03);
  expect(tally.reachable / tally.verdicts).toBeLessThan(0.9);
});

/** The pairs of which the two differ: asked one by one, and read from the whole matrix. */
function differences(
  model: NetworkModel,
  family: "ipv4" | "ipv6",
  traffic: FlowTraffic,
  tally: { verdicts: number; reachable: number },
): readonly string[] {
  const single = compileSets(model, family);
  const whole = compileSets(model, family);
  whole.matrix(traffic);
  const differ: string[] = [];
  let pairs = 0;
  for (const from of model.networkInterfaces) {
    for (const to of model.networkInterfaces) {
      const [a, b] = [from.networkInterfaceId, to.networkInterfaceId];
      const flow = {
        source: { kind: "network-interface", networkInterfaceId: a },
        destination: { kind: "network-interface", networkInterfaceId: b },
        traffic,
        family,
      } as const;
      const { verdict } = explain(model, flow);
      const got = [single, whole].map((sets) => sets.verdict(a, b, traffic));
      tally.verdicts += 1;
      if (verdict === "reachable") tally.reachable += 1;
      if (isPair(single, from, to) && verdict === "reachable") pairs += 1;
      if (got.some((each) => each !== verdict))
        differ.push(`${a} -> ${b} ${JSON.stringify(traffic)} ${family}: walk ${verdict}, sets ${got.join(", ")}`);
    }
  }
  const counted = whole.reachablePairs(traffic);
  if (counted !== pairs) differ.push(`${counted} pairs counted, ${pairs} found`);
  return differ;
}

type Interface = NetworkModel["networkInterfaces"][number];

function isPair({ classOf }: ReturnType<typeof compileSets>, from: Interface, to: Interface): boolean {
  if (classOf(from.networkInterfaceId) === undefined || classOf(to.networkInterfaceId) === undefined) return false;
  return from !== to && (from.attachment?.instanceId ?? "none") !== (to.attachment?.instanceId ?? "nobody");
}
