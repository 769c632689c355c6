/** Transit gateways by packets: which attachments carry them, and where a gateway's tables send them. */
import { afterAll, describe, expect, test } from "vitest";
import type { TransitGatewayAttachmentState } from "../model/index.ts";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** VPCs with a host each, all on one gateway; every VPC's table sends 10.0.0.0/8 there. */
function hub(...names: readonly ("a" | "b" | "c")[]): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub");
  for (const name of names) {
    const octet = { a: 0, b: 1, c: 2 }[name];
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    net.subnet(vpc, `10.${octet}.1.0/24`);
    net.instance(name, vpc, `10.${octet}.1.10`);
    net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
    net.attach("tgw-hub", vpc);
  }
  return net;
}

const [a, b, c] = ["10.0.1.10", "10.1.1.10", "10.2.1.10"] as const;

describe("attachments", () => {
  test("rule 14 [TG-30, TG-31]: with the default table for everything, every VPC reaches every other, with true sources", async () => {
    const net = hub("a", "b", "c");
    await plane.apply(net);
    await plane.serve("i-b", 443);
    expect(await plane.ask("i-a", b, "tcp/443")).toMatchObject({ outcome: "answered", seenSource: a });
    expect(await plane.probe("i-b", a)).toBe("answered");
    expect(await plane.probe("i-a", c)).toBe("answered");
    expect(await plane.probe("i-c", b)).toBe("answered");
  });

  test.each<TransitGatewayAttachmentState>([
    "initiatingRequest",
    "pendingAcceptance",
    "pending",
    "rollingBack",
    "deleting",
    "deleted",
    "failed",
    "rejected",
  ])("rule 22 [TG-15]: an attachment that is %s carries nothing; modifying or available it does", async (state) => {
    const net = hub("a", "b");
    for (const [now, outcome] of [
      [state, "no-answer"],
      ["modifying", "answered"],
      ["available", "answered"],
    ] as const) {
      net.changeAttachment("tgw-attach-hub-b", { state: now });
      await plane.apply(net);
      expect(await plane.probe("i-a", b)).toBe(outcome);
    }
  });

  test("[TG-1]: a gateway that is not available carries nothing", async () => {
    const net = hub("a", "b");
    net.changeTransitGateway("tgw-hub", { state: "deleting" });
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.changeTransitGateway("tgw-hub", { state: "modifying" });
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-16]: a detached VPC reaches nobody, the others go on", async () => {
    const net = hub("a", "b", "c");
    net.detach("tgw-attach-hub-b");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    expect(await plane.probe("i-b", a)).toBe("no-answer");
    expect(await plane.probe("i-a", c)).toBe("answered");
  });
});

describe("route tables", () => {
  test("[TG-30], T20: what comes from an attachment without an association is dropped", async () => {
    const net = hub("a", "b");
    net.associate("tgw-attach-hub-a", "none");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.associate("tgw-attach-hub-a", "tgw-rtb-hub");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-30], T20: nor does an answer come back from one", async () => {
    const net = hub("a", "b");
    net.associate("tgw-attach-hub-b", "none");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
  });

  test("[TG-31, TG-40], T21: what was not propagated has no route", async () => {
    const net = hub("a", "b");
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.propagate("tgw-attach-hub-b", "tgw-rtb-hub");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-32, TG-17]: a second block is reached when it is propagated", async () => {
    const net = hub("a");
    const vpc = net.vpc("d", "10.3.0.0/16", { more: ["10.4.0.0/16"] });
    net.subnet(vpc, "10.4.1.0/24");
    net.instance("d", vpc, "10.4.1.10");
    net.route("rtb-d", "10.0.0.0/8", "tgw-hub");
    net.attach("tgw-hub", vpc);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.4.1.10")).toBe("answered");
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.4.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.4.1.10")).toBe("no-answer");
  });

  test("[TG-33]: a static route leads to an attachment, whatever the association of that one", async () => {
    const net = hub("a", "b");
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.10/32", "tgw-attach-hub-b");
    net.associate("tgw-attach-hub-b", net.transitGatewayTable("other", "tgw-hub"));
    net.propagate("tgw-attach-hub-a", "tgw-rtb-other");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("rule 15 [TG-40], T23: the longest prefix decides", async () => {
    const net = hub("a", "b", "c");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.0/24", "tgw-attach-hub-c");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.10/32", "tgw-attach-hub-b");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-42], T22: a blackhole drops, also where a shorter prefix would deliver", async () => {
    const net = hub("a", "b");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.0/24", "blackhole");
    net.transitGatewayRoute("tgw-rtb-hub", "0.0.0.0/0", "tgw-attach-hub-b");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.1.1.0/24");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-41], T22: a static blackhole hides the propagated route to the same block, until it is deleted", async () => {
    const net = hub("a", "b");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16", "blackhole");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-30], 6.9: isolated spokes reach what is shared, and not each other", async () => {
    const net = hub("a", "b", "c");
    const spokes = net.transitGatewayTable("spokes", "tgw-hub");
    for (const spoke of ["a", "b"] as const) net.associate(`tgw-attach-hub-${spoke}`, spokes);
    net.propagate("tgw-attach-hub-c", spokes);
    await plane.apply(net);
    expect(await plane.probe("i-a", c)).toBe("answered");
    expect(await plane.probe("i-c", b)).toBe("answered");
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    expect(await plane.probe("i-b", a)).toBe("no-answer");
  });

  test("rule 18 [TG-14, TG-45]: of two VPCs with one block the one that the table names is reached, and the other's answers go there too", async () => {
    const net = hub("a", "b");
    const twin = net.vpc("twin", "10.1.0.0/16");
    net.subnet(twin, "10.1.1.0/24");
    net.instance("twin", twin, "10.1.1.11");
    net.route("rtb-twin", "10.0.0.0/8", "tgw-hub");
    net.attach("tgw-hub", twin, { into: "none" });
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
    expect(await plane.probe("i-a", "10.1.1.11")).toBe("no-answer");
    expect(await plane.probe("i-twin", a)).toBe("no-answer");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.11/32", "tgw-attach-hub-twin");
    await plane.apply(net);
    expect(await plane.probe("i-twin", a)).toBe("answered");
  });

  test("the answer goes by tables of its own: a VPC without a route back does not answer", async () => {
    const net = hub("a", "b");
    net.removeRoute("rtb-b", "10.0.0.0/8");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.route("rtb-b", "10.0.1.10/32", "tgw-hub");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });
});

describe("a gateway does not care", () => {
  test("[TG-44]: about sources: a foreign one is forwarded, and answered where a route leads", async () => {
    const net = hub("a", "b");
    net.changeInterface("eni-a", {
      sourceDestCheck: false,
      privateAddresses: [
        { address: a, primary: true },
        { address: "172.31.0.9", primary: false },
      ],
    });
    net.route("rtb-a", "172.31.0.0/16", "eni-a");
    net.route("rtb-b", "172.31.0.0/16", "tgw-hub");
    await plane.apply(net);
    const ask = () => plane.ask("i-a", b, "icmp", "172.31.0.9");
    expect(await ask()).toMatchObject({ outcome: "no-answer" });
    net.transitGatewayRoute("tgw-rtb-hub", "172.31.0.0/16", "tgw-attach-hub-a");
    await plane.apply(net);
    expect(await ask()).toMatchObject({ outcome: "answered" });
  });

  test("[TG-43]: whether a packet leaves by the attachment that it came by", async () => {
    const net = testNetwork();
    net.transitGateway("hub");
    const vpc = net.vpc("a", "10.0.0.0/16");
    const inside = net.routeTable("inside", vpc);
    const entry = net.routeTable("entry", vpc);
    net.subnet(vpc, "10.0.1.0/24", { routeTable: inside });
    net.subnet(vpc, "10.0.2.0/24");
    const attached = net.subnet(vpc, "10.0.9.0/28", { routeTable: entry });
    net.instance("a", vpc, "10.0.1.10");
    net.instance("box", vpc, "10.0.2.10", { sourceDestCheck: false, secondary: ["172.31.0.1"] });
    net.route(inside, "172.31.0.0/16", "tgw-hub");
    net.route(entry, "172.31.0.0/16", "eni-box");
    net.attach("tgw-hub", vpc, { subnetIds: [attached] });
    await plane.apply(net);
    expect(await plane.probe("i-a", "172.31.0.1")).toBe("no-answer");
    net.transitGatewayRoute("tgw-rtb-hub", "172.31.0.0/16", "tgw-attach-hub-a");
    await plane.apply(net);
    expect(await plane.probe("i-a", "172.31.0.1")).toBe("answered");
  });

  test("[TG-15]: what happens elsewhere: a connection goes on while routes, associations and attachments of others change", async () => {
    const net = hub("a", "b", "c");
    await plane.apply(net);
    const script = "ping -q -i 0.01 -c 60 -W 1 10.1.1.10 | tail -2";
    const pinging = plane.fabric().run({ namespace: "i-a", argv: ["sh", "-c", script] });
    for (let round = 0; round < 4; round += 1) {
      net.transitGatewayRoute("tgw-rtb-hub", `10.${30 + round}.0.0/16`, "tgw-attach-hub-c");
      await plane.apply(net);
      net.associate("tgw-attach-hub-c", round % 2 === 0 ? "none" : "tgw-rtb-hub");
      await plane.apply(net);
      net.changeAttachment("tgw-attach-hub-c", { state: round % 2 === 0 ? "deleting" : "available" });
      await plane.apply(net);
    }
    expect((await pinging).stdout).toContain(" 0% packet loss");
  });
});
