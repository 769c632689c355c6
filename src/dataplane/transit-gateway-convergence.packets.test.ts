/** As `convergence.packets.test.ts`, for everything that transit gateways wire. */
import { afterAll, expect, test } from "vitest";
import type { NetworkModel } from "../model/index.ts";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { type TestDataPlane, testDataPlane } from "./test-data-plane.ts";
import { dumpKernel } from "./test-kernel-dump.ts";

/** Some ten seconds of work on a machine of its own; tests share theirs. */
const timeoutMs = 240_000;

const planes: TestDataPlane[] = [];
afterAll(() => Promise.all(planes.map((plane) => plane.close())));

function newPlane(): TestDataPlane {
  const plane = testDataPlane();
  planes.push(plane);
  return plane;
}

/** A in two zones, B and C in one; a hub that A and B are on, and `other`, which C is on. */
function base(): TestNetwork {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`, { ipv6: `2600:1f10:${name}::/56` });
    net.subnet(vpc, `10.${octet}.1.0/24`, { ipv6: `2600:1f10:${name}::/64` });
    net.instance(name, vpc, `10.${octet}.1.10`, { ipv6: `2600:1f10:${name}::10` });
    net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
    net.route(`rtb-${name}`, "2600:1f10::/32", "tgw-hub");
  }
  net.subnet("vpc-a", "10.0.2.0/24", { zone: 2 });
  net.instance("a2", "vpc-a", "10.0.2.10");
  return net;
}

function hub(net: TestNetwork): void {
  net.transitGateway("hub");
  for (const name of ["a", "b"] as const) net.attach("tgw-hub", `vpc-${name}`);
}

/** Networks that share ids and differ in what a gateway joins and how. */
function networks(): ReadonlyMap<string, NetworkModel> {
  const models = new Map<string, NetworkModel>();
  const keep = (name: string, change: (net: TestNetwork) => void) => {
    const net = base();
    change(net);
    models.set(name, net.model());
  };
  keep("no gateway", () => undefined);
  keep("hub", hub);
  keep("appliance mode and IPv6", (net) => {
    hub(net);
    for (const name of ["a", "b"] as const) {
      net.changeAttachment(`tgw-attach-hub-${name}`, { applianceModeSupport: name === "a", ipv6Support: true });
      net.propagate(`tgw-attach-hub-${name}`, "tgw-rtb-hub");
    }
  });
  keep("references, spokes' table, a blackhole", (net) => {
    hub(net);
    net.changeTransitGateway("tgw-hub", { securityGroupReferencingSupport: true });
    net.setRules("sg-b-open", "in all sg-a-open", "out all 0.0.0.0/0");
    net.associate("tgw-attach-hub-a", net.transitGatewayTable("spokes", "tgw-hub"));
    net.transitGatewayRoute("tgw-rtb-spokes", "0.0.0.0/0", "tgw-attach-hub-b");
    net.transitGatewayRoute("tgw-rtb-spokes", "10.1.0.0/16", "blackhole");
    net.changeAttachment("tgw-attach-hub-a", { subnetIds: ["subnet-a-2"] });
    net.setEntries("acl-b", "in 100 allow all 0.0.0.0/0", "out 90 deny tcp/25 0.0.0.0/0");
  });
  keep("peered", (net) => {
    hub(net);
    net.transitGateway("other", { region: "us-east-1" });
    net.attach("tgw-other", "vpc-c");
    net.peerTransitGateways("tgw-hub", "tgw-other");
    net.transitGatewayRoute("tgw-rtb-hub", "10.2.0.0/16", "tgw-attach-hub-other");
    net.transitGatewayRoute("tgw-rtb-other", "10.0.0.0/15", "tgw-attach-hub-other");
    net.route("rtb-c", "10.0.0.0/8", "tgw-other");
  });
  keep("nothing runs", (net) => {
    hub(net);
    for (const id of ["i-a", "i-a2", "i-b", "i-c"] as const) net.stop(id);
  });
  return models;
}

test(
  "every way from one network to another ends in the same kernel state, and a second time changes nothing",
  async () => {
    const models = networks();
    const expected = new Map<string, string>();
    for (const [name, model] of models) {
      const fresh = newPlane();
      await fresh.dataPlane.reconcile(model);
      expected.set(name, await dumpKernel(fresh));
      await fresh.close();
    }
    const walker = newPlane();
    for (const [from, before] of models) {
      for (const [to, after] of models) {
        await walker.dataPlane.reconcile(before);
        await walker.dataPlane.reconcile(after);
        expect(await dumpKernel(walker), `from ${from} to ${to}`).toBe(expected.get(to));
        const { lastOperations } = walker.dataPlane.stats();
        await walker.dataPlane.reconcile(structuredClone(after));
        expect(walker.dataPlane.stats().lastOperations).toBe(lastOperations);
      }
    }
  },
  timeoutMs,
);

test("so does every step of changed settings, each applied alone", async () => {
  const net = base();
  hub(net);
  net.changeTransitGateway("tgw-hub", { securityGroupReferencingSupport: true });
  const spokes = net.transitGatewayTable("spokes", "tgw-hub");
  const walker = newPlane();
  await walker.dataPlane.reconcile(net.model());
  const steps: readonly (() => void)[] = [
    () => net.transitGatewayRoute("tgw-rtb-hub", "10.7.0.0/16", "tgw-attach-hub-b"),
    () => net.setRules("sg-b-open", "in tcp/22 sg-a-open", "out all 0.0.0.0/0"),
    () => net.associate("tgw-attach-hub-a", spokes),
    () => net.propagate("tgw-attach-hub-b", spokes),
    () => net.associate("tgw-attach-hub-a", "none"),
    () => net.setRules("sg-b-open", "in icmp 10.0.0.0/8", "in all sg-a-open"),
    () => net.associate("tgw-attach-hub-a", "tgw-rtb-hub"),
    () => net.removeRoute("rtb-a", "10.0.0.0/8"),
    () => net.setRules("sg-b-open", "in icmp 10.0.0.0/8"),
    () => net.removeTransitGatewayRoute("tgw-rtb-hub", "10.7.0.0/16"),
  ];
  for (const [index, step] of steps.entries()) {
    step();
    await walker.dataPlane.reconcile(net.model());
    const fresh = newPlane();
    await fresh.dataPlane.reconcile(net.model());
    expect(await dumpKernel(walker), `after step ${index}`).toBe(await dumpKernel(fresh));
    await fresh.close();
  }
});
