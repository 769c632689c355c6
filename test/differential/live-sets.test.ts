/**
 * Matrices that follow random changes are those of a fresh compilation, pair by pair. `CAUSEWAY_EDITS` says how many changes on each of the two
 * networks, `CAUSEWAY_SEED` which.
 */
import { expect, test } from "vitest";
import type { NetworkModel, SecurityGroupRule } from "../../src/model/index.ts";
import { compileSets, type FlowTraffic, followSets, type LiveSets } from "../../src/reachability/index.ts";
import { testNetwork } from "../../src/testing/index.ts";

const edits = Number(process.env.CAUSEWAY_EDITS ?? 60);
const seed = Number(process.env.CAUSEWAY_SEED ?? 1);

const traffics: readonly FlowTraffic[] = [
  { protocol: "tcp", port: 443 },
  { protocol: "tcp", port: 22 },
  { protocol: "icmp" },
];

/** Three VPCs that peer or share a transit gateway, in two subnets each. */
function network(withAppliance: boolean): NetworkModel {
  const net = testNetwork();
  const tgw = net.transitGateway("t", { securityGroupReferencingSupport: true });
  for (const [octet, name] of ["a", "b", "c"].entries()) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    for (const third of [0, 1]) net.subnet(vpc, `10.${octet}.${third}.0/24`, { zone: third + 1 });
    for (const group of ["one", "two"]) net.group(`${name}-${group}`, vpc);
    for (const third of [0, 1])
      for (const host of [10, 11, 12]) {
        const groups =
          host === 12 ? [`sg-${name}-one`, `sg-${name}-two`] : [`sg-${name}-${host === 10 ? "one" : "two"}`];
        net.instance(`${name}${third}${host}`, vpc, `10.${octet}.${third}.${host}`, {
          groups: groups as `sg-${string}`[],
        });
      }
    net.attach(tgw, vpc, {
      subnetIds: [`subnet-${name}-0`, `subnet-${name}-1`],
      securityGroupReferencingSupport: true,
    });
    net.route(`rtb-${name}`, "10.0.0.0/8", tgw);
  }
  const pcx = net.peer("vpc-a", "vpc-b");
  net.route("rtb-a", "10.1.0.0/16", pcx);
  net.route("rtb-b", "10.0.0.0/16", pcx);
  if (withAppliance) net.route("rtb-c", "10.0.1.0/24", "eni-c010");
  return net.model();
}

test.each([
  { what: "where rows know everything", withAppliance: false },
  { what: "where a way is walked", withAppliance: true },
])(`${edits} changes of rules, $what`, { timeout: 60_000 + edits * 500 }, ({ withAppliance }) => {
  let model = network(withAppliance);
  const live = followSets(model, traffics);
  const random = randomFrom(seed);
  let touchedUp = 0;
  for (let edit = 0; edit < edits; edit += 1) {
    model = edited(model, random);
    if (live.become(model)) touchedUp += 1;
    expect(differences(live, model)).toEqual([]);
  }
  expect(touchedUp > edits / 2).toBe(!withAppliance);
});

test("a new subnet route is compiled anew, and the matrices are right", () => {
  const model = network(false);
  const live = followSets(model, traffics);
  const routeTables = model.routeTables.map((each) =>
    each.main && each.vpcId === "vpc-a" ? { ...each, routes: each.routes.slice(0, 1) } : each,
  );
  const next = { ...model, routeTables };
  expect(live.become(next)).toBe(false);
  expect(differences(live, next)).toEqual([]);
});

function differences(live: LiveSets, model: NetworkModel): readonly string[] {
  const fresh = compileSets(model);
  const wrong: string[] = [];
  for (const [number, traffic] of traffics.entries()) {
    const matrix = live.matrix(number);
    for (const { networkInterfaceId: from } of model.networkInterfaces)
      for (const { networkInterfaceId: to } of model.networkInterfaces) {
        if (from === to) continue;
        const followed = matrix.verdict(live.classOf(from), live.classOf(to));
        if (followed !== fresh.verdict(from, to, traffic)) wrong.push(`${from} -> ${to} ${number}: ${followed}`);
      }
  }
  return wrong;
}

/** One group gets or loses a rule; most name what the network knows already. */
function edited(model: NetworkModel, random: (below: number) => number): NetworkModel {
  const at = random(model.securityGroups.length);
  const securityGroups = model.securityGroups.map((group, number) => {
    if (number !== at) return group;
    const isRemoval = group.rules.length > 3 || (group.rules.length > 0 && random(3) === 0);
    if (isRemoval) return { ...group, rules: group.rules.toSpliced(random(group.rules.length), 1) };
    const blocks = ["0.0.0.0/0", "10.0.0.0/16", "10.1.1.0/24", "10.2.0.0/16", `10.${random(3)}.0.${10 + random(3)}/32`];
    const groupId = model.securityGroups[random(model.securityGroups.length)]?.groupId ?? group.groupId;
    const rule: SecurityGroupRule = {
      securityGroupRuleId: `sgr-${random(1e9)}`,
      isEgress: random(2) === 0,
      ...([
        { protocol: -1 },
        { protocol: 6, fromPort: 443, toPort: 443 },
        { protocol: 6, fromPort: 1, toPort: 100 },
        { protocol: 1 },
      ][random(4)] ?? { protocol: -1 }),
      peer:
        random(3) === 0
          ? { kind: "security-group", groupId }
          : { kind: "cidr", cidr: blocks[random(10) === 0 ? 4 : random(4)] ?? "0.0.0.0/0" },
    };
    return { ...group, rules: [...group.rules, rule] };
  });
  return { ...model, securityGroups };
}

/** Mulberry32. */
function randomFrom(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
