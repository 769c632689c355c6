import { expect, test } from "vitest";
import type { NftSet } from "./ast.ts";
import { accept, ct, jump, lookup, masquerade, match, not, table, verdict, vmap, writeFromMap } from "./build.ts";
import { scriptText } from "./text.ts";

test("a router's table reads as nft wrote it by hand", () => {
  const t = table("inet", "vpc");
  const sources: NftSet = { name: "sg-1-sources", key: ["ifname", "ipv4_addr"], intervals: true };
  const dispatch: NftSet = { name: "egress", key: ["ifname"], data: "verdict" };
  const publicAddress: NftSet = { name: "public", key: ["ipv4_addr"], data: "ipv4_addr" };
  const script = scriptText([
    t.add(),
    t.chain("sg-1"),
    t.chain("forward", { type: "filter", hook: "forward", priority: 0, policy: "drop" }),
    t.set(sources),
    t.set(dispatch),
    t.set(publicAddress),
    t.elements(sources, [{ key: ["eni1", "10.0.0.0/16"] }, { key: ["eni1", { from: "10.1.0.1", to: "10.1.0.9" }] }]),
    t.elements(dispatch, [{ key: ["eni1"], data: verdict.jump("sg-1") }]),
    t.elements(publicAddress, [{ key: ["10.0.0.1"], data: "198.51.100.1" }]),
    t.rule("forward", [ct.established(), accept]),
    t.rule("forward", [vmap(["meta oifname"], "egress")]),
    t.rule(
      "sg-1",
      [lookup(["meta oifname", "ip saddr"], "sg-1-sources"), match.tcpDport({ from: 22, to: 23 }), accept],
      "ssh",
    ),
    t.rule("sg-1", [not(match.mark(0x10, 0xff)), jump("other")]),
    t.rule("sg-1", [match.l4proto("tcp"), masquerade({ from: 1024, to: 65535 })]),
    t.rule("sg-1", [writeFromMap("ip saddr", ["ip saddr"], "public")]),
    t.deleteElements(sources, [{ key: ["eni1", "10.0.0.0/16"] }]),
    t.deleteRule("sg-1", 7),
    t.deleteSet(dispatch),
  ]);
  expect(script).toBe(`add table inet vpc
add chain inet vpc sg-1
add chain inet vpc forward { type filter hook forward priority 0; policy drop; }
add set inet vpc sg-1-sources { type ifname . ipv4_addr; flags interval; }
add map inet vpc egress { type ifname : verdict; }
add map inet vpc public { type ipv4_addr : ipv4_addr; }
add element inet vpc sg-1-sources {
  "eni1" . 10.0.0.0/16,
  "eni1" . 10.1.0.1-10.1.0.9
}
add element inet vpc egress {
  "eni1" : jump sg-1
}
add element inet vpc public {
  10.0.0.1 : 198.51.100.1
}
add rule inet vpc forward ct state established,related accept
add rule inet vpc forward meta oifname vmap @egress
add rule inet vpc sg-1 meta oifname . ip saddr @sg-1-sources tcp dport 22-23 accept comment "ssh"
add rule inet vpc sg-1 meta mark & 0x000000ff != 0x00000010 jump other
add rule inet vpc sg-1 meta l4proto tcp masquerade to :1024-65535
add rule inet vpc sg-1 ip saddr set ip saddr map @public
delete element inet vpc sg-1-sources {
  "eni1" . 10.0.0.0/16
}
delete rule inet vpc sg-1 handle 7
delete map inet vpc egress
`);
});
