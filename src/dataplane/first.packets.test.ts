import { afterAll, expect, test } from "vitest";
import { testDataPlane } from "./test-data-plane.ts";
import { testNetwork } from "./test-network.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

test("first ping through two peered VPCs", async () => {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  const b = net.vpc("b", "10.1.0.0/16");
  net.subnet(a, "10.0.1.0/24");
  net.subnet(a, "10.0.2.0/24");
  net.subnet(b, "10.1.1.0/24");
  const ia = net.instance("a1", a, "10.0.1.10");
  net.instance("a2", a, "10.0.1.11");
  net.instance("a3", a, "10.0.2.11");
  net.instance("b1", b, "10.1.1.10");
  const pcx = net.peer(a, b);
  await plane.apply(net);
  expect(await plane.probe(ia, "10.0.1.11")).toBe("answered");
  expect(await plane.probe(ia, "10.0.2.11")).toBe("answered");
  expect(await plane.probe(ia, "10.1.1.10")).toBe("no-answer");
  net.route("rtb-a", "10.1.0.0/16", pcx);
  net.route("rtb-b", "10.0.0.0/16", pcx);
  await plane.apply(net);
  expect(await plane.probe(ia, "10.1.1.10")).toBe("answered");
});
