/** Rules 1-10 of the rule list: VPC peering, shown by packets. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** Three VPCs, a host in each, all open; routes and peerings are the test's affair. */
function threeVpcs(): { net: TestNetwork; a: "vpc-a"; b: "vpc-b"; c: "vpc-c" } {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    net.subnet(vpc, `10.${octet}.1.0/24`);
    net.instance(name, vpc, `10.${octet}.1.10`);
  }
  return { net, a: "vpc-a", b: "vpc-b", c: "vpc-c" };
}

/** How many echo requests the kernel has counted in an instance. */
async function echoesHeard(namespace: string): Promise<number> {
  const { stdout } = await plane.fabric().run({ namespace, argv: ["cat", "/proc/net/snmp"] });
  const [names = "", values = ""] = stdout.split("\n").filter((line) => line.startsWith("Icmp:"));
  return Number(values.split(" ")[names.split(" ").indexOf("InEchos")]);
}

function join(net: TestNetwork, a: string, b: string): `pcx-${string}` {
  const pcx = net.peer(`vpc-${a}`, `vpc-${b}`);
  const cidr = { a: "10.0.0.0/16", b: "10.1.0.0/16", c: "10.2.0.0/16" } as Record<string, string>;
  net.route(`rtb-${a}`, cidr[b] ?? "", pcx);
  net.route(`rtb-${b}`, cidr[a] ?? "", pcx);
  return pcx;
}

describe("rule 1 [PX-1]: only an active peering carries packets", () => {
  test.each([
    "initiating-request",
    "pending-acceptance",
    "provisioning",
    "failed",
    "expired",
    "rejected",
    "deleting",
    "deleted",
  ] as const)("%s carries nothing, active does", async (status) => {
    const { net } = threeVpcs();
    const pcx = join(net, "a", "b");
    net.setPeering(pcx, status);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    net.setPeering(pcx, "active");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
  });
});

describe("rule 2 [RT-30]: a route to a peering that is not active is a blackhole", () => {
  test("it hides a less specific route that would deliver", async () => {
    const { net, a, b } = threeVpcs();
    const pcx = net.peer(a, b);
    net.route("rtb-a", "10.1.0.0/16", pcx);
    net.route("rtb-b", "10.0.0.0/16", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    net.route("rtb-a", "10.1.1.0/24", "blackhole");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    net.removeRoute("rtb-a", "10.1.1.0/24");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
  });

  test("[PX-50]: each direction needs its own route", async () => {
    const { net, a, b } = threeVpcs();
    const pcx = net.peer(a, b);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    net.route("rtb-a", "10.1.1.10/32", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    net.route("rtb-b", "10.0.1.10/32", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("answered");
  });
});

describe("rule 3 [PX-52]: not transitive, no edge-to-edge", () => {
  test("A-B and B-C peered: A reaches B, B reaches C, A does not reach C through B", async () => {
    const { net } = threeVpcs();
    const ab = join(net, "a", "b");
    const bc = join(net, "b", "c");
    net.route("rtb-a", "10.2.0.0/16", ab);
    net.route("rtb-c", "10.0.0.0/16", bc);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.2.1.10")).toBe("answered");
    expect(await plane.probe("i-a", "10.2.1.10")).toBe("no-answer");
    expect(await plane.probe("i-c", "10.0.1.10")).toBe("no-answer");
  });

  test("A does not use B's internet gateway, B does", async () => {
    const { net, b } = threeVpcs();
    const pcx = join(net, "a", "b");
    net.changeInterface("eni-b", { privateAddresses: [{ address: "10.1.1.10", primary: true, publicIp: "52.0.0.1" }] });
    net.route("rtb-b", "0.0.0.0/0", net.internetGateway(b));
    net.route("rtb-a", "0.0.0.0/0", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-b", "8.8.8.8")).toBe("answered");
    expect(await plane.probe("i-a", "8.8.8.8")).toBe("no-answer");
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
  });

  test("A does not use B's NAT gateway, B does [NG-5]", async () => {
    const { net, b } = threeVpcs();
    const pcx = join(net, "a", "b");
    const gateways = net.routeTable("b-public", b);
    const publicSubnet = net.subnet(b, "10.1.9.0/24", { routeTable: gateways });
    net.route(gateways, "0.0.0.0/0", net.internetGateway(b));
    net.route(gateways, "10.0.0.0/16", pcx);
    const nat = net.natGateway("b", publicSubnet, "10.1.9.5", "52.0.0.9");
    net.route("rtb-b", "0.0.0.0/0", nat);
    net.route("rtb-a", "0.0.0.0/0", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-b", "8.8.8.8")).toBe("answered");
    expect(await plane.probe("i-a", "8.8.8.8")).toBe("no-answer");
    expect(await plane.probe("i-a", "10.1.9.5")).toBe("no-answer");
  });

  test("[PX-53]: an appliance in B is a destination, never a next hop", async () => {
    const { net } = threeVpcs();
    const pcx = join(net, "a", "b");
    net.changeInterface("eni-b", { sourceDestCheck: false });
    net.route("rtb-b", "0.0.0.0/0", "eni-b");
    net.route("rtb-a", "172.20.0.0/16", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-a", "172.20.0.1")).toBe("no-answer");
  });
});

describe("rule 4 [PX-51]: a peering carries the two VPCs' own addresses only", () => {
  test("a source from outside the local VPC's blocks does not cross, its own does", async () => {
    const { net, a } = threeVpcs();
    const pcx = join(net, "a", "b");
    const forwarder = net.instance("fw", a, "10.0.1.20", { sourceDestCheck: false });
    await plane.apply(net);
    await plane.fabric().apply([{ op: "address-add", namespace: forwarder, link: "lo", address: "172.31.0.5/32" }]);
    expect((await plane.ask(forwarder, "10.1.1.10", "icmp")).outcome).toBe("answered");
    net.route("rtb-b", "172.31.0.0/16", pcx);
    await plane.apply(net);
    const before = await echoesHeard("i-b");
    expect((await plane.ask(forwarder, "10.1.1.10", "icmp", "172.31.0.5")).outcome).toBe("no-answer");
    // That no answer comes back is not enough: nothing arrives.
    expect(await echoesHeard("i-b")).toBe(before);
    await plane.probe(forwarder, "10.1.1.10");
    expect(await echoesHeard("i-b")).toBeGreaterThan(before);
  });

  test("[PX-50]: 0.0.0.0/0 to the peering reaches the peer's blocks and nothing else", async () => {
    const { net } = threeVpcs();
    const pcx = join(net, "a", "b");
    net.route("rtb-a", "0.0.0.0/0", pcx);
    net.removeRoute("rtb-a", "10.1.0.0/16");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-a", "10.2.1.10")).toBe("no-answer");
    expect(await plane.probe("i-a", "9.9.9.9")).toBe("no-answer");
  });

  test("no translation: the peer sees the true source address", async () => {
    const { net } = threeVpcs();
    join(net, "a", "b");
    await plane.apply(net);
    await plane.serve("i-b", 7000);
    expect(await plane.ask("i-a", "10.1.1.10", "tcp/7000")).toMatchObject({
      outcome: "answered",
      seenSource: "10.0.1.10",
    });
    expect(await plane.ask("i-a", "10.1.1.10", "udp/7000")).toMatchObject({
      outcome: "answered",
      seenSource: "10.0.1.10",
    });
  });
});

describe("rule 5 [PX-54]: no reverse-path check; the answer follows the answerer's own table", () => {
  /** Two peers of A with equal blocks: `b` and `twin`. */
  function twins(): { net: TestNetwork; toB: string; toTwin: string } {
    const { net, a, b } = threeVpcs();
    const twin = net.vpc("twin", "10.1.0.0/16");
    net.subnet(twin, "10.1.1.0/24");
    net.instance("twin", twin, "10.1.1.10");
    const toB = net.peer(a, b);
    const toTwin = net.peer(a, twin);
    net.route("rtb-b", "10.0.0.0/16", toB);
    net.route("rtb-twin", "10.0.0.0/16", toTwin);
    return { net, toB, toTwin };
  }

  test("two peers with one CIDR: the one that A's table names talks, the other's answers go astray", async () => {
    const { net, toB, toTwin } = twins();
    net.route("rtb-a", "10.1.0.0/16", toB);
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("answered");
    expect(await plane.probe("i-twin", "10.0.1.10")).toBe("no-answer");
    net.route("rtb-a", "10.1.1.10/32", toTwin);
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("no-answer");
    expect(await plane.probe("i-twin", "10.0.1.10")).toBe("answered");
  });

  test("equal CIDRs, each VPC its own hosts", async () => {
    const { net, toB } = twins();
    net.route("rtb-a", "10.1.0.0/16", toB);
    net.instance("twin2", "vpc-twin", "10.1.1.11");
    await plane.apply(net);
    expect(await plane.probe("i-twin", "10.1.1.11")).toBe("answered");
    expect(await plane.probe("i-b", "10.1.1.11")).toBe("no-answer");
  });
});

describe("rule 6 [SG-30]: references to a peer's group", () => {
  function referenced(region?: string): TestNetwork {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16");
    const b = net.vpc("b", "10.1.0.0/16", region === undefined ? {} : { region });
    net.subnet(a, "10.0.1.0/24");
    net.subnet(b, "10.1.1.0/24");
    const members = net.group("members", a, "out all 0.0.0.0/0");
    net.instance("member", a, "10.0.1.10", { groups: [members] });
    net.instance("stranger", a, "10.0.1.11");
    net.instance("b", b, "10.1.1.10", { groups: [net.group("guarded", b, "in icmp sg-members")] });
    const pcx = net.peer(a, b);
    net.route("rtb-a", "10.1.0.0/16", pcx);
    net.route("rtb-b", "10.0.0.0/16", pcx);
    return net;
  }

  test("in the same Region the member passes, another instance of the peer does not", async () => {
    await plane.apply(referenced());
    expect(await plane.probe("i-member", "10.1.1.10")).toBe("answered");
    expect(await plane.probe("i-stranger", "10.1.1.10")).toBe("no-answer");
  });

  test("across Regions a reference matches nothing, a CIDR does", async () => {
    const net = referenced("us-east-1");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.1.1.10")).toBe("no-answer");
    net.setRules("sg-guarded", "in icmp 10.0.1.10/32");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.1.1.10")).toBe("answered");
  });

  test("egress by reference: only to the peer's member", async () => {
    const net = referenced();
    net.setRules("sg-guarded", "in icmp sg-members", "out icmp sg-members");
    await plane.apply(net);
    net.setRules("sg-members", "in icmp 10.1.0.0/16", "out all 0.0.0.0/0");
    await plane.apply(net);
    expect(await plane.probe("i-b", "10.0.1.10")).toBe("answered");
    expect(await plane.probe("i-b", "10.0.1.11")).toBe("no-answer");
  });

  test("[SG-32]: not through a middlebox", async () => {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16");
    const detour = net.routeTable("detour", a);
    net.subnet(a, "10.0.1.0/24", { routeTable: detour });
    net.subnet(a, "10.0.2.0/24");
    net.subnet(a, "10.0.3.0/24");
    const members = net.group("members", a, "in all 0.0.0.0/0", "out all 0.0.0.0/0");
    net.instance("member", a, "10.0.1.10", { groups: [members] });
    net.instance("box", a, "10.0.2.10", { sourceDestCheck: false });
    net.instance("target", a, "10.0.3.10", { groups: [net.group("guarded", a, "in icmp sg-members")] });
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.0.3.10")).toBe("answered");
    net.route(detour, "10.0.3.0/24", "eni-box");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.0.3.10")).toBe("no-answer");
    net.setRules("sg-guarded", "in icmp 10.0.1.0/24");
    await plane.apply(net);
    expect(await plane.probe("i-member", "10.0.3.10")).toBe("answered");
  });
});

describe("rule 8 [PX-56]: the largest packet", () => {
  /** An ICMP echo of that many bytes in all, not to be fragmented. */
  const echo = (from: string, to: string, bytes: number) =>
    plane.fabric().run({ namespace: from, argv: ["ping", "-c1", "-W1", "-Mdo", `-s${bytes - 28}`, to] });

  // Two peers, because a host remembers for minutes what it was told about a path.
  test.each([
    [undefined, 9001, 10],
    ["us-east-1", 8500, 20],
  ])("peer's Region %s: %i bytes pass, one more does not", async (region, limit, host) => {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16");
    const b = net.vpc("b", "10.1.0.0/16", region === undefined ? {} : { region });
    net.subnet(a, "10.0.1.0/24");
    net.subnet(b, "10.1.1.0/24");
    net.instance("a", a, "10.0.1.10");
    const peer = `10.1.1.${host}`;
    net.instance("b", b, peer);
    const pcx = net.peer(a, b);
    net.route("rtb-a", "10.1.0.0/16", pcx);
    net.route("rtb-b", "10.0.0.0/16", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-a", peer)).toBe("answered");
    expect(await echo("i-a", peer, limit)).toMatchObject({ exitCode: 0 });
    const tooBig = await echo("i-a", peer, limit + 1);
    expect(tooBig.exitCode).not.toBe(0);
    expect(tooBig.stdout + tooBig.stderr).toMatch(new RegExp(`mtu ?=? ?${limit}`));
  });
});

describe("rule 10 [SG-50, RT-30]: after the peering is deleted", () => {
  test("references match nothing and routes are blackholes; a new peering revives the reference [SG-52]", async () => {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16");
    const b = net.vpc("b", "10.1.0.0/16");
    net.subnet(a, "10.0.1.0/24");
    net.subnet(b, "10.1.1.0/24");
    net.instance("a", a, "10.0.1.10", { groups: [net.group("members", a, "out all 0.0.0.0/0")] });
    net.instance("b", b, "10.1.1.10", { groups: [net.group("guarded", b, "in icmp sg-members")] });
    const pcx = net.peer(a, b);
    net.route("rtb-a", "10.1.0.0/16", pcx);
    net.route("rtb-b", "10.0.0.0/16", pcx);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
    net.setPeering(pcx, "deleted");
    net.route("rtb-a", "10.1.0.0/16", "blackhole");
    net.route("rtb-b", "10.0.0.0/16", "blackhole");
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
    const again = net.peer(b, a);
    net.route("rtb-a", "10.1.0.0/16", again);
    net.route("rtb-b", "10.0.0.0/16", again);
    await plane.apply(net);
    expect(await plane.probe("i-a", "10.1.1.10")).toBe("answered");
  });
});

test("[PX-56]: IPv6 crosses a peering when both have blocks and routes", async () => {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2600:1f10:a::/56" });
  const b = net.vpc("b", "10.1.0.0/16", { ipv6: "2600:1f10:b::/56" });
  net.subnet(a, "10.0.1.0/24", { ipv6: "2600:1f10:a::/64" });
  net.subnet(b, "10.1.1.0/24", { ipv6: "2600:1f10:b::/64" });
  net.instance("a", a, "10.0.1.10", { ipv6: "2600:1f10:a::10" });
  net.instance("b", b, "10.1.1.10", { ipv6: "2600:1f10:b::10" });
  const pcx = net.peer(a, b);
  await plane.apply(net);
  expect(await plane.probe("i-a", "2600:1f10:b::10")).toBe("no-answer");
  net.route("rtb-a", "2600:1f10:b::/56", pcx);
  net.route("rtb-b", "2600:1f10:a::/56", pcx);
  await plane.apply(net);
  expect(await plane.probe("i-a", "2600:1f10:b::10")).toBe("answered");
  expect(await plane.probe("i-a", "10.1.1.10")).toBe("no-answer");
});
