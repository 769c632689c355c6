import { expect, test } from "vitest";
import { testNetwork } from "../../testing/index.ts";
import { trafficKinds } from "./traffic-kinds.ts";
import { trafficWords } from "./traffic-words.ts";

function words(family: "ipv4" | "ipv6", ...rules: readonly string[]): readonly string[] {
  const net = testNetwork();
  net.vpc("a", "10.0.0.0/16");
  net.group("own", "vpc-a", ...rules);
  const kinds = trafficKinds([net.model()], family);
  return kinds.map((kind) => trafficWords([kind], kinds));
}

test("where rules are about everything, there are only the answered, the unanswered, and what no NAT gateway carries", () => {
  expect(words("ipv4")).toEqual(["tcp; udp; icmp 8, 13, 15, 17", "icmp other types", "other protocols"]);
  expect(words("ipv6")).toEqual(["tcp; udp", "icmp 128; other protocols", "icmp other types"]);
});

test("ports that rules name are apart from the rest, ranges at their ends", () => {
  expect(words("ipv4", "in tcp/80-100 0.0.0.0/0", "in tcp/90 10.0.0.0/8")).toEqual([
    "tcp 1-79, 101-65535; udp; icmp 8, 13, 15, 17",
    "tcp 80-89, 91-100",
    "tcp 90",
    "icmp other types",
    "other protocols",
  ]);
});

test("ICMP types with the codes that rules name; protocols by number", () => {
  expect(words("ipv4", "in icmp/3/4 0.0.0.0/0", "in 50 0.0.0.0/0")).toEqual([
    "tcp; udp; icmp 8, 13, 15, 17",
    "icmp 3/4",
    "icmp 3/other, other types",
    "protocol 50",
    "other protocols",
  ]);
});
