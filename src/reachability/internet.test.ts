/** Rules of gateways to the internet: who gets out, who is found from outside, and who is answered. */
import { describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { answer, ask } from "./test-ask.ts";

/** A public subnet with `web` (198.18.0.1), a private one with `app`, and an internet gateway. */
function publicAndPrivate(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2001:db8:0:a00::/56" });
  const open = net.routeTable("public", a);
  net.subnet(a, "10.0.1.0/24", { routeTable: open, ipv6: "2001:db8:0:a01::/64" });
  net.subnet(a, "10.0.2.0/24");
  net.instance("web", a, "10.0.1.10", { publicIp: "198.18.0.1", ipv6: "2001:db8:0:a01::10" });
  net.instance("plain", a, "10.0.1.11");
  net.instance("app", a, "10.0.2.10");
  net.route(open, "0.0.0.0/0", net.internetGateway(a));
  return net;
}

function withNat(publicIp: string | undefined = "198.18.0.5"): TestNetwork {
  const net = publicAndPrivate();
  net.route("rtb-a", "0.0.0.0/0", net.natGateway("a", "subnet-a-1", "10.0.1.5", publicIp));
  return net;
}

describe("internet gateway", () => {
  test("[IG-2, SG-4]: 1:1 both ways; the inside sees the private address, the outside the public one", () => {
    const net = publicAndPrivate();
    expect(ask(net, "web -> 1.1.1.1 tcp/443")).toBe("reachable");
    expect(ask(net, "internet -> 198.18.0.1 tcp/443")).toBe("reachable");
    expect(ask(net, "internet -> web tcp/443")).toBe("reachable");
    const { forward } = answer(net, "internet -> web tcp/443");
    expect(forward.map(({ packet }) => packet.destination)).toEqual(
      expect.arrayContaining(["198.18.0.1", "10.0.1.10"]),
    );
    net.setRules("sg-a-open", "in tcp/443 203.0.113.0/24");
    expect(ask(net, "internet -> web tcp/443")).toBe("reachable");
    expect(answer(net, "web -> 1.1.1.1").mtu).toBe(1500);
  });

  test("[IG-5, T29, T30]: a public address and a route, not one of them", () => {
    const net = publicAndPrivate();
    expect(ask(net, "plain -> 1.1.1.1")).toBe("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at igw-a");
    expect(ask(net, "internet -> plain")).toBe(
      "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at igw-a, IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at igw-a on return",
    );
    net.removeRoute("rtb-public", "0.0.0.0/0");
    expect(ask(net, "internet -> web")).toBe("NO_ROUTE_TO_DESTINATION at rtb-public on return");
  });

  test("[IG-3]: private addresses do not cross", () => {
    const net = publicAndPrivate();
    expect(ask(net, "web -> 192.168.0.1")).toBe("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at igw-a");
    expect(ask(net, "web -> 100.64.0.1")).toBe("IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS at igw-a");
    expect(ask(net, "192.168.0.1 -> web")).toContain("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS at igw-a");
    expect(ask(net, "100.64.0.1 -> web")).toContain("IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS at igw-a");
  });

  test("[IG-3]: the internet leads to no private address, whoever has it", () => {
    const net = publicAndPrivate();
    for (const address of ["10.0.1.10", "10.0.1.77", "100.64.0.1"]) {
      expect(ask(net, `internet -> ${address} tcp/443`)).toContain(
        "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at internet",
      );
    }
  });

  test("[IG-6, SG-31]: over public addresses within a VPC a group is not known", () => {
    const net = publicAndPrivate();
    net.changeInterface("eni-plain", {
      privateAddresses: [{ address: "10.0.1.11", primary: true, publicIp: "198.18.0.2" }],
      securityGroupIds: [net.group("server", "vpc-a", "in all sg-a-open", "out all 0.0.0.0/0")],
    });
    expect(ask(net, "web -> plain")).toBe("reachable");
    expect(ask(net, "web -> 198.18.0.2")).toBe("ENI_SG_RULES_MISMATCH at sg-server");
    net.setRules("sg-server", "in all 198.18.0.1/32");
    expect(ask(net, "web -> 198.18.0.2")).toBe("reachable");
  });

  test("[IG-1]: a gateway that is not attached to the VPC; a VPC without one", () => {
    const net = publicAndPrivate();
    const model = net.model();
    const detached = {
      ...model,
      internetGateways: [{ ...model.internetGateways[0], vpcId: "vpc-other" }],
    } as typeof model;
    expect(ask(detached, "web -> 1.1.1.1")).toContain("UNASSOCIATED_COMPONENT at igw-a");
    expect(ask(detached, "internet -> 198.18.0.1")).toContain("X_NO_INTERNET_GATEWAY at internet");
    expect(ask({ ...model, internetGateways: [] }, "web -> 1.1.1.1")).toBe("UNKNOWN_RESOURCE igw-a");
  });

  test("[RT-40, RT-43]: an edge table leads what enters to an appliance", () => {
    const net = publicAndPrivate();
    net.subnet("vpc-a", "10.0.9.0/24");
    const box = net.group("box", "vpc-a", "out all 0.0.0.0/0");
    net.instance("box", "vpc-a", "10.0.9.10", { sourceDestCheck: false, groups: [box] });
    net.route(net.routeTable("edge", "vpc-a", { gatewayIds: ["igw-a"] }), "10.0.1.0/24", "eni-box");
    expect(ask(net, "internet -> web")).toBe("SG_HAS_NO_RULES at sg-box");
    net.setRules(box, "in icmp 203.0.113.0/24", "out all 0.0.0.0/0");
    expect(ask(net, "internet -> web")).toBe("reachable");
  });

  test("[IG-4, AD-54]: IPv6 as it is, from the VPC's own addresses only", () => {
    const net = publicAndPrivate();
    net.route("rtb-public", "::/0", "igw-a");
    expect(ask(net, "web -> 2001:db8:ffff::1")).toBe("reachable");
    expect(ask(net, "internet -> 2001:db8:0:a01::10 tcp/443")).toBe("reachable");
    const b = net.vpc("b", "10.1.0.0/16", { ipv6: "2001:db8:0:b00::/56" });
    net.subnet(b, "10.1.1.0/24", { ipv6: "2001:db8:0:b01::/64" });
    net.instance("far", b, "10.1.1.10", { ipv6: "2001:db8:0:b01::10" });
    net.transitGateway("hub");
    for (const vpc of ["vpc-a", b] as const) net.attach("tgw-hub", vpc, { ipv6Support: true });
    net.transitGatewayRoute("tgw-rtb-hub", "::/0", "tgw-attach-hub-a");
    net.route("rtb-b", "::/0", "tgw-hub");
    expect(ask(net, "far -> 2001:db8:ffff::1")).toContain("GATEWAY_REJECTS_SPOOFED_TRAFFIC at igw-a");
  });

  test("[RT-30]: without a route the walk goes on by the gateway that is there", () => {
    const net = publicAndPrivate();
    net.removeRoute("rtb-public", "0.0.0.0/0");
    expect(answer(net, "web -> 1.1.1.1").blockers).toMatchObject([
      { code: "NO_ROUTE_TO_DESTINATION", component: "rtb-public", instead: { kind: "internet-gateway" } },
    ]);
  });
});

describe("egress-only internet gateway", () => {
  test("9.5: out, and answers in, and nothing that begins outside", () => {
    const net = publicAndPrivate();
    const model = net.model();
    const without = { ...model, internetGateways: [] };
    net.route("rtb-public", "::/0", net.egressOnlyInternetGateway("vpc-a"));
    expect(ask(net, "web -> 2001:db8:ffff::1 tcp/443")).toBe("reachable");
    expect(ask({ ...net.model(), internetGateways: without.internetGateways }, "internet -> 2001:db8:0:a01::10")).toBe(
      "X_EGRESS_ONLY at eigw-a, X_EGRESS_ONLY at eigw-a on return",
    );
    expect(ask(net, "internet -> 2001:db8:0:a01::10")).toBe("X_EGRESS_ONLY at eigw-a on return");
  });
});

describe("NAT gateway", () => {
  test("[NG-3, NG-7, T32]: a private instance reaches out, and nobody in", () => {
    const net = withNat();
    expect(ask(net, "app -> 1.1.1.1 tcp/443")).toBe("reachable");
    const { forward } = answer(net, "app -> 1.1.1.1 tcp/443");
    expect(forward.map(({ packet }) => packet.source)).toEqual(
      expect.arrayContaining(["10.0.2.10", "10.0.1.5", "198.18.0.5"]),
    );
    expect(ask(net, "internet -> 198.18.0.5 tcp/443")).toBe("X_NAT_GATEWAY_OUTBOUND_ONLY at nat-a");
    expect(ask(net, "internet -> app tcp/443")).toContain("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at igw-a");
  });

  test("[NG-4, T31]: its subnet's ACL sees the far port, and every ephemeral port of the answers", () => {
    const net = withNat();
    const acl = net.acl("nat", "vpc-a", "in 100 allow tcp/1024-65535 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    const judged = () => {
      const model = net.model();
      const subnets = model.subnets.map((each) =>
        each.subnetId === "subnet-a-1" ? { ...each, networkAclId: acl } : each,
      );
      return ask({ ...model, subnets }, "app -> 1.1.1.1 tcp/443");
    };
    expect(judged()).toBe("SUBNET_ACL_RESTRICTION at acl-nat");
    net.setEntries(
      acl,
      "in 90 allow tcp/443 10.0.2.0/24",
      "in 100 allow tcp/1024-65535 0.0.0.0/0",
      "out 100 allow all 0.0.0.0/0",
    );
    expect(judged()).toBe("reachable");
    net.setEntries(
      acl,
      "in 90 allow tcp/443 10.0.2.0/24",
      "in 100 allow tcp/32768-65535 0.0.0.0/0",
      "out 100 allow all 0.0.0.0/0",
    );
    expect(judged()).toBe("SUBNET_ACL_RESTRICTION at acl-nat on return");
  });

  test("[NG-6]: a private one does not leave by the internet gateway", () => {
    const net = publicAndPrivate();
    net.natGateway("p", "subnet-a-1", "10.0.1.6");
    net.route("rtb-a", "0.0.0.0/0", "nat-p");
    expect(ask(net, "app -> 1.1.1.1")).toBe("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at igw-a");
  });

  test("[NG-2]: one that is not available", () => {
    const model = withNat().model();
    const natGateways = model.natGateways.map((each) => ({ ...each, state: "deleting" as const }));
    expect(ask({ ...model, natGateways }, "app -> 1.1.1.1")).toContain("BAD_STATE at eni-nata");
    expect(ask({ ...model, natGateways: [] }, "app -> 1.1.1.1")).toBe("UNKNOWN_RESOURCE nat-a");
  });

  test("[NG-3]: TCP, UDP and ICMP only; an answer to what came another way is dropped", () => {
    const net = withNat();
    expect(ask(net, "app -> 1.1.1.1 50")).toContain("PROTOCOL_RESTRICTION at nat-a");
    net.changeInterface("eni-app", {
      privateAddresses: [{ address: "10.0.2.10", primary: true, publicIp: "198.18.0.2" }],
    });
    expect(ask(net, "internet -> 198.18.0.2")).toBe("NGW_SOURCE_ADDRESS_REASSIGN at nat-a on return");
  });

  test("[NG-7]: a gateway's own interface is never the end of an answer", () => {
    expect(ask(withNat(), "eni-nata -> app")).toContain("X_NAT_GATEWAY_OUTBOUND_ONLY at nat-a on return");
    expect(ask(withNat(), "eni-nata -> app")).not.toBe("reachable");
  });

  test("[NG-5]: it serves its own VPC, and what a transit gateway brings into it (6.9, T33)", () => {
    const net = withNat();
    const b = net.vpc("b", "10.1.0.0/16");
    net.subnet(b, "10.1.1.0/24");
    net.instance("spoke", b, "10.1.1.10");
    net.transitGateway("hub");
    net.attach("tgw-hub", "vpc-a", { subnetIds: ["subnet-a-2"] });
    net.attach("tgw-hub", b);
    net.transitGatewayRoute("tgw-rtb-hub", "0.0.0.0/0", "tgw-attach-hub-a");
    net.route("rtb-b", "0.0.0.0/0", "tgw-hub");
    expect(ask(net, "spoke -> 1.1.1.1")).toBe("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at igw-a on return");
    net.route("rtb-public", "10.1.0.0/16", "tgw-hub");
    expect(ask(net, "spoke -> 1.1.1.1")).toBe("reachable");
    net.changeAttachment("tgw-attach-hub-a", { subnetIds: ["subnet-a-1"] });
    expect(ask(net, "spoke -> 1.1.1.1")).toContain("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at igw-a");
  });

  test("[SG-2]: inside the VPC the receiver sees its address", () => {
    const net = withNat();
    net.subnet("vpc-a", "10.0.3.0/24");
    net.instance("db", "vpc-a", "10.0.3.10", { groups: [net.group("db", "vpc-a", "in tcp/5432 10.0.1.5/32")] });
    net.route("rtb-a", "10.0.3.0/24", "nat-a");
    expect(ask(net, "app -> db tcp/5432")).toBe("reachable");
    expect(ask(net, "web -> db tcp/5432")).toBe("ENI_SG_RULES_MISMATCH at sg-db");
  });
});
