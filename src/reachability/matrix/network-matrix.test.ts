import { expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../../testing/index.ts";
import { type NetworkMatrix, networkMatrix } from "./network-matrix.ts";
import { type Reached, reachOf } from "./reach-of.ts";

/** Two web servers with public addresses, two applications behind a NAT gateway, a database in a peered VPC. */
function shop(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  const b = net.vpc("b", "10.1.0.0/16");
  const inside = net.routeTable("inside", a);
  net.subnet(a, "10.0.1.0/24");
  net.subnet(a, "10.0.2.0/24", { routeTable: inside });
  net.subnet(b, "10.1.1.0/24");
  net.route("rtb-a", "0.0.0.0/0", net.internetGateway(a));
  net.route(inside, "0.0.0.0/0", net.natGateway("out", "subnet-a-1", "10.0.1.5", "198.18.0.5"));
  const pcx = net.peer(a, b);
  net.route(inside, "10.1.0.0/16", pcx);
  net.route("rtb-b", "10.0.0.0/16", pcx);
  net.group("web", a, "in tcp/443 0.0.0.0/0", "out all 0.0.0.0/0");
  net.group("app", a, "in tcp/8080-8090 sg-web", "in icmp 10.0.0.0/8", "out all 0.0.0.0/0");
  net.group("db", b, "in tcp/5432 10.0.2.0/24", "out all 0.0.0.0/0");
  for (const at of [0, 1])
    net.instance(`web${at}`, a, `10.0.1.1${at}`, { groups: ["sg-web"], publicIp: `198.18.0.1${at}` });
  for (const at of [0, 1]) net.instance(`app${at}`, a, `10.0.2.1${at}`, { groups: ["sg-app"] });
  net.instance("db", b, "10.1.1.10", { groups: ["sg-db"] });
  return net;
}

function lines({ ends, cells }: NetworkMatrix): readonly string[] {
  return cells.map(({ from, to, all, some, unknown }) => {
    const words = [all, some && `some ${some}`, unknown && `unknown ${unknown}`].filter((each) => each !== "");
    return `${ends[from]?.name} -> ${ends[to]?.name}: ${words.join(" | ")}`;
  });
}

test("what nothing tells apart is one end, and a cell says on what", () => {
  const matrix = networkMatrix(shop().model());
  expect(matrix.ends.map(({ name }) => name)).toEqual(["web0, web1", "app0, app1", "db", "internet"]);
  expect(lines(matrix)).toEqual([
    "web0, web1 -> web0, web1: tcp 443",
    "web0, web1 -> app0, app1: tcp 8080-8090; icmp",
    "web0, web1 -> internet: all traffic",
    "app0, app1 -> web0, web1: tcp 443",
    "app0, app1 -> app0, app1: icmp",
    "app0, app1 -> db: tcp 5432",
    // [NG-3]
    "app0, app1 -> internet: tcp; udp; icmp",
    "db -> app0, app1: icmp",
    "internet -> web0, web1: tcp 443",
  ]);
  // The NAT gateway's.
  expect(matrix.leftOut).toBe(1);
});

test("by VPC a cell may hold for some pairs only; by instance each has its own row", () => {
  const model = shop().model();
  const traffic = [{ protocol: "tcp", port: 443 }] as const;
  expect(lines(networkMatrix(model, { by: "vpc", traffic }))).toEqual([
    "a -> a: some tcp 443",
    "a -> internet: tcp 443",
    "internet -> a: some tcp 443",
  ]);
  expect(lines(networkMatrix(model, { by: "subnet", traffic }))).toContain("subnet-a-2 -> subnet-a-1: tcp 443");
  const byInstance = networkMatrix(model, { by: "instance", traffic });
  expect(lines(byInstance).filter((each) => each.startsWith("web0"))).toEqual([
    "web0 -> web1: tcp 443",
    "web0 -> internet: tcp 443",
  ]);
});

test("what the model does not say is unknown, not nothing", () => {
  const model = { ...shop().model(), vpcPeeringConnections: [] };
  expect(lines(networkMatrix(model, { traffic: [{ protocol: "tcp", port: 5432 }] }))).toContain(
    "app0, app1 -> db: unknown tcp 5432",
  );
});

test("there is no end without an address of the family", () => {
  const matrix = networkMatrix(shop().model(), { family: "ipv6" });
  expect(matrix).toMatchObject({ cells: [], leftOut: 6 });
});

test("one thing's reach: what it reaches and what reaches it, alike ends together", () => {
  const model = shop().model();
  const told = (reached: readonly Reached[]) =>
    reached.map(
      ({ name, all, some }) => `${name}: ${[all, some && `some ${some}`].filter((each) => each !== "").join("; ")}`,
    );
  const web = reachOf(model, ["eni-web0"]);
  expect(told(web.to)).toEqual(["web1: tcp 443", "app0, app1: tcp 8080-8090; icmp", "internet: all traffic"]);
  expect(told(web.from)).toEqual(["web1, app0, app1: tcp 443", "internet: tcp 443"]);
  const both = reachOf(model, ["eni-app0", "eni-db"], { traffic: [{ protocol: "tcp", port: 5432 }] });
  expect(told(both.from)).toEqual(["app1: some tcp 5432"]);
});
