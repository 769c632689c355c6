/** What the SDK reads of the local cloud is the cloud's own state: the collector, the API and the ingest lose and add nothing. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { isAwsError } from "../../src/aws/index.ts";
import { RandomPlayer, randomStep } from "../../src/cloud/services/ec2/transit-gateway/random-calls.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../src/cloud/test-cloud.ts";
import type { CollectEvent, CollectedFile } from "../../src/collect/index.ts";
import { ingestDescribeAnswers } from "../../src/ingest/index.ts";
import { validateNetworkModel } from "../../src/model/index.ts";
import { makeNetwork } from "./cloud-network.ts";
import { inOrder, readThroughSdk } from "./read-through-sdk.ts";

const cloud: TestCloud = testCloud({ mode: "model" });
let files: readonly CollectedFile[];
const events: CollectEvent[] = [];

beforeAll(async () => {
  makeNetwork(cloud);
  files = await readThroughSdk(cloud, (event) => events.push(event));
});

test("a model read through the SDK equals the cloud's own", () => {
  const { model, problems } = ingestDescribeAnswers(files);
  expect(problems).toEqual([]);
  expect(inOrder(model)).toEqual(inOrder(cloud.model()));
  expect(cloud.faults).toEqual([]);
});

test("the network has every kind of resource in it", () => {
  const empty = Object.entries(cloud.model()).flatMap(([kind, things]) =>
    Array.isArray(things) && things.length === 0 ? [kind] : [],
  );
  expect(empty).toEqual([]);
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

const calls = 300;
const callsBetweenLooks = 50;
const secondsBetweenCalls = 20;
const settledMs = 600_000;

test(`after ${calls} random calls about transit gateways it is the same`, { timeout: 120_000 }, async () => {
  const [seed = 0] = fc.sample(fc.nat(), 1);
  const steps = fc.sample(randomStep, { numRuns: calls, seed });
  // At AWS's own pace, so that much is on its way to another state when it is read.
  const played = testCloud({ mode: "model", pace: "real" });
  const player = new RandomPlayer();
  for (const call of player.opening()) {
    player.learn(played.call(call.operation, call.input, call.caller), call);
    played.advance(settledMs);
  }
  for (const [index, step] of steps.entries()) {
    const call = player.callOf(step);
    played.advance(secondsBetweenCalls * 1_000);
    try {
      player.learn(played.call(call.operation, call.input, call.caller), call);
    } catch (error) {
      if (!isAwsError(error)) throw error;
    }
    if (index % callsBetweenLooks !== callsBetweenLooks - 1) continue;
    const { model, problems } = ingestDescribeAnswers(await readThroughSdk(played));
    expect(problems, `seed ${seed}`).toEqual([]);
    // Named are, besides, the tables whose routes were not asked for.
    expect(inOrder({ ...model, unknowns: [] }, isTold), `seed ${seed}`).toEqual(inOrder(played.model(), isTold));
  }
  expect(played.model().transitGatewayVpcAttachments.length).toBeGreaterThan(0);
});

/**
 * While an attachment is being modified the API tells what was asked for, and the cloud's own model what is in force. The routes of a table that
 * comes or goes are not asked for: nothing is associated with it, so no packet follows them.
 */
function isTold(thing: object): boolean {
  if (!("state" in thing)) return true;
  return "transitGatewayRouteTableId" in thing ? thing.state === "available" : thing.state !== "modifying";
}
