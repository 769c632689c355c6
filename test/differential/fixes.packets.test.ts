/**
 * Fixes against the kernel: for blocked flows in random networks the fix is applied, and a probe must pass; with any one of its changes left
 * out it must not. `CAUSEWAY_FIXES` says how many fixes, `CAUSEWAY_SEED` which networks.
 */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { NetworkModel } from "../../src/model/index.ts";
import { applyChanges, changesOf, type Fix, type Flow, fix, type NetworkChange } from "../../src/reachability/index.ts";
import { flowsOf, startKernel } from "./kernel.ts";
import { buildNetwork, randomNetwork } from "./random-network.ts";

const wanted = Number(process.env.CAUSEWAY_FIXES ?? 8);
const seed = process.env.CAUSEWAY_SEED === undefined ? undefined : Number(process.env.CAUSEWAY_SEED);
/** Milliseconds: all is on this machine. What is expected to pass is asked again before it counts as lost. */
const patience = 150;
const longPatience = 1500;
/** Fixes of one network that are tried, of those for so many of its flows: different ones say more. */
const ofOneNetwork = 2;
const flowsOfOneNetwork = 12;

const kernel = startKernel();
afterAll(() => kernel.close());

test(`${wanted} fixes of random networks let packets pass, and with one change left out none`, {
  timeout: 60_000 + wanted * 4000,
}, async () => {
  let tried = 0;
  const property = fc.asyncProperty(randomNetwork, async (random) => {
    if (tried >= wanted) return;
    const { network, addresses } = buildNetwork(random);
    const model = network.model();
    for (const offered of differentFixes(model, flowsOf(model, addresses))) {
      tried += 1;
      expect(await disagreements(model, offered)).toEqual([]);
    }
  });
  await fc.assert(property, { numRuns: 20 * wanted, ...(seed !== undefined && { seed }), endOnFailure: true });
  expect(tried).toBeGreaterThanOrEqual(wanted);
});

type Offered = Extract<Fix, { outcome: "fixable" }>;

/** The longest first, each with other kinds of changes than those before it. */
function differentFixes(model: NetworkModel, flows: readonly Flow[]): readonly Offered[] {
  const byKinds = new Map<string, Offered>();
  const step = Math.max(1, Math.floor(flows.length / flowsOfOneNetwork));
  for (const flow of flows.filter((_, index) => index % step === 0)) {
    const offered = fix(model, flow);
    if (offered.outcome !== "fixable") continue;
    const kinds = offered.steps.map(({ change }) => change.kind).join();
    if (!byKinds.has(kinds)) byKinds.set(kinds, offered);
  }
  return [...byKinds.values()].sort((a, b) => b.steps.length - a.steps.length).slice(0, ofOneNetwork);
}

async function disagreements(model: NetworkModel, { before: { flow }, steps }: Offered): Promise<readonly string[]> {
  const changes = changesOf(steps);
  const told = JSON.stringify([flow, changes]);
  const wrong: string[] = [];
  if (!(await passes(model, changes, flow, longPatience))) wrong.push(`the fix does not help: ${told}`);
  for (const left of changes) {
    const others = changes.filter((change) => change !== left);
    if (await passes(model, others, flow, patience)) wrong.push(`${JSON.stringify(left)} is not needed: ${told}`);
  }
  return wrong;
}

async function passes(
  model: NetworkModel,
  changes: readonly NetworkChange[],
  flow: Flow,
  patienceMs: number,
): Promise<boolean> {
  await kernel.become(applyChanges(model, changes));
  const [answered] = await kernel.reaches([flow], patienceMs);
  return answered === true;
}
