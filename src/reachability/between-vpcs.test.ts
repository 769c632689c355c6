/** Rules of peerings and transit gateways, as far as they decide whether a packet gets there and its answer back. */
import { describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { answer, ask } from "./test-ask.ts";

/** VPC `a` and `b` of the test vectors: 10.0.0.0/16 and 10.1.0.0/16, two zones each, hosts `a`, `a2`, `b`, `b2`. */
function twoVpcs(region?: string): TestNetwork {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    const options = name === "b" && region !== undefined ? { region } : {};
    const vpc = net.vpc(name, `10.${octet}.0.0/16`, { ipv6: `2001:db8:0:${name}00::/56`, ...options });
    net.subnet(vpc, `10.${octet}.1.0/24`, { ipv6: `2001:db8:0:${name}01::/64` });
    net.subnet(vpc, `10.${octet}.2.0/24`, { zone: 2 });
    net.instance(name, vpc, `10.${octet}.1.10`, { ipv6: `2001:db8:0:${name}01::10` });
    net.instance(`${name}2`, vpc, `10.${octet}.2.10`);
  }
  return net;
}

function peered(region?: string): TestNetwork {
  const net = twoVpcs(region);
  const pcx = net.peer("vpc-a", "vpc-b");
  net.route("rtb-a", "10.1.0.0/16", pcx);
  net.route("rtb-b", "10.0.0.0/16", pcx);
  return net;
}

/** A third VPC `c`, 10.2.0.0/16, with host `c`. */
function addThird(net: TestNetwork, cidr = "10.2"): void {
  net.subnet(net.vpc("c", `${cidr}.0.0/16`), `${cidr}.1.0/24`);
  net.instance("c", "vpc-c", `${cidr}.1.10`);
}

describe("peering", () => {
  test("[PX-50, T7]: routes at both ends; one without the other loses the answer", () => {
    const net = peered();
    expect(ask(net, "a -> b tcp/443")).toBe("reachable");
    net.removeRoute("rtb-b", "10.0.0.0/16");
    expect(ask(net, "a -> b tcp/443")).toBe("NO_ROUTE_TO_DESTINATION at rtb-b on return");
    const [blocker] = answer(net, "a -> b tcp/443").blockers;
    expect(blocker?.instead).toEqual({ kind: "vpc-peering-connection", vpcPeeringConnectionId: "pcx-a-b" });
  });

  test("11.3: every blocker is found in one walk, in the order that packets meet them", () => {
    const net = peered();
    net.removeRoute("rtb-a", "10.1.0.0/16");
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    net.setEntries("acl-b", "in 100 allow all 0.0.0.0/0");
    expect(ask(net, "a -> b tcp/443")).toBe(
      "NO_ROUTE_TO_DESTINATION at rtb-a, SG_HAS_NO_RULES at sg-b-open, SUBNET_ACL_RESTRICTION at acl-b on return",
    );
    const { forward } = answer(net, "a -> b tcp/443");
    expect(forward.filter(({ assumed }) => assumed).map(({ kind }) => kind)).toEqual([
      "vpc-peering-connection",
      "vpc",
      "network-acl",
      "security-groups",
      "network-interface",
      "instance",
    ]);
  });

  test.each(["pending-acceptance", "provisioning", "rejected", "expired", "failed", "deleting", "deleted"] as const)(
    "rule 1, [PX-1]: nothing passes while it is %s",
    (status) => {
      const net = peered();
      net.setPeering("pcx-a-b", status);
      expect(ask(net, "a -> b")).toBe(
        "BAD_STATE/X_PEERING_NOT_ACTIVE at pcx-a-b, BAD_STATE/X_PEERING_NOT_ACTIVE at pcx-a-b on return",
      );
    },
  );

  test("rules 2 and 10, [RT-30, T5, T11]: the route of a peering that is not active is a blackhole, told once", () => {
    const net = peered();
    net.setPeering("pcx-a-b", "pending-acceptance");
    const model = net.model();
    const routeTables = model.routeTables.map((table) => ({
      ...table,
      routes: table.routes.map((route) =>
        route.target.kind === "local" ? route : { ...route, state: "blackhole" as const },
      ),
    }));
    expect(ask({ ...model, routeTables }, "a -> b")).toBe(
      "BAD_STATE_ROUTE/X_PEERING_NOT_ACTIVE at rtb-a, BAD_STATE_ROUTE/X_PEERING_NOT_ACTIVE at rtb-b on return",
    );
  });

  test("rule 11, [RT-28, RT-29]: the right route is there, and a blackhole goes before it", () => {
    const longer = peered();
    longer.route("rtb-a", "10.1.1.0/24", "blackhole");
    expect(ask(longer, "a -> b")).toBe("BAD_STATE_ROUTE/MORE_SPECIFIC_ROUTE at rtb-a");
    const equal = peered();
    equal.removeRoute("rtb-a", "10.1.0.0/16");
    equal.route("rtb-a", equal.prefixList("b", "10.1.0.0/16"), "pcx-a-b");
    expect(ask(equal, "a -> b")).toBe("reachable");
    equal.route("rtb-a", "10.1.0.0/16", "blackhole");
    expect(ask(equal, "a -> b")).toBe("BAD_STATE_ROUTE/HIGHER_PRIORITY_ROUTE at rtb-a");
    const alone = peered();
    alone.route("rtb-a", "10.1.0.0/16", "blackhole");
    expect(ask(alone, "a -> b")).toBe("BAD_STATE_ROUTE at rtb-a");
  });

  test("rule 3, [PX-51, PX-52, T9]: not transitive", () => {
    const net = peered();
    addThird(net);
    net.route("rtb-b", "10.2.0.0/16", net.peer("vpc-b", "vpc-c"));
    net.route("rtb-c", "10.0.0.0/8", "pcx-b-c");
    expect(ask(net, "b -> c")).toBe("reachable");
    net.route("rtb-a", "10.2.0.0/16", "pcx-a-b");
    expect(ask(net, "a -> c")).toBe(
      "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR/X_PEERING_NOT_TRANSITIVE at pcx-a-b, PCX_REQUIRES_ADDRESS_IN_VPC_CIDR/X_PEERING_NOT_TRANSITIVE at pcx-b-c on return",
    );
  });

  test("rule 3, [PX-52, T10]: no use of the peer's gateways", () => {
    const net = peered();
    net.route("rtb-b", "0.0.0.0/0", net.internetGateway("vpc-b"));
    net.route("rtb-a", "0.0.0.0/0", "pcx-a-b");
    expect(ask(net, "a -> 1.1.1.1 tcp/443")).toBe("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR/X_EDGE_TO_EDGE at pcx-a-b");
    expect(ask(net, "a -> b tcp/443")).toBe("reachable");
  });

  test("rule 4, 1.6: where blocks overlap the local route keeps the packet", () => {
    const net = peered();
    addThird(net, "10.0");
    expect(ask(net, "a2 -> c")).toContain("X_OVERLAPPING_CIDRS at rtb-a");
    expect(ask(net, "a -> b")).toBe("reachable");
  });

  test("rule 5, [PX-54]: of two peers with one block the answer goes to the one that the route names", () => {
    const net = peered();
    addThird(net, "10.0");
    const pcx = net.peer("vpc-b", "vpc-c");
    net.route("rtb-c", "10.1.0.0/16", pcx);
    expect(ask(net, "a -> b")).toBe("reachable");
    expect(ask(net, "c -> b")).toBe("X_ANSWER_GOES_ELSEWHERE at i-a on return");
    expect(ask(net, "b -> c")).toBe("X_DELIVERED_ELSEWHERE at i-a");
    net.route("rtb-b", "10.0.1.0/24", pcx);
    expect(ask(net, "c -> b")).toBe("reachable");
    expect(ask(net, "a -> b")).toBe("X_ANSWER_GOES_ELSEWHERE at i-c on return");
  });

  test("rule 6, [SG-30, SG-50, T8]: a peer's group within the Region, while the peering is active", () => {
    const net = peered();
    net.group("client", "vpc-a", "out all 0.0.0.0/0");
    net.changeInterface("eni-a", { securityGroupIds: ["sg-client"] });
    net.setRules("sg-b-open", "in tcp/443 sg-client");
    expect(ask(net, "a -> b tcp/443")).toBe("reachable");
    expect(ask(net, "a2 -> b tcp/443")).toBe("ENI_SG_RULES_MISMATCH at sg-b-open");
    const far = peered("us-east-1");
    far.group("client", "vpc-a", "out all 0.0.0.0/0");
    far.changeInterface("eni-a", { securityGroupIds: ["sg-client"] });
    far.setRules("sg-b-open", "in tcp/443 sg-client");
    expect(ask(far, "a -> b tcp/443")).toBe("SG_REFERENCES_NOT_PRESERVED/X_SG_REFERENCE_OTHER_REGION at sg-b-open");
  });

  test("[SG-50]: a group that was deleted matches nothing; one that was not read is unknown", () => {
    const net = peered();
    net.setRules("sg-b-open", "in tcp/443 sg-gone");
    expect(ask(net, "a -> b tcp/443")).toBe("ENI_SG_RULES_MISMATCH at sg-b-open");
    const model = net.model();
    const securityGroups = model.securityGroups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) =>
        rule.peer.kind === "security-group" ? { ...rule, peer: { ...rule.peer, userId: "999999999999" } } : rule,
      ),
    }));
    expect(ask({ ...model, securityGroups }, "a -> b tcp/443")).toBe("UNKNOWN_PEERED_SGS sg-gone");
  });

  test("11.3: a peer that was not read is unknown", () => {
    const model = peered().model();
    const vpcs = model.vpcs.filter(({ vpcId }) => vpcId !== "vpc-b");
    expect(ask({ ...model, vpcs }, "a -> 10.1.1.10 tcp/443")).toBe("UNKNOWN_DESTINATION vpc-b");
  });

  test("11.3: VPCs that nothing joins", () => {
    expect(ask(twoVpcs(), "a -> b")).toBe(
      "NO_ROUTE_TO_DESTINATION/DISCONNECTED_VPCS at rtb-a, NO_ROUTE_TO_DESTINATION/DISCONNECTED_VPCS at rtb-b on return",
    );
  });

  test("rule 8, [PX-56]: smaller packets between Regions", () => {
    expect(answer(peered(), "a -> b")).toMatchObject({ mtu: 9001, warnings: [] });
    const far = answer(peered("us-east-1"), "a -> b");
    expect(far.mtu).toBe(8500);
    expect(far.warnings).toContainEqual({ code: "X_SMALLER_MTU", way: "forward", component: "pcx-a-b" });
  });

  test("[PX-56]: IPv6 as IPv4, by routes of its own", () => {
    const net = peered();
    expect(ask(net, "a -> b icmp ipv6")).toContain("NO_ROUTE_TO_DESTINATION at rtb-a");
    net.route("rtb-a", "2001:db8:0:b00::/56", "pcx-a-b");
    net.route("rtb-b", "2001:db8:0:a00::/56", "pcx-a-b");
    expect(ask(net, "a -> b icmp ipv6")).toBe("reachable");
  });
});

/** Both VPCs attached to `tgw-hub` in both zones, with routes. */
function hub(
  options: { zonesOfA?: readonly `subnet-${string}`[]; zonesOfB?: readonly `subnet-${string}`[] } = {},
): TestNetwork {
  const net = twoVpcs();
  net.transitGateway("hub");
  net.attach("tgw-hub", "vpc-a", options.zonesOfA === undefined ? {} : { subnetIds: options.zonesOfA });
  net.attach("tgw-hub", "vpc-b", options.zonesOfB === undefined ? {} : { subnetIds: options.zonesOfB });
  net.route("rtb-a", "10.1.0.0/16", "tgw-hub");
  net.route("rtb-b", "10.0.0.0/16", "tgw-hub");
  return net;
}

describe("transit gateway", () => {
  test("6.9: through the associated table and back", () => {
    const net = hub();
    expect(ask(net, "a -> b tcp/443")).toBe("reachable");
    const { mtu, warnings } = answer(net, "a -> b tcp/443");
    expect(mtu).toBe(8500);
    expect(warnings).toContainEqual({
      code: "X_SMALLER_MTU",
      way: "forward",
      component: expect.stringMatching(/^tgw-attach-/),
    });
    expect(answer(net, "a -> b2").warnings.map(({ code }) => code)).toContain("AVAILABILITY_ZONE_CROSSED");
  });

  test("rule 13, [TG-20, T17, T18]: only from zones that the attachment has a subnet in", () => {
    const net = hub({ zonesOfA: ["subnet-a-1"] });
    expect(ask(net, "a2 -> b")).toBe("TGW_ROUTE_AZ_RESTRICTION at tgw-attach-hub-a");
    net.subnet("vpc-a", "10.0.3.0/24");
    net.instance("a3", "vpc-a", "10.0.3.10");
    expect(ask(net, "a3 -> b")).toBe("reachable");
  });

  test("[TG-20, T19]: any zone will do to enter, not to answer", () => {
    const net = hub({ zonesOfB: ["subnet-b-2"] });
    expect(ask(net, "a -> b")).toBe("TGW_ROUTE_AZ_RESTRICTION at tgw-attach-hub-b on return");
    expect(ask(net, "a -> b2")).toBe("reachable");
  });

  test("rule 14, [TG-30, T20]: an attachment without association", () => {
    const net = hub();
    net.associate("tgw-attach-hub-a", "none");
    expect(ask(net, "a -> b")).toBe("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION at tgw-attach-hub-a");
    net.associate("tgw-attach-hub-a", "tgw-rtb-hub");
    expect(ask(net, "a -> b")).toBe("reachable");
  });

  test("rule 14, [TG-31, T21]: an attachment that does not propagate", () => {
    const net = hub();
    net.removeTransitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16");
    expect(ask(net, "a -> b")).toBe("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT/X_TGW_PROPAGATION_MISSING at tgw-rtb-hub");
    expect(answer(net, "a -> b").blockers[0]?.instead).toEqual({
      kind: "transit-gateway-attachment",
      transitGatewayAttachmentId: "tgw-attach-hub-b",
    });
  });

  test("rule 15, [TG-40, TG-42, T22, T23]: longest prefix; a blackhole drops", () => {
    const net = hub();
    addThird(net);
    net.attach("tgw-hub", "vpc-c");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.0/24", "tgw-attach-hub-c");
    // The only way on from there leads back to the gateway, whose route leads there again.
    expect(ask(net, "a -> b")).toBe("NO_ROUTE_TO_DESTINATION at rtb-c, X_FORWARDING_LOOP at vpc-c");
    expect(ask(net, "a -> b2")).toBe("reachable");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.1.0/24", "blackhole");
    expect(ask(net, "a -> b")).toBe("TGW_RTB_BAD_STATE_ROUTE/TGW_RTB_MORE_SPECIFIC_ROUTE at tgw-rtb-hub");
  });

  test.each(["pendingAcceptance", "pending", "deleting", "deleted", "rejected", "failed"] as const)(
    "rule 22, [TG-15]: an attachment that is %s",
    (state) => {
      const net = hub();
      net.changeAttachment("tgw-attach-hub-b", { state });
      expect(ask(net, "a -> b")).toBe(
        "BAD_STATE_ATTACHMENT at tgw-attach-hub-b, BAD_STATE_ATTACHMENT at tgw-attach-hub-b on return",
      );
      net.changeAttachment("tgw-attach-hub-b", { state: "modifying" });
      expect(ask(net, "a -> b")).toBe("reachable");
    },
  );

  test("[TG-1]: a gateway that is being deleted", () => {
    const net = hub();
    net.changeTransitGateway("tgw-hub", { state: "deleting" });
    expect(ask(net, "a -> b")).toBe("BAD_STATE at tgw-hub, BAD_STATE at tgw-hub on return");
  });

  test("rule 17, [NA-20]: another subnet than the attachment's: both lists one way, both the other way", () => {
    const net = hub();
    net.subnet("vpc-b", "10.1.3.0/24", {
      acl: net.acl("hosts", "vpc-b", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0"),
    });
    net.instance("b3", "vpc-b", "10.1.3.10");
    expect(ask(net, "a -> b3")).toBe("reachable");
    net.setEntries("acl-b", "in 100 allow all 0.0.0.0/0");
    expect(ask(net, "a -> b3")).toBe("SUBNET_ACL_RESTRICTION at acl-b");
    net.setEntries("acl-b", "out 100 allow all 0.0.0.0/0");
    expect(ask(net, "a -> b3")).toBe("SUBNET_ACL_RESTRICTION at acl-b on return");
  });

  test("rule 17, [NA-20]: the attachment's own subnet: both lists on the way in, none on the way out", () => {
    const net = hub();
    net.setEntries("acl-b", "in 100 deny all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    expect(ask(net, "a -> b")).toBe("SUBNET_ACL_RESTRICTION at acl-b on return");
    net.setEntries("acl-b", "in 100 allow icmp 10.1.0.0/16", "out 100 allow icmp 10.0.0.0/16");
    expect(ask(net, "a -> b")).toBe("reachable");
  });

  test("rule 18, [TG-14, TG-45]: of two equal blocks one is routed to", () => {
    const net = hub();
    addThird(net, "10.1");
    net.attach("tgw-hub", "vpc-c", { into: "none" });
    net.route("rtb-c", "10.0.0.0/16", "tgw-hub");
    expect(ask(net, "a -> b")).toBe("reachable");
    expect(ask(net, "a -> c")).toBe("X_DELIVERED_ELSEWHERE at i-b");
    expect(ask(net, "c -> a")).toBe("X_ANSWER_GOES_ELSEWHERE at i-b on return");
  });

  test("rule 19, [TG-20]: an appliance behind several zones: appliance mode, or a warning", () => {
    const net = hub();
    addThird(net);
    net.subnet("vpc-c", "10.2.2.0/24", { zone: 2 });
    net.changeInterface("eni-c", { sourceDestCheck: false });
    const entry = net.routeTable("entry", "vpc-c");
    const model = () => {
      const made = net.model();
      const subnets = made.subnets.map((each) =>
        each.subnetId === "subnet-c-2" ? { ...each, routeTableId: entry } : each,
      );
      return { ...made, subnets };
    };
    net.attach("tgw-hub", "vpc-c");
    net.transitGatewayTable("spokes", "tgw-hub");
    for (const each of ["a", "b"] as const) net.associate(`tgw-attach-hub-${each}`, "tgw-rtb-spokes");
    net.transitGatewayRoute("tgw-rtb-spokes", "0.0.0.0/0", "tgw-attach-hub-c");
    net.route(entry, "10.0.0.0/8", "eni-c");
    net.route("rtb-c", "10.0.0.0/8", "tgw-hub");
    expect(ask(model(), "a2 -> b2")).toBe("reachable");
    expect(answer(model(), "a2 -> b2").warnings.map(({ code }) => code)).toContain(
      "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED",
    );
    net.changeAttachment("tgw-attach-hub-c", { applianceModeSupport: true });
    // The hash may pick the other zone, whose table leads straight back: that must work as well, and does.
    expect(ask(model(), "a2 -> b2")).toBe("reachable");
    net.route(entry, "10.0.0.0/8", "blackhole");
    expect(ask(model(), "a2 -> b2")).toContain("BAD_STATE_ROUTE at rtb-entry");
  });

  test("[TG-43, TG-44]: it may send back to where a packet came from, and takes any source", () => {
    const net = hub();
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16", "tgw-attach-hub-a");
    expect(ask(net, "a -> b")).toContain("X_FORWARDING_LOOP");
  });

  test("[SG-40, T28]: a group behind the gateway, for inbound rules, where all three let it through", () => {
    const net = hub();
    net.group("client", "vpc-a", "out all 0.0.0.0/0");
    net.changeInterface("eni-a", { securityGroupIds: ["sg-client"] });
    net.setRules("sg-b-open", "in tcp/443 sg-client");
    expect(ask(net, "a -> b tcp/443")).toBe("SG_REFERENCING_SUPPORT at sg-b-open");
    net.changeTransitGateway("tgw-hub", { securityGroupReferencingSupport: true });
    expect(ask(net, "a -> b tcp/443")).toBe("reachable");
    expect(ask(net, "a2 -> b tcp/443")).toBe("ENI_SG_RULES_MISMATCH at sg-b-open");
    net.changeAttachment("tgw-attach-hub-a", { securityGroupReferencingSupport: false });
    expect(ask(net, "a -> b tcp/443")).toBe("SG_REFERENCING_SUPPORT at sg-b-open");
    net.changeAttachment("tgw-attach-hub-a", { securityGroupReferencingSupport: true });
    net.setRules("sg-b-open", "out tcp/443 sg-client");
    expect(ask(net, "b -> a tcp/443")).toContain("SG_REFERENCES_NOT_PRESERVED at sg-b-open");
  });

  test("[TG-11]: IPv6 where the attachments support it", () => {
    const net = hub();
    net.route("rtb-a", "2001:db8:0:b00::/56", "tgw-hub");
    net.route("rtb-b", "2001:db8:0:a00::/56", "tgw-hub");
    expect(ask(net, "a -> b icmp ipv6")).toContain("TGW_RTB_CANNOT_ROUTE at tgw-attach-hub-a");
    for (const each of ["a", "b"] as const) {
      net.changeAttachment(`tgw-attach-hub-${each}`, { ipv6Support: true });
      net.propagate(`tgw-attach-hub-${each}`, "tgw-rtb-hub");
    }
    expect(ask(net, "a -> b icmp ipv6")).toBe("reachable");
  });

  test("11.4: a VPC that is not attached, a gateway that was not read, a target that is none of ours", () => {
    const net = hub();
    net.transitGateway("other");
    net.route("rtb-a", "10.9.0.0/16", "tgw-other");
    expect(ask(net, "a -> 10.9.0.1")).toBe("UNASSOCIATED_COMPONENT at tgw-other");
    const model = net.model();
    expect(ask({ ...model, transitGateways: [] }, "a -> b")).toBe("TGW_RTB_ROUTES_ARE_UNKNOWN tgw-hub");
    net.transitGatewayRoute("tgw-rtb-hub", "10.1.0.0/16", "tgw-attach-vpn");
    expect(ask(net, "a -> b")).toBe("UNSUPPORTED_COMPONENT tgw-attach-vpn");
  });
});

describe("peered transit gateways", () => {
  function twoHubs(): TestNetwork {
    const net = twoVpcs("us-east-1");
    net.transitGateway("near");
    net.transitGateway("far", { region: "us-east-1" });
    net.attach("tgw-near", "vpc-a");
    net.attach("tgw-far", "vpc-b");
    net.route("rtb-a", "10.1.0.0/16", "tgw-near");
    net.route("rtb-b", "10.0.0.0/16", "tgw-far");
    net.peerTransitGateways("tgw-near", "tgw-far");
    net.transitGatewayRoute("tgw-rtb-near", "10.1.0.0/16", "tgw-attach-near-far");
    net.transitGatewayRoute("tgw-rtb-far", "10.0.0.0/16", "tgw-attach-near-far");
    return net;
  }

  test("rule 16, [TG-65, T27]: static routes at both gateways", () => {
    const net = twoHubs();
    expect(ask(net, "a -> b tcp/443")).toBe("reachable");
    net.removeTransitGatewayRoute("tgw-rtb-far", "10.0.0.0/16");
    expect(ask(net, "a -> b tcp/443")).toBe(
      "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT/X_TGW_PEERING_WITHOUT_STATIC_ROUTE at tgw-rtb-far on return",
    );
  });

  test("rule 16, [TG-61]: not before it is accepted", () => {
    const net = twoHubs();
    net.setTransitGatewayPeering("tgw-attach-near-far", "pendingAcceptance");
    expect(ask(net, "a -> b")).toBe(
      "BAD_STATE_ATTACHMENT at tgw-attach-near-far, BAD_STATE_ATTACHMENT at tgw-attach-near-far on return",
    );
  });

  test("rule 16, [TG-30]: the peering needs an association at the far gateway", () => {
    const net = twoHubs();
    net.associate("tgw-attach-near-far", "none");
    expect(ask(net, "a -> b")).toContain("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION at tgw-attach-near-far");
  });

  test("[TG-66]: no reference passes", () => {
    const net = twoHubs();
    for (const each of ["near", "far"] as const) {
      net.changeTransitGateway(`tgw-${each}`, { securityGroupReferencingSupport: true });
    }
    net.group("client", "vpc-a", "out all 0.0.0.0/0");
    net.changeInterface("eni-a", { securityGroupIds: ["sg-client"] });
    net.setRules("sg-b-open", "in tcp/443 sg-client");
    expect(ask(net, "a -> b tcp/443")).toBe("SG_REFERENCES_NOT_PRESERVED at sg-b-open");
  });

  test("11.5: two static routes that point at each other are a loop", () => {
    const net = twoHubs();
    net.transitGatewayRoute("tgw-rtb-far", "10.1.0.0/16", "tgw-attach-near-far");
    expect(ask(net, "a -> b")).toContain("X_FORWARDING_LOOP at tgw-far");
  });
});
