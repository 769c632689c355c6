/**
 * The engine against the kernel: random networks and every flow in them, the engine's verdict and real probes. They know nothing of each other,
 * so where they agree both have AWS's rules right, or both the same mistake. `CAUSEWAY_VERDICTS` says how many, `CAUSEWAY_SEED` which.
 */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Explanation, explain, type Flow } from "../../src/reachability/index.ts";
import { type Disagreement, disagreementText } from "./disagreement.ts";
import { flowsOf, type Kernel, startKernel } from "./kernel.ts";
import { buildNetwork, randomNetwork } from "./random-network.ts";

const wanted = Number(process.env.CAUSEWAY_VERDICTS ?? 4000);
const seed = process.env.CAUSEWAY_SEED === undefined ? undefined : Number(process.env.CAUSEWAY_SEED);
/** Milliseconds: all is on this machine. What the engine expects to pass is asked again before it counts as lost. */
const patience = 150;
const longPatience = 1500;

/** Most of the time is spent waiting for answers that do not come: several kernels' waits pass at once. */
const lanes = 4;

const kernels = Array.from({ length: lanes }, () => startKernel());
afterAll(() => Promise.all(kernels.map((kernel) => kernel.close())));

test(`${wanted} verdicts on random networks are the kernel's`, { timeout: 60_000 + wanted * 30 }, async () => {
  const tallies = await Promise.all(kernels.map((kernel, lane) => compare(kernel, lane)));
  const verdicts = sum(tallies.map((each) => each.verdicts));
  const reachable = sum(tallies.map((each) => each.reachable));
  console.info(`${verdicts} verdicts on ${sum(tallies.map((each) => each.networks))} networks, ${reachable} reachable`);
  expect(verdicts).toBeGreaterThanOrEqual(wanted);
  // Networks in which nothing passes, or everything, would prove little.
  expect(reachable / verdicts).toBeGreaterThan(0.1);
  expect(reachable / verdicts).toBeLessThan(0.9);
});

interface Tally {
  verdicts: number;
  reachable: number;
  networks: number;
}

/** One lane's share, on its own kernel. A lane's networks are the same for a seed, however many lanes there are beside it. */
async function compare(kernel: Kernel, lane: number): Promise<Tally> {
  const tally = { verdicts: 0, reachable: 0, networks: 0 };
  const share = Math.ceil(wanted / lanes);
  const property = fc.asyncProperty(randomNetwork, async (random) => {
    if (tally.verdicts >= share) return;
    const { network, addresses } = buildNetwork(random);
    const model = network.model();
    await kernel.become(model);
    const flows = flowsOf(model, addresses);
    const expected = flows.map((flow) => explain(model, flow));
    const wrong = await disagreements(kernel, flows, expected);
    tally.networks += 1;
    tally.verdicts += flows.length;
    tally.reachable += expected.filter(({ verdict }) => verdict === "reachable").length;
    if (wrong.length > 0) throw new Error(disagreementText(model, wrong));
  });
  await fc.assert(property, { numRuns: share, ...(seed !== undefined && { seed: seed + lane }), endOnFailure: false });
  return tally;
}

/** The flows about which the two differ. */
async function disagreements(
  kernel: Kernel,
  flows: readonly Flow[],
  expected: readonly Explanation[],
): Promise<readonly Disagreement[]> {
  const got = await kernel.reaches(flows, patience);
  const differ = flows.flatMap((flow, index) => (isReachable(expected[index]) === got[index] ? [] : [{ flow, index }]));
  if (differ.length === 0) return [];
  const again = await kernel.reaches(
    differ.map(({ flow }) => flow),
    longPatience,
  );
  return differ.flatMap(({ flow, index }, at) => {
    const explanation = expected[index];
    if (explanation === undefined || isReachable(explanation) === again[at]) return [];
    return [{ flow, explanation, answered: again[at] === true }];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function isReachable(explanation: Explanation | undefined): boolean {
  return explanation?.verdict === "reachable";
}
