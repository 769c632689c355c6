/** Templates read as they are, and deployed to the local cloud: the engine says the same of both networks. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ingestTemplates, type TemplateStack } from "../../src/ingest/index.ts";
import { deployed } from "./deployed.ts";
import { compareVerdicts } from "./same-verdicts.ts";

const account = "111111111111";
const root = fileURLToPath(new URL("../..", import.meta.url));

async function compared(stacks: readonly TemplateStack[]) {
  const network = ingestTemplates(stacks);
  expect(network.failures).toEqual([]);
  return compareVerdicts(stacks, network, await deployed(stacks, account));
}

test("the peering template of the examples", async () => {
  const template = readFileSync(`${root}examples/peering-template/peering.yaml`, "utf8");
  const parameters = { ProbeInstances: "yes" };
  const stack = { id: "Peering", stackName: "peering", template, accountId: account, region: "us-east-1", parameters };
  const { differences, verdicts } = await compared([stack]);
  expect(differences).toEqual([]);
  expect(verdicts.reachable).toBeGreaterThan(1);
});
