/** The assertions under vitest's expect and under Jest's own, with what a failing one prints. */
import { App, Stack } from "aws-cdk-lib";
import { expect as jestExpect } from "expect";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { expectReachability, type ReachabilityMatchers, reachabilityMatchers } from "./assertions.ts";
import { Endpoint, PrivateVpc, ProbeInstance, Traffic } from "./index.ts";

declare module "vitest" {
  interface Matchers<T> extends ReachabilityMatchers {}
}

expect.extend(reachabilityMatchers);
jestExpect.extend({ ...reachabilityMatchers });

let app: App;
let stack: Stack;
let one: Endpoint;
let two: Endpoint;

beforeAll(() => {
  vi.stubEnv("CDK_VALIDATION", "false");
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, "Network");
  const { vpc, subnetIds } = new PrivateVpc(stack, "Vpc", { cidrBlock: "10.0.0.0/16" });
  const at = { vpcId: vpc.vpcId, subnetIds };
  one = Endpoint.probe(new ProbeInstance(stack, "One", at));
  two = Endpoint.probe(new ProbeInstance(stack, "Two", { ...at, pingedFrom: ["10.0.0.0/16"] }));
});

test("expectReachability says nothing of what holds, of a stack and of an app", () => {
  expectReachability(app).from(one).to(two).notTo(two, Traffic.tcp(22)).notTo(Endpoint.internet());
  expectReachability(stack).from(Endpoint.internet()).notTo(two);
});

test("expectReachability throws with the explanation and what would mend it", () => {
  const failing = () => expectReachability(app).from(one).to(two, Traffic.tcp(22));
  expect(failing).toThrow("Network/One → Network/Two, tcp/22: expected reachable, it is unreachable");
  expect(failing).toThrow("1. Network/Two/SecurityGroup, there: ENI_SG_RULES_MISMATCH");
  expect(failing).toThrow(
    "What would mend it:\n  Network/Two/SecurityGroup: let in tcp/22 from Network/One/SecurityGroup",
  );
  expect(() => expectReachability(app).from(one).notTo(two)).toThrow("a rule of Network/Two/SecurityGroup");
});

describe.each([
  ["vitest", expect as unknown as typeof jestExpect],
  ["Jest", jestExpect],
])("toReach under %s", (_, runners) => {
  const reach = (from: Endpoint) =>
    runners(from) as unknown as ReachabilityMatchers & { readonly not: ReachabilityMatchers };

  test("passes for what is so", () => {
    reach(one).toReach(two);
    reach(one).not.toReach(two, Traffic.udp(53));
    reach(Endpoint.internet()).not.toReach(two);
  });

  test("fails with the explanation for what is not", () => {
    expect(() => reach(two).toReach(one)).toThrow(
      "Network/Two → Network/One, ping: expected reachable, it is unreachable",
    );
    expect(() => reach(one).not.toReach(two)).toThrow("expected unreachable, it is reachable");
  });

  test("fails either way for what is not known", () => {
    const foreign = Endpoint.instanceId("i-0123456789abcdef0");
    expect(() => reach(one).toReach(foreign)).toThrow(/the templates do not tell/);
    expect(() => reach(one).not.toReach(foreign)).toThrow(/the templates do not tell/);
  });
});
