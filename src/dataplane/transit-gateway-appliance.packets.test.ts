/** Rule 19 [TG-20] 5: appliance mode, shown by stateful firewalls in an inspection VPC that pass only answers to what they saw. */
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** A in zone 1, B in zone 2; all that goes between them is led through the box in one of the inspection VPC's zones. */
function inspected(applianceModeSupport: boolean, families: "ipv4" | "ipv6" = "ipv4"): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub");
  const spokes = net.transitGatewayTable("spokes", "tgw-hub");
  const v6 = families === "ipv6";
  const addVpc = (name: string, octet: number) =>
    net.vpc(name, `10.${octet}.0.0/16`, v6 ? { ipv6: `2600:1f10:${octet}::/56` } : {});
  for (const [name, octet, zone] of [
    ["a", 0, 1],
    ["b", 1, 2],
  ] as const) {
    const vpc = addVpc(name, octet);
    net.subnet(vpc, `10.${octet}.1.0/24`, { zone, ...(v6 ? { ipv6: `2600:1f10:${octet}::/64` } : {}) });
    net.instance(name, vpc, `10.${octet}.1.10`, v6 ? { ipv6: `2600:1f10:${octet}::10` } : {});
    net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
    if (v6) net.route(`rtb-${name}`, "2600:1f10::/32", "tgw-hub");
    net.attach("tgw-hub", vpc, { table: spokes, ipv6Support: v6 });
  }
  const inspection = addVpc("inspection", 9);
  net.route("rtb-inspection", "10.0.0.0/8", "tgw-hub");
  if (v6) net.route("rtb-inspection", "2600:1f10::/32", "tgw-hub");
  for (const zone of [1, 2]) {
    net.subnet(inspection, `10.9.${zone}.0/24`, { zone, ...(v6 ? { ipv6: `2600:1f10:9:${zone}::/64` } : {}) });
    net.instance(`box${zone}`, inspection, `10.9.${zone}.10`, {
      sourceDestCheck: false,
      ...(v6 ? { ipv6: `2600:1f10:9:${zone}::10` } : {}),
    });
    const entry = net.routeTable(`entry${zone}`, inspection);
    net.subnet(inspection, `10.9.10${zone}.0/28`, { zone, routeTable: entry });
    net.route(entry, "10.0.0.0/8", `eni-box${zone}`);
    if (v6) net.route(entry, "2600:1f10::/32", `eni-box${zone}`);
  }
  const subnetIds = ["subnet-inspection-101", "subnet-inspection-102"] as const;
  const attachment = net.attach("tgw-hub", inspection, {
    subnetIds,
    applianceModeSupport,
    into: "none",
    ipv6Support: v6,
  });
  net.transitGatewayRoute(spokes, "0.0.0.0/0", attachment);
  if (v6) net.transitGatewayRoute(spokes, "::/0", attachment);
  return net;
}

/** Each box passes what A begins, counts it, and passes answers to what it passed. */
async function guard(): Promise<void> {
  const rules =
    "nft flush ruleset; nft -f - <<'END'\n" +
    "table inet guard { chain forward { type filter hook forward priority 0; policy drop;\n" +
    "ct state established accept\nip saddr 10.0.0.0/16 ct state new counter accept\n" +
    "ip6 saddr 2600:1f10:0::/56 ct state new counter accept\n}\n}\nEND";
  for (const box of ["i-box1", "i-box2"]) {
    const { exitCode, stderr } = await plane.fabric().run({ namespace: box, argv: ["sh", "-c", rules] });
    expect(`${exitCode} ${stderr}`).toBe("0 ");
  }
}

/** Connections that a box let begin. */
async function begun(box: string): Promise<number> {
  const { stdout } = await plane.fabric().run({ namespace: box, argv: ["nft", "list", "ruleset"] });
  return [...stdout.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}

const ports = Array.from({ length: 24 }, (_, index) => 4000 + index);

/** `refused` is an answer: it went through the boxes both ways. */
async function outcomes(destination: string): Promise<ReadonlySet<string>> {
  return new Set(await Promise.all(ports.map((port) => plane.probe("i-a", destination, `tcp/${port}`))));
}

describe.each([
  ["ipv4", "10.1.1.10"],
  ["ipv6", "2600:1f10:1::10"],
] as const)("%s", (family, destination) => {
  beforeEach(async () => {
    // Connections that a box knows from before would be answers.
    await plane.apply(testNetwork());
  });

  test("off: the answer comes back by the zone of its sender, where the box knows nothing of it", async () => {
    await plane.apply(inspected(false, family));
    await guard();
    expect(await outcomes(destination)).toEqual(new Set(["no-answer"]));
    expect(await begun("i-box1")).toBeGreaterThan(0);
    expect(await begun("i-box2")).toBe(0);
  });

  test("on: each flow has one zone for both directions, and all zones have some", async () => {
    await plane.apply(inspected(true, family));
    await guard();
    expect(await outcomes(destination)).toEqual(new Set(["refused"]));
    expect(await begun("i-box1")).toBeGreaterThan(0);
    expect(await begun("i-box2")).toBeGreaterThan(0);
  });
});
