import { expect, test } from "vitest";
import { testNetwork } from "../../testing/index.ts";
import { compileSets } from "./reachability-sets.ts";

const https = { protocol: "tcp", port: 443 } as const;

/** Two subnets, three hosts in each, one group. */
function network() {
  const net = testNetwork();
  const vpc = net.vpc("a", "10.0.0.0/16");
  net.subnet(vpc, "10.0.0.0/24", { routeTable: net.routeTable("first", vpc) });
  net.subnet(vpc, "10.0.1.0/24");
  for (const third of [0, 1])
    for (const host of [10, 11, 12]) net.instance(`h${third}${host}`, vpc, `10.0.${third}.${host}`);
  return net;
}

function classesOf(net: ReturnType<typeof network>): readonly string[] {
  return compileSets(net.model()).classes.map(({ members }) =>
    members.map((each) => each.networkInterfaceId).join(" "),
  );
}

test("interfaces that nothing tells apart are one class, and a block splits it", () => {
  const net = network();
  expect(classesOf(net)).toEqual(["eni-h010 eni-h011 eni-h012", "eni-h110 eni-h111 eni-h112"]);
  net.setRules("sg-a-open", "in all 10.0.1.11/32", "out all 0.0.0.0/0");
  expect(classesOf(net)).toEqual(["eni-h010 eni-h011 eni-h012", "eni-h110", "eni-h111", "eni-h112"]);
});

test("[RT-23]: an interface that a route names is like no other: answers to its neighbours pass through it, its own end there", () => {
  const net = network();
  net.route("rtb-first", "10.0.1.0/24", "eni-h110");
  expect(classesOf(net)).toEqual(["eni-h010 eni-h011 eni-h012", "eni-h110", "eni-h111 eni-h112"]);
  const sets = compileSets(net.model());
  expect(sets.verdict("eni-h110", "eni-h010", https)).toBe("reachable");
  // Its source/destination check is on. [AD-53]
  expect(sets.verdict("eni-h111", "eni-h010", https)).toBe("unreachable");
});

test("[IN-1]: what is stopped is in a class that reaches nobody, and counts for no pair", () => {
  const net = network();
  expect(compileSets(net.model()).reachablePairs(https)).toBe(30);
  net.stop("i-h111");
  const sets = compileSets(net.model());
  expect(sets.classes[sets.classOf("eni-h111") ?? -1]).toMatchObject({ kind: "dead" });
  expect(sets.reachablePairs(https)).toBe(20);
});

test("two interfaces of one instance are no pair, and are asked by the walk", () => {
  const net = network();
  net.instance("second", "vpc-a", "10.0.1.99", { of: "i-h010" });
  const sets = compileSets(net.model());
  expect(sets.verdict("eni-h010", "eni-second", https)).toBe("reachable");
  // Of 42 without the two: what comes to the first from the second's subnet is answered by the second, whose source check refuses that. [AD-53]
  expect(sets.reachablePairs(https)).toBe(37);
  expect(sets.verdict("eni-nobody", "eni-h010", https)).toBe("unreachable");
});
