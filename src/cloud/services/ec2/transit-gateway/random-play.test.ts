/**
 * Random play of two accounts in two Regions with everything around transit gateways: a call works or is refused in AWS's way, a
 * refused one changes nothing, after each the rules hold, and a restart finds the same network.
 */
import type { DescribeTransitGatewayRouteTablesCommandOutput } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { type NetworkModel, validateNetworkModel } from "../../../../model/index.ts";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { brokenRules } from "./invariants.ts";
import { type RandomCall, RandomPlayer, randomCallers, randomStep } from "./random-calls.ts";
import { hubOf } from "./test-hub.ts";

const steps = fc.array(
  fc.record({ step: randomStep, wait: fc.noBias(fc.constantFrom(0, 0, 0, 20_000, 20_000, 150_000, 150_000, 150_000)) }),
  {
    minLength: 500,
    maxLength: 500,
  },
);

const outcomes = new Map<string, { allowed: number; refused: number }>();

/** Makes the call. True when it was allowed. */
function make(cloud: TestCloud, player: RandomPlayer, call: RandomCall): boolean {
  const { operation, input, caller } = call;
  const before = cloud.model();
  const count = outcomes.get(operation) ?? { allowed: 0, refused: 0 };
  outcomes.set(operation, count);
  try {
    player.learn(cloud.call(operation, input, caller), call);
    count.allowed += 1;
    return true;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    count.refused += 1;
    expect(sameThings(before, cloud.model()), `${operation} was refused, but changed something`).toBe(true);
    return false;
  }
}

/** Every entity of the one model is the very entity of the other. */
function sameThings(one: NetworkModel, other: NetworkModel): boolean {
  const things = (model: NetworkModel): unknown[] => Object.values(model).flat();
  const [left, right] = [things(one), things(other)];
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

/** What each place lists of its tables' routes is what the model has. */
function searchesTellTheModel(cloud: TestCloud): void {
  const inModel = new Map(
    cloud
      .model()
      .transitGatewayRouteTables.map((table) => [
        table.transitGatewayRouteTableId as string,
        table.routes.map((route) => `${route.destinationCidrBlock} ${route.type} ${route.state}`),
      ]),
  );
  for (const caller of randomCallers) {
    const { TransitGatewayRouteTables = [] } = cloud.call<DescribeTransitGatewayRouteTablesCommandOutput>(
      "DescribeTransitGatewayRouteTables",
      { Filters: [{ Name: "state", Values: ["available"] }] },
      caller,
    );
    for (const { TransitGatewayRouteTableId: id = "" } of TransitGatewayRouteTables) {
      const listed = [
        ...hubOf(cloud).routes(id, { state: "active" }, caller),
        ...hubOf(cloud).routes(id, { state: "blackhole" }, caller),
      ].map((line) => line.split(" ").slice(0, 3).join(" "));
      expect(listed.sort()).toEqual([...(inModel.get(id) ?? [])].sort());
      inModel.delete(id);
    }
  }
}

it("[TG-13, TG-14, TG-30, TG-41, TG-42, TG-45, TG-62, TG-64] keeps transit gateways sound through 2,000 calls", () => {
  fc.assert(
    fc.property(fc.constantFrom("instant" as const, "real" as const), steps, (pace, played) => {
      const cloud = testCloud({ pace });
      const player = new RandomPlayer();
      for (const call of player.opening()) {
        expect(make(cloud, player, call)).toBe(true);
        cloud.advance(150_000);
      }
      for (const { step, wait } of played) {
        make(cloud, player, player.callOf(step));
        expect([...validateNetworkModel(cloud.model()), ...brokenRules(cloud.model())]).toEqual([]);
        cloud.advance(wait);
        expect([...validateNetworkModel(cloud.model()), ...brokenRules(cloud.model())]).toEqual([]);
      }
      searchesTellTheModel(cloud);
      const model = cloud.model();
      cloud.restart();
      expect(cloud.model()).toEqual(model);
      expect(cloud.faults).toEqual([]);
    }),
    { numRuns: 4 },
  );
  // The play is worth something only while much of it works.
  const { allowed, refused } = [...outcomes.values()].reduce((sum, each) => ({
    allowed: sum.allowed + each.allowed,
    refused: sum.refused + each.refused,
  }));
  expect(Math.min(allowed, refused)).toBeGreaterThan((allowed + refused) / 8);
}, 120_000);

it("would see rules that are broken", () => {
  const cloud = testCloud();
  const hub = hubOf(cloud);
  const { VpcId } = hub.attach(hub.gateway(), "10.0.0.0/16");
  const model = cloud.model();
  const [attachment] = model.transitGatewayVpcAttachments;
  const [table] = model.transitGatewayRouteTables;
  if (attachment === undefined || table === undefined) throw new Error("bug: nothing is attached");
  const broken = (change: Partial<NetworkModel>) =>
    brokenRules({ ...model, ...change }).map((rule) => rule.slice(0, 7));
  expect(broken({})).toEqual([]);
  expect(broken({ transitGatewayVpcAttachments: [attachment, attachment] })).toEqual(["[TG-13]"]);
  expect(broken({ networkInterfaces: [] })).toEqual(["[TG-12]"]);
  expect(broken({ transitGatewayRouteTables: [{ ...table, routes: [] }] })).toEqual(["[TG-31]"]);
  const twice = { ...table, routes: [...table.routes, ...table.routes] };
  expect(broken({ transitGatewayRouteTables: [twice] })).toEqual(["[TG-41]"]);
  const pending = { ...attachment, state: "pending" as const };
  expect(broken({ transitGatewayVpcAttachments: [pending] })).toEqual(["[TG-42]"]);
  const foreign = model.vpcs.filter((vpc) => vpc.vpcId !== VpcId);
  expect(broken({ vpcs: foreign })).toEqual(["[TG-32]"]);
});
