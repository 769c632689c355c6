/** Every explanation of random networks has the documented shape, and what has not is told where. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explain, explanationProblems, explanationSchema } from "../../src/reachability/index.ts";
import { flowsOf } from "./kernel.ts";
import { buildNetwork, randomNetwork } from "./random-network.ts";

test("random explanations, as JSON", { timeout: 60_000 }, () => {
  const verdicts = new Set<string>();
  const property = fc.property(randomNetwork, (random) => {
    const { network, addresses } = buildNetwork(random);
    const model = network.model();
    for (const flow of flowsOf(model, addresses)) {
      const explanation = explain(model, flow);
      verdicts.add(explanation.verdict);
      expect(explanationProblems(JSON.parse(JSON.stringify(explanation)))).toEqual([]);
    }
  });
  fc.assert(property, { numRuns: 30 });
  expect([...verdicts]).toEqual(expect.arrayContaining(["reachable", "unreachable"]));
});

test.each<[where: string, change: (explanation: Record<string, unknown>) => object]>([
  ["verdict", (whole) => ({ ...whole, verdict: "perhaps" })],
  ["warnings", ({ warnings: _, ...rest }) => rest],
  ["colour", (whole) => ({ ...whole, colour: "red" })],
  ["flow.traffic", (whole) => ({ ...whole, flow: { source: end, destination: end, traffic: { protocol: "tcp" } } })],
  ["flow.source.kind", (whole) => ({ ...whole, flow: { source: { kind: "moon" }, destination: end, traffic } })],
  ["unknowns[0].code", (whole) => ({ ...whole, unknowns: [{ id: "vgw-1", reason: "?", code: "WHO_KNOWS" }] })],
])("%s that is wrong", (where, change) => {
  const whole = { flow: { source: end, destination: end, traffic }, verdict: "reachable", mtu: 1500 };
  const lists = { forward: [], return: [], blockers: [], unknowns: [], warnings: [] };
  expect(explanationProblems({ ...whole, ...lists })).toEqual([]);
  expect(explanationProblems(change({ ...whole, ...lists })).map(({ path }) => path)).toEqual([where]);
});

const end = { kind: "internet" };
const traffic = { protocol: "icmp" };

test("the schema that is printed is the one in the documentation", () => {
  const file = new URL("../../docs/reference/explanation.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(explanationSchema());
});
