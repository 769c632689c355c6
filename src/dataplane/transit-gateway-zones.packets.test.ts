/** Rule 13 [TG-12, TG-20]: which Availability Zones a transit gateway is reached from, and by which one packets enter a VPC. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/**
 * A and B with a subnet for hosts in each of two zones, `10.x.ZONE.0/24`, and one for the attachment in each, `10.x.10ZONE.0/24`, with
 * a table of its own. Hosts are `i-a1`, `i-a2`, `i-b1`, `i-b2` by zone.
 */
function twoZones(attached: { readonly a: readonly number[]; readonly b: readonly number[] }): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub");
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
    for (const zone of [1, 2]) {
      net.subnet(vpc, `10.${octet}.${zone}.0/24`, { zone });
      net.instance(`${name}${zone}`, vpc, `10.${octet}.${zone}.10`);
      net.subnet(vpc, `10.${octet}.10${zone}.0/24`, { zone, routeTable: net.routeTable(`${name}-entry${zone}`, vpc) });
    }
    const subnetIds = attached[name].map((zone) => `subnet-${name}-10${zone}` as const);
    net.attach("tgw-hub", vpc, { subnetIds });
  }
  return net;
}

describe("[TG-20] 1: to the gateway", () => {
  test("T17: a source in a zone without an attachment subnet is dropped, though its route is active", async () => {
    await plane.apply(twoZones({ a: [1], b: [1, 2] }));
    expect(await plane.probe("i-a1", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-a2", "10.1.1.10")).toBe("no-answer");
    expect(await plane.probe("i-a2", "10.1.2.10")).toBe("no-answer");
  });

  test("[TG-12]: adding a subnet in its zone lets it pass, removing it stops it", async () => {
    const net = twoZones({ a: [1], b: [1, 2] });
    net.changeAttachment("tgw-attach-hub-a", { subnetIds: ["subnet-a-101", "subnet-a-102"] });
    await plane.apply(net);
    expect(await plane.probe("i-a2", "10.1.2.10")).toBe("answered");
    net.changeAttachment("tgw-attach-hub-a", { subnetIds: ["subnet-a-102"] });
    await plane.apply(net);
    expect(await plane.probe("i-a2", "10.1.2.10")).toBe("answered");
    expect(await plane.probe("i-a1", "10.1.2.10")).toBe("no-answer");
  });

  test("T19: an answer from a zone without one does not come back, from one with does", async () => {
    await plane.apply(twoZones({ a: [1], b: [2] }));
    expect(await plane.probe("i-a1", "10.1.1.10")).toBe("no-answer");
    expect(await plane.probe("i-a1", "10.1.2.10")).toBe("answered");
  });

  test("[TG-20] 6: zones are compared by id, whatever their names", async () => {
    const net = twoZones({ a: [1], b: [1] });
    const model = net.model();
    const renamed = model.subnets.map((subnet) => ({ ...subnet, availabilityZone: `of-${subnet.subnetId}` }));
    await plane.dataPlane.reconcile({ ...model, subnets: renamed });
    expect(await plane.probe("i-a1", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-a2", "10.1.1.10")).toBe("no-answer");
  });
});

test("[TG-20] 2, T18: every subnet of the zone uses the attachment, not only the attachment's own", async () => {
  const net = twoZones({ a: [1], b: [1] });
  net.subnet("vpc-a", "10.0.31.0/24", { zone: 1 });
  net.subnet("vpc-a", "10.0.32.0/24", { zone: 2 });
  net.instance("other1", "vpc-a", "10.0.31.10");
  net.instance("other2", "vpc-a", "10.0.32.10");
  await plane.apply(net);
  expect(await plane.probe("i-other1", "10.1.1.10")).toBe("answered");
  expect(await plane.probe("i-other2", "10.1.1.10")).toBe("no-answer");
});

describe("[TG-20] 3: from the gateway", () => {
  test("the attachment subnet's table routes what is delivered, to any subnet of any zone", async () => {
    const net = twoZones({ a: [1], b: [1, 2] });
    net.changeAttachment("tgw-attach-hub-b", { subnetIds: ["subnet-b-101", "subnet-b-102"] });
    await plane.apply(net);
    expect(await plane.probe("i-a1", "10.1.2.10")).toBe("answered");
  });

  test("a route there leads to an appliance", async () => {
    const net = twoZones({ a: [1], b: [1] });
    net.instance("box", "vpc-b", "10.1.1.50", { sourceDestCheck: false, secondary: ["192.168.0.1"] });
    net.route("rtb-a", "192.168.0.0/16", "tgw-hub");
    net.transitGatewayRoute("tgw-rtb-hub", "192.168.0.0/16", "tgw-attach-hub-b");
    await plane.apply(net);
    expect(await plane.probe("i-a1", "192.168.0.1")).toBe("no-answer");
    net.route("rtb-b-entry1", "192.168.0.0/16", "eni-box");
    await plane.apply(net);
    expect(await plane.probe("i-a1", "192.168.0.1")).toBe("answered");
  });
});

describe("[TG-20] 4: the zone of the source is kept", () => {
  /** Only the entry of one zone leads on to 192.168.0.1, which B's box holds. */
  function onlyBy(zone: number, attached: readonly number[]): TestNetwork {
    const net = twoZones({ a: [1, 2], b: attached });
    net.instance("box", "vpc-b", "10.1.1.50", { sourceDestCheck: false, secondary: ["192.168.0.1"] });
    net.route("rtb-a", "192.168.0.0/16", "tgw-hub");
    net.transitGatewayRoute("tgw-rtb-hub", "192.168.0.0/16", "tgw-attach-hub-b");
    net.route(`rtb-b-entry${zone}`, "192.168.0.0/16", "eni-box");
    return net;
  }

  test.each([1, 2])("what comes from zone %i enters there", async (zone) => {
    await plane.apply(onlyBy(zone, [1, 2]));
    expect(await plane.probe(`i-a${zone}`, "192.168.0.1")).toBe("answered");
    expect(await plane.probe(`i-a${3 - zone}`, "192.168.0.1")).toBe("no-answer");
  });

  test("or by another when the attachment has none there", async () => {
    await plane.apply(onlyBy(1, [1]));
    expect(await plane.probe("i-a1", "192.168.0.1")).toBe("answered");
    expect(await plane.probe("i-a2", "192.168.0.1")).toBe("answered");
  });
});
