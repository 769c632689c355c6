/** Whatever way led to a model, the kernel holds what it would hold had it been built from nothing. */
import { afterAll, expect, test } from "vitest";
import type { NetworkModel } from "../model/index.ts";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { type TestDataPlane, testDataPlane } from "./test-data-plane.ts";
import { dumpKernel } from "./test-kernel-dump.ts";

/** Some ten seconds of work on a machine of its own; tests share theirs. */
const timeoutMs = 240_000;

const planes: TestDataPlane[] = [];
afterAll(() => Promise.all(planes.map((plane) => plane.close())));

function newPlane(): TestDataPlane {
  const plane = testDataPlane();
  planes.push(plane);
  return plane;
}

/** Networks that share ids and differ in everything that the data plane wires. */
function networks(): ReadonlyMap<string, NetworkModel> {
  const models = new Map<string, NetworkModel>();
  const base = (region?: string): TestNetwork => {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16", { ipv6: "2600:1f10:a::/56" });
    const b = net.vpc("b", "10.1.0.0/16", region === undefined ? {} : { region });
    net.subnet(a, "10.0.1.0/24", { ipv6: "2600:1f10:a::/64" });
    net.subnet(b, "10.1.1.0/24");
    net.instance("a", a, "10.0.1.10", { ipv6: "2600:1f10:a::10" });
    net.instance("b", b, "10.1.1.10", { publicIp: "52.0.0.1" });
    return net;
  };
  const keep = (name: string, change: (net: TestNetwork) => void, region?: string) => {
    const net = base(region);
    change(net);
    models.set(name, net.model());
  };
  const peer = (net: TestNetwork) => {
    const pcx = net.peer("vpc-a", "vpc-b");
    net.route("rtb-a", "10.1.0.0/16", pcx);
    net.route("rtb-b", "10.0.0.0/16", pcx);
  };
  keep("plain", () => undefined);
  keep("peered", peer);
  keep("peered across Regions", peer, "us-east-1");
  keep("internet", (net) => {
    peer(net);
    net.route("rtb-b", "0.0.0.0/0", net.internetGateway("vpc-b"));
    net.route("rtb-a", "::/0", net.egressOnlyInternetGateway("vpc-a"));
  });
  keep("NAT", (net) => {
    const open = net.routeTable("open", "vpc-b");
    net.subnet("vpc-b", "10.1.9.0/24", { routeTable: open });
    net.route(open, "0.0.0.0/0", net.internetGateway("vpc-b"));
    net.route("rtb-b", "0.0.0.0/0", net.natGateway("b", "subnet-b-9", "10.1.9.5", "52.0.0.9"));
  });
  keep("one stopped", (net) => {
    peer(net);
    net.stop("i-b");
  });
  keep("another interface", (net) => {
    peer(net);
    net.instance("a2", "vpc-a", "10.0.1.20", { of: "i-a" });
    net.changeInterface("eni-b", { macAddress: "02:00:00:00:99:99", sourceDestCheck: false });
  });
  keep("other addresses", (net) => {
    peer(net);
    net.changeInterface("eni-a", {
      privateAddresses: [
        { address: "10.0.1.11", primary: true },
        { address: "10.0.1.12", primary: false },
      ],
      ipv6Addresses: [],
    });
    net.changeInterface("eni-b", {
      privateAddresses: [
        { address: "10.1.1.10", primary: true, publicIp: "52.0.0.1" },
        { address: "10.1.1.11", primary: false },
      ],
    });
  });
  keep("groups", (net) => {
    peer(net);
    net.setRules("sg-a-open", "in all sg-b-open", "in tcp/22 10.0.0.0/8", "out all 0.0.0.0/0");
    net.setRules("sg-b-open", "in all sg-a-open", `in tcp/80 ${net.prefixList("x", "10.0.0.0/8", "10.0.1.0/24")}`);
    net.setEntries(
      "acl-a",
      "in 100 allow all 0.0.0.0/0",
      "out 90 deny tcp/25 0.0.0.0/0",
      "out 100 allow all 0.0.0.0/0",
    );
  });
  keep("nothing", (net) => {
    net.stop("i-a");
    net.stop("i-b");
  });
  return models;
}

test(
  "every way from one network to another ends in the same kernel state",
  async () => {
    const models = networks();
    const expected = new Map<string, string>();
    for (const [name, model] of models) {
      const fresh = newPlane();
      await fresh.dataPlane.reconcile(model);
      expected.set(name, await dumpKernel(fresh));
      await fresh.close();
    }
    const walker = newPlane();
    for (const [from, before] of models) {
      for (const [to, after] of models) {
        await walker.dataPlane.reconcile(before);
        await walker.dataPlane.reconcile(after);
        expect(await dumpKernel(walker), `from ${from} to ${to}`).toBe(expected.get(to));
      }
    }
  },
  timeoutMs,
);

test("so does every step of changed settings, each applied alone", async () => {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  const b = net.vpc("b", "10.1.0.0/16");
  const spare = net.routeTable("spare", a);
  net.subnet(a, "10.0.1.0/24");
  net.subnet(a, "10.0.2.0/24", { routeTable: spare });
  net.subnet(b, "10.1.1.0/24");
  net.instance("a", a, "10.0.1.10");
  net.instance("a2", a, "10.0.2.10", { sourceDestCheck: false });
  net.instance("b", b, "10.1.1.10");
  const pcx = net.peer(a, b);
  const walker = newPlane();
  await walker.dataPlane.reconcile(net.model());
  const steps: readonly (() => void)[] = [
    () => net.route("rtb-a", "10.1.0.0/16", pcx),
    () => net.setRules("sg-b-open", "in tcp/22 sg-a-open", "in icmp 10.0.0.0/8", "out all 0.0.0.0/0"),
    () => net.setRules("sg-b-open", "in icmp 10.0.0.0/8"),
    () => net.route(spare, "0.0.0.0/0", "blackhole"),
    () => net.route("rtb-a", "10.0.2.0/24", "eni-a2"),
    () => net.setEntries("acl-a", "in 100 allow tcp/22 0.0.0.0/0"),
    () => net.removeRoute("rtb-a", "10.1.0.0/16"),
    () => net.setRules("sg-a-open", "in all sg-a-open", "out all sg-b-open"),
    () => net.setRules("sg-a-open"),
  ];
  for (const [index, step] of steps.entries()) {
    step();
    await walker.dataPlane.reconcile(net.model());
    const fresh = newPlane();
    await fresh.dataPlane.reconcile(net.model());
    expect(await dumpKernel(walker), `after step ${index}`).toBe(await dumpKernel(fresh));
    await fresh.close();
  }
});
