/** The source/destination check: an interface sends from, and gets packets for, its own addresses only, unless switched off. [AD-53] */
import { drop, lookup, type NftElement, type NftField, type NftSet, not } from "../host/index.ts";
import { familyOf } from "../ip/index.ts";
import { gate } from "./gate.ts";
import { type FirewallRule, type FirewallSection, firewallSet } from "./kernel-state.ts";
import { addressesOf } from "./plan-host.ts";
import type { LiveInterface } from "./vpc-scope.ts";

/** The gate, and which address is at home on which link. */
export function sourceDestCheckGate(interfaces: readonly LiveInterface[]): FirewallSection {
  const checked = interfaces.filter((live) => live.networkInterface.sourceDestCheck);
  const own = (family: "ipv4" | "ipv6", key: "ipv4_addr" | "ipv6_addr") => {
    const set: NftSet = { name: `own-${family}`, key: ["ifname", key] };
    const elements = checked.flatMap((live) =>
      addressesOf(live)
        .filter((address) => familyOf(address) === family)
        .map((address): NftElement => ({ key: [live.link, address] })),
    );
    return firewallSet(set, elements);
  };
  const refuse = (link: NftField, address: NftField, set: string): FirewallRule => ({
    statements: [lookup([link], "checked"), not(lookup([link, address], set)), drop],
  });
  return {
    sets: [
      firewallSet(
        { name: "checked", key: ["ifname"] },
        checked.map((live): NftElement => ({ key: [live.link] })),
      ),
      own("ipv4", "ipv4_addr"),
      own("ipv6", "ipv6_addr"),
    ],
    chains: [
      gate("source-dest-check", "accept", [
        refuse("meta iifname", "ip saddr", "own-ipv4"),
        refuse("meta iifname", "ip6 saddr", "own-ipv6"),
        refuse("meta oifname", "ip daddr", "own-ipv4"),
        refuse("meta oifname", "ip6 daddr", "own-ipv6"),
      ]),
    ],
  };
}
