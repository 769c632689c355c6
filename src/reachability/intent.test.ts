/** Intents out of an assembly's metadata: those that can be judged, and nothing else. */
import { expect, test } from "vitest";
import { intentOf } from "./intent.ts";

const ping = {
  expect: "reachable",
  from: { kind: "resource", artifactId: "Global-workload", logicalId: "ProbeInstance" },
  to: { kind: "address", address: "172.16.1.10" },
  traffic: { protocol: "icmp" },
};

test.each([
  ["a ping", ping],
  ["from the internet", { ...ping, from: { kind: "internet" } }],
  ["of TCP", { ...ping, expect: "unreachable", traffic: { protocol: "tcp", port: 443 } }],
  ["of ESP, by IPv6", { ...ping, traffic: { protocol: 50 }, family: "ipv6" }],
])("%s is an intent", (_, data) => {
  expect(intentOf(JSON.parse(JSON.stringify(data)))).toEqual(data);
});

test.each([
  ["nothing", undefined],
  ["a list", [ping]],
  ["another expectation", { ...ping, expect: "perhaps" }],
  ["an end of another kind", { ...ping, from: { kind: "toString" } }],
  ["a resource without its stack", { ...ping, from: { kind: "resource", logicalId: "A" } }],
  ["a VPC that is a number", { ...ping, to: { ...ping.to, vpcId: 4 } }],
  ["TCP without a port", { ...ping, traffic: { protocol: "tcp" } }],
  ["a port that there is not", { ...ping, traffic: { protocol: "tcp", port: 65_536 } }],
  ["half an ICMP type", { ...ping, traffic: { protocol: "icmp", type: 0.5 } }],
  ["a protocol by name", { ...ping, traffic: { protocol: "esp" } }],
  ["a third family", { ...ping, family: "ipv5" }],
])("%s is none", (_, data) => {
  expect(intentOf(data)).toBeUndefined();
});
