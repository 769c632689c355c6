/**
 * Random play around transit gateways with the kernel following every call: now and then the kernel holds what one that is built from
 * nothing for the same network holds, and a restart of the cloud changes nothing about it.
 */
import type { DescribeSubnetsCommandOutput } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { isAwsError } from "../../src/aws/index.ts";
import { RandomPlayer, randomCallers, randomStep } from "../../src/cloud/services/ec2/transit-gateway/random-calls.ts";
import { type TestCloud, testCloud } from "../../src/cloud/test-cloud.ts";
import { type TestDataPlane, testDataPlane } from "../../src/dataplane/test-data-plane.ts";
import { dumpKernel } from "../../src/dataplane/test-kernel-dump.ts";
import type { NetworkModel } from "../../src/model/index.ts";

/** `CAUSEWAY_CALLS` says how many. */
const calls = Number(process.env.CAUSEWAY_CALLS ?? 400);
const callsBetweenLooks = 25;
/** Longer than any state around a transit gateway lasts. */
const settledMs = 3_600_000;

const planes: TestDataPlane[] = [];
afterAll(() => Promise.all(planes.map((plane) => plane.close())));

function newPlane(): TestDataPlane {
  const plane = testDataPlane();
  planes.push(plane);
  return plane;
}

/** What a kernel holds that has seen this network only. */
async function builtFromNothing(model: NetworkModel): Promise<string> {
  const fresh = newPlane();
  await fresh.dataPlane.reconcile(model);
  const held = await dumpKernel(fresh);
  await fresh.close();
  return held;
}

/** One instance in the first subnet of every VPC that the play made, so that its packets have somewhere to start. */
function startInstances(cloud: TestCloud): void {
  for (const caller of randomCallers) {
    const { Subnets = [] } = cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets", {}, caller);
    const made = Subnets.filter((subnet) => !subnet.DefaultForAz);
    const first = new Map(made.map(({ VpcId, SubnetId }) => [VpcId, SubnetId]));
    for (const SubnetId of first.values()) {
      const input = { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1, SubnetId };
      cloud.call("RunInstances", input, caller);
    }
  }
}

test(`after each of ${calls} random calls the kernel is the plan's [TG-16, TG-17, TG-30, TG-31, TG-42]`, {
  timeout: 60_000 + calls * 1_000,
}, async () => {
  const steps = fc.sample(randomStep, { numRuns: calls });
  const cloud = testCloud();
  const player = new RandomPlayer();
  for (const call of player.opening()) player.learn(cloud.call(call.operation, call.input, call.caller), call);
  startInstances(cloud);
  const walker = newPlane();
  let allowed = 0;
  let looks = 0;
  for (const [index, step] of steps.entries()) {
    const call = player.callOf(step);
    try {
      player.learn(cloud.call(call.operation, call.input, call.caller), call);
      allowed += 1;
    } catch (error) {
      if (!isAwsError(error)) throw error;
    }
    await walker.dataPlane.reconcile(cloud.model());
    if ((index + 1) % callsBetweenLooks !== 0) continue;
    cloud.advance(settledMs);
    cloud.restart();
    await walker.dataPlane.reconcile(cloud.model());
    expect(await dumpKernel(walker), `after call ${index + 1}`).toBe(await builtFromNothing(cloud.model()));
    looks += 1;
  }
  expect(cloud.faults).toEqual([]);
  expect(looks).toBe(calls / callsBetweenLooks);
  expect(allowed).toBeGreaterThan(calls / 8);
});
