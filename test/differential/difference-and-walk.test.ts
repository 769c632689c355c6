/**
 * What `differenceOf` says of two random networks is what the walk says of every flow in both: nothing that opens or closes is left out, and
 * nothing is told that does not. `CAUSEWAY_NETWORKS` says how many, `CAUSEWAY_SEED` which.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NetworkInterface, NetworkModel } from "../../src/model/index.ts";
import {
  type ChangedEnds,
  differenceOf,
  explain,
  type FlowEnd,
  type FlowTraffic,
  type ReachabilityChange,
  type TrafficPart,
} from "../../src/reachability/index.ts";
import { buildNetwork, randomNetwork } from "./random-network.ts";

const wanted = Number(process.env.CAUSEWAY_NETWORKS ?? 25);
const seed = process.env.CAUSEWAY_SEED === undefined ? undefined : Number(process.env.CAUSEWAY_SEED);

const traffics: readonly FlowTraffic[] = [
  { protocol: "icmp" },
  { protocol: "icmp", type: 3, code: 4 },
  { protocol: "tcp", port: 443 },
  { protocol: "tcp", port: 5000 },
  { protocol: "udp", port: 53 },
  { protocol: 50 },
];

test(`${wanted} pairs of random networks: the difference is the walks'`, { timeout: 60_000 + wanted * 4000 }, () => {
  const tally = { changed: 0, same: 0 };
  const property = fc.property(randomNetwork, randomNetwork, fc.boolean(), (first, second, alike) => {
    // Alike: only the rules and the routes differ.
    const other = alike ? { ...first, vpcs: withRulesOf(first.vpcs, second.vpcs), routes: second.routes } : second;
    const before = buildNetwork(first).network.model();
    const after = buildNetwork(other).network.model();
    expect(disagreements(before, after, tally)).toEqual([]);
  });
  fc.assert(property, { numRuns: wanted, ...(seed !== undefined && { seed }), endOnFailure: false });
  expect(tally.changed).toBeGreaterThan(wanted);
  expect(tally.same).toBeGreaterThan(wanted);
});

type RandomVpcs = Parameters<typeof buildNetwork>[0]["vpcs"];

function withRulesOf(vpcs: RandomVpcs, others: RandomVpcs): RandomVpcs {
  return vpcs.map((vpc, index) => {
    const { rules, entries } = others[index] ?? vpc;
    return { ...vpc, rules, entries };
  });
}

function disagreements(before: NetworkModel, after: NetworkModel, tally: { changed: number; same: number }) {
  const { opened, closed } = differenceOf(before, after);
  const changes = [...opened, ...closed];
  const wrong: string[] = [];
  for (const [from, to] of pairsOf(before, after)) {
    for (const family of ["ipv4", "ipv6"] as const) {
      for (const traffic of traffics) {
        const flow = { source: endOf(from), destination: endOf(to), traffic, family };
        const was = verdictIn(before, flow);
        const is = verdictIn(after, flow);
        const told = changes.filter((each) => each.family === family && isAbout(each, from, to, traffic));
        const expected = was === is ? "" : `${was} ${is}`;
        tally[was === is ? "same" : "changed"] += 1;
        if (told.map((each) => `${each.before} ${each.after}`).join() !== expected)
          wrong.push(
            `${from} -> ${to} ${JSON.stringify(traffic)} ${family}: ${expected}, told ${JSON.stringify(told)}`,
          );
      }
    }
  }
  return wrong;
}

function pairsOf(before: NetworkModel, after: NetworkModel): readonly (readonly [string, string])[] {
  const interfaces = new Map<string, NetworkInterface>();
  for (const { networkInterfaces } of [before, after])
    for (const each of networkInterfaces)
      if (each.interfaceType === "interface") interfaces.set(each.networkInterfaceId, each);
  const ends = [...interfaces.keys(), "internet"];
  return ends.flatMap((from) => ends.flatMap((to) => (from === to ? [] : [[from, to] as const])));
}

function endOf(id: string): FlowEnd {
  return id === "internet"
    ? { kind: "internet" }
    : { kind: "network-interface", networkInterfaceId: `eni-${id.slice(4)}` };
}

function verdictIn(model: NetworkModel, flow: Parameters<typeof explain>[1]) {
  return explain(model, flow).verdict;
}

function isAbout(
  { from, to, traffic }: ReachabilityChange,
  sender: string,
  receiver: string,
  asked: FlowTraffic,
): boolean {
  const parts = traffic.flatMap((each) => each.parts);
  return holds(from, sender) && holds(to, receiver) && partOf(parts, asked);
}

function holds(ends: ChangedEnds, id: string): boolean {
  return ends === "internet" ? id === "internet" : ends.some((each) => each === id);
}

/** None of the random rules names protocol 50 or type 3. */
function partOf(parts: readonly TrafficPart[], asked: FlowTraffic): boolean {
  return parts.some((part) => {
    if ("port" in asked && "ports" in part)
      return part.protocol === asked.protocol && part.ports.from <= asked.port && asked.port <= part.ports.to;
    if (asked.protocol === "icmp" && part.protocol === "icmp")
      return "type" in asked ? !("type" in part) : "type" in part && (part.type === 8 || part.type === 128);
    return asked.protocol === 50 && part.protocol === "other";
  });
}
