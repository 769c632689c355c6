/** Whether two models of one network, whose ids differ, answer every question about their instances in the same way. */
import type { TemplateNetwork, TemplateStack } from "../../src/ingest/index.ts";
import { explain, type FlowEnd, type FlowTraffic, type Verdict } from "../../src/reachability/index.ts";
import type { Deployed } from "./deployed.ts";

const traffics: readonly FlowTraffic[] = [
  { protocol: "icmp" },
  { protocol: "tcp", port: 22 },
  { protocol: "tcp", port: 443 },
  { protocol: "udp", port: 53 },
];

interface End {
  readonly name: string;
  readonly read: FlowEnd;
  readonly deployed: FlowEnd;
}

export interface Comparison {
  /** `a → b tcp/22: reachable, deployed unreachable` */
  readonly differences: readonly string[];
  /** Those in which the template was read as if it told: the others are answers that it leaves open. */
  readonly wrong: readonly string[];
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

export function compareVerdicts(
  stacks: readonly TemplateStack[],
  network: TemplateNetwork,
  there: Deployed,
): Comparison {
  const ends = endsOf(stacks, network, there);
  const differences: string[] = [];
  const wrong: string[] = [];
  const verdicts = { reachable: 0, unreachable: 0, unknown: 0 };
  for (const from of ends) {
    for (const to of ends) {
      if (from === to) continue;
      for (const traffic of traffics) {
        const read = explain(network.model, { source: from.read, destination: to.read, traffic });
        const deployed = explain(there.model, { source: from.deployed, destination: to.deployed, traffic });
        verdicts[deployed.verdict] += 1;
        const told = [read, deployed].map(
          ({ verdict, blockers }) => `${verdict} ${blockers.map(({ code, way }) => `${code} ${way}`)}`,
        );
        if (told[0] === told[1]) continue;
        const asked = `${from.name} → ${to.name} ${JSON.stringify(traffic)}`;
        const difference = `${asked}: ${told.join(", deployed ")} ${JSON.stringify(read.unknowns)}`;
        differences.push(difference);
        if (read.unknowns.length === 0) wrong.push(difference);
      }
    }
  }
  return { differences, wrong, verdicts };
}

function endsOf(stacks: readonly TemplateStack[], network: TemplateNetwork, there: Deployed): readonly End[] {
  const ends: End[] = [
    { name: "internet", read: { kind: "internet" }, deployed: { kind: "internet" } },
    // Nobody's, within the VPC or without.
    ...["10.0.0.77", "10.99.0.77"].map((address): End => {
      const end = { kind: "address", address } as const;
      return { name: address, read: end, deployed: end };
    }),
  ];
  for (const { instanceId } of network.model.instances) {
    const origin = network.origins.get(instanceId);
    if (origin === undefined) throw new Error(`bug: nothing is said of ${instanceId}`);
    const physical = there.idOf(origin.stackId, origin.logicalId);
    if (physical === undefined) throw new Error(`bug: ${origin.logicalId} was not deployed`);
    ends.push({
      name: origin.constructPath ?? origin.logicalId,
      read: { kind: "instance", instanceId },
      deployed: { kind: "instance", instanceId: physical as `i-${string}` },
    });
  }
  if (ends.length < 5) throw new Error(`bug: two instances at least are needed in ${stacks.map(({ id }) => id)}`);
  return ends;
}
