/** Internet gateway, NAT gateway and egress-only gateway against the small internet, shown by packets. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { internetHostIpv4, internetHostIpv6 } from "./plan-internet.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

const website = "93.184.216.34";

/** A public subnet with `web` (52.0.0.1), a private one with `app`, and an internet gateway. */
function publicAndPrivate(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  const open = net.routeTable("public", a);
  net.subnet(a, "10.0.1.0/24", { routeTable: open });
  net.subnet(a, "10.0.2.0/24");
  net.instance("web", a, "10.0.1.10", { publicIp: "52.0.0.1" });
  net.instance("app", a, "10.0.2.10");
  net.route(open, "0.0.0.0/0", net.internetGateway(a));
  return net;
}

describe("internet gateway", () => {
  test("[IG-2]: 1:1 translation both ways; the internet sees the public address", async () => {
    const net = publicAndPrivate();
    await plane.apply(net);
    expect(await plane.probe("i-web", website)).toBe("answered");
    expect(await plane.ask("i-web", website, "tcp/443")).toMatchObject({ outcome: "answered", seenSource: "52.0.0.1" });
    const get = `exec 3<>/dev/tcp/${website}/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3`;
    const page = await plane.fabric().run({ namespace: "i-web", argv: ["bash", "-c", get], timeoutMs: 10_000 });
    expect(page).toMatchObject({ exitCode: 0, stdout: "52.0.0.1\n" });
    expect(await plane.probe("internet", "52.0.0.1")).toBe("answered");
    await plane.serve("i-web", 8080);
    expect(await plane.ask("internet", "52.0.0.1", "tcp/8080")).toMatchObject({ seenSource: internetHostIpv4 });
  });

  test("[IG-5]: neither a public address without a route nor a route without a public address is enough", async () => {
    const net = publicAndPrivate();
    net.instance("plain", "vpc-a", "10.0.1.11");
    net.changeInterface("eni-app", {
      privateAddresses: [{ address: "10.0.2.10", primary: true, publicIp: "52.0.0.2" }],
    });
    await plane.apply(net);
    expect(await plane.probe("i-plain", website)).toBe("no-answer");
    expect(await plane.probe("i-app", website)).toBe("no-answer");
    expect(await plane.probe("internet", "52.0.0.2")).toBe("no-answer");
    net.route("rtb-a", "0.0.0.0/0", "igw-a");
    await plane.apply(net);
    expect(await plane.probe("i-app", website)).toBe("answered");
    expect(await plane.probe("internet", "52.0.0.2")).toBe("answered");
  });

  test("[IG-2, SG-4]: groups see the private address inside and the public one outside", async () => {
    const net = publicAndPrivate();
    net.setRules("sg-a-open", `in icmp ${internetHostIpv4}/32`, "out all 10.0.0.0/8");
    await plane.apply(net);
    expect(await plane.probe("internet", "52.0.0.1")).toBe("answered");
    expect(await plane.probe("i-web", website)).toBe("no-answer");
    net.setRules("sg-a-open", `out icmp ${website}/32`);
    await plane.apply(net);
    expect(await plane.probe("i-web", website)).toBe("answered");
    expect(await plane.probe("internet", "52.0.0.1")).toBe("no-answer");
  });

  test("[IG-3]: private destinations do not leave", async () => {
    await plane.apply(publicAndPrivate());
    // None of these may be an address that another test has given to the instance itself.
    for (const destination of ["10.98.0.1", "172.20.0.1", "192.168.7.7", "100.64.0.1"]) {
      expect(await plane.probe("i-web", destination)).toBe("no-answer");
    }
  });

  test("[IG-6, SG-31]: hairpin: the source is public, a group reference does not match, its address does", async () => {
    const net = publicAndPrivate();
    const members = net.group("members", "vpc-a", "out all 0.0.0.0/0");
    net.instance("peer", "vpc-a", "10.0.1.20", { publicIp: "52.0.0.3", groups: [members] });
    net.changeInterface("eni-web", { securityGroupIds: [net.group("guarded", "vpc-a", "in icmp sg-members")] });
    await plane.apply(net);
    expect(await plane.probe("i-peer", "10.0.1.10")).toBe("answered");
    expect(await plane.probe("i-peer", "52.0.0.1")).toBe("no-answer");
    net.setRules("sg-guarded", "in icmp 52.0.0.3/32");
    await plane.apply(net);
    expect(await plane.probe("i-peer", "52.0.0.1")).toBe("answered");
  });

  test("the address of a stopped instance answers nobody, a detached gateway carries nothing", async () => {
    const net = publicAndPrivate();
    net.stop("i-web");
    net.instance("other", "vpc-a", "10.0.1.30", { publicIp: "52.0.0.9" });
    await plane.apply(net);
    expect(await plane.probe("i-other", "52.0.0.1")).toBe("no-answer");
    expect(await plane.probe("i-other", website)).toBe("answered");
    const model = { ...net.model(), internetGateways: [] };
    await plane.dataPlane.reconcile(model);
    expect(await plane.probe("i-other", website)).toBe("no-answer");
  });

  test("[AD-52, EI-2]: an address of the cloud's own pools that no interface has answers nobody", async () => {
    const net = publicAndPrivate();
    net.instance("other", "vpc-a", "10.0.1.30", { publicIp: "198.18.1.9" });
    const address = (publicIp: string) => ({ privateAddresses: [{ address: "10.0.1.10", primary: true, publicIp }] });
    net.changeInterface("eni-web", address("198.18.1.1"));
    await plane.apply(net);
    expect(await plane.probe("i-other", "198.18.1.1")).toBe("answered");
    expect(await plane.probe("i-other", "198.18.1.2")).toBe("no-answer");
    net.changeInterface("eni-web", address("198.18.1.2"));
    await plane.apply(net);
    expect(await plane.probe("i-other", "198.18.1.1")).toBe("no-answer");
    expect(await plane.probe("i-other", "198.18.1.2")).toBe("answered");
  });

  test("[RT-25]: a route around the service addresses does not lead to them", async () => {
    const net = publicAndPrivate();
    net.route("rtb-public", "169.254.0.0/16", "igw-a");
    await plane.apply(net);
    expect(await plane.probe("i-web", website)).toBe("answered");
    for (const address of ["169.254.168.1", "169.254.170.2", "169.254.171.254"]) {
      expect(await plane.probe("i-web", address)).toBe("no-answer");
    }
  });

  test("[RT-6]: what stays within a subnet asks no table", async () => {
    const net = publicAndPrivate();
    net.instance("twin", "vpc-a", "10.0.1.11");
    net.stop("i-app");
    // The whole block of the own subnet, to an interface that is not there.
    net.route("rtb-public", "10.0.1.0/24", "eni-app");
    await plane.apply(net);
    expect(await plane.probe("i-web", "10.0.1.11")).toBe("answered");
  });

  test("[AD-54]: a source that is not the VPC's does not leave, even where the check is off", async () => {
    const net = publicAndPrivate();
    net.changeInterface("eni-web", { sourceDestCheck: false });
    await plane.apply(net);
    await plane.fabric().apply([{ op: "address-add", namespace: "i-web", link: "lo", address: "10.99.0.1/32" }]);
    const send = (source: string) =>
      plane.fabric().run({ namespace: "i-web", argv: ["ping", "-c1", "-W1", "-I", source, website] });
    const arrived = async () => {
      const { stdout } = await plane.fabric().run({ namespace: "internet", argv: ["cat", "/proc/net/snmp"] });
      return Number(/^Icmp: \d.*$/m.exec(stdout)?.[0].split(" ")[9]);
    };
    const before = await arrived();
    await send("10.99.0.1");
    expect(await arrived()).toBe(before);
    await send("10.0.1.10");
    expect(await arrived()).toBe(before + 1);
  });

  test("two VPCs over their public addresses", async () => {
    const net = publicAndPrivate();
    const b = net.vpc("b", "10.0.0.0/16");
    net.subnet(b, "10.0.1.0/24");
    net.instance("far", b, "10.0.1.10", { publicIp: "52.0.0.77" });
    net.route("rtb-b", "0.0.0.0/0", net.internetGateway(b));
    await plane.apply(net);
    await plane.serve("i-far", 8081);
    expect(await plane.ask("i-web", "52.0.0.77", "tcp/8081")).toMatchObject({
      outcome: "answered",
      seenSource: "52.0.0.1",
    });
  });

  test("[RT-40, RT-43]: an edge table leads what enters to an appliance", async () => {
    const net = publicAndPrivate();
    net.subnet("vpc-a", "10.0.9.0/24");
    const closed = net.group("closed", "vpc-a", "out all 0.0.0.0/0");
    net.instance("box", "vpc-a", "10.0.9.10", { sourceDestCheck: false, groups: [closed] });
    const edge = net.routeTable("edge", "vpc-a", { gatewayIds: ["igw-a"] });
    await plane.apply(net);
    expect(await plane.probe("internet", "52.0.0.1")).toBe("answered");
    net.route(edge, "10.0.1.0/24", "eni-box");
    await plane.apply(net);
    expect(await plane.probe("internet", "52.0.0.1")).toBe("no-answer");
    net.setRules(closed, "in icmp 203.0.113.0/24", "out all 0.0.0.0/0");
    await plane.apply(net);
    expect(await plane.probe("internet", "52.0.0.1")).toBe("answered");
  });
});

describe("NAT gateway", () => {
  function withNat(publicIp: string | undefined = "52.0.0.5"): TestNetwork {
    const net = publicAndPrivate();
    net.route("rtb-a", "0.0.0.0/0", net.natGateway("a", "subnet-a-1", "10.0.1.5", publicIp));
    return net;
  }

  test("[NG-3, NG-7, SG-6]: a private instance reaches out as the NAT's Elastic IP, by ICMP, TCP and UDP ports", async () => {
    await plane.apply(withNat());
    expect(await plane.probe("i-app", website)).toBe("answered");
    expect(await plane.ask("i-app", website, "tcp/443")).toMatchObject({ outcome: "answered", seenSource: "52.0.0.5" });
    expect(await plane.ask("i-web", website, "tcp/443")).toMatchObject({ seenSource: "52.0.0.1" });
  });

  test("[NG-3]: no connection begins from outside", async () => {
    await plane.apply(withNat());
    expect(await plane.probe("internet", "52.0.0.5")).toBe("no-answer");
    expect(await plane.probe("internet", "52.0.0.5", "tcp/443")).toBe("no-answer");
    expect(await plane.probe("i-app", "10.0.1.5")).toBe("no-answer");
  });

  test("[NG-3]: an answer to what came in another way does not get out by it", async () => {
    const net = withNat();
    net.changeInterface("eni-app", {
      privateAddresses: [{ address: "10.0.2.10", primary: true, publicIp: "52.0.0.2" }],
    });
    await plane.apply(net);
    expect(await plane.probe("internet", "52.0.0.2")).toBe("no-answer");
    expect(await plane.probe("internet", "52.0.0.2", "tcp/443")).toBe("no-answer");
    expect(await plane.probe("i-app", website)).toBe("answered");
  });

  test("[NG-4]: the ACL of its subnet judges, its own answers as well", async () => {
    const net = withNat();
    net.setEntries(
      "acl-a",
      "in 100 allow tcp/443 10.0.2.0/24",
      "in 110 allow tcp/1024-65535 0.0.0.0/0",
      "out 100 allow tcp/443 0.0.0.0/0",
      "out 110 allow tcp/1024-65535 10.0.2.0/24",
    );
    await plane.apply(net);
    expect(await plane.probe("i-app", website, "tcp/443")).toBe("answered");
    net.setEntries(
      "acl-a",
      "in 100 allow tcp/443 10.0.2.0/24",
      "out 100 allow tcp/443 0.0.0.0/0",
      "out 110 allow tcp/1024-65535 10.0.2.0/24",
    );
    await plane.apply(net);
    expect(await plane.probe("i-app", website, "tcp/443")).toBe("no-answer");
  });

  test("[NG-6]: its own subnet's table decides the exit; a private one does not leave by the internet gateway", async () => {
    const net = withNat();
    net.removeRoute("rtb-public", "0.0.0.0/0");
    await plane.apply(net);
    expect(await plane.probe("i-app", website)).toBe("no-answer");
    const hidden = publicAndPrivate();
    hidden.route("rtb-a", "0.0.0.0/0", hidden.natGateway("a", "subnet-a-1", "10.0.1.5"));
    await plane.apply(hidden);
    expect(await plane.probe("i-app", website)).toBe("no-answer");
    expect(await plane.probe("i-web", website)).toBe("answered");
  });

  test("[NG-5]: it serves its own VPC only, not a peer", async () => {
    const net = withNat();
    const b = net.vpc("b", "10.1.0.0/16");
    net.subnet(b, "10.1.1.0/24");
    net.instance("b", b, "10.1.1.10");
    const pcx = net.peer("vpc-a", b);
    net.route("rtb-b", "0.0.0.0/0", pcx);
    net.route("rtb-public", "10.1.0.0/16", pcx);
    net.route("rtb-a", "10.1.0.0/16", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("answered");
    expect(await plane.probe("i-b", website)).toBe("no-answer");
    expect(await plane.probe("i-b", "10.0.1.5")).toBe("no-answer");
    expect(await plane.probe("i-app", website)).toBe("answered");
  });

  test("[SG-2]: the receiver inside the VPC sees the NAT's private address", async () => {
    const net = withNat();
    net.subnet("vpc-a", "10.0.3.0/24");
    net.instance("db", "vpc-a", "10.0.3.10");
    net.route("rtb-a", "10.0.3.0/24", "nat-a");
    await plane.apply(net);
    await plane.serve("i-db", 5432);
    expect(await plane.ask("i-app", "10.0.3.10", "tcp/5432")).toMatchObject({
      outcome: "answered",
      seenSource: "10.0.1.5",
    });
  });
});

describe("IPv6", () => {
  function withIpv6(): TestNetwork {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2600:1f10:a::/56" });
    net.subnet(a, "10.0.1.0/24", { ipv6: "2600:1f10:a::/64" });
    net.instance("a", a, "10.0.1.10", { ipv6: "2600:1f10:a::10" });
    return net;
  }

  test("[IG-4]: by the internet gateway both ways, without translation", async () => {
    const net = withIpv6();
    net.internetGateway("vpc-a");
    await plane.apply(net);
    expect(await plane.probe("i-a", "2606:4700::1")).toBe("no-answer");
    expect(await plane.probe("internet", "2600:1f10:a::10")).toBe("no-answer");
    net.route("rtb-a", "::/0", "igw-a");
    await plane.apply(net);
    expect(await plane.ask("i-a", "2606:4700::1", "tcp/443")).toMatchObject({
      outcome: "answered",
      seenSource: "2600:1f10:a::10",
    });
    expect(await plane.probe("internet", "2600:1f10:a::10")).toBe("answered");
    expect(internetHostIpv6).toBe("2001:db8:ffff::10");
  });

  test("[RT-28]: a default route for IPv4 is none for IPv6", async () => {
    const net = withIpv6();
    net.route("rtb-a", "0.0.0.0/0", net.internetGateway("vpc-a"));
    await plane.apply(net);
    expect(await plane.probe("i-a", "2606:4700::1")).toBe("no-answer");
    net.route("rtb-a", "::/0", "igw-a");
    net.removeRoute("rtb-a", "0.0.0.0/0");
    await plane.apply(net);
    expect(await plane.probe("i-a", "2606:4700::1")).toBe("answered");
  });

  test("9.5: the egress-only gateway lets out, and answers in, and nothing else", async () => {
    const net = withIpv6();
    net.route("rtb-a", "::/0", net.egressOnlyInternetGateway("vpc-a"));
    await plane.apply(net);
    expect(await plane.probe("i-a", "2606:4700::1")).toBe("answered");
    expect(await plane.probe("i-a", "2606:4700::1", "tcp/443")).toBe("answered");
    expect(await plane.probe("internet", "2600:1f10:a::10")).toBe("no-answer");
    expect(await plane.probe("internet", "2600:1f10:a::10", "tcp/22")).toBe("no-answer");
  });

  test("a block without a gateway is silent", async () => {
    const net = withIpv6();
    const b = net.vpc("b", "10.1.0.0/16", { ipv6: "2600:1f10:b::/56" });
    net.internetGateway(b);
    net.subnet(b, "10.1.1.0/24", { ipv6: "2600:1f10:b::/64" });
    net.instance("b", b, "10.1.1.10", { ipv6: "2600:1f10:b::10" });
    net.route("rtb-b", "::/0", "igw-b");
    await plane.apply(net);
    expect(await plane.probe("i-b", "2600:1f10:a::10")).toBe("no-answer");
    expect(await plane.probe("i-b", "2606:4700::1")).toBe("answered");
  });
});
