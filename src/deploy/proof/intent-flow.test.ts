/** Intents as questions for the engine. */
import { expect, test } from "vitest";
import type { FlowTraffic, Intent, IntentEnd } from "../../reachability/index.ts";
import { flowOf, trafficText } from "./intent-flow.ts";

const ids: Readonly<Record<string, string>> = {
  web: "i-0123456789abcdef0",
  card: "eni-0123456789abcdef0",
  vpc: "vpc-1",
};
const physicalIdOf = (artifactId: string, logicalId: string) => (artifactId === "s" ? ids[logicalId] : undefined);
const intent = (to: IntentEnd): Intent => ({
  expect: "reachable",
  from: { kind: "internet" },
  to,
  traffic: { protocol: "tcp", port: 443 },
});
const made = (logicalId: string): IntentEnd => ({ kind: "resource", artifactId: "s", logicalId });

test.each<readonly [string, IntentEnd, object]>([
  ["an instance", made("web"), { kind: "instance", instanceId: ids.web }],
  ["an interface", made("card"), { kind: "network-interface", networkInterfaceId: ids.card }],
  ["an id", { kind: "id", id: "i-1" }, { kind: "instance", instanceId: "i-1" }],
  [
    "an address of a VPC",
    { kind: "address", address: "10.0.0.1", vpcId: "vpc-1" },
    { kind: "address", vpcId: "vpc-1" },
  ],
  ["the internet", { kind: "internet" }, { kind: "internet" }],
])("to %s", (_name, to, destination) => {
  const asked = flowOf(intent(to), physicalIdOf);
  expect(asked).toMatchObject({ kind: "flow", flow: { source: { kind: "internet" }, destination } });
});

test.each<readonly [string, IntentEnd, string]>([
  ["what is not there", made("db"), "db of s is not there"],
  [
    "what has no packets",
    made("vpc"),
    "vpc-1 is neither an instance nor a network interface: packets have no end there",
  ],
  ["no id of a VPC", { kind: "address", address: "10.0.0.1", vpcId: "net" }, "net is no id of a VPC"],
])("%s cannot be asked about", (_name, to, reason) => {
  expect(flowOf(intent(to), physicalIdOf)).toEqual({ kind: "unclear", reason });
});

test.each<readonly [FlowTraffic, string]>([
  [{ protocol: "icmp" }, "icmp"],
  [{ protocol: "icmp", type: 3, code: 4 }, "icmp/3/4"],
  [{ protocol: "udp", port: 53 }, "udp/53"],
  [{ protocol: 50 }, "50"],
])("%j is %s", (traffic, text) => {
  expect(trafficText(traffic)).toBe(text);
});
