/**
 * Random networks as templates: what is read out of a template says the same as what deploying it makes. What the cloud refuses is taken out
 * of the template until the rest deploys, as its author would.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ingestTemplates } from "../../src/ingest/index.ts";
import { validateNetworkModel } from "../../src/model/index.ts";
import { randomNetwork } from "../differential/random-network.ts";
import { type Deployed, deployed } from "./deployed.ts";
import { resourcesOf, type WrittenResources } from "./random-template.ts";
import { compareVerdicts } from "./same-verdicts.ts";

const account = "111111111111";
/** The same few in every run; CAUSEWAY_SYNTH_NETWORKS=1000 tries so many others. */
const asked = process.env.CAUSEWAY_SYNTH_NETWORKS;
const runs = asked === undefined ? { numRuns: 12, seed: 20_261_126 } : { numRuns: Number(asked) };

test("what is read of a random network's template is what deploying it makes", {
  timeout: 300_000 + Number(asked ?? 0) * 5_000,
}, async (context) => {
  const seen = { reachable: 0, unreachable: 0, unknown: 0, open: 0, taken: 0 };
  await fc.assert(
    fc.asyncProperty(randomNetwork, async (random) => {
      const { resources, there, taken } = await whatDeploys(resourcesOf(random));
      fc.pre(Object.values(resources).filter(({ Type }) => Type === "AWS::EC2::Instance").length > 1);
      const stacks = [stackOf(resources)];
      const network = ingestTemplates(stacks);
      expect(network.failures).toEqual([]);
      expect(validateNetworkModel(network.model)).toEqual([]);
      const { differences, wrong, verdicts } = compareVerdicts(stacks, network, there);
      expect(wrong).toEqual([]);
      seen.open += differences.length;
      for (const verdict of ["reachable", "unreachable", "unknown"] as const) seen[verdict] += verdicts[verdict];
      seen.taken += taken;
    }),
    runs,
  );
  // Networks in which nothing, or everything, gets through would not tell much.
  expect(seen.reachable).toBeGreaterThan(20);
  expect(seen.unreachable).toBeGreaterThan(20);
  // Two VPCs of one block at one gateway: who was first is not told.
  expect(seen.open).toBeLessThan((seen.reachable + seen.unreachable) / 5);
  await context.annotate(JSON.stringify(seen));
});

const stackOf = (resources: WrittenResources) => ({
  id: "Random",
  stackName: "random",
  template: JSON.stringify({ Resources: resources }),
  accountId: account,
  region: "us-east-1",
});

interface WhatDeploys {
  readonly resources: WrittenResources;
  readonly there: Deployed;
  /** How many resources the cloud did not take. */
  readonly taken: number;
}

async function whatDeploys(written: WrittenResources): Promise<WhatDeploys> {
  let resources = written;
  for (;;) {
    try {
      const there = await deployed([stackOf(resources)], account);
      const taken = Object.keys(written).length - Object.keys(resources).length;
      return { resources, there, taken };
    } catch (error) {
      const refused = error instanceof Error ? /^(\w+) CREATE_FAILED/m.exec(error.message)?.[1] : undefined;
      if (refused === undefined || resources[refused] === undefined) throw error;
      resources = without(resources, refused);
    }
  }
}

/** Without the resource, and without all that names it. */
function without(resources: WrittenResources, name: string): WrittenResources {
  const { [name]: _gone, ...rest } = resources;
  return Object.keys(rest)
    .filter((each) => JSON.stringify(rest[each]).includes(`"${name}"`))
    .reduce((left, each) => (left[each] === undefined ? left : without(left, each)), rest as WrittenResources);
}
