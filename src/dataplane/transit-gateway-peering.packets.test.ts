/** Rule 16: peerings between transit gateways, chains and loops of them, by packets. */
import { existsSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { TransitGatewayAttachmentState } from "../model/index.ts";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { hopOf } from "./hops.ts";
import { testDataPlane } from "./test-data-plane.ts";

const hasTcpdump = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].some((path) => existsSync(path));
const plane = testDataPlane();
afterAll(() => plane.close());

const regions = { near: "eu-west-1", far: "us-east-1", third: "eu-west-1" } as const;
type Name = keyof typeof regions;
const octets = { near: 0, far: 1, third: 2 } as const;

/** A gateway in its Region, with one VPC and a host, `10.x.1.10`. */
function addSite(net: TestNetwork, name: Name): void {
  const region = regions[name];
  const octet = octets[name];
  net.transitGateway(name, { region });
  const vpc = net.vpc(name, `10.${octet}.0.0/16`, { region });
  net.subnet(vpc, `10.${octet}.1.0/24`);
  net.instance(name, vpc, `10.${octet}.1.10`);
  net.route(`rtb-${name}`, "10.0.0.0/8", `tgw-${name}`);
  net.attach(`tgw-${name}`, vpc);
}

/** Two sites, peered, with static routes both ways. */
function joined(a: Name, b: Name): TestNetwork {
  const net = testNetwork();
  for (const name of [a, b]) addSite(net, name);
  join(net, a, b);
  return net;
}

function join(net: TestNetwork, a: Name, b: Name): void {
  const [there, back] = net.peerTransitGateways(`tgw-${a}`, `tgw-${b}`);
  net.transitGatewayRoute(`tgw-rtb-${a}`, `10.${octets[b]}.0.0/16`, there);
  net.transitGatewayRoute(`tgw-rtb-${b}`, `10.${octets[a]}.0.0/16`, back);
}

const host = (name: Name) => `10.${octets[name]}.1.10`;
const ping = (from: Name, to: Name) => plane.probe(`i-${from}`, host(to));

describe("two gateways", () => {
  test.each([
    ["Regions", "far"],
    ["one Region, each with an id of its own [TG-62]", "third"],
  ] as const)("[TG-63]: in %s: with static routes on both, hosts reach each other", async (_where, other) => {
    await plane.apply(joined("near", other));
    expect(await ping("near", other)).toBe("answered");
    expect(await ping(other, "near")).toBe("answered");
  });

  test.each<TransitGatewayAttachmentState>([
    "initiatingRequest",
    "pendingAcceptance",
    "pending",
    "rejected",
    "deleting",
    "deleted",
    "failed",
  ])("[TG-61]: a peering that is %s carries nothing, available it does", async (state) => {
    const net = joined("near", "far");
    net.setTransitGatewayPeering("tgw-attach-near-far", state);
    await plane.apply(net);
    expect(await ping("near", "far")).toBe("no-answer");
    net.setTransitGatewayPeering("tgw-attach-near-far", "available");
    await plane.apply(net);
    expect(await ping("near", "far")).toBe("answered");
  });

  test.each(["near", "far"] as const)(
    "[TG-63], T27: without the static route at %s no ping comes back",
    async (missing) => {
      const net = joined("near", "far");
      net.removeTransitGatewayRoute(`tgw-rtb-${missing}`, missing === "near" ? "10.1.0.0/16" : "10.0.0.0/16");
      await plane.apply(net);
      expect(await ping("near", "far")).toBe("no-answer");
      expect(await ping("far", "near")).toBe("no-answer");
    },
  );

  test.each(["near", "far"] as const)(
    "[TG-63, TG-30]: nor without an association of the peering at %s",
    async (side) => {
      const net = joined("near", "far");
      const table = `tgw-rtb-${side}` as const;
      const model = net.model();
      await plane.dataPlane.reconcile({
        ...model,
        transitGatewayRouteTables: model.transitGatewayRouteTables.map((each) =>
          each.transitGatewayRouteTableId === table
            ? {
                ...each,
                associations: each.associations.filter(
                  ({ transitGatewayAttachmentId: id }) => id !== "tgw-attach-near-far",
                ),
              }
            : each,
        ),
      });
      expect(await ping("near", "far")).toBe("no-answer");
      await plane.apply(net);
      expect(await ping("near", "far")).toBe("answered");
    },
  );

  test("[TG-32]: nothing is propagated over a peering: what no static route names is not reached", async () => {
    const net = joined("near", "far");
    const vpc = net.vpc("more", "10.7.0.0/16", { region: regions.far });
    net.subnet(vpc, "10.7.1.0/24");
    net.instance("more", vpc, "10.7.1.10");
    net.route("rtb-more", "10.0.0.0/8", "tgw-far");
    net.attach("tgw-far", vpc);
    await plane.apply(net);
    expect(await plane.probe("i-far", "10.7.1.10")).toBe("answered");
    expect(await plane.probe("i-near", "10.7.1.10")).toBe("no-answer");
  });

  test("[TG-67]: no zone is kept: what comes over enters by one zone, whatever zone it is from", async () => {
    const net = testNetwork();
    net.transitGateway("near", { region: regions.near });
    addSite(net, "third");
    const vpc = net.vpc("near", "10.0.0.0/16");
    net.route("rtb-near", "10.0.0.0/8", "tgw-near");
    for (const zone of [1, 2]) {
      net.subnet(vpc, `10.0.${zone}.0/24`, { zone });
      net.instance(`zone${zone}`, vpc, `10.0.${zone}.10`);
    }
    net.attach("tgw-near", vpc);
    join(net, "near", "third");
    // The far VPC has a subnet in each zone too; only the entry of the first leads on.
    const entry = net.routeTable("entry2", "vpc-third");
    net.subnet("vpc-third", "10.2.9.0/28", { zone: 2, routeTable: entry });
    net.route(entry, "10.2.0.0/16", "blackhole");
    net.changeAttachment("tgw-attach-third-third", { subnetIds: ["subnet-third-1", "subnet-third-9"] });
    await plane.apply(net);
    expect(await plane.probe("i-zone1", host("third"))).toBe("answered");
    expect(await plane.probe("i-zone2", host("third"))).toBe("answered");
  });
});

describe("[TG-65]: chains", () => {
  test("a gateway between two others carries on what its table says, also without a VPC of its own", async () => {
    const net = testNetwork();
    for (const name of ["near", "third"] as const) addSite(net, name);
    net.transitGateway("far", { region: regions.far });
    join(net, "near", "far");
    join(net, "far", "third");
    net.transitGatewayRoute("tgw-rtb-near", "10.2.0.0/16", "tgw-attach-near-far");
    net.transitGatewayRoute("tgw-rtb-third", "10.0.0.0/16", "tgw-attach-far-third");
    await plane.apply(net);
    expect(await ping("near", "third")).toBe("answered");
    net.removeTransitGatewayRoute("tgw-rtb-far", "10.2.0.0/16");
    await plane.apply(net);
    expect(await ping("near", "third")).toBe("no-answer");
  });

  const pingOnce = (address: string) =>
    plane.fabric().run({ namespace: "i-near", argv: ["ping", "-c1", "-W2", address] });

  /** The kernel tells one sender no more than so often, and these tests follow each other closely: one message may be missing. */
  async function toldOfTheEnd(address: string): Promise<string> {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const { exitCode, stdout } = await pingOnce(address);
      expect(exitCode).not.toBe(0);
      const told = stdout.match(/From .*Time to live exceeded/)?.[0];
      if (told !== undefined) return told;
    }
    return "";
  }

  test("a loop of two gateways ends when the packet's time to live does, and the sender is told", async () => {
    const net = joined("near", "far");
    net.transitGatewayRoute("tgw-rtb-near", "10.9.0.0/16", "tgw-attach-near-far");
    net.transitGatewayRoute("tgw-rtb-far", "10.9.0.0/16", "tgw-attach-near-far");
    await plane.apply(net);
    expect(await toldOfTheEnd("10.9.1.10")).toMatch(/^From 192\.0\.0\.8 .*Time to live exceeded/);
    expect(await ping("near", "far")).toBe("answered");
  });

  test.skipIf(!hasTcpdump)(
    "a capture at the gateway sees one packet of a loop again and again, with less time to live",
    async () => {
      const net = joined("near", "far");
      net.transitGatewayRoute("tgw-rtb-near", "10.9.0.0/16", "tgw-attach-near-far");
      net.transitGatewayRoute("tgw-rtb-far", "10.9.0.0/16", "tgw-attach-near-far");
      await plane.apply(net);
      const plan = plane.dataPlane.plan();
      const hop = plan && hopOf(plan, "tgw-attach-near-far");
      const capture = `timeout 5 tcpdump -n -v -l -c 8 -i ${hop?.links[0]} icmp[icmptype] == icmp-echo`;
      const watching = plane.fabric().run({ namespace: hop?.namespace ?? "", argv: ["sh", "-c", capture] });
      let seen: Awaited<typeof watching> | undefined;
      void watching.then((result) => {
        seen = result;
      });
      for (let attempt = 0; seen === undefined && attempt < 20; attempt += 1) await pingOnce("10.9.1.10");
      const times = [...(await watching).stdout.matchAll(/ttl (\d+)/g)].map(([, ttl]) => Number(ttl));
      expect(times).toHaveLength(8);
      // It may have begun to listen in the middle of a round.
      const falls = times.filter((ttl, index) => ttl < (times[index - 1] ?? 0));
      expect(falls.length).toBeGreaterThanOrEqual(6);
    },
  );

  test("so does a loop of a gateway and a VPC whose attachment subnet sends back what it gets", async () => {
    const net = joined("near", "far");
    net.transitGatewayRoute("tgw-rtb-near", "10.9.0.0/16", "tgw-attach-near-near");
    await plane.apply(net);
    expect(await toldOfTheEnd("10.9.1.10")).toContain("Time to live exceeded");
  });

  test("a blackhole without a loop says nothing", async () => {
    const net = joined("near", "far");
    net.transitGatewayRoute("tgw-rtb-near", "10.9.0.0/16", "blackhole");
    await plane.apply(net);
    expect((await pingOnce("10.9.1.10")).stdout).not.toContain("From");
  });
});
