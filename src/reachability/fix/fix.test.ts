/** What is offered for each kind of blocker: the exact setting, no wider than it must be; and when nothing is. */
import { describe, expect, test } from "vitest";
import type { NetworkModel } from "../../model/index.ts";
import { flowOf, type TestNetwork, testNetwork } from "../../testing/index.ts";
import { explain } from "../explain.ts";
import { applyChanges } from "./apply-changes.ts";
import { changesOf, type Fix, fix } from "./fix.ts";
import type { NetworkChange } from "./network-change.ts";
import { openedBy } from "./opened.ts";

/** Each change in short, after the outcome when that is not `fixable`. Whatever is offered is shown to be enough, and all of it needed. */
function fixed(network: TestNetwork | NetworkModel, question: string): readonly string[] {
  const model = "model" in network ? network.model() : network;
  const found = fix(model, flowOf(question));
  if (found.outcome === "not-fixable")
    return [`${found.because.detail ?? found.because.code} → ${found.tool.tools.join()}`];
  if (found.outcome !== "fixable") return [found.outcome];
  const changes = changesOf(found.steps);
  expect(verdict(model, changes, question)).toBe("reachable");
  for (const left of changes) {
    const others = changes.filter((change) => change !== left);
    expect(verdict(model, others, question), `without ${inShort(left)}`).not.toBe("reachable");
  }
  return changes.map(inShort);
}

function verdict(model: NetworkModel, changes: readonly NetworkChange[], question: string): string {
  return explain(applyChanges(model, changes), flowOf(question)).verdict;
}

/** The kind, and its values in the order of the type. */
function inShort({ kind, ownerId: _, region: __, ...values }: NetworkChange): string {
  return [kind, ...leaves(values)].join(" ");
}

function leaves(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, part]) =>
    name === "kind" || name === "userId" || name === "transitGatewayId"
      ? name === "transitGatewayId"
        ? leaves(part)
        : []
      : leaves(part),
  );
}

/** `a` and `b` in VPCs that peer, with routes both ways. */
function peered(
  options: { readonly status?: "active" | "pending-acceptance"; readonly farRegion?: boolean } = {},
): TestNetwork {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`, name === "b" && options.farRegion ? { region: "us-east-1" } : {});
    net.subnet(vpc, `10.${octet}.1.0/24`);
    net.instance(name, vpc, `10.${octet}.1.10`);
  }
  const peering = net.peer("vpc-a", "vpc-b", options.status ?? "active");
  net.route("rtb-a", "10.1.0.0/16", peering);
  net.route("rtb-b", "10.0.0.0/16", peering);
  return net;
}

test("what is reachable needs nothing", () => {
  expect(fixed(peered(), "a -> b tcp/443")).toEqual(["reachable"]);
});

describe("routes over a peering", () => {
  test("[PX-50]: a missing one names the other VPC's block", () => {
    const net = peered();
    net.removeRoute("rtb-b", "10.0.0.0/16");
    expect(fixed(net, "a -> b tcp/443")).toEqual(["create-route rtb-b 10.0.0.0/16 pcx-a-b"]);
  });

  test("the published trap: a route for a subnet that the host is not in", () => {
    const net = testNetwork();
    net.subnet(net.vpc("one", "192.100.1.0/24"), "192.100.1.0/25");
    net.subnet(net.vpc("two", "10.0.0.0/16"), "10.0.0.0/24");
    net.instance("host1", "vpc-one", "192.100.1.10");
    net.instance("host2", "vpc-two", "10.0.0.153");
    const peering = net.peer("vpc-one", "vpc-two");
    net.route("rtb-two", "192.100.1.0/24", peering);
    net.route("rtb-one", "10.10.4.0/24", peering);
    expect(fixed(net, "host1 -> host2 tcp/22")).toEqual(["create-route rtb-one 10.0.0.0/16 pcx-one-two"]);
  });

  test("[RT-30]: a dead route for the goal is given the peering, whatever its length", () => {
    const net = peered();
    net.route("rtb-a", "10.1.1.0/24", "blackhole");
    expect(fixed(net, "a -> b tcp/443")).toEqual(["replace-route rtb-a 10.1.1.0/24 pcx-a-b"]);
  });

  test("[RT-28]: a dead default route is left alone", () => {
    const net = peered();
    net.removeRoute("rtb-a", "10.1.0.0/16");
    net.route("rtb-a", "0.0.0.0/0", "blackhole");
    expect(fixed(net, "a -> b tcp/443")).toEqual(["create-route rtb-a 10.1.0.0/16 pcx-a-b"]);
  });

  test("[PX-54]: where a twin of the VPC has the route, only the one host's packets go the other way", () => {
    const net = peered();
    net.subnet(net.vpc("twin", "10.1.0.0/16"), "10.1.1.0/24");
    net.instance("twin", "vpc-twin", "10.1.1.10");
    const other = net.peer("vpc-a", "vpc-twin");
    net.route("rtb-a", "10.1.0.0/16", other);
    expect(fixed(net, "a -> b tcp/443")).toEqual(["create-route rtb-a 10.1.1.10/32 pcx-a-b"]);
  });

  test("[PX-1]: a peering that waits is accepted, and its routes work then", () => {
    expect(fixed(peered({ status: "pending-acceptance" }), "a -> b tcp/443")).toEqual([
      "accept-vpc-peering-connection pcx-a-b",
    ]);
  });

  test("where nothing joins two VPCs, a peering is made", () => {
    const net = testNetwork();
    net.subnet(net.vpc("a", "10.0.0.0/16"), "10.0.1.0/24");
    net.subnet(net.vpc("b", "10.1.0.0/16"), "10.1.1.0/24");
    net.instance("a", "vpc-a", "10.0.1.10");
    net.instance("b", "vpc-b", "10.1.1.10");
    expect(fixed(net, "a -> b")).toEqual([
      "create-vpc-peering-connection pcx-new-1 vpc-a vpc-b 111111111111 eu-west-1",
      "accept-vpc-peering-connection pcx-new-1",
      "create-route rtb-a 10.1.0.0/16 pcx-new-1",
      "create-route rtb-b 10.0.0.0/16 pcx-new-1",
    ]);
  });
});

describe("security groups", () => {
  test("[SG-30]: within the VPC, and over a peering of the Region, the other end's group is named", () => {
    const net = peered();
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    expect(fixed(net, "a -> b tcp/443")).toEqual([
      "authorize-security-group-ingress sg-b-open 6 443 443 sg-a-open pcx-a-b",
    ]);
  });

  test("[SG-30]: over a peering of Regions its address", () => {
    const net = peered({ farRegion: true });
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    expect(fixed(net, "a -> b udp/53")).toEqual(["authorize-security-group-ingress sg-b-open 17 53 53 10.0.1.10/32"]);
  });

  test("ICMP by its type and code, other protocols without ports", () => {
    const net = peered({ farRegion: true });
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    expect(fixed(net, "a -> b")).toEqual(["authorize-security-group-ingress sg-b-open 1 8 0 10.0.1.10/32"]);
    expect(fixed(net, "a -> b 50")).toEqual(["authorize-security-group-ingress sg-b-open 50 10.0.1.10/32"]);
  });

  test("[SG-1]: of several groups the one that the fewest others have", () => {
    const net = peered({ farRegion: true });
    const own = net.group("own", "vpc-b");
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    net.changeInterface("eni-b", { securityGroupIds: ["sg-b-open", own] });
    net.instance("c", "vpc-b", "10.1.1.11");
    expect(fixed(net, "a -> b tcp/1")).toEqual(["authorize-security-group-ingress sg-own 6 1 1 10.0.1.10/32"]);
  });

  test("[SG-2]: outbound, at the sender", () => {
    const net = peered();
    net.setRules("sg-a-open", "in all 0.0.0.0/0");
    expect(fixed(net, "a -> b tcp/443")).toEqual([
      "authorize-security-group-egress sg-a-open 6 443 443 sg-b-open pcx-a-b",
    ]);
  });
});

describe("network ACLs", () => {
  test("[NA-3]: an entry before the one that denies", () => {
    const net = peered();
    net.setEntries("acl-b", "in 100 deny tcp 10.0.0.0/8", "in 200 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    expect(fixed(net, "a -> b tcp/443")).toEqual([
      "create-network-acl-entry acl-b 90 false allow 6 443 443 10.0.1.10/32",
    ]);
  });

  test("[NA-9]: answers get the ports that clients take", () => {
    const net = peered();
    net.setEntries("acl-b", "in 100 allow all 0.0.0.0/0", "out 100 allow icmp 0.0.0.0/0");
    expect(fixed(net, "a -> b tcp/443")).toEqual([
      "create-network-acl-entry acl-b 110 true allow 6 1024 65535 10.0.1.10/32",
    ]);
  });

  test.each([
    { taken: [1], offered: undefined },
    { taken: [2], offered: 1 },
    { taken: [100], offered: 90 },
    { taken: [95, 100], offered: 99 },
    { taken: [99, 100], offered: 98 },
  ])("[NA-3]: before a deny at the last of $taken the number is $offered", ({ taken, offered }) => {
    const net = peered();
    const entries = taken.map((number, at) =>
      at === taken.length - 1 ? `in ${number} deny tcp 0.0.0.0/0` : `in ${number} allow udp 0.0.0.0/0`,
    );
    net.setEntries("acl-b", ...entries, "in 200 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
    const expected =
      offered === undefined
        ? "SUBNET_ACL_RESTRICTION → none"
        : `create-network-acl-entry acl-b ${offered} false allow 6 443 443 10.0.1.10/32`;
    expect(fixed(net, "a -> b tcp/443")).toEqual([expected]);
  });
});

describe("transit gateways", () => {
  function joined(ofB: { readonly into?: "none" } = {}): TestNetwork {
    const net = testNetwork();
    const gateway = net.transitGateway("t");
    for (const [name, octet] of [
      ["a", 0],
      ["b", 1],
    ] as const) {
      const vpc = net.vpc(name, `10.${octet}.0.0/16`, { ipv6: `2001:db8:0:${octet + 1}00::/56` });
      net.subnet(vpc, `10.${octet}.1.0/24`, { ipv6: `2001:db8:0:${octet + 1}01::/64` });
      net.instance(name, vpc, `10.${octet}.1.10`, { ipv6: `2001:db8:0:${octet + 1}01::10` });
      net.attach(gateway, vpc, name === "b" ? ofB : {});
      net.route(`rtb-${name}`, "10.0.0.0/8", gateway);
      net.route(`rtb-${name}`, "2001:db8::/32", gateway);
    }
    return net;
  }

  test("[TG-31]: a propagation that is missing", () => {
    const net = joined({ into: "none" });
    expect(fixed(net, "a -> b")).toEqual(["enable-transit-gateway-route-table-propagation tgw-rtb-t tgw-attach-t-b"]);
  });

  test("[TG-41, TG-42]: a static blackhole that hides the propagated route is given the attachment", () => {
    const net = joined();
    net.transitGatewayRoute("tgw-rtb-t", "10.1.0.0/16", "blackhole");
    expect(fixed(net, "a -> b")).toEqual(["replace-transit-gateway-route tgw-rtb-t tgw-attach-t-b 10.1.0.0/16"]);
  });

  test("[TG-30]: an attachment without a table, and one with a table that leads nowhere else", () => {
    const net = joined();
    net.associate("tgw-attach-t-a", "none");
    expect(fixed(net, "a -> b")).toEqual(["associate-transit-gateway-route-table tgw-rtb-t tgw-attach-t-a"]);
    net.associate("tgw-attach-t-a", net.transitGatewayTable("empty", "tgw-t"));
    expect(fixed(net, "a -> b")).toEqual([
      "associate-transit-gateway-route-table tgw-rtb-t tgw-attach-t-a tgw-rtb-empty",
    ]);
  });

  test("[TG-30]: a table that keeps the attachment from some on purpose stays, and gets the route", () => {
    const net = joined();
    net.subnet(net.vpc("c", "10.2.0.0/16"), "10.2.1.0/24");
    net.attach("tgw-t", "vpc-c");
    const spokes = net.transitGatewayTable("spokes", "tgw-t");
    net.propagate("tgw-attach-t-c", spokes);
    net.associate("tgw-attach-t-a", spokes);
    expect(fixed(net, "a -> b")).toEqual([
      "enable-transit-gateway-route-table-propagation tgw-rtb-spokes tgw-attach-t-b",
    ]);
  });

  test("[TG-20]: a zone without a subnet gets an empty one if there is", () => {
    const net = joined();
    net.subnet("vpc-a", "10.0.2.0/24", { zone: 2 });
    net.instance("far", "vpc-a", "10.0.2.10");
    expect(fixed(net, "far -> b")).toEqual(["modify-transit-gateway-vpc-attachment tgw-attach-t-a subnet-a-2"]);
    net.subnet("vpc-a", "10.0.9.0/24", { zone: 2 });
    expect(fixed(net, "far -> b")).toEqual(["modify-transit-gateway-vpc-attachment tgw-attach-t-a subnet-a-9"]);
  });

  test("[TG-11, TG-32]: IPv6 support, which brings the routes as well", () => {
    const net = joined();
    const model = net.model();
    // As the cloud shows it: who propagates is on record, too.
    const propagations = ["a", "b"].map((name) => ({
      transitGatewayAttachmentId: `tgw-attach-t-${name}` as const,
      state: "enabled" as const,
    }));
    const tables = model.transitGatewayRouteTables.map((table) => ({ ...table, propagations }));
    expect(fixed({ ...model, transitGatewayRouteTables: tables }, "a -> b icmp ipv6")).toEqual([
      "modify-transit-gateway-vpc-attachment tgw-attach-t-a enable",
      "modify-transit-gateway-vpc-attachment tgw-attach-t-b enable",
    ]);
  });

  test("[TG-10]: an attachment that waits, which then joins the default tables", () => {
    const net = joined();
    net.changeAttachment("tgw-attach-t-b", { state: "pendingAcceptance" });
    net.associate("tgw-attach-t-b", "none");
    net.removeTransitGatewayRoute("tgw-rtb-t", "10.1.0.0/16");
    expect(fixed(net, "a -> b")).toEqual(["accept-transit-gateway-vpc-attachment tgw-attach-t-b"]);
  });

  test("[RT-30]: the VPC's own attachment, for which its route waits", () => {
    const net = joined();
    net.changeAttachment("tgw-attach-t-a", { state: "pendingAcceptance" });
    const model = net.model();
    const routeTables = model.routeTables.map((table) =>
      table.vpcId === "vpc-a"
        ? {
            ...table,
            routes: table.routes.map((route) =>
              route.target.kind === "transit-gateway" ? { ...route, state: "blackhole" as const } : route,
            ),
          }
        : table,
    );
    expect(fixed({ ...model, routeTables }, "a -> b")).toEqual([
      "accept-transit-gateway-vpc-attachment tgw-attach-t-a",
    ]);
  });

  test("[TG-61, TG-63]: a peering of gateways that waits, and the static routes that it never brings", () => {
    const net = testNetwork();
    for (const [name, octet, region] of [
      ["a", 0, "eu-west-1"],
      ["b", 1, "us-east-1"],
    ] as const) {
      const vpc = net.vpc(name, `10.${octet}.0.0/16`, { region });
      net.subnet(vpc, `10.${octet}.1.0/24`);
      net.instance(name, vpc, `10.${octet}.1.10`);
      net.attach(net.transitGateway(name, { region }), vpc);
      net.route(`rtb-${name}`, "10.0.0.0/8", `tgw-${name}`);
    }
    const [near] = net.peerTransitGateways("tgw-a", "tgw-b");
    net.setTransitGatewayPeering(near, "pendingAcceptance");
    expect(fixed(net, "a -> b")).toEqual([
      `accept-transit-gateway-peering-attachment ${near}`,
      `create-transit-gateway-route tgw-rtb-a ${near} 10.1.0.0/16`,
      `create-transit-gateway-route tgw-rtb-b ${near} 10.0.0.0/16`,
    ]);
  });
});

describe("instances and the internet", () => {
  test("[IN-1]: a stopped instance is started, whichever end it is", () => {
    const net = peered();
    net.stop("i-b");
    expect(fixed(net, "a -> b")).toEqual(["start-instances i-b"]);
    expect(fixed(net, "b -> a")).toEqual(["start-instances i-b"]);
  });

  test("[AD-53]: an appliance is let forward", () => {
    const net = peered();
    net.subnet("vpc-b", "10.1.2.0/24");
    net.instance("c", "vpc-b", "10.1.2.10");
    net.subnet("vpc-b", "10.1.9.0/24", { routeTable: net.routeTable("box", "vpc-b") });
    net.instance("box", "vpc-b", "10.1.9.10");
    net.route("rtb-b", "10.1.2.0/24", "eni-box");
    expect(fixed(net, "b -> c")).toEqual(["modify-network-interface-attribute eni-box false"]);
  });

  test("[IG-5]: to the internet: a gateway, a route and an address", () => {
    const net = peered();
    expect(fixed(net, "a -> internet tcp/443")).toEqual([
      "create-internet-gateway igw-new-1",
      "attach-internet-gateway igw-new-1 vpc-a",
      "associate-address eni-a 10.0.1.10 192.0.2.1",
      "create-route rtb-a 0.0.0.0/0 igw-new-1",
    ]);
  });

  test("[NG-3]: by a NAT gateway where there is one", () => {
    const net = peered();
    const gateway = net.internetGateway("vpc-a");
    const open = net.routeTable("public", "vpc-a");
    net.route(open, "0.0.0.0/0", gateway);
    net.natGateway("n", net.subnet("vpc-a", "10.0.8.0/24", { routeTable: open }), "10.0.8.8", "198.18.0.8");
    expect(fixed(net, "a -> 203.0.113.77 tcp/443")).toEqual(["create-route rtb-a 203.0.113.77/32 nat-n"]);
  });

  test("[IG-2]: from the internet: an address; a rule for everywhere only where no host is named", () => {
    const net = peered();
    net.route("rtb-b", "0.0.0.0/0", net.internetGateway("vpc-b"));
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    expect(fixed(net, "internet -> b tcp/443")).toEqual([
      "associate-address eni-b 10.1.1.10 192.0.2.1",
      "authorize-security-group-ingress sg-b-open 6 443 443 0.0.0.0/0",
    ]);
    expect(fixed(net, "203.0.113.77 -> b tcp/443")).toEqual([
      "associate-address eni-b 10.1.1.10 192.0.2.1",
      "authorize-security-group-ingress sg-b-open 6 443 443 203.0.113.77/32",
    ]);
  });
});

describe("what no setting lifts", () => {
  test("blocks that overlap", () => {
    const net = testNetwork();
    for (const name of ["a", "b"]) net.subnet(net.vpc(name, "10.0.0.0/16"), "10.0.1.0/24");
    net.instance("a", "vpc-a", "10.0.1.10");
    net.instance("b", "vpc-b", "10.0.1.20");
    expect(fixed(net, "a -> b")).toEqual(["X_OVERLAPPING_CIDRS → privatelink,renumbering"]);
  });

  test("[PX-52]: a peer's peer", () => {
    const net = peered();
    net.subnet(net.vpc("c", "10.2.0.0/16"), "10.2.1.0/24");
    net.instance("c", "vpc-c", "10.2.1.10");
    const far = net.peer("vpc-b", "vpc-c");
    net.route("rtb-a", "10.2.0.0/16", "pcx-a-b");
    net.route("rtb-c", "10.0.0.0/16", far);
    expect(fixed(net, "a -> c")).toEqual(["X_PEERING_NOT_TRANSITIVE → vpc-peering-connection,transit-gateway"]);
  });

  test("an address that nobody has, and a peering that is over", () => {
    const net = peered();
    expect(fixed(net, "a -> 10.0.1.99")).toEqual(["NO_POSSIBLE_DESTINATION → none"]);
    expect(fixed(net, "a -> nobody")).toEqual(["NO_SOURCE_OR_DESTINATION → none"]);
  });

  test("what the model does not have is unknown, after what is wrong for certain", () => {
    const net = peered();
    net.setRules("sg-a-open", "in all 0.0.0.0/0");
    net.route("rtb-a", "10.1.0.0/16", "vgw-1");
    const found: Fix = fix(net.model(), flowOf("a -> b tcp/443"));
    expect(found.outcome).toBe("unknown");
    expect(found.outcome === "unknown" && changesOf(found.steps).map(({ kind }) => kind)).toEqual([
      "authorize-security-group-egress",
    ]);
  });
});

describe("what else it opens", () => {
  function openedFor(net: TestNetwork, question: string) {
    const model = net.model();
    const found = fix(model, flowOf(question));
    if (found.outcome !== "fixable") throw new Error(found.outcome);
    const { opened, closed } = openedBy(model, found);
    const told = ({ from, to, words }: (typeof opened)[number]) => `${from} ${to} ${words}`;
    return { opens: opened.map(told), closes: closed.map(told) };
  }

  test("a rule for a group opens to its other members; a route back to whoever the groups let in", () => {
    const net = peered();
    net.instance("a2", "vpc-a", "10.0.1.11");
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    expect(openedFor(net, "a -> b tcp/443")).toEqual({ opens: ["eni-a2 eni-b tcp 443"], closes: [] });
  });

  test("a rule for one address over Regions opens nothing else", () => {
    const net = peered({ farRegion: true });
    net.instance("a2", "vpc-a", "10.0.1.11");
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    expect(openedFor(net, "a -> b tcp/443")).toEqual({ opens: [], closes: [] });
  });

  test("a route for one host closes what its twin had", () => {
    const net = peered();
    net.subnet(net.vpc("twin", "10.1.0.0/16"), "10.1.1.0/24");
    net.instance("twin", "vpc-twin", "10.1.1.10");
    const other = net.peer("vpc-a", "vpc-twin");
    net.route("rtb-twin", "10.0.0.0/16", other);
    net.route("rtb-a", "10.1.0.0/16", other);
    expect(openedFor(net, "a -> b tcp/443").closes).toContain("eni-a eni-twin all traffic");
  });
});
