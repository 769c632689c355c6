/**
 * An answer that is missing makes verdicts unknown, and never another one: of every list of every account and Region in turn, all flows of a
 * network are judged without it. What the engine then still says for sure is what it says of the whole.
 */
import { beforeAll, expect, test } from "vitest";
import { testCloud } from "../../src/cloud/test-cloud.ts";
import type { CollectedFile } from "../../src/collect/index.ts";
import { ingestDescribeAnswers } from "../../src/ingest/index.ts";
import { type NetworkModel, validateNetworkModel } from "../../src/model/index.ts";
import { type Explanation, explain, type Flow, type FlowTraffic } from "../../src/reachability/index.ts";
import { makeNetwork } from "./cloud-network.ts";
import { readThroughSdk } from "./read-through-sdk.ts";

let files: readonly CollectedFile[];
let whole: NetworkModel;
let expected: ReadonlyMap<Flow, Explanation>;

beforeAll(async () => {
  const cloud = testCloud({ mode: "model" });
  makeNetwork(cloud);
  files = await readThroughSdk(cloud);
  whole = ingestDescribeAnswers(files).model;
  expected = new Map(flowsOf(whole).map((flow) => [flow, explain(whole, flow)]));
});

test("the network has flows of both kinds", () => {
  const verdicts = [...expected.values()].map(({ verdict }) => verdict);
  expect(verdicts.filter((each) => each === "reachable").length).toBeGreaterThanOrEqual(5);
  expect(verdicts.filter((each) => each === "unreachable").length).toBeGreaterThan(100);
});

test("without one of its answers", () => {
  const wrong: string[] = [];
  let unknown = 0;
  for (const { path } of files) {
    const { model } = ingestDescribeAnswers(files.filter((file) => file.path !== path));
    expect(validateNetworkModel(model), path).toEqual([]);
    for (const [flow, { verdict }] of expected) {
      if (!hasEnds(model, flow)) continue;
      const told = explain(model, flow);
      if (told.verdict === "unknown") unknown += 1;
      else if (told.verdict !== verdict) wrong.push(`${path}: ${verdict} is ${lineOf(flow, told)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(unknown).toBeGreaterThan(50);
});

function lineOf({ source, destination, traffic }: Flow, { verdict, blockers }: Explanation): string {
  const codes = blockers.map(({ code, component, way }) => `${code} at ${component} ${way}`);
  return `${verdict} ${JSON.stringify([source, destination, traffic])} ${codes.join(", ")}`;
}

const traffics: readonly FlowTraffic[] = [
  { protocol: "icmp" },
  { protocol: "tcp", port: 443 },
  { protocol: "tcp", port: 5432 },
  { protocol: "udp", port: 53 },
];

function flowsOf({ networkInterfaces }: NetworkModel): readonly Flow[] {
  const ends = [
    ...networkInterfaces.map(({ networkInterfaceId }) => ({ kind: "network-interface", networkInterfaceId }) as const),
    { kind: "internet" } as const,
  ];
  return ends.flatMap((source) =>
    ends
      .filter((destination) => destination !== source)
      .flatMap((destination) => traffics.map((traffic) => ({ source, destination, traffic }))),
  );
}

/** Who asks for a thing that nobody has told of is told that it is not there. */
function hasEnds({ networkInterfaces }: NetworkModel, { source, destination }: Flow): boolean {
  const known = new Set<string>(networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId));
  return [source, destination].every((end) => end.kind !== "network-interface" || known.has(end.networkInterfaceId));
}
