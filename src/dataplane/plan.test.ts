/** What is planned, as text: everything that the kernel is told for two small networks, and what is never planned. */
import { describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { diff } from "./diff.ts";
import { hopOf } from "./hops.ts";
import { createPlanner, planOf } from "./plan.ts";
import { planText } from "./plan-text.ts";

function peered(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  const b = net.vpc("b", "10.1.0.0/16");
  net.subnet(a, "10.0.1.0/24");
  net.subnet(b, "10.1.1.0/24");
  net.instance("a", a, "10.0.1.10", {
    groups: [net.group("web", a, "in tcp/443 0.0.0.0/0", "in icmp sg-b-open", "out all 0.0.0.0/0")],
  });
  net.instance("b", b, "10.1.1.10");
  const pcx = net.peer(a, b);
  net.route("rtb-a", "10.1.0.0/16", pcx);
  net.route("rtb-b", "10.0.0.0/16", pcx);
  return net;
}

function everything(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2600:1f10:a::/56" });
  const open = net.routeTable("open", a);
  net.subnet(a, "10.0.1.0/24", { routeTable: open, ipv6: "2600:1f10:a::/64" });
  net.subnet(a, "10.0.2.0/24");
  net.instance("web", a, "10.0.1.10", { publicIp: "52.0.0.1", ipv6: "2600:1f10:a::10", secondary: ["10.0.1.11"] });
  net.instance("app", a, "10.0.2.10", { sourceDestCheck: false });
  net.instance("app2", a, "10.0.1.30", { of: "i-app" });
  net.route(open, "0.0.0.0/0", net.internetGateway(a));
  net.route(open, "::/0", net.egressOnlyInternetGateway(a));
  net.route("rtb-a", "0.0.0.0/0", net.natGateway("a", "subnet-a-1", "10.0.1.5", "52.0.0.5"));
  net.route("rtb-a", "192.168.0.0/16", "vgw-1");
  net.route("rtb-a", net.prefixList("offices", "198.51.100.0/24", "198.51.100.128/25"), "eni-web");
  return net;
}

test("two peered VPCs", async () => {
  await expect(planText(planOf(peered().model()))).toMatchFileSnapshot("__snapshots__/peered.plan.txt");
});

test("internet, NAT and egress-only gateways, IPv6, two interfaces, a prefix list, an unknown target", async () => {
  const plan = planOf(everything().model());
  await expect(planText(plan)).toMatchFileSnapshot("__snapshots__/everything.plan.txt");
  expect(plan.unknowns).toEqual([{ id: "vgw-1", reason: expect.stringContaining("rtb-a") }]);
});

/** A, in two zones, and B on one gateway, whose rule names a group of A; that gateway peered with one in another Region, where C is. */
function transitGateways(): TestNetwork {
  const net = testNetwork();
  net.transitGateway("near", { securityGroupReferencingSupport: true });
  net.transitGateway("far", { region: "us-east-1" });
  for (const [name, octet, gateway] of [
    ["a", 0, "near"],
    ["b", 1, "near"],
    ["c", 2, "far"],
  ] as const) {
    const region = gateway === "near" ? "eu-west-1" : "us-east-1";
    const vpc = net.vpc(name, `10.${octet}.0.0/16`, { region, ipv6: `2600:1f10:${name}::/56` });
    net.subnet(vpc, `10.${octet}.1.0/24`);
    if (name === "a") net.subnet(vpc, "10.0.2.0/24", { zone: 2 });
    net.route(`rtb-${name}`, "10.0.0.0/8", `tgw-${gateway}`);
    net.attach(`tgw-${gateway}`, vpc, { applianceModeSupport: name === "a", ipv6Support: name !== "c" });
    net.instance(name, vpc, `10.${octet}.1.10`);
  }
  net.setRules("sg-b-open", "in icmp sg-a-open", "out all 0.0.0.0/0");
  const [there, back] = net.peerTransitGateways("tgw-near", "tgw-far");
  net.transitGatewayRoute("tgw-rtb-near", "10.2.0.0/16", there);
  net.transitGatewayRoute("tgw-rtb-far", "10.0.0.0/14", back);
  net.transitGatewayRoute("tgw-rtb-near", "192.168.0.0/16", "blackhole");
  return net;
}

test("transit gateways: zones, appliance mode, a peering, a reference over one of them", async () => {
  const plan = planOf(transitGateways().model());
  await expect(planText(plan)).toMatchFileSnapshot("__snapshots__/transit-gateways.plan.txt");
  expect(plan.unknowns).toEqual([]);
});

test("routes to a gateway or an attachment that the model does not know are told as unknown", () => {
  const net = transitGateways();
  net.route("rtb-a", "172.16.0.0/12", "tgw-elsewhere");
  net.transitGatewayRoute("tgw-rtb-near", "172.20.0.0/16", "tgw-attach-vpn");
  net.transitGatewayRoute("tgw-rtb-near", "172.21.0.0/16", "tgw-attach-near-a");
  expect(planOf(net.model()).unknowns).toEqual([
    { id: "tgw-elsewhere", reason: expect.stringContaining("rtb-a") },
    { id: "tgw-attach-vpn", reason: expect.stringContaining("tgw-rtb-near") },
  ]);
});

describe("what carries no packets costs nothing", () => {
  test("VPCs, subnets, peerings and gateways without a running instance", () => {
    const net = peered();
    net.internetGateway("vpc-a");
    net.stop("i-a");
    net.stop("i-b");
    expect([...planOf(net.model()).fragments.keys()]).toEqual([]);
  });

  test("transit gateways without a running instance behind any attachment, and those that no peering joins to one that has", () => {
    const net = transitGateways();
    net.transitGateway("lonely");
    const owners = (): readonly string[] => [...planOf(net.model()).fragments.keys()];
    expect(owners()).toEqual(expect.arrayContaining(["tgw-near", "tgw-far", "tgw-attach-near-far"]));
    expect(owners()).not.toContain("tgw-lonely");
    net.stop("i-c");
    expect(owners()).toContain("tgw-far");
    expect(owners()).not.toContain("tgw-attach-far-c");
    net.setTransitGatewayPeering("tgw-attach-near-far", "deleting");
    expect(owners()).not.toContain("tgw-far");
    for (const id of ["i-a", "i-b"] as const) net.stop(id);
    expect(owners()).toEqual([]);
  });

  test("a peering with a VPC that carries none", () => {
    const net = peered();
    net.stop("i-b");
    expect([...planOf(net.model()).fragments.keys()]).toEqual(["vpc-a", "i-a"]);
  });
});

describe("a second plan", () => {
  /** The operations that one change costs. */
  function costOf(net: TestNetwork, change: (net: TestNetwork) => void) {
    const planner = createPlanner();
    const before = planner(net.model());
    change(net);
    return diff(before.fragments, planner(net.model()).fragments).operations;
  }

  test("of the same network, or of an equal one, costs nothing", () => {
    const { fragments } = planOf(everything().model());
    expect(diff(fragments, fragments)).toEqual({ operations: [], listen: new Map(), unlisten: [] });
    expect(diff(fragments, planOf(everything().model()).fragments).operations).toEqual([]);
  });

  test("after one rule more refills one chain", () => {
    const operations = costOf(peered(), (net) =>
      net.setRules("sg-web", "in tcp/443 0.0.0.0/0", "in tcp/22 10.0.0.0/8", "in icmp sg-b-open", "out all 0.0.0.0/0"),
    );
    expect(operations).toMatchObject([{ op: "nft", namespace: "vpc-a" }]);
    const kinds = operations.flatMap((operation) =>
      operation.op === "nft" ? operation.commands.map(({ kind }) => kind) : [],
    );
    expect(kinds).toEqual(["flush-chain", "add-rule", "add-rule", "add-rule"]);
  });

  test("after one route more is that route", () => {
    const operations = costOf(peered(), (net) => net.route("rtb-a", "10.1.1.0/24", "blackhole"));
    expect(operations).toEqual([
      { op: "route-replace", namespace: "vpc-a", table: 101, destination: "10.1.1.0/24", type: "blackhole" },
    ]);
  });

  test("after one ACL entry more refills one chain", () => {
    const operations = costOf(peered(), (net) =>
      net.setEntries(
        "acl-b",
        "in 100 allow all 0.0.0.0/0",
        "out 100 allow all 0.0.0.0/0",
        "in 101 allow all ::/0",
        "out 101 allow all ::/0",
        "in 90 deny tcp/22 0.0.0.0/0",
      ),
    );
    expect(operations).toMatchObject([{ op: "nft", namespace: "vpc-b" }]);
    const chains = operations.flatMap((operation) =>
      operation.op === "nft"
        ? operation.commands.flatMap((command) => ("chain" in command ? [command.chain] : []))
        : [],
    );
    expect(new Set(chains)).toEqual(new Set(["acl-b-ingress"]));
  });

  test("after one member more of a referenced group adds its elements, in the peer's VPC as well", () => {
    const operations = costOf(peered(), (net) => net.instance("b2", "vpc-b", "10.1.1.11"));
    const elements = operations.flatMap((operation) =>
      operation.op === "nft" && operation.namespace === "vpc-a" ? operation.commands : [],
    );
    expect(elements).toMatchObject([{ kind: "add-elements", elements: [{ key: ["pcx-a-b", "10.1.1.11"] }] }]);
  });

  test("after one route of a transit gateway more is that route, for each zone and for the peering", () => {
    const operations = costOf(transitGateways(), (net) =>
      net.transitGatewayRoute("tgw-rtb-near", "10.1.1.0/24", "blackhole"),
    );
    const tables = operations.map((operation) => (operation.op === "route-replace" ? operation.table : operation));
    // Zones 1 and 2, each for members of groups as well, and the peering.
    expect(tables).toHaveLength(5);
    expect(operations).toEqual(
      tables.map((table) => ({
        op: "route-replace",
        namespace: "tgw-near",
        table,
        destination: "10.1.1.0/24",
        type: "blackhole",
      })),
    );
  });

  test("after an association moves takes the links to another table, and nothing in a VPC", () => {
    const operations = costOf(transitGateways(), (net) => {
      net.transitGatewayTable("other", "tgw-near");
      net.associate("tgw-attach-near-b", "tgw-rtb-other");
    });
    expect(new Set(operations.map((operation) => "namespace" in operation && operation.namespace))).toEqual(
      new Set(["tgw-near"]),
    );
  });

  test("after an attachment more leaves the other VPCs alone", () => {
    const net = transitGateways();
    const vpc = net.vpc("d", "10.3.0.0/16");
    net.subnet(vpc, "10.3.1.0/24");
    net.instance("d", vpc, "10.3.1.10");
    const operations = costOf(net, () => net.attach("tgw-near", vpc));
    const touched = operations.flatMap((operation) =>
      operation.op === "veth-add"
        ? [operation.end.namespace, operation.peer.namespace]
        : "namespace" in operation
          ? [operation.namespace]
          : [],
    );
    expect(new Set(touched)).toEqual(new Set(["tgw-near", "vpc-d"]));
  });

  test("after a rule that names no group over a gateway any more takes the members' links away", () => {
    const operations = costOf(transitGateways(), (net) => net.setRules("sg-b-open", "out all 0.0.0.0/0"));
    expect(operations).toContainEqual({ op: "link-delete", namespace: "tgw-near", link: "tgw-near-b-az1m" });
    expect(operations).not.toContainEqual(expect.objectContaining({ namespace: "vpc-a" }));
  });

  test("after a stop takes the link before the namespace, and touches nobody else's", () => {
    const operations = costOf(peered(), (net) => net.stop("i-b"));
    const kinds = operations.map(({ op }) => op);
    expect(kinds.indexOf("link-delete")).toBeLessThan(kinds.indexOf("namespace-delete"));
    expect(operations).not.toContainEqual(expect.objectContaining({ namespace: "i-a" }));
  });
});

test("hops: where to capture what", () => {
  const plan = planOf(everything().model());
  expect(hopOf(plan, "i-web")).toMatchObject({ namespace: "i-web" });
  expect(hopOf(plan, "eni-web")).toMatchObject({ namespace: "vpc-a", links: ["eni-web"] });
  expect(hopOf(plan, "igw-a")).toMatchObject({ namespace: "vpc-a", links: ["igw"] });
  expect(hopOf(plan, "nat-a")).toMatchObject({ namespace: "nat-a" });
  expect(hopOf(plan, "internet")).toMatchObject({ namespace: "internet" });
  expect(hopOf(planOf(peered().model()), "pcx-a-b")).toMatchObject({ namespace: "vpc-a", links: ["pcx-a-b"] });
  expect(hopOf(plan, "i-gone")).toBeUndefined();
  const gateways = planOf(transitGateways().model());
  expect(hopOf(gateways, "tgw-near")).toMatchObject({ namespace: "tgw-near", links: ["any"] });
  expect(hopOf(gateways, "tgw-attach-near-far")).toMatchObject({ links: [gateways.linkOf("tgw-attach-near-far")] });
  expect(hopOf(gateways, "tgw-attach-near-a")?.links).toHaveLength(2);
  expect(hopOf(gateways, "tgw-attach-gone")).toBeUndefined();
});
