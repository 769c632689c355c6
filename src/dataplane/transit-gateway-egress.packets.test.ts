/** Centralised egress, the worked case of semantics 6.9: spokes reach the internet through the NAT gateway of another VPC. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

const website = "8.8.8.8";

/** The egress VPC's attachment is in its own subnet, `subnet-egress-9`; the NAT gateway in the public one, `subnet-egress-1`. */
function centralised(): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub");
  const egress = net.vpc("egress", "10.9.0.0/16");
  const open = net.routeTable("open", egress);
  const entry = net.routeTable("entry", egress);
  net.subnet(egress, "10.9.1.0/24", { routeTable: open });
  net.subnet(egress, "10.9.9.0/28", { routeTable: entry });
  net.route(open, "0.0.0.0/0", net.internetGateway(egress));
  net.route(open, "10.0.0.0/8", "tgw-hub");
  net.route(entry, "0.0.0.0/0", net.natGateway("shared", "subnet-egress-1", "10.9.1.5", "52.0.0.9"));
  const spokes = net.transitGatewayTable("spokes", "tgw-hub");
  net.attach("tgw-hub", egress, { subnetIds: ["subnet-egress-9"], into: "none" });
  net.transitGatewayRoute(spokes, "0.0.0.0/0", "tgw-attach-hub-egress");
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    net.subnet(vpc, `10.${octet}.1.0/24`);
    net.instance(name, vpc, `10.${octet}.1.10`);
    net.route(`rtb-${name}`, "0.0.0.0/0", "tgw-hub");
    net.attach("tgw-hub", vpc, { table: spokes });
  }
  return net;
}

describe("6.9: centralised egress", () => {
  test("[NG-5]: the NAT gateway serves sources of other VPCs that come by a transit gateway, and shows its own address", async () => {
    await plane.apply(centralised());
    expect(await plane.probe("i-a", website)).toBe("answered");
    expect(await plane.probe("i-b", website)).toBe("answered");
    expect(await plane.ask("i-a", website, "tcp/443")).toMatchObject({ outcome: "answered", seenSource: "52.0.0.9" });
    expect(await plane.probe("internet", "52.0.0.9", "tcp/443")).toBe("no-answer");
  });

  test("the NAT gateway's subnet needs the way back to the spokes", async () => {
    const net = centralised();
    net.removeRoute("rtb-open", "10.0.0.0/8");
    await plane.apply(net);
    expect(await plane.probe("i-a", website)).toBe("no-answer");
    net.route("rtb-open", "10.0.0.0/16", "tgw-hub");
    await plane.apply(net);
    expect(await plane.probe("i-a", website)).toBe("answered");
    expect(await plane.probe("i-b", website)).toBe("no-answer");
  });

  test("so does the table that the egress VPC's attachment is associated with", async () => {
    const net = centralised();
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.0.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", website)).toBe("no-answer");
    expect(await plane.probe("i-b", website)).toBe("answered");
  });

  test("[TG-20] 1: and a subnet of the attachment in the NAT gateway's zone", async () => {
    const net = centralised();
    net.subnet("vpc-egress", "10.9.10.0/28", { routeTable: "rtb-entry", zone: 2 });
    net.changeAttachment("tgw-attach-hub-egress", { subnetIds: ["subnet-egress-10"] });
    await plane.apply(net);
    expect(await plane.probe("i-a", website)).toBe("no-answer");
    net.changeAttachment("tgw-attach-hub-egress", { subnetIds: ["subnet-egress-10", "subnet-egress-9"] });
    await plane.apply(net);
    expect(await plane.probe("i-a", website)).toBe("answered");
  });

  test("[IG-3], T33: an attachment in the public subnet fails: the internet gateway takes no private source", async () => {
    const net = centralised();
    net.changeAttachment("tgw-attach-hub-egress", { subnetIds: ["subnet-egress-1"] });
    await plane.apply(net);
    expect(await plane.probe("i-a", website)).toBe("no-answer");
  });

  test("one route sends both spokes to each other through the egress VPC or not", async () => {
    const net = centralised();
    net.route("rtb-entry", "10.0.0.0/8", "tgw-hub");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    net.transitGatewayRoute("tgw-rtb-spokes", "10.0.0.0/8", "blackhole");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    expect(await plane.probe("i-a", website)).toBe("answered");
  });
});
