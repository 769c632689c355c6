import { describe, expect, test } from "vitest";
import { explain } from "../../reachability/index.ts";
import { type TestNetwork, testNetwork } from "../../testing/index.ts";
import { flowFromWords } from "./flow-from-words.ts";
import { renderExplanation } from "./render-explanation.ts";

/** Two peered VPCs with a route on A's side only; B lets in what `rule` says. */
function halfJoined(rule: string): TestNetwork {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    net.subnet(vpc, `10.${octet}.1.0/24`);
    net.instance(name, vpc, `10.${octet}.1.10`);
  }
  net.route("rtb-a", "10.1.0.0/16", net.peer("vpc-a", "vpc-b"));
  net.setRules("sg-b-open", rule, "out all 0.0.0.0/0");
  return net;
}

function rendered(net: TestNetwork, flow: string, width = 80): readonly string[] {
  const model = net.model();
  const asked = flowFromWords(model, { from: "i-a", to: "i-b", flow, ipv6: false });
  return renderExplanation(explain(model, asked), model, { width });
}

test("all blockers stand where they are, and again as a list with what mends them", () => {
  const lines = rendered(halfJoined("in tcp/22 0.0.0.0/0"), "tcp/443");
  const text = lines.join("\n");
  expect(lines[0]).toBe("✘ unreachable");
  expect(text).toContain("There: TCP/443, 10.0.1.10 → 10.1.1.10");
  expect(text).toMatch(/✔ route table {4}rtb-a.*10\.1\.0\.0\/16 → pcx-/);
  expect(text).toMatch(/✘ groups in {6}sg-b-open[\s\S]*ENI_SG_RULES_MISMATCH/);
  expect(text).toMatch(/✘ route table {4}rtb-b[\s\S]*NO_ROUTE_TO_DESTINATION/);
  expect(text).toMatch(/What stops it, all 2\n {2}1\. sg-b-open.*there\n[\s\S]*2\. rtb-b.*on the way back/);
});

test("what is reachable says so, and how large a packet may be", () => {
  const net = halfJoined("in icmp 10.0.0.0/16");
  net.route("rtb-b", "10.0.0.0/16", "pcx-a-b");
  const lines = rendered(net, "icmp");
  expect(lines[0]).toBe("✔ reachable");
  expect(lines.at(-1)).toBe("  Packets of up to 9001 bytes fit.");
  expect(lines.join("\n")).not.toMatch(/✘|What stops it/);
});

test.each([60, 80, 100])("no line is wider than %i columns", (width) => {
  for (const line of rendered(halfJoined("in tcp/22 0.0.0.0/0"), "tcp/443", width)) {
    expect(line.length, line).toBeLessThanOrEqual(width);
  }
});

describe("the question", () => {
  const model = halfJoined("in icmp 10.0.0.0/16").model();
  const ask = (words: { from?: string; to?: string; flow?: string; ipv6?: boolean }) =>
    flowFromWords(model, { from: "i-a", to: "i-b", flow: "icmp", ipv6: false, ...words });

  test.each([
    ["icmp", { protocol: "icmp" }],
    ["icmp/8/0", { protocol: "icmp", type: 8, code: 0 }],
    ["tcp/443", { protocol: "tcp", port: 443 }],
    ["udp/53", { protocol: "udp", port: 53 }],
    ["50", { protocol: 50 }],
  ])("%s", (flow, traffic) => {
    expect(ask({ flow }).traffic).toEqual(traffic);
  });

  test.each(["", "tcp", "tcp/0", "tcp/65536", "tcp/1/2", "icmp/x", "256", "sctp/5", "-1", "tcp/1.5"])(
    "'%s' is not a flow",
    (flow) => {
      expect(() => ask({ flow })).toThrow(/is not a flow/);
    },
  );

  test.each([
    ["i-b", { kind: "instance", instanceId: "i-b" }],
    ["eni-b", { kind: "network-interface", networkInterfaceId: "eni-b" }],
    ["10.1.1.10", { kind: "address", address: "10.1.1.10", vpcId: "vpc-b" }],
    ["10.1.1.99", { kind: "address", address: "10.1.1.99" }],
    ["198.51.100.7", { kind: "address", address: "198.51.100.7" }],
    ["internet", { kind: "internet" }],
  ])("%s is an end", (to, destination) => {
    expect(ask({ to }).destination).toEqual(destination);
  });

  test("a name that nobody has is the user's mistake", () => {
    expect(() => ask({ from: "nobody" })).toThrow(
      "No instance, interface or address has the id, Name tag or address 'nobody'.",
    );
  });

  test("IPv6 is asked for", () => {
    expect(ask({ ipv6: true }).family).toBe("ipv6");
    expect(ask({}).family).toBeUndefined();
  });
});
