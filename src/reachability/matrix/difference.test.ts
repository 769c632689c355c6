import { expect, test } from "vitest";
import { testNetwork } from "../../testing/index.ts";
import { differenceOf, type ReachabilityDifference } from "./difference.ts";

/** Two VPCs that peer, a web server and two databases. */
function shop() {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  const b = net.vpc("b", "10.1.0.0/16");
  net.subnet(a, "10.0.1.0/24");
  net.subnet(b, "10.1.1.0/24");
  const pcx = net.peer(a, b);
  net.route("rtb-a", "10.1.0.0/16", pcx);
  net.route("rtb-b", "10.0.0.0/16", pcx);
  net.group("db", b, "out all 0.0.0.0/0");
  net.instance("web", a, "10.0.1.10", { groups: ["sg-a-open"] });
  net.instance("db1", b, "10.1.1.10", { groups: ["sg-db"] });
  net.instance("db2", b, "10.1.1.11", { groups: ["sg-db"] });
  return net;
}

function told({ opened, closed }: ReachabilityDifference): readonly string[] {
  const line = (mark: string) => (each: ReachabilityDifference["opened"][number]) =>
    `${mark} ${each.from} -> ${each.to}: ${each.words}`;
  return [...opened.map(line("+")), ...closed.map(line("-"))];
}

test("[SG-3]: one rule opens its port from its block to every member, and nothing else", () => {
  const net = shop();
  const before = net.model();
  net.setRules("sg-db", "out all 0.0.0.0/0", "in tcp/5432 10.0.0.0/16");
  expect(told(differenceOf(before, net.model()))).toEqual(["+ eni-web -> eni-db1,eni-db2: tcp 5432"]);
  expect(told(differenceOf(net.model(), before))).toEqual(["- eni-web -> eni-db1,eni-db2: tcp 5432"]);
});

test("[SG-3]: a rule for a wider block opens the databases to each other as well, told in one line", () => {
  const net = shop();
  const before = net.model();
  net.setRules("sg-db", "out all 0.0.0.0/0", "in tcp/5432 10.0.0.0/8", "in udp/53-60 10.0.0.0/8");
  expect(told(differenceOf(before, net.model()))).toEqual([
    "+ eni-web,eni-db1,eni-db2 -> eni-db1,eni-db2: tcp 5432; udp 53-60",
  ]);
});

test("[RT-30]: a route that goes takes both directions with it; ICMP that nobody answers stays one way", () => {
  const net = shop();
  net.setRules("sg-db", "out all 0.0.0.0/0", "in all 0.0.0.0/0");
  const before = net.model();
  net.removeRoute("rtb-b", "10.0.0.0/16");
  expect(told(differenceOf(before, net.model()))).toEqual([
    "- eni-web -> eni-db1,eni-db2: tcp; udp; icmp 8, 13, 15, 17; other protocols",
    "- eni-db1,eni-db2 -> eni-web: all traffic",
  ]);
});

test("[IG-2]: what a public address opens to the internet is told by itself", () => {
  const net = shop();
  net.route("rtb-a", "0.0.0.0/0", net.internetGateway("vpc-a"));
  const before = net.model();
  net.changeInterface("eni-web", {
    privateAddresses: [{ address: "10.0.1.10", primary: true, publicIp: "198.18.0.1" }],
  });
  expect(told(differenceOf(before, net.model()))).toEqual([
    "+ internet -> eni-web: all traffic",
    "+ eni-web -> internet: all traffic",
  ]);
});

test("nothing changed, nothing told; an instance that is new opens what it reaches", () => {
  const net = shop();
  const before = net.model();
  expect(told(differenceOf(before, net.model()))).toEqual([]);
  net.instance("new", "vpc-a", "10.0.1.20", { groups: ["sg-a-open"] });
  expect(told(differenceOf(before, net.model()))).toEqual([
    "+ eni-web,eni-db1,eni-db2 -> eni-new: all traffic",
    "+ eni-new -> eni-web: all traffic",
  ]);
});
