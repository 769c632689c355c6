/** What is planned, as text: everything that the kernel is told for two small networks, and what is never planned. */
import { describe, expect, test } from "vitest";
import { diff } from "./diff.ts";
import { hopOf } from "./hops.ts";
import { createPlanner, planOf } from "./plan.ts";
import { planText } from "./plan-text.ts";
import { type TestNetwork, testNetwork } from "./test-network.ts";

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

describe("what carries no packets costs nothing", () => {
  test("VPCs, subnets, peerings and gateways without a running instance", () => {
    const net = peered();
    net.internetGateway("vpc-a");
    net.stop("i-a");
    net.stop("i-b");
    expect([...planOf(net.model()).fragments.keys()]).toEqual([]);
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
});
