/** What the SDK reads of the local cloud is the cloud's own state: the collector, the API and the ingest lose and add nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../../src/cloud/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../src/cloud/test-cloud.ts";
import { type CollectEvent, type CollectedFile, collect, loadSdk, sdkReader } from "../../src/collect/index.ts";
import { ingestDescribeAnswers } from "../../src/ingest/index.ts";
import { type NetworkModel, validateNetworkModel } from "../../src/model/index.ts";
import { makeNetwork } from "./cloud-network.ts";

let cloud: TestCloud;
let api: ApiServer;
let files: readonly CollectedFile[];
const events: CollectEvent[] = [];

beforeAll(async () => {
  cloud = testCloud({ mode: "model" });
  makeNetwork(cloud);
  api = await startApiServer({ port: 0, cloud: () => cloud.cloud, onFault: (message) => cloud.faults.push(message) });
  const sdk = await loadSdk();
  if (sdk === undefined) throw new Error("the SDK is a development dependency");
  const readers = [accountA, accountB].map((account) =>
    sdkReader(sdk, {
      endpoint: `http://127.0.0.1:${api.port}`,
      credentials: { accessKeyId: account, secretAccessKey: "causeway" },
    }),
  );
  files = await collect({
    readers,
    regions: ["us-east-1", "eu-west-1"],
    waiting: { sleep: async () => {}, random: () => 0 },
    onEvent: (event) => events.push(event),
  });
});
afterAll(() => api?.close());

test("a model read through the SDK equals the cloud's own", () => {
  const { model, problems } = ingestDescribeAnswers(files);
  expect(problems).toEqual([]);
  expect(inOrder({ ...model, unknowns: [] })).toEqual(inOrder(cloud.model()));
  expect(cloud.faults).toEqual([]);
});

test("the network has every kind of resource in it", () => {
  const empty = Object.entries(cloud.model()).flatMap(([kind, things]) =>
    Array.isArray(things) && things.length === 0 ? [kind] : [],
  );
  expect(empty).toEqual(["unknowns"]);
});

test("unknown is only what the model has no word for", () => {
  const { model } = ingestDescribeAnswers(files);
  expect(model.unknowns.map(({ id, reason }) => `${id.replace(/-[0-9a-f]+$/, "")}: ${reason}`)).toEqual([
    "vpce: a VPC endpoint: not modelled",
  ]);
});

test("nothing was refused, and every list was read", () => {
  expect(events.filter(({ kind }) => kind !== "read")).toEqual([]);
  expect(new Set(events.map(({ account, region }) => `${account}/${region}`)).size).toBe(4);
});

test("one account alone is a sound model that names what it could not see", () => {
  const { model } = ingestDescribeAnswers(files.filter(({ path }) => path.startsWith(accountB)));
  expect(validateNetworkModel(model)).toEqual([]);
  expect(new Set(model.vpcs.map(({ ownerId }) => ownerId))).toEqual(new Set([accountB]));
  const foreign = new Set(cloud.model().vpcs.flatMap(({ vpcId, ownerId }) => (ownerId === accountA ? [vpcId] : [])));
  expect(model.unknowns.some(({ id }) => foreign.has(id as `vpc-${string}`))).toBe(true);
});

/** Collections sorted by their text, which begins with the same fields for all: the two sources have no common order. */
function inOrder(model: NetworkModel): object {
  const sorted = (things: readonly unknown[]) =>
    [...things]
      .map((thing) => [JSON.stringify(canonical(thing)), thing] as const)
      .sort(byText)
      .map(([, thing]) => thing);
  return Object.fromEntries(
    Object.entries(model).map(([kind, things]) => [
      kind,
      Array.isArray(things) ? sorted(things.map(membersInOrder)) : things,
    ]),
  );
}

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** Who is associated or propagates is a set. */
function membersInOrder(thing: object): object {
  return Object.fromEntries(
    Object.entries(thing).map(([name, value]) =>
      ["associations", "propagations"].includes(name)
        ? [name, [...value].sort((a, b) => (a.transitGatewayAttachmentId < b.transitGatewayAttachmentId ? -1 : 1))]
        : [name, value],
    ),
  );
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, canonical(each)]),
  );
}
