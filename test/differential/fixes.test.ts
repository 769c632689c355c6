/**
 * What holds of every fix, whatever the network: after its changes the flow is open, and without any one of them it is not; what they make is a
 * network that holds together; and no rule, entry or route of it is wider than the flow. `CAUSEWAY_NETWORKS` says how many networks.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type NetworkModel, validateNetworkModel } from "../../src/model/index.ts";
import {
  applyChanges,
  type ChangedEnds,
  changesOf,
  explain,
  type Fix,
  type Flow,
  type FlowEnd,
  fix,
  type NetworkChange,
  openedBy,
  type ReachabilityChange,
  type Verdict,
} from "../../src/reachability/index.ts";
import { flowsOf } from "./kernel.ts";
import { buildNetwork, randomNetwork } from "./random-network.ts";

const networks = Number(process.env.CAUSEWAY_NETWORKS ?? 10);
/** Of one network: its flows are much alike. */
const flowsOfOneNetwork = 24;

test("a fix is enough, and all of it is needed", { timeout: 60_000 + networks * 5000 }, () => {
  const tally = { fixable: 0, changes: 0 };
  const property = fc.property(randomNetwork, (random) => {
    const { network, addresses } = buildNetwork(random);
    const model = network.model();
    for (const flow of someOf(flowsOf(model, addresses))) {
      const found = fix(model, flow);
      expect(explain(model, flow).verdict === "reachable").toBe(found.outcome === "reachable");
      if (found.outcome !== "fixable") continue;
      tally.fixable += 1;
      tally.changes += found.steps.length;
      checkFix(model, flow, found);
    }
  });
  fc.assert(property, { numRuns: networks });
  // Networks in which nothing is to be mended, or by one change only, would prove little.
  expect(tally.fixable).toBeGreaterThan(networks);
  expect(tally.changes).toBeGreaterThan(tally.fixable);
});

test("what else it opens was closed, and what it closes was open", { timeout: 60_000 + networks * 5000 }, () => {
  const property = fc.property(randomNetwork, (random) => {
    const { network, addresses } = buildNetwork(random);
    const model = network.model();
    const found = firstFix(model, someOf(flowsOf(model, addresses)));
    if (found === undefined) return;
    const changed = applyChanges(model, changesOf(found.steps));
    const { opened, closed } = openedBy(model, found);
    for (const change of [...opened, ...closed]) {
      for (const flow of examplesOf(change))
        expect([verdictOn(model, flow), verdictOn(changed, flow)]).toEqual([change.before, change.after]);
    }
  });
  fc.assert(property, { numRuns: networks });
});

/** The first pair, with one of each kind of traffic. */
function examplesOf({ from, to, traffic, family }: ReachabilityChange): readonly Flow[] {
  return traffic.map(({ representative }) => ({
    source: endOf(from),
    destination: endOf(to),
    traffic: representative,
    family,
  }));
}

function endOf(ends: ChangedEnds): FlowEnd {
  const [networkInterfaceId] = ends === "internet" ? [] : ends;
  return networkInterfaceId === undefined ? { kind: "internet" } : { kind: "network-interface", networkInterfaceId };
}

function verdictOn(model: NetworkModel, flow: Flow): Verdict {
  return explain(model, flow).verdict;
}

function firstFix(model: NetworkModel, flows: readonly Flow[]): Fixable | undefined {
  for (const flow of flows) {
    const found = fix(model, flow);
    if (found.outcome === "fixable") return found;
  }
  return undefined;
}

function someOf(flows: readonly Flow[]): readonly Flow[] {
  const step = Math.max(1, Math.floor(flows.length / flowsOfOneNetwork));
  return flows.filter((_, index) => index % step === 0);
}

type Fixable = Extract<Fix, { outcome: "fixable" }>;

function checkFix(model: NetworkModel, flow: Flow, { steps }: Fixable): void {
  const changes = changesOf(steps);
  const changed = applyChanges(model, changes);
  expect(isOpen(changed, flow)).toBe(true);
  for (const left of changes) {
    const others = changes.filter((change) => change !== left);
    expect(isOpen(applyChanges(model, others), flow), `without ${JSON.stringify(left)}`).toBe(false);
  }
  expect(validateNetworkModel(changed)).toEqual(validateNetworkModel(model));
  const isAnyHost = [flow.source, flow.destination].some((end) => end.kind === "internet" && end.address === undefined);
  expect(changes.flatMap(blocksOf).filter(isWide)).toEqual(isAnyHost ? expect.anything() : []);
}

function isOpen(model: NetworkModel, flow: Flow): boolean {
  return explain(model, flow).verdict === "reachable";
}

/** Whom rules and entries are for. */
function blocksOf(change: NetworkChange): readonly string[] {
  if (change.kind === "create-network-acl-entry") return [change.entry.cidrBlock];
  if (change.kind !== "authorize-security-group-ingress" && change.kind !== "authorize-security-group-egress")
    return [];
  const { peer } = change.permission;
  return peer.kind === "cidr" ? [peer.cidr] : [];
}

function isWide(block: string): boolean {
  return !block.endsWith("/32") && !block.endsWith("/128");
}
