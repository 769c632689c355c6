/** Both forms of the same commands, in a real kernel: nft's listings must be equal. */
import { describe, expect, test } from "vitest";
import type { NftCommand, NftElement, NftSet, NftStatement } from "./ast.ts";
import {
  accept,
  copyMark,
  counter,
  ct,
  dnat,
  drop,
  equals,
  goto,
  jump,
  lookup,
  masquerade,
  match,
  natFromMap,
  not,
  notrack,
  returnToCaller,
  snat,
  table,
  verdict,
  vmap,
  write,
  writeFromMap,
} from "./build.ts";
import { applyBatches, applyScripts, kernelMissing } from "./kernel-sandbox.ts";
import { ruleText } from "./text.ts";

const missing = kernelMissing();
const kernel = describe.skipIf(missing !== undefined);
const name = missing === undefined ? "in the kernel" : `in the kernel (skipped: ${missing})`;

const sets = {
  prefixes: { name: "prefixes", key: ["ipv4_addr"], intervals: true },
  prefixes6: { name: "prefixes6", key: ["ipv6_addr"], intervals: true },
  ports: { name: "ports", key: ["inet_service"], intervals: true },
  sources: { name: "sources", key: ["ifname", "ipv4_addr"], intervals: true },
  sources6: { name: "sources6", key: ["ifname", "ipv6_addr", "inet_service"], intervals: true },
  exact: { name: "exact", key: ["ifname", "ipv4_addr"] },
  marks: { name: "marks", key: ["mark", "inet_proto", "inet_service"] },
  macs: { name: "macs", key: ["ether_addr"] },
  indexes: { name: "indexes", key: ["iface_index"] },
  types: { name: "types", key: ["icmp_type"] },
  types6: { name: "types6", key: ["icmpv6_type"] },
  dispatch: { name: "dispatch", key: ["ifname"], data: "verdict" },
  dispatchMark: { name: "dispatch-mark", key: ["mark"], data: "verdict" },
  dispatchPair: { name: "dispatch-pair", key: ["ifname", "ipv4_addr"], data: "verdict", intervals: true },
  toMark: { name: "to-mark", key: ["ifname"], data: "mark" },
  toAddress: { name: "to-address", key: ["ifname", "ipv4_addr"], data: "ipv4_addr" },
  oneToOne: { name: "one-to-one", key: ["ipv4_addr"], data: "ipv4_addr" },
  oneToOne6: { name: "one-to-one6", key: ["ipv6_addr"], data: "ipv6_addr" },
  prefixMark: { name: "prefix-mark", key: ["ipv4_addr"], data: "mark", intervals: true },
} as const satisfies Record<string, NftSet>;

const elements: readonly (readonly [NftSet, readonly NftElement[]])[] = [
  [
    sets.prefixes,
    [
      { key: ["10.0.1.0/24"] },
      { key: ["10.0.0.0/24"] },
      { key: [{ from: "192.0.2.5", to: "192.0.2.9" }] },
      { key: ["1.1.1.1"] },
      { key: ["255.255.255.0/24"] },
    ],
  ],
  [
    sets.prefixes6,
    [{ key: ["fd00::/8"] }, { key: ["2001:db8::1"] }, { key: [{ from: "2001:db8:1::1", to: "2001:db8:1::ffff" }] }],
  ],
  [sets.ports, [{ key: [80] }, { key: [{ from: 1024, to: 65535 }] }, { key: [{ from: 0, to: 9 }] }]],
  [
    sets.sources,
    [
      { key: ["eni1", "10.0.0.0/24"] },
      { key: ["eni2", { from: "10.0.0.5", to: "10.0.0.9" }] },
      { key: ["eni1", "0.0.0.0/0"] },
    ].slice(0, 2),
  ],
  [sets.sources6, [{ key: ["eni1", "fd00::/64", { from: 22, to: 80 }] }, { key: ["eni2", "::/0", 443] }]],
  [sets.exact, [{ key: ["eni1", "10.0.0.1"] }, { key: ["eni2", "10.0.0.1"] }]],
  [sets.marks, [{ key: [5, "tcp", 22] }, { key: [0xffffffff, 17, 53] }]],
  [sets.macs, [{ key: ["02:00:00:00:00:0a"] }]],
  [sets.indexes, [{ key: [1] }]],
  [sets.types, [{ key: [8] }]],
  [sets.types6, [{ key: [128] }]],
  [
    sets.dispatch,
    [
      { key: ["eni1"], data: verdict.jump("sub") },
      { key: ["eni2"], data: verdict.goto("sub") },
      { key: ["eni3"], data: verdict.drop },
      { key: ["eni4"], data: verdict.accept },
      { key: ["eni5"], data: verdict.return },
      { key: ["eni6"], data: verdict.continue },
    ],
  ],
  [sets.dispatchMark, [{ key: [7], data: verdict.jump("sub") }]],
  [
    sets.dispatchPair,
    [
      { key: ["eni1", "10.0.0.0/16"], data: verdict.jump("sub") },
      { key: ["eni2", "0.0.0.0/0"], data: verdict.drop },
    ],
  ],
  [sets.toMark, [{ key: ["eni1"], data: 0x10 }]],
  [sets.toAddress, [{ key: ["eni1", "10.0.0.1"], data: "198.51.100.1" }]],
  [sets.oneToOne, [{ key: ["10.0.0.1"], data: "198.51.100.1" }]],
  [sets.oneToOne6, [{ key: ["fd00::1"], data: "2001:db8::1" }]],
  [
    sets.prefixMark,
    [
      { key: ["10.0.0.0/24"], data: 1 },
      { key: ["10.0.1.0/24"], data: 2 },
    ],
  ],
];

/** Rules for a filter chain at prerouting, before connection tracking, where everything but NAT is allowed. */
const rules: readonly (readonly NftStatement[])[] = [
  [match.iifname("eni1"), not(match.oifname("eni*")), accept],
  [match.mark(5), drop],
  [match.mark(0x10, 0xff), accept],
  [not(match.mark(0x10, 0xff)), returnToCaller],
  [equals("meta mark", { from: 5, to: 9 }), accept],
  [not(equals("ct mark", { from: 5, to: 9 })), accept],
  [match.l4proto("tcp"), accept],
  [match.l4proto("icmpv6"), accept],
  [not(match.l4proto(17)), accept],
  [match.ipv4(), match.ipSaddr("10.0.0.1"), accept],
  [match.ipv6(), accept],
  [match.ipSaddr("10.0.0.0/8"), match.ipDaddr("10.1.0.0/20"), accept],
  [not(match.ipSaddr("10.0.0.0/9")), accept],
  [match.ipSaddr("0.0.0.0/0"), accept],
  [match.ipSaddr({ from: "10.0.0.1", to: "10.0.0.9" }), accept],
  [not(match.ipSaddr({ from: "10.0.0.1", to: "10.0.0.9" })), accept],
  [match.ip6Saddr("fd00::1"), match.ip6Daddr("2001:db8::/33"), accept],
  [not(match.ip6Saddr("fd00::/8")), accept],
  [match.tcpDport(22), accept],
  [match.tcpDport({ from: 22, to: 80 }), match.tcpSport({ from: 1024, to: 65535 }), counter(), accept],
  [match.udpSport(53), match.udpDport(53), accept],
  [not(match.udpDport({ from: 1, to: 52 })), accept],
  [match.ipSaddr("10.0.0.1"), match.tcpDport(22), accept],
  [match.l4proto("tcp"), equals("th dport", 22), accept],
  [equals("ip ttl", 5), equals("ip protocol", 6), accept],
  [equals("ip6 nexthdr", 6), accept],
  [equals("ip6 hoplimit", 255), accept],
  [match.icmpType(8), accept],
  [match.icmpType(8), match.icmpCode(0), accept],
  [match.icmpCode(3), accept],
  [match.icmpv6Type(135), accept],
  [match.icmpv6Type({ from: 133, to: 137 }), match.icmpv6Code(0), accept],
  [ct.established(), accept],
  [ct.new(), drop],
  [ct.invalid(), drop],
  [ct.state("untracked", "new"), drop],
  [not(ct.established()), drop],
  [not(ct.invalid()), accept],
  [ct.status("snat", "dnat"), accept],
  [not(ct.status("seen-reply", "dnat")), accept],
  [ct.direction("original"), accept],
  [ct.direction("reply"), accept],
  [ct.mark(1), accept],
  [ct.mark(0x10, 0xff), accept],
  [ct.label(5), accept],
  [ct.label(127), accept],
  [not(ct.label(40)), accept],
  [ct.setLabel(40)],
  [ct.setLabel(127)],
  [ct.setLabel(0)],
  [equals("ct zone", 5), accept],
  [equals("ct original ip saddr", "10.0.0.1"), accept],
  [equals("ct original ip daddr", "10.0.0.0/25"), accept],
  [equals("ct reply ip6 saddr", "fd00::1"), accept],
  [match.l4proto("tcp"), equals("ct original proto-dst", 22), accept],
  [match.l4proto("tcp"), equals("ct reply proto-src", { from: 22, to: 23 }), accept],
  [lookup(["ip saddr"], "prefixes"), accept],
  [not(lookup(["ip daddr"], "prefixes")), accept],
  [lookup(["ip6 saddr"], "prefixes6"), accept],
  [lookup(["tcp dport"], "ports"), accept],
  [lookup(["meta iifname", "ip saddr"], "sources"), accept],
  [not(lookup(["meta iifname", "ip daddr"], "sources")), accept],
  [lookup(["meta iifname", "ip6 saddr", "tcp dport"], "sources6"), accept],
  [lookup(["meta iifname", "ip saddr"], "exact"), accept],
  [lookup(["meta mark", "meta l4proto", "th dport"], "marks"), accept],
  [lookup(["meta iif"], "indexes"), accept],
  [lookup(["icmp type"], "types"), accept],
  [lookup(["icmpv6 type"], "types6"), accept],
  [vmap(["meta iifname"], "dispatch")],
  [vmap(["meta mark"], "dispatch-mark")],
  [vmap(["ct mark"], "dispatch-mark")],
  [vmap(["meta iifname", "ip saddr"], "dispatch-pair")],
  [write("meta mark", 0x10)],
  [write("ct mark", 0xffffffff)],
  [write("ct zone", 77)],
  [write("meta nftrace", 1)],
  [copyMark("meta mark", "ct mark")],
  [copyMark("ct mark", "meta mark", { and: 0xffffff00, or: 0x5 })],
  [copyMark("meta mark", "meta mark", { and: 0xff })],
  [copyMark("meta mark", "meta mark", { or: 0x100 })],
  [copyMark("meta mark", "meta mark", { and: 0xff, or: 0x0f })],
  [writeFromMap("meta mark", ["meta iifname"], "to-mark")],
  [writeFromMap("ct mark", ["ip saddr"], "prefix-mark")],
  [writeFromMap("ip saddr", ["meta iifname", "ip saddr"], "to-address")],
  [writeFromMap("ip daddr", ["ip daddr"], "one-to-one")],
  [writeFromMap("ip6 daddr", ["ip6 daddr"], "one-to-one6")],
  [write("ip saddr", "10.0.0.9")],
  [write("ip6 saddr", "fd00::9")],
  [write("tcp dport", 99)],
  [write("udp sport", 99)],
  [jump("sub")],
  [goto("sub")],
  [counter("passed")],
  [notrack],
  [{ kind: "tcp-flags", flags: ["syn"], mask: ["syn", "rst"] }, accept],
  [match.tcpSyn(), { kind: "maxseg", size: 1400 }],
  [{ kind: "log", prefix: "drop: " }],
  [{ kind: "log", prefix: 'say "hi"', group: 3 }],
  [{ kind: "log" }],
  [equals("meta length", { from: 0, to: 1500 }), accept],
];

const forwardRules: readonly (readonly NftStatement[])[] = [
  [match.tcpSyn(), { kind: "maxseg", size: "rt mtu" }],
  [{ kind: "reject", with: "tcp reset" }],
  [{ kind: "reject", with: "icmpx port-unreachable" }],
  [{ kind: "reject", with: "icmpx admin-prohibited" }],
  [{ kind: "reject", with: "icmpx host-unreachable" }],
  [{ kind: "reject", with: "icmpx no-route" }],
];

const sourceNatRules: readonly (readonly NftStatement[])[] = [
  [match.l4proto("tcp"), masquerade({ from: 1024, to: 65535 })],
  [masquerade()],
  [snat("ip", "10.0.0.1")],
  [snat("ip6", "fd00::1")],
  [match.l4proto("udp"), snat("ip", "10.0.0.1", { from: 1024, to: 65535 })],
  [match.l4proto("udp"), snat("ip6", "fd00::1", { from: 1024, to: 65535 })],
  [match.l4proto("tcp"), snat("ip", "10.0.0.1", { from: 80, to: 80 })],
  [{ kind: "nat", direction: "snat", family: "ip", address: { from: "10.0.0.1", to: "10.0.0.7" } }],
  [natFromMap("snat", "ip", ["ip saddr"], "one-to-one")],
];

const destinationNatRules: readonly (readonly NftStatement[])[] = [
  [dnat("ip", "10.0.0.1")],
  [match.l4proto("tcp"), dnat("ip", "10.0.0.1", { from: 80, to: 80 })],
  [natFromMap("dnat", "ip", ["ip daddr"], "one-to-one")],
  [{ kind: "redirect" }],
  [match.l4proto("tcp"), { kind: "redirect", ports: { from: 8080, to: 8090 } }],
];

const t = table("inet", "vpc");

const scaffold: readonly NftCommand[] = [
  t.add(),
  t.chain("sub"),
  t.chain("raw", { type: "filter", hook: "prerouting", priority: -300 }),
  t.chain("forward", { type: "filter", hook: "forward", priority: 0, policy: "drop" }),
  t.chain("source-nat", { type: "nat", hook: "postrouting", priority: 100, policy: "accept" }),
  t.chain("destination-nat", { type: "nat", hook: "prerouting", priority: -100 }),
  t.chain("reroute", { type: "route", hook: "output", priority: -150 }),
  t.counter("passed"),
  ...Object.values(sets).map((set) => t.set(set)),
  ...elements.map(([set, list]) => t.elements(set, list)),
];

kernel(name, () => {
  test("sets, maps, chains and elements of every type list alike", () => {
    const { answers, listing } = applyBatches([scaffold]);
    expect(answers).toEqual([{ done: true, failures: [] }]);
    expect(listing).toBe(applyScripts([scaffold]));
  });

  const chains = [
    ["raw", rules],
    ["forward", forwardRules],
    ["source-nat", sourceNatRules],
    ["destination-nat", destinationNatRules],
  ] as const;
  test.each(chains)("every rule of chain %s lists alike", (chain, list) => {
    const commands = [...scaffold, ...list.map((statements, i) => t.rule(chain, statements, `rule ${i}`))];
    const { answers, listing } = applyBatches([commands]);
    const refused = answers[0]?.failures.map(({ commandIndex, errno }) => {
      const statements = list[(commandIndex ?? 0) - scaffold.length];
      return `${errno}: ${statements === undefined ? `command ${commandIndex}` : ruleText(statements)}`;
    });
    expect(refused).toEqual([]);
    expect(listing).toBe(applyScripts([commands]));
  });

  test("families ip and ip6 list alike", () => {
    const four = table("ip", "four");
    const six = table("ip6", "six");
    const base = { type: "filter", hook: "forward", priority: 0 } as const;
    const commands = [
      four.add(),
      four.chain("f", base),
      four.rule("f", [match.ipSaddr("10.0.0.0/8"), match.tcpDport(22), accept]),
      four.rule("f", [match.icmpType(8), accept]),
      six.add(),
      six.chain("f", base),
      six.rule("f", [match.ip6Saddr("fd00::/8"), match.udpDport(53), accept]),
      six.rule("f", [match.icmpv6Type(128), accept]),
      six.rule("f", [write("ip6 daddr", "fd00::1")]),
    ];
    const { answers, listing } = applyBatches([commands]);
    expect(answers).toEqual([{ done: true, failures: [] }]);
    expect(listing).toBe(applyScripts([commands]));
  });

  test("changes and removals do the same: insert, flush, delete", () => {
    const changes: readonly (readonly NftCommand[])[] = [
      [
        ...scaffold,
        t.rule("sub", [accept]),
        t.rule("forward", [jump("sub")]),
        t.insertRule("forward", [ct.established(), accept], 'first "rule"\n'),
        t.rule("raw", [drop]),
      ],
      [
        t.flushChain("raw"),
        t.rule("raw", [notrack]),
        t.deleteElements(sets.prefixes, [{ key: ["10.0.0.0/24"] }, { key: ["255.255.255.0/24"] }]),
        t.deleteElements(sets.sources, [{ key: ["eni1", "10.0.0.0/24"] }]),
        t.deleteElements(sets.dispatch, [{ key: ["eni1"] }]),
        t.flushSet(sets.exact),
        t.deleteSet(sets.macs),
        t.deleteCounter("passed"),
        t.deleteChain("reroute"),
        t.elements(sets.exact, [{ key: ["eni9", "10.9.9.9"] }]),
        t.elements(sets.prefixes, []),
      ],
    ];
    const { answers, listing } = applyBatches(changes);
    expect(answers).toEqual(changes.map(() => ({ done: true, failures: [] })));
    expect(listing).toBe(applyScripts(changes));
    expect(listing).toContain(`comment "first 'rule' "`);
    expect(listing).not.toContain("255.255.255.0");
    const flushed = applyBatches([...changes, [t.flush()], [t.delete()]]);
    expect(flushed.answers.at(-1)).toEqual({ done: true, failures: [] });
    expect(flushed.listing).toBe("");
  });

  test("a bad command undoes its whole batch and is named", () => {
    const bad: readonly NftCommand[] = [
      t.chain("new"),
      t.deleteChain("not-there"),
      t.rule("new", [accept]),
      t.rule("new", [jump("nowhere")]),
    ];
    const { answers, listing } = applyBatches([scaffold, bad, [t.rule("sub", [accept])]]);
    expect(answers).toEqual([
      { done: true, failures: [] },
      {
        done: true,
        failures: [
          { commandIndex: 1, errno: 2 },
          { commandIndex: 3, errno: 2 },
        ],
      },
      { done: true, failures: [] },
    ]);
    expect(listing).toBe(applyScripts([scaffold, [t.rule("sub", [accept])]]));
  });

  test("adding what is there changes nothing; a loop of jumps is refused", () => {
    const loop = [t.rule("forward", [jump("sub")]), t.rule("sub", [jump("sub")])];
    const { answers, listing } = applyBatches([scaffold, scaffold, loop]);
    expect(answers[1]).toEqual({ done: true, failures: [] });
    expect(answers[2]?.failures).toEqual([{ commandIndex: 1, errno: 31 }]);
    expect(listing).toBe(applyScripts([scaffold]));
  });

  test("10,000 elements in one batch", () => {
    const addresses: NftSet = { name: "addresses", key: ["ipv4_addr"] };
    const many = Array.from(
      { length: 10_000 },
      (_, i): NftElement => ({ key: [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`] }),
    );
    const { answers, listing } = applyBatches([[t.add(), t.set(addresses), t.elements(addresses, many)]]);
    expect(answers).toEqual([{ done: true, failures: [] }]);
    expect(listing.match(/10\.\d+\.\d+\.\d+/g)).toHaveLength(10_000);
  });

  test("5,000 intervals and 3,000 verdicts in one batch", () => {
    const intervals = Array.from({ length: 5_000 }, (_, i): NftElement => ({ key: [`10.${i >> 8}.${i & 255}.0/24`] }));
    const verdicts = Array.from(
      { length: 3_000 },
      (_, i): NftElement => ({ key: [`eni${i}`], data: verdict.jump("sub") }),
    );
    const { answers, listing } = applyBatches([
      [
        t.add(),
        t.chain("sub"),
        t.set(sets.prefixes),
        t.set(sets.dispatch),
        t.elements(sets.prefixes, intervals),
        t.elements(sets.dispatch, verdicts),
      ],
    ]);
    expect(answers).toEqual([{ done: true, failures: [] }]);
    expect(listing.match(/10\.\d+\.\d+\.0\/24/g)).toHaveLength(5_000);
    expect(listing.match(/jump sub/g)).toHaveLength(3_000);
  });
});
