/**
 * The gates that a packet passes in a VPC's router, each a base chain of its own in the forward hook: `accept` in one gate
 * goes on to the next, so that no gate can answer for another. Order as in semantics 11.1 (B2-B9).
 */
import type { NftBaseChain, NftElement, NftSet, NftVerdict } from "../host/index.ts";
import { vmap } from "../host/index.ts";
import { type FirewallChain, type FirewallRule, type FirewallSet, firewallSet } from "./kernel-state.ts";

/** The gates in the order that packets meet them. */
const order = [
  "forwardable",
  "source-dest-check",
  "security-group-egress",
  "network-acl-egress",
  "gateway",
  "network-acl-ingress",
  "security-group-ingress",
  "tracking",
] as const;

export type GateName = (typeof order)[number];

/** A base chain at the gate's place. */
export function gate(name: GateName, policy: "accept" | "drop", rules: readonly FirewallRule[]): FirewallChain {
  const base: NftBaseChain = { type: "filter", hook: "forward", priority: order.indexOf(name) * 10, policy };
  return { name, base, rules };
}

/** A verdict map from the link that a packet came in on, or leaves by. */
export function linkMap(name: string, verdicts: Iterable<readonly [string, NftVerdict]>): FirewallSet {
  const set: NftSet = { name, key: ["ifname"], data: "verdict" };
  return firewallSet(
    set,
    [...verdicts].map(([link, data]): NftElement => ({ key: [link], data })),
  );
}

/** The rule that asks a `linkMap`. */
export function byLink(direction: "in" | "out", map: string): FirewallRule {
  return { statements: [vmap([direction === "in" ? "meta iifname" : "meta oifname"], map)] };
}
