/** Rules that show within one VPC: interfaces, groups, network ACLs, route tables, appliances. */
import { describe, expect, test } from "vitest";
import { flowOf, type InstanceOptions, type TestNetwork, testNetwork } from "../testing/index.ts";
import { explain } from "./explain.ts";
import { answer, ask } from "./test-ask.ts";

const everything = [
  "in 100 allow all 0.0.0.0/0",
  "out 100 allow all 0.0.0.0/0",
  "in 101 allow all ::/0",
  "out 101 allow all ::/0",
];

/** Two subnets, `a1` and `a2` in the first, `b1` in the second. */
function vpcOfTwoSubnets(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2001:db8:0:a00::/56" });
  const acl = net.acl("first", a, ...everything);
  net.subnet(a, "10.0.1.0/24", { acl, ipv6: "2001:db8:0:a01::/64" });
  net.subnet(a, "10.0.2.0/24", { zone: 2, ipv6: "2001:db8:0:a02::/64" });
  net.instance("a1", a, "10.0.1.10", { ipv6: "2001:db8:0:a01::10" });
  net.instance("a2", a, "10.0.1.11");
  net.instance("b1", a, "10.0.2.10", { ipv6: "2001:db8:0:a02::10" });
  return net;
}

/** An appliance in a subnet of its own, with a table of its own. */
function addBox(net: TestNetwork, options: InstanceOptions = { sourceDestCheck: false }): void {
  net.subnet("vpc-a", "10.0.9.0/24", { routeTable: net.routeTable("box", "vpc-a") });
  net.instance("box", "vpc-a", "10.0.9.10", options);
}

describe("interfaces and instances", () => {
  test("[IN-1]: a stopped instance neither sends nor receives", () => {
    const net = vpcOfTwoSubnets();
    expect(ask(net, "a1 -> b1")).toBe("reachable");
    net.stop("i-b1");
    expect(ask(net, "a1 -> b1")).toBe("BAD_STATE at eni-b1, BAD_STATE at eni-b1 on return");
    expect(ask(net, "b1 -> a1")).toBe("BAD_STATE at eni-b1, BAD_STATE at eni-b1 on return");
  });

  test("11.1 B1: an interface that is attached to nothing", () => {
    const net = vpcOfTwoSubnets();
    const { attachment: _, ...detached } = net.model().networkInterfaces[2] ?? {};
    const model = net.model();
    const networkInterfaces = model.networkInterfaces.map((each) =>
      each.networkInterfaceId === "eni-b1" ? { ...each, ...detached, attachment: undefined } : each,
    );
    // A model read from JSON has no member where nothing is attached; undefined stands for that here.
    const answerText = ask({ ...model, networkInterfaces } as typeof model, "a1 -> eni-b1");
    expect(answerText).toContain("UNASSOCIATED_COMPONENT at eni-b1");
  });

  test("[AD-53]: the check refuses foreign destinations, and foreign sources, unless it is off", () => {
    const net = vpcOfTwoSubnets();
    addBox(net, {});
    net.route("rtb-a", "10.0.2.0/24", "eni-box");
    expect(ask(net, "a1 -> b1")).toBe(
      "ENI_SOURCE_DEST_CHECK_RESTRICTION at eni-box, ENI_SOURCE_DEST_CHECK_RESTRICTION at eni-box",
    );
    net.changeInterface("eni-box", { sourceDestCheck: false });
    expect(ask(net, "a1 -> b1")).toBe("reachable");
    expect(answer(net, "a1 -> b1").warnings).toContainEqual({
      code: "X_MIDDLEBOX_ASSUMED_TO_FORWARD",
      way: "forward",
      component: "i-box",
    });
  });

  test("a packet for the sender itself never leaves it", () => {
    const net = vpcOfTwoSubnets();
    net.setRules("sg-a-open");
    expect(ask(net, "a1 -> 10.0.1.10")).toBe("reachable");
    expect(ask(net, "a1 -> 10.0.1.11")).not.toBe("reachable");
  });

  test("ends that are not there, or not of the family, or not the only ones", () => {
    const net = vpcOfTwoSubnets();
    net.subnet(net.vpc("twin", "10.0.0.0/16"), "10.0.1.0/24");
    net.instance("twin", "vpc-twin", "10.0.1.10");
    expect(ask(net, "a1 -> nobody")).toBe("NO_SOURCE_OR_DESTINATION at i-nobody");
    expect(ask(net, "nobody -> a1")).toBe("NO_SOURCE_OR_DESTINATION at i-nobody");
    expect(ask(net, "a1 -> a2 icmp ipv6")).toBe("NO_SOURCE_OR_DESTINATION at eni-a2");
    expect(ask(net, "10.0.1.10 -> b1")).toBe("NO_SOURCE_OR_DESTINATION at 10.0.1.10");
    expect(ask(net, "10.0.1.10@vpc-a -> b1")).toBe("reachable");
    expect(ask(net, "a1 -> 10.0.2.99@vpc-a")).toBe("NO_POSSIBLE_DESTINATION at rtb-a");
  });
});

describe("security groups", () => {
  test("[SG-1, SG-3, T36]: any rule of any group lets pass, at both ends", () => {
    const net = vpcOfTwoSubnets();
    net.group("web", "vpc-a", "in tcp/443 10.0.1.0/24", "out tcp/8000-8080 10.0.0.0/16");
    net.group("more", "vpc-a", "in udp/53 0.0.0.0/0");
    net.changeInterface("eni-b1", { securityGroupIds: ["sg-web", "sg-more"] });
    expect(ask(net, "a1 -> b1 tcp/443")).toBe("reachable");
    expect(ask(net, "a1 -> b1 udp/53")).toBe("reachable");
    expect(ask(net, "a1 -> b1 tcp/444")).toBe("ENI_SG_RULES_MISMATCH at sg-web");
    expect(ask(net, "b1 -> a1 tcp/8080")).toBe("reachable");
    expect(ask(net, "b1 -> a1 tcp/8081")).toBe("ENI_SG_RULES_MISMATCH at sg-web");
    net.setRules("sg-a-open", "in all 0.0.0.0/0");
    expect(ask(net, "a1 -> a2 tcp/443")).toBe("SG_HAS_NO_RULES at sg-a-open");
  });

  test("[SG-2]: an answer is not judged where its request passed", () => {
    const net = vpcOfTwoSubnets();
    net.setRules("sg-a-open", "out tcp/443 10.0.2.0/24");
    net.changeInterface("eni-b1", { securityGroupIds: [net.group("db", "vpc-a", "in tcp/443 10.0.1.10/32")] });
    const { verdict, return: back } = answer(net, "a1 -> b1 tcp/443");
    expect(verdict).toBe("reachable");
    const judged = back.filter(({ kind }) => kind === "security-groups").map(({ decision }) => decision?.by);
    expect(judged).toEqual(["tracked-flow", "tracked-flow"]);
    expect(ask(net, "b1 -> a1 tcp/443")).toBe("SG_HAS_NO_RULES at sg-db, SG_HAS_NO_RULES at sg-a-open");
  });

  test("[SG-65]: an answer at another interface is judged by the rules there", () => {
    const net = vpcOfTwoSubnets();
    net.subnet("vpc-a", "10.0.9.0/24");
    const box = net.group("box", "vpc-a", "in all 10.0.1.0/24", "out all 0.0.0.0/0");
    net.instance("box", "vpc-a", "10.0.9.10", { sourceDestCheck: false, groups: [box] });
    const back = net.routeTable("back", "vpc-a");
    net.changeInterface("eni-b1", {});
    net.route(back, "10.0.1.0/24", "eni-box");
    const model = net.model();
    const subnets = model.subnets.map((each) =>
      each.subnetId === "subnet-a-2" ? { ...each, routeTableId: back } : each,
    );
    expect(ask({ ...model, subnets }, "a1 -> b1 tcp/443")).toBe("ENI_SG_RULES_MISMATCH at sg-box on return");
    net.setRules(box, "in tcp/1024-65535 10.0.2.0/24", "out all 0.0.0.0/0");
    expect(ask({ ...net.model(), subnets }, "a1 -> b1 tcp/443")).toBe("reachable");
  });

  test("3.3: ICMP rules name type and code", () => {
    const net = vpcOfTwoSubnets();
    net.setRules("sg-a-open", "in icmp/8/-1 0.0.0.0/0", "out icmp 0.0.0.0/0", "in icmp6/128/0 ::/0", "out icmp6 ::/0");
    expect(ask(net, "a1 -> b1 icmp")).toBe("reachable");
    expect(ask(net, "a1 -> b1 icmp/13/0")).toBe("ENI_SG_RULES_MISMATCH at sg-a-open");
    expect(ask(net, "a1 -> b1 icmp ipv6")).toBe("reachable");
    expect(ask(net, "a1 -> b1 icmp/135/0 ipv6")).toBe("ENI_SG_RULES_MISMATCH at sg-a-open");
    expect(answer(net, "a1 -> b1 icmp/3/4").return).toEqual([]);
  });

  test("[SG-30, SG-31, SG-32]: a reference is a member's private address, coming from the member", () => {
    const net = vpcOfTwoSubnets();
    const client = net.group("client", "vpc-a", "out all 0.0.0.0/0");
    net.changeInterface("eni-a1", { securityGroupIds: [client] });
    net.changeInterface("eni-b1", {
      securityGroupIds: [net.group("server", "vpc-a", "in tcp/443 sg-client", "out tcp/80 sg-client")],
    });
    expect(ask(net, "a1 -> b1 tcp/443")).toBe("reachable");
    expect(ask(net, "a2 -> b1 tcp/443")).toBe("ENI_SG_RULES_MISMATCH at sg-server");
    net.setRules(client, "out all 0.0.0.0/0", "in all 0.0.0.0/0");
    expect(ask(net, "b1 -> a1 tcp/80")).toBe("reachable");
    expect(ask(net, "b1 -> a2 tcp/80")).toBe("ENI_SG_RULES_MISMATCH at sg-server");
    addBox(net);
    net.route("rtb-a", "10.0.2.0/24", "eni-box");
    expect(ask(net, "a1 -> b1 tcp/443")).toBe("SG_REFERENCES_NOT_PRESERVED at sg-server");
  });

  test("[SG-26]: a prefix list stands for its entries; one that was not read is unknown", () => {
    const net = vpcOfTwoSubnets();
    const list = net.prefixList("offices", "192.0.2.0/24", "10.0.1.10/32");
    net.changeInterface("eni-b1", { securityGroupIds: [net.group("server", "vpc-a", `in all ${list}`)] });
    expect(ask(net, "a1 -> b1")).toBe("reachable");
    expect(ask(net, "a2 -> b1")).toBe("ENI_SG_RULES_MISMATCH at sg-server");
    expect(ask({ ...net.model(), prefixLists: [] }, "a1 -> b1")).toBe("UNKNOWN_RESOURCE pl-offices");
    net.setRules("sg-server", `in tcp/22 ${list}`);
    const unread = { ...net.model(), prefixLists: [] };
    expect(ask(unread, "a1 -> b1 tcp/22")).toBe("UNKNOWN_RESOURCE pl-offices");
    expect(ask(unread, "a1 -> b1 tcp/443")).toBe("ENI_SG_RULES_MISMATCH at sg-server");
  });

  test("[SG-6]: a service's interface has no groups and lets everything pass", () => {
    const net = vpcOfTwoSubnets();
    net.changeInterface("eni-b1", { securityGroupIds: [] });
    expect(ask(net, "a1 -> b1 tcp/443")).toBe("reachable");
  });
});

describe("network ACLs", () => {
  test("[NA-2, T2, T3]: only at the subnet's border", () => {
    const net = vpcOfTwoSubnets();
    net.setEntries("acl-first");
    expect(ask(net, "a1 -> a2")).toBe("reachable");
    expect(ask(net, "a1 -> b1")).toBe(
      "SUBNET_ACL_RESTRICTION at acl-first, SUBNET_ACL_RESTRICTION at acl-first on return",
    );
  });

  test("[NA-1, NA-5, T4]: answers need the ephemeral ports", () => {
    const net = vpcOfTwoSubnets();
    net.setEntries("acl-first", "in 100 allow tcp/22 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    expect(ask(net, "b1 -> a1 tcp/22")).toBe("reachable");
    expect(ask(net, "a1 -> b1 tcp/80")).toBe("SUBNET_ACL_RESTRICTION at acl-first on return");
    net.setEntries("acl-first", "in 100 allow tcp/1024-65535 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    expect(ask(net, "a1 -> b1 tcp/80")).toBe("reachable");
  });

  test("[NA-9]: common clients decide when a part of the ephemeral ports is allowed", () => {
    const net = vpcOfTwoSubnets();
    net.setEntries("acl-first", "in 100 allow tcp/32768-65535 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    const { verdict, warnings } = answer(net, "a1 -> b1 tcp/80");
    expect(verdict).toBe("reachable");
    expect(warnings.map(({ code }) => code)).toContain("X_EPHEMERAL_PORTS_PARTLY_ALLOWED");
    net.setEntries(
      "acl-first",
      "in 90 deny tcp/40000-40100 0.0.0.0/0",
      "in 100 allow tcp/1024-65535 0.0.0.0/0",
      "out 100 allow all 0.0.0.0/0",
    );
    expect(ask(net, "a1 -> b1 tcp/80")).toBe("SUBNET_ACL_RESTRICTION at acl-first on return");
    const by = (from: number) => {
      const traffic = { protocol: "tcp", port: 80, sourcePorts: { from, to: from } } as const;
      return explain(net.model(), { ...flowOf("a1 -> b1"), traffic });
    };
    expect(by(40_050).verdict).toBe("unreachable");
    expect(by(40_101).verdict).toBe("reachable");
    expect(by(40_101).warnings.map(({ code }) => code)).not.toContain("X_EPHEMERAL_PORTS_PARTLY_ALLOWED");
  });

  test("[NA-3]: the lowest matching number decides; the last one denies", () => {
    const net = vpcOfTwoSubnets();
    net.setEntries(
      "acl-first",
      "out 100 allow all 0.0.0.0/0",
      "in 110 deny icmp 10.0.2.0/24",
      "in 100 allow icmp 10.0.0.0/8",
    );
    expect(ask(net, "a1 -> b1")).toBe("reachable");
    net.setEntries(
      "acl-first",
      "out 100 allow all 0.0.0.0/0",
      "in 90 deny icmp 10.0.2.0/24",
      "in 100 allow icmp 10.0.0.0/8",
    );
    const { return: back } = answer(net, "a1 -> b1");
    expect(back.find(({ blocked }) => blocked)?.decision).toMatchObject({ ruleNumber: 90 });
    net.setEntries("acl-first", "out 100 allow all 0.0.0.0/0");
    expect(answer(net, "a1 -> b1").return.find(({ blocked }) => blocked)?.decision).toMatchObject({
      ruleNumber: 32767,
    });
    expect(answer(net, "a1 -> b1 icmp ipv6").forward.find(({ blocked }) => blocked)?.decision).toMatchObject({
      ruleNumber: 32768,
    });
  });

  test("[NA-7]: other protocols have no ports", () => {
    const net = vpcOfTwoSubnets();
    net.setEntries("acl-first", "in 100 allow 50 0.0.0.0/0", "out 100 allow 50 0.0.0.0/0");
    expect(ask(net, "a1 -> b1 50")).toBe("reachable");
    expect(ask(net, "a1 -> b1 51")).toContain("SUBNET_ACL_RESTRICTION at acl-first");
  });
});

describe("route tables", () => {
  test("[RT-24, T41]: local beats what is propagated, even if more specific", () => {
    const net = vpcOfTwoSubnets();
    net.route("rtb-a", "10.0.2.0/25", "vgw-1", "EnableVgwRoutePropagation");
    expect(ask(net, "a1 -> b1")).toBe("reachable");
    net.route("rtb-a", "192.168.0.0/16", "vgw-1", "EnableVgwRoutePropagation");
    expect(ask(net, "a1 -> 192.168.0.9")).toBe("UNSUPPORTED_COMPONENT vgw-1");
  });

  test("[RT-26, RT-29, T42]: static before prefix list before propagated, longest prefix before all", () => {
    const net = vpcOfTwoSubnets();
    net.route("rtb-a", "192.168.0.0/16", "vgw-1", "EnableVgwRoutePropagation");
    net.route("rtb-a", net.prefixList("far", "192.168.0.0/16"), "tgw-listed");
    expect(answer(net, "a1 -> 192.168.0.9").forward.find(({ kind }) => kind === "route-table")?.decision).toMatchObject(
      {
        prefixListId: "pl-far",
      },
    );
    net.route("rtb-a", "192.168.0.0/16", "blackhole");
    expect(ask(net, "a1 -> 192.168.0.9")).toBe("BAD_STATE_ROUTE at rtb-a");
    net.route("rtb-a", "192.168.1.0/24", "vgw-1", "EnableVgwRoutePropagation");
    expect(ask(net, "a1 -> 192.168.1.9")).toBe("UNSUPPORTED_COMPONENT vgw-1");
  });

  test("[RT-30, RT-28]: a blackhole hides what is less specific; a default route for IPv4 is none for IPv6", () => {
    const net = vpcOfTwoSubnets();
    net.route("rtb-a", "0.0.0.0/0", "vgw-1");
    net.route("rtb-a", "192.168.0.0/16", "blackhole");
    expect(ask(net, "a1 -> 192.168.0.9")).toBe("BAD_STATE_ROUTE at rtb-a");
    expect(ask(net, "a1 -> 2001:db8:ffff::1")).toBe("NO_ROUTE_TO_DESTINATION at rtb-a");
  });

  test("[RT-6]: within a subnet no table is asked", () => {
    const net = vpcOfTwoSubnets();
    net.subnet("vpc-a", "10.0.9.0/24");
    net.instance("box", "vpc-a", "10.0.9.10");
    net.route("rtb-a", "10.0.1.0/24", "eni-box");
    expect(ask(net, "a1 -> a2")).toBe("reachable");
    expect(ask(net, "b1 -> a2")).toContain("ENI_SOURCE_DEST_CHECK_RESTRICTION at eni-box");
  });

  test("[RT-23, RT-43]: more specific than local, to an appliance and back", () => {
    const net = vpcOfTwoSubnets();
    addBox(net);
    net.route("rtb-a", "10.0.2.0/24", "eni-box");
    net.route("rtb-a", "10.0.1.0/24", "eni-box");
    const { verdict, forward, return: back } = answer(net, "a1 -> b1 tcp/443");
    expect(verdict).toBe("reachable");
    for (const way of [forward, back]) expect(way.map(({ component }) => component)).toContain("i-box");
  });

  test("[RT-25]: link-local and multicast addresses lead nowhere", () => {
    const net = vpcOfTwoSubnets();
    net.route("rtb-a", "0.0.0.0/0", "vgw-1");
    expect(ask(net, "a1 -> 169.254.1.1")).toBe("X_NEVER_FORWARDED at vpc-a");
    expect(ask(net, "a1 -> 224.0.0.5")).toBe("X_NEVER_FORWARDED at vpc-a");
  });

  test("X_FORWARDING_LOOP: two tables that send a packet to and fro", () => {
    const net = vpcOfTwoSubnets();
    for (const [name, octet] of [
      ["box", 8],
      ["cat", 9],
    ] as const) {
      net.subnet("vpc-a", `10.0.${octet}.0/24`, { routeTable: net.routeTable(name, "vpc-a") });
      net.instance(name, "vpc-a", `10.0.${octet}.10`, { sourceDestCheck: false });
    }
    net.route("rtb-a", "10.0.2.0/24", "eni-box");
    net.route("rtb-box", "10.0.2.0/24", "eni-cat");
    expect(ask(net, "a1 -> b1")).toBe("reachable");
    net.route("rtb-cat", "10.0.2.0/24", "eni-box");
    expect(ask(net, "a1 -> b1")).toBe("X_FORWARDING_LOOP at vpc-a");
  });

  test("CANNOT_ROUTE: an appliance without an address of the family", () => {
    const net = vpcOfTwoSubnets();
    addBox(net);
    net.route("rtb-a", "2001:db8:0:a02::/64", "eni-box");
    expect(ask(net, "a1 -> b1 icmp ipv6")).toContain("CANNOT_ROUTE at rtb-a");
  });
});

describe("unknown components", () => {
  test.each([
    ["securityGroups", "UNKNOWN_RESOURCE sg-a-open"],
    ["networkAcls", "UNKNOWN_RESOURCE acl-first"],
    ["instances", "UNKNOWN_RESOURCE i-b1"],
  ] as const)("without %s the verdict is unknown", (what, expected) => {
    const model = vpcOfTwoSubnets().model();
    const explanation = answer({ ...model, [what]: [] }, "eni-a1 -> eni-b1 tcp/443");
    expect(explanation.verdict).toBe("unknown");
    expect(explanation.unknowns.map(({ code, id }) => `${code} ${id}`)).toContain(expected);
  });

  test("the source's own reason is told, and a blocker on the way outweighs", () => {
    const net = vpcOfTwoSubnets();
    net.route("rtb-a", "192.168.0.0/16", "vgw-1");
    const model = { ...net.model(), unknowns: [{ id: "vgw-1", reason: "access denied" }] };
    expect(answer(model, "a1 -> 192.168.0.9").unknowns).toEqual([
      { id: "vgw-1", code: "UNSUPPORTED_COMPONENT", reason: "access denied" },
    ]);
    net.setRules("sg-a-open", "in all 0.0.0.0/0");
    expect(answer(net, "a1 -> 192.168.0.9").verdict).toBe("unreachable");
  });

  test("without the sender's subnet its groups still count, and its answers are known to them", () => {
    const net = vpcOfTwoSubnets();
    net.setRules("sg-a-open", "out all 0.0.0.0/0", "in tcp/443 10.0.2.10/32");
    const withoutFirst = () => {
      const model = net.model();
      return { ...model, subnets: model.subnets.filter(({ subnetId }) => subnetId !== "subnet-a-1") };
    };
    expect(ask(withoutFirst(), "eni-a1 -> 1.1.1.1 tcp/443")).toContain("UNKNOWN_RESOURCE subnet-a-1");
    expect(answer(withoutFirst(), "eni-a1 -> eni-b1 tcp/443").verdict).toBe("unreachable");
    net.setRules("sg-a-open", "in all 0.0.0.0/0");
    expect(ask(withoutFirst(), "eni-a1 -> 1.1.1.1 tcp/443")).toContain("SG_HAS_NO_RULES at sg-a-open");
  });

  test("a NAT gateway's interface without the gateway", () => {
    const net = vpcOfTwoSubnets();
    net.changeInterface("eni-b1", { interfaceType: "natGateway", attachment: { deviceIndex: 1 } });
    expect(ask(net, "a1 -> eni-b1 tcp/443")).toBe("UNKNOWN_RESOURCE eni-b1");
  });

  test("[IG-1]: whether a VPC has an internet gateway, when nobody has told", () => {
    const net = vpcOfTwoSubnets();
    net.instance("web", "vpc-a", "10.0.1.99", { publicIp: "198.18.0.9" });
    expect(ask(net, "internet -> 198.18.0.9")).toContain("X_NO_INTERNET_GATEWAY at internet");
    const unknowns = [{ id: "vpc-a.internetGateway", reason: "not read" }];
    expect(ask({ ...net.model(), unknowns }, "internet -> 198.18.0.9")).toContain(
      "UNKNOWN_RESOURCE vpc-a.internetGateway",
    );
  });

  test("as an end: the answer names it, whatever lies between", () => {
    const net = vpcOfTwoSubnets();
    const model = { ...net.model(), unknowns: [{ id: "vgw-1", reason: "not modelled" }] };
    const unsupported = [{ id: "vgw-1", code: "UNSUPPORTED_COMPONENT", reason: "not modelled" }];
    for (const question of ["vgw-1 -> a1 tcp/443", "a1 -> vgw-1 tcp/443"]) {
      expect(answer(model, question)).toMatchObject({ verdict: "unknown", unknowns: unsupported });
    }
    expect(answer(net, "vgw-1 -> a1").unknowns).toMatchObject([{ id: "vgw-1", code: "UNSUPPORTED_COMPONENT" }]);
  });

  test("a private source that nobody has may be behind a VPN; a public one is on the internet", () => {
    const model = vpcOfTwoSubnets().model();
    const withVpn = { ...model, unknowns: [{ id: "vpn-1", reason: "not modelled" }] };
    expect(answer(withVpn, "192.168.7.7 -> a1 tcp/443")).toMatchObject({
      verdict: "unknown",
      unknowns: [{ id: "vpn-1", code: "UNSUPPORTED_COMPONENT" }],
    });
    expect(answer(withVpn, "1.1.1.1 -> a1 tcp/443").verdict).toBe("unreachable");
    expect(answer(model, "192.168.7.7 -> a1 tcp/443").verdict).toBe("unreachable");
    const oneFact = { ...model, unknowns: [{ id: "tgw-attach-1.applianceModeSupport", reason: "not told" }] };
    expect(answer(oneFact, "192.168.7.7 -> a1 tcp/443").verdict).toBe("unreachable");
  });

  test("a service's interface is followed as far as itself, unless nobody knows what it does with what comes", () => {
    const net = vpcOfTwoSubnets();
    net.changeInterface("eni-b1", { interfaceType: "network_load_balancer", attachment: { deviceIndex: 1 } });
    expect(ask(net, "a1 -> eni-b1 tcp/443")).toBe("reachable");
    const model = { ...net.model(), unknowns: [{ id: "eni-b1", reason: "a load balancer's" }] };
    expect(ask(model, "a1 -> eni-b1 tcp/443")).toBe("UNSUPPORTED_COMPONENT eni-b1");
    net.setRules("sg-a-open", "out all 0.0.0.0/0");
    const closed = { ...net.model(), unknowns: model.unknowns };
    expect(answer(closed, "a1 -> eni-b1 tcp/443").verdict).toBe("unreachable");
  });
});
