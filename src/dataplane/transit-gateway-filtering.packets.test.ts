/** Network ACLs at attachment subnets, and security groups across a transit gateway. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

const everyIn = "in 100 allow all 0.0.0.0/0";
const everyOut = "out 100 allow all 0.0.0.0/0";

/**
 * A with an ACL for its host's subnet, `acl-hosts`, and one for the attachment's, `acl-entry`; B is open. `i-own` is in the attachment
 * subnet itself.
 */
function guarded(): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub");
  const a = net.vpc("a", "10.0.0.0/16");
  net.subnet(a, "10.0.1.0/24", { acl: net.acl("hosts", a, everyIn, everyOut) });
  const entry = net.subnet(a, "10.0.9.0/24", { acl: net.acl("entry", a, everyIn, everyOut) });
  net.instance("a", a, "10.0.1.10");
  net.instance("own", a, "10.0.9.10");
  const b = net.vpc("b", "10.1.0.0/16");
  net.subnet(b, "10.1.1.0/24");
  net.instance("b", b, "10.1.1.10");
  net.attach("tgw-hub", a, { subnetIds: [entry] });
  net.attach("tgw-hub", b);
  for (const name of ["a", "b"] as const) net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
  return net;
}

/** Echo requests, or replies, are what a direction's list is asked about alone. */
const request = "icmp/8/-1";
const reply = "icmp/0/-1";

describe("rule 17 [NA-20]: instance and attachment in different subnets", () => {
  /** Each list in turn denies one direction of a ping that the other host begins. */
  test.each([
    // What leaves: the host's subnet's egress, then the attachment subnet's ingress.
    ["acl-hosts", `out 90 deny ${request} 10.1.0.0/16`, "i-a", "10.1.1.10"],
    ["acl-entry", `in 90 deny ${request} 10.0.1.0/24`, "i-a", "10.1.1.10"],
    ["acl-hosts", `out 90 deny ${reply} 10.1.0.0/16`, "i-b", "10.0.1.10"],
    ["acl-entry", `in 90 deny ${reply} 10.0.1.0/24`, "i-b", "10.0.1.10"],
    // What comes: the attachment subnet's egress, then the host's subnet's ingress.
    ["acl-entry", `out 90 deny ${request} 10.0.1.0/24`, "i-b", "10.0.1.10"],
    ["acl-hosts", `in 90 deny ${request} 10.1.0.0/16`, "i-b", "10.0.1.10"],
    ["acl-entry", `out 90 deny ${reply} 10.0.1.0/24`, "i-a", "10.1.1.10"],
    ["acl-hosts", `in 90 deny ${reply} 10.1.0.0/16`, "i-a", "10.1.1.10"],
  ] as const)("%s, %s: stops a ping from %s to %s", async (acl, entry, from, to) => {
    const net = guarded();
    await plane.apply(net);
    expect(await plane.probe(from, to)).toBe("answered");
    net.setEntries(acl, everyIn, everyOut, entry);
    await plane.apply(net);
    expect(await plane.probe(from, to)).toBe("no-answer");
  });

  test("the attachment subnet's egress is not asked on the way out, nor its ingress on the way in", async () => {
    const net = guarded();
    net.setEntries("acl-entry", everyIn, everyOut, "out 90 deny all 10.1.0.0/16", "in 90 deny all 10.1.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("answered");
  });
});

describe("rule 17 [NA-20]: instance in the attachment subnet", () => {
  test.each([
    ["out 90 deny icmp/8/-1 10.1.0.0/16", "egress, by destination"],
    ["in 90 deny icmp/8/-1 10.0.9.0/24", "ingress, by source"],
  ])("both lists are asked on the way out: %s (%s)", async (entry) => {
    const net = guarded();
    await plane.apply(net);
    expect(await plane.probe("i-own", "10.1.1.10")).toBe("answered");
    net.setEntries("acl-entry", everyIn, everyOut, entry);
    await plane.apply(net);
    expect(await plane.probe("i-own", "10.1.1.10")).toBe("no-answer");
  });

  test("none on the way back", async () => {
    const net = guarded();
    net.setEntries("acl-entry", "in 90 deny all 10.1.0.0/16", "out 90 deny all 10.0.9.0/24", everyIn, everyOut);
    await plane.apply(net);
    expect(await plane.probe("i-own", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.0.9.10")).toBe("answered");
    net.setEntries("acl-entry", "in 90 deny all 10.1.0.0/16", everyIn, everyOut);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.9.10")).toBe("answered");
  });

  test("[NA-2]: a neighbour in the same subnet meets no list, with the attachment there as well", async () => {
    const net = guarded();
    net.instance("neighbour", "vpc-a", "10.0.9.11");
    net.setEntries("acl-entry");
    await plane.apply(net);
    expect(await plane.probe("i-own", "10.0.9.11")).toBe("answered");
    expect(await plane.probe("i-own", "10.1.1.10")).toBe("no-answer");
    expect(await plane.probe("i-b", "10.0.9.10")).toBe("no-answer");
  });
});

/** A's member and a stranger; B's host lets the members of A's group in by reference. */
function referenced(options: { readonly ipv6?: boolean } = {}): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub", { securityGroupReferencingSupport: true });
  const v6 = options.ipv6 === true;
  const a = net.vpc("a", "10.0.0.0/16", v6 ? { ipv6: "2600:1f10:a::/56" } : {});
  const b = net.vpc("b", "10.1.0.0/16", v6 ? { ipv6: "2600:1f10:b::/56" } : {});
  net.subnet(a, "10.0.1.0/24", v6 ? { ipv6: "2600:1f10:a::/64" } : {});
  net.subnet(b, "10.1.1.0/24", v6 ? { ipv6: "2600:1f10:b::/64" } : {});
  const members = net.group("members", a, "in icmp 0.0.0.0/0", "out all 0.0.0.0/0", "out all ::/0");
  net.instance("member", a, "10.0.1.10", { groups: [members], ...(v6 ? { ipv6: "2600:1f10:a::10" } : {}) });
  net.instance("stranger", a, "10.0.1.11");
  net.instance("b", b, "10.1.1.10", {
    groups: [net.group("guarded", b, "in all sg-members", "out all 0.0.0.0/0")],
    ...(v6 ? { ipv6: "2600:1f10:b::10" } : {}),
  });
  for (const name of ["a", "b"] as const) {
    net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
    if (v6) net.route(`rtb-${name}`, "2600:1f10::/32", "tgw-hub");
    net.attach("tgw-hub", `vpc-${name}`, { ipv6Support: v6 });
  }
  return net;
}

const toB = (from: string) => plane.probe(from, "10.1.1.10");

describe("[SG-40]: references to a group of another VPC on the gateway", () => {
  test("T28: with the gateway and both attachments on, the member passes and a stranger does not", async () => {
    await plane.apply(referenced());
    expect(await toB("i-member")).toBe("answered");
    expect(await toB("i-stranger")).toBe("no-answer");
  });

  test("over IPv6 too", async () => {
    await plane.apply(referenced({ ipv6: true }));
    expect(await plane.probe("i-member", "2600:1f10:b::10")).toBe("answered");
  });

  test.each([
    [
      "the gateway",
      (net: TestNetwork, on: boolean) => net.changeTransitGateway("tgw-hub", { securityGroupReferencingSupport: on }),
    ],
    [
      "the member's attachment",
      (net: TestNetwork, on: boolean) =>
        net.changeAttachment("tgw-attach-hub-a", { securityGroupReferencingSupport: on }),
    ],
    [
      "the rule's attachment",
      (net: TestNetwork, on: boolean) =>
        net.changeAttachment("tgw-attach-hub-b", { securityGroupReferencingSupport: on }),
    ],
  ])("T28: off at %s, a reference matches nothing; a CIDR does", async (_where, set) => {
    const net = referenced();
    set(net, false);
    await plane.apply(net);
    expect(await toB("i-member")).toBe("no-answer");
    net.setRules("sg-guarded", "in icmp 10.0.1.10/32");
    await plane.apply(net);
    expect(await toB("i-member")).toBe("answered");
    net.setRules("sg-guarded", "in all sg-members");
    set(net, true);
    await plane.apply(net);
    expect(await toB("i-member")).toBe("answered");
  });

  test("outbound rules match nothing by reference", async () => {
    const net = referenced();
    net.setRules("sg-guarded", "in all sg-members", "out all sg-members");
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("no-answer");
    expect(await toB("i-member")).toBe("answered");
    net.setRules("sg-guarded", "in all sg-members", "out all 10.0.1.10/32");
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("answered");
  });

  test("[SG-31]: the members of the moment count, each by its own address", async () => {
    const net = referenced();
    net.changeInterface("eni-stranger", { securityGroupIds: ["sg-members"] });
    await plane.apply(net);
    expect(await toB("i-stranger")).toBe("answered");
    net.changeInterface("eni-stranger", { securityGroupIds: ["sg-a-open"] });
    await plane.apply(net);
    expect(await toB("i-stranger")).toBe("no-answer");
  });

  test("a rule that begins or ceases to name a group is followed", async () => {
    const net = referenced();
    net.setRules("sg-guarded", "out all 0.0.0.0/0");
    await plane.apply(net);
    expect(await toB("i-member")).toBe("no-answer");
    net.setRules("sg-guarded", "in icmp sg-members");
    await plane.apply(net);
    expect(await toB("i-member")).toBe("answered");
    net.setRules("sg-guarded", "in tcp sg-members");
    await plane.apply(net);
    expect(await toB("i-member")).toBe("no-answer");
  });

  test("[SG-32]: not through an inspection VPC on the same gateway", async () => {
    const net = referenced();
    const c = net.vpc("c", "10.2.0.0/16");
    const entry = net.routeTable("entry", c);
    net.subnet(c, "10.2.1.0/24");
    const attached = net.subnet(c, "10.2.9.0/28", { routeTable: entry });
    net.instance("box", c, "10.2.1.10", { sourceDestCheck: false });
    net.route("rtb-c", "10.0.0.0/8", "tgw-hub");
    net.route(entry, "10.0.0.0/8", "eni-box");
    net.attach("tgw-hub", c, { subnetIds: [attached], into: "none" });
    await plane.apply(net);
    expect(await toB("i-member")).toBe("answered");
    const spokes = net.transitGatewayTable("spokes", "tgw-hub");
    net.transitGatewayRoute(spokes, "0.0.0.0/0", "tgw-attach-hub-c");
    for (const name of ["a", "b"] as const) net.associate(`tgw-attach-hub-${name}`, spokes);
    await plane.apply(net);
    net.setRules("sg-guarded", "in tcp sg-members", "in udp sg-members");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.1.1.10", "tcp/80")).toBe("no-answer");
    net.setRules("sg-guarded", "in tcp 10.0.1.0/24");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.1.1.10", "tcp/80")).toBe("refused");
  });

  test("[TG-66]: not over a peering of gateways, a CIDR does", async () => {
    const net = referenced();
    net.transitGateway("other", { securityGroupReferencingSupport: true });
    net.detach("tgw-attach-hub-b");
    const attachment = net.attach("tgw-other", "vpc-b");
    const [near, far] = net.peerTransitGateways("tgw-hub", "tgw-other");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16", near);
    net.transitGatewayRoute("tgw-rtb-other", "10.0.0.0/16", far);
    net.transitGatewayRoute("tgw-rtb-other", "10.1.0.0/16", attachment);
    net.route("rtb-b", "10.0.0.0/8", "tgw-other");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.1.1.10", "tcp/81")).toBe("no-answer");
    net.setRules("sg-guarded", "in tcp 10.0.1.0/24");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.1.1.10", "tcp/81")).toBe("refused");
  });

  test("[SG-30]: over a peering of the VPCs outbound references match as ever, though a gateway joins them too", async () => {
    const net = referenced();
    net.setRules("sg-guarded", "out all sg-members");
    net.setRules("sg-members", "in tcp 10.1.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10", "tcp/82")).toBe("no-answer");
    const pcx = net.peer("vpc-a", "vpc-b");
    net.route("rtb-b", "10.0.0.0/16", pcx);
    net.route("rtb-a", "10.1.0.0/16", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10", "tcp/82")).toBe("refused");
  });
});

describe("[SG-63]: a flow that a rule for everywhere lets pass", () => {
  test.each([
    ["through a gateway", "i-member", true],
    ["within the VPC", "i-near", false],
  ])("%s, from %s: goes on when the rule goes: %s", async (_where, client, goesOn) => {
    const net = referenced();
    net.instance("near", "vpc-b", "10.1.1.20");
    net.setRules("sg-guarded", "in tcp/7070 0.0.0.0/0", "out all 0.0.0.0/0");
    await plane.apply(net);
    const open = await plane.staysOpen({ client, server: "i-b", address: "10.1.1.10" }, async () => {
      net.setRules("sg-guarded", "out all 0.0.0.0/0");
      await plane.apply(net);
    });
    expect(open).toBe(goesOn);
  });
});
