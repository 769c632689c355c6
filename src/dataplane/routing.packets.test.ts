/** Rule 11 of the rule list, and what else decides where a VPC's router sends a packet. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** Hub A with peers B and C, whose blocks are the same: which of them answers shows which route was taken. */
function hub(): { net: TestNetwork; toB: string; toC: string } {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  net.subnet(a, "10.0.1.0/24");
  net.instance("a", a, "10.0.1.10");
  const peers = (["b", "c"] as const).map((name) => {
    const vpc = net.vpc(name, "10.1.0.0/16");
    net.subnet(vpc, "10.1.1.0/24");
    net.instance(name, vpc, "10.1.1.10");
    const pcx = net.peer(a, vpc);
    net.route(`rtb-${name}`, "10.0.0.0/16", pcx);
    return pcx;
  });
  return { net, toB: peers[0] ?? "", toC: peers[1] ?? "" };
}

/** Which of the twins answers A. */
async function answerer(net: TestNetwork): Promise<"b" | "c" | "nobody"> {
  await plane.apply(net);
  const closeGroup = async (name: "b" | "c") => {
    net.setRules(`sg-${name}-open`);
    await plane.apply(net);
    const outcome = await plane.probe("i-a", "10.1.1.10");
    net.setRules(`sg-${name}-open`, "in all 0.0.0.0/0", "out all 0.0.0.0/0");
    return outcome;
  };
  if ((await plane.probe("i-a", "10.1.1.10")) === "no-answer") return "nobody";
  return (await closeGroup("b")) === "answered" ? "c" : "b";
}

describe("rule 11: which route counts", () => {
  test("longest prefix first [RT-26a]", async () => {
    const { net, toB, toC } = hub();
    net.route("rtb-a", "10.1.0.0/16", toB);
    expect(await answerer(net)).toBe("b");
    net.route("rtb-a", "10.1.1.0/24", toC);
    expect(await answerer(net)).toBe("c");
    net.route("rtb-a", "10.1.1.10/32", toB);
    expect(await answerer(net)).toBe("b");
  });

  test("static beats propagated for the same prefix, a longer propagated one beats static [RT-26]", async () => {
    const { net, toB, toC } = hub();
    net.route("rtb-a", "10.1.0.0/16", toC, "EnableVgwRoutePropagation");
    expect(await answerer(net)).toBe("c");
    net.route("rtb-a", "10.1.0.0/16", toB);
    expect(await answerer(net)).toBe("b");
    net.route("rtb-a", "10.1.1.0/24", toC, "EnableVgwRoutePropagation");
    expect(await answerer(net)).toBe("c");
  });

  test("a CIDR beats a prefix list's entry of the same length [RT-29]", async () => {
    const { net, toB, toC } = hub();
    net.route("rtb-a", net.prefixList("twins", "10.1.0.0/16", "192.0.2.0/24"), toC);
    expect(await answerer(net)).toBe("c");
    net.route("rtb-a", "10.1.0.0/16", toB);
    expect(await answerer(net)).toBe("b");
  });

  test("local beats a propagated route, even a longer one [RT-24]", async () => {
    const { net, toB } = hub();
    net.instance("a2", "vpc-a", "10.0.1.11");
    net.route("rtb-a", "10.0.1.11/32", toB, "EnableVgwRoutePropagation");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.1.11")).toBe("answered");
  });

  test("no explicit association: the main table; with one: that table only [RT-2]", async () => {
    const { net, toB } = hub();
    const own = net.routeTable("own", "vpc-a");
    net.subnet("vpc-a", "10.0.2.0/24", { routeTable: own });
    net.instance("a2", "vpc-a", "10.0.2.10");
    net.route("rtb-a", "10.1.0.0/16", toB);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-a2", "10.1.1.10")).toBe("no-answer");
    net.route(own, "10.1.0.0/16", toB);
    net.removeRoute("rtb-a", "10.1.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    expect(await plane.probe("i-a2", "10.1.1.10")).toBe("answered");
  });
});

describe("within a VPC", () => {
  function twoSubnets(): TestNetwork {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16", { more: ["172.16.0.0/16"] });
    net.routeTable("detour", a);
    net.subnet(a, "10.0.1.0/24", { routeTable: "rtb-detour" });
    net.subnet(a, "10.0.2.0/24");
    net.subnet(a, "172.16.3.0/24");
    net.instance("a", a, "10.0.1.10", { secondary: ["10.0.1.20"] });
    net.instance("b", a, "10.0.2.10");
    net.instance("c", a, "172.16.3.10");
    return net;
  }

  test("[RT-20]: every block is local, secondary addresses and blocks as well", async () => {
    await plane.apply(twoSubnets());
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.0.1.20")).toBe("answered");
    expect(await plane.probe("i-b", "172.16.3.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.0.1.99")).toBe("no-answer");
    expect(await plane.probe("i-b", "10.0.2.1")).toBe("no-answer");
  });

  test("[RT-23, AD-53]: a subnet's whole block to an appliance, whose source/destination check must be off", async () => {
    const net = twoSubnets();
    net.subnet("vpc-a", "10.0.9.0/24");
    net.instance("box", "vpc-a", "10.0.9.10", { sourceDestCheck: false });
    net.route("rtb-detour", "10.0.2.0/24", "eni-box");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("answered");
    net.changeInterface("eni-box", { sourceDestCheck: true });
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("no-answer");
    expect(await plane.probe("i-a", "10.0.9.10")).toBe("answered");
  });

  test("[RT-22]: the local route itself may lead to an appliance", async () => {
    const net = twoSubnets();
    net.instance("box", "vpc-a", "10.0.2.99", { sourceDestCheck: false });
    net.setRules("sg-a-open", "in tcp/1 0.0.0.0/0", "in icmp 10.0.1.0/24", "out all 0.0.0.0/0");
    net.removeRoute("rtb-detour", "10.0.0.0/16");
    net.route("rtb-detour", "10.0.0.0/16", "eni-box");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("answered");
    net.stop("i-box");
    net.route("rtb-detour", "10.0.0.0/16", "blackhole");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("no-answer");
  });

  test("[AD-53]: an instance cannot send from an address that is not its own, unless the check is off", async () => {
    const net = twoSubnets();
    await plane.apply(net);
    await plane.fabric().apply([{ op: "address-add", namespace: "i-a", link: "lo", address: "10.0.1.77/32" }]);
    const spoofed = () =>
      plane.fabric().run({ namespace: "i-a", argv: ["ping", "-c1", "-W1", "-I", "10.0.1.77", "10.0.2.10"] });
    const counted = async () => {
      const { stdout } = await plane.fabric().run({ namespace: "i-b", argv: ["cat", "/proc/net/snmp"] });
      return Number(/^Icmp: \d.*$/m.exec(stdout)?.[0].split(" ")[9]);
    };
    const before = await counted();
    await spoofed();
    expect(await counted()).toBe(before);
    net.changeInterface("eni-a", { sourceDestCheck: false });
    await plane.apply(net);
    await spoofed();
    expect(await counted()).toBe(before + 1);
  });

  test("[IN-1, RT-12]: a stopped instance is gone, started again it is back", async () => {
    const net = twoSubnets();
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("answered");
    net.stop("i-b");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("no-answer");
    expect(plane.dataPlane.namespaceOf("i-b")).toBeUndefined();
    net.start("i-b");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("answered");
    expect(plane.dataPlane.namespaceOf("eni-b")).toBe("i-b");
  });

  test("two interfaces: each answers by itself", async () => {
    const net = twoSubnets();
    net.instance("b2", "vpc-a", "172.16.3.20", { of: "i-b" });
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.0.2.10")).toBe("answered");
    expect(await plane.probe("i-a", "172.16.3.20")).toBe("answered");
    expect(await plane.probe("i-c", "172.16.3.20")).toBe("answered");
  });

  test("IPv6: within and between subnets [AD-22, AD-23]", async () => {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2600:1f10:a::/56" });
    net.subnet(a, "10.0.1.0/24", { ipv6: "2600:1f10:a:1::/64" });
    net.subnet(a, "10.0.2.0/24", { ipv6: "2600:1f10:a:2::/64" });
    net.instance("a", a, "10.0.1.10", { ipv6: "2600:1f10:a:1::10" });
    net.instance("b", a, "10.0.1.11", { ipv6: "2600:1f10:a:1::11" });
    net.instance("c", a, "10.0.2.10", { ipv6: "2600:1f10:a:2::10" });
    await plane.apply(net);
    expect(await plane.probe("i-a", "2600:1f10:a:1::11")).toBe("answered");
    expect(await plane.probe("i-a", "2600:1f10:a:2::10")).toBe("answered");
    expect(await plane.probe("i-a", "2600:1f10:a:2::99")).toBe("no-answer");
    net.setRules("sg-a-open", "in all 0.0.0.0/0", "out all ::/0", "in icmp6 2600:1f10:a:1::10/128");
    await plane.apply(net);
    expect(await plane.probe("i-a", "2600:1f10:a:2::10")).toBe("answered");
    expect(await plane.probe("i-b", "2600:1f10:a:2::10")).toBe("no-answer");
  });
});
