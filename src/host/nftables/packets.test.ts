/** What the encoded rules do to real packets: crafted with right checksums, sent over a namespace's loopback link. */
import { describe, expect, test } from "vitest";
import type { NftCommand, NftElement, NftSet, NftStatement } from "./ast.ts";
import {
  accept,
  copyMark,
  ct,
  drop,
  equals,
  jump,
  lookup,
  match,
  not,
  notrack,
  snat,
  table,
  verdict,
  vmap,
  write,
  writeFromMap,
} from "./build.ts";
import { type Arrival, applyBatches, kernelMissing, type Probe } from "./kernel-sandbox.ts";

const missing = kernelMissing();
const t = table("inet", "t");
const filter = t.chain("input", { type: "filter", hook: "input", priority: 0, policy: "drop" });
const raw = t.chain("raw", { type: "filter", hook: "output", priority: -300 });

function udp(source: string, target: string, to: number, from = 4000): Probe {
  return { version: source.includes(":") ? 6 : 4, protocol: "udp", source, target, from, to };
}

function send(commands: readonly NftCommand[], probes: readonly Probe[]): readonly Arrival[] {
  const { answers, arrived } = applyBatches([commands], probes);
  expect(answers).toEqual([{ done: true, failures: [] }]);
  return arrived;
}

/** The indexes of the probes that pass an input chain of these rules. */
function passing(
  rules: readonly (readonly NftStatement[])[],
  probes: readonly Probe[],
  before: readonly NftCommand[] = [],
) {
  const commands = [t.add(), filter, raw, ...before, ...rules.map((statements) => t.rule("input", statements))];
  const arrived = send(commands, probes);
  expect(arrived.every(({ whole }) => whole)).toBe(true);
  return arrived.map(({ probe }) => probe);
}

describe.skipIf(missing !== undefined)(`packets${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  const a = "10.0.0.1";
  const b = "10.0.0.2";
  const tcp: Probe = { version: 4, protocol: "tcp", source: a, target: b, from: 4000, to: 22 };
  const ping: Probe = { version: 4, protocol: "icmp", source: a, target: b, from: 8, to: 0 };
  const ping6: Probe = { version: 6, protocol: "icmpv6", source: "fd00::1", target: "fd00::2", from: 128, to: 0 };
  const probes = [
    udp(a, b, 53), // 0
    udp(a, b, 54), // 1
    udp("10.1.0.1", b, 53), // 2
    tcp, // 3
    { ...tcp, to: 80 }, // 4
    ping, // 5
    { ...ping, from: 13 }, // 6
    ping6, // 7
    udp("fd00::1", "fd00::2", 53), // 8
  ];
  const all = probes.map((_, i) => i);

  const cases: readonly (readonly [string, readonly NftStatement[], readonly number[]])[] = [
    ["accept everything", [accept], all],
    ["nothing accepts: the policy drops", [match.iifname("eni1"), accept], []],
    ["interface by name", [match.iifname("lo"), accept], all],
    ["interface by prefix of the name", [match.iifname("l*"), accept], all],
    ["IPv4 only", [match.ipv4(), accept], [0, 1, 2, 3, 4, 5, 6]],
    ["prefix of whole bytes", [match.ipSaddr("10.0.0.0/16"), accept], [0, 1, 3, 4, 5, 6]],
    ["prefix of odd length", [match.ipSaddr("10.0.0.0/15"), accept], [0, 1, 2, 3, 4, 5, 6]],
    ["odd prefix, outside", [match.ipDaddr("10.0.0.4/30"), accept], []],
    ["all of IPv4", [match.ipSaddr("0.0.0.0/0"), accept], [0, 1, 2, 3, 4, 5, 6]],
    ["not a prefix", [not(match.ipSaddr("10.1.0.0/16")), accept], [0, 1, 3, 4, 5, 6]],
    ["address range", [match.ipSaddr({ from: "10.0.255.255", to: "10.1.0.1" }), accept], [2]],
    [
      "not an address range",
      [not(match.ipSaddr({ from: "10.0.255.255", to: "10.1.0.1" })), accept],
      [0, 1, 3, 4, 5, 6],
    ],
    ["IPv6 prefix", [match.ip6Saddr("fd00::/33"), accept], [7, 8]],
    ["UDP port, both families", [match.udpDport(53), accept], [0, 2, 8]],
    ["UDP port range", [match.udpDport({ from: 54, to: 65535 }), accept], [1]],
    ["TCP port", [match.tcpDport(22), accept], [3]],
    ["not a TCP port is still TCP", [not(match.tcpDport(22)), accept], [4]],
    ["TCP SYN", [match.tcpSyn(), accept], [3, 4]],
    ["ICMP type", [match.icmpType(8), accept], [5]],
    ["ICMP code", [match.icmpCode(0), accept], [5, 6]],
    ["ICMPv6 type", [match.icmpv6Type({ from: 128, to: 129 }), accept], [7]],
    ["protocol", [match.l4proto("icmp"), accept], [5, 6]],
    ["TTL", [equals("ip ttl", 64), accept], [0, 1, 2, 3, 4, 5, 6]],
    ["original direction of the connection", [equals("ct original ip saddr", "10.1.0.1"), accept], [2]],
    ["a drop before an accept", [match.udpDport(53), drop], []],
  ];
  test.each(cases)("%s", (_, statements, expected) => {
    expect(passing([statements], probes)).toEqual(expected);
  });

  const sources: NftSet = { name: "sources", key: ["ifname", "ipv4_addr"], intervals: true };
  const triples: NftSet = { name: "triples", key: ["ipv4_addr", "inet_proto", "inet_service"], intervals: true };
  const prefixes: NftSet = { name: "prefixes", key: ["ipv4_addr"], intervals: true };
  const dispatch: NftSet = { name: "dispatch", key: ["ifname"], data: "verdict" };
  const marks: NftSet = { name: "marks", key: ["ipv4_addr"], data: "mark", intervals: true };
  const byMark: NftSet = { name: "by-mark", key: ["mark"], data: "verdict" };

  const setCases: readonly (readonly [
    string,
    NftSet,
    readonly NftElement[],
    readonly NftStatement[],
    readonly number[],
  ])[] = [
    [
      "adjacent prefixes",
      prefixes,
      [{ key: ["10.1.0.0/24"] }, { key: ["10.0.255.0/24"] }, { key: [{ from: "10.0.0.2", to: "10.0.0.9" }] }],
      [lookup(["ip saddr"], "prefixes"), accept],
      [2],
    ],
    [
      "the last prefix of all, which has no end",
      prefixes,
      [{ key: ["10.1.0.0/32"] }, { key: ["192.0.0.0/2"] }],
      [not(lookup(["ip saddr"], "prefixes")), match.udpDport(53), accept],
      [0, 2],
    ],
    [
      "interface and prefix",
      sources,
      [{ key: ["lo", "10.1.0.0/16"] }, { key: ["eni1", "0.0.0.0/0"] }],
      [lookup(["meta iifname", "ip saddr"], "sources"), accept],
      [2],
    ],
    [
      "address, protocol and port range",
      triples,
      [{ key: ["10.0.0.0/8", "udp", { from: 54, to: 60 }] }, { key: [a, "tcp", { from: 0, to: 65535 }] }],
      [lookup(["ip saddr", "meta l4proto", "th dport"], "triples"), accept],
      [1, 3, 4],
    ],
    [
      "verdict map by interface",
      dispatch,
      [{ key: ["lo"], data: verdict.jump("sub") }],
      [vmap(["meta iifname"], "dispatch")],
      [0, 2, 8],
    ],
    [
      "verdict map without the element",
      dispatch,
      [{ key: ["eni1"], data: verdict.accept }],
      [vmap(["meta iifname"], "dispatch")],
      [],
    ],
  ];
  test.each(setCases)("%s", (_, set, elements, statements, expected) => {
    const before = [t.chain("sub"), t.rule("sub", [match.udpDport(53), accept]), t.set(set), t.elements(set, elements)];
    expect(passing([statements], probes, before)).toEqual(expected);
  });

  test("marks: from a map, masked, copied to the connection, dispatched", () => {
    const before = [
      t.set(marks),
      t.set(byMark),
      t.elements(marks, [
        { key: ["10.0.0.0/16"], data: 0x1234 },
        { key: ["10.1.0.0/16"], data: 0x1256 },
      ]),
      t.elements(byMark, [
        { key: [0x1201], data: verdict.drop },
        { key: [0x1256], data: verdict.accept },
      ]),
    ];
    const mark = [writeFromMap("meta mark", ["ip saddr"], "marks")];
    expect(
      passing(
        [mark, [match.mark(0x34, 0xff), match.udpDport(53), accept], [vmap(["meta mark"], "by-mark")]],
        probes,
        before,
      ),
    ).toEqual([0, 2]);
    const masked = [
      mark,
      [copyMark("meta mark", "meta mark", { and: 0xff00, or: 0x01 })],
      [match.mark(0x1201), match.udpDport(54), accept],
    ];
    expect(passing(masked, probes, before)).toEqual([1]);
    const copied = [
      mark,
      [copyMark("ct mark", "meta mark")],
      [write("meta mark", 0)],
      [ct.mark(0x1256), match.mark(0), accept],
    ];
    expect(passing(copied, probes, before)).toEqual([2]);
    const ranged = [mark, [equals("meta mark", { from: 0x1235, to: 0x2000 }), accept]];
    expect(passing(ranged, probes, before)).toEqual([2]);
  });

  test("stateful: only answers to what was allowed pass", () => {
    const answer = udp(b, a, 4000, 53);
    const rules = [
      [ct.established(), accept],
      [match.udpDport(53), accept],
    ];
    expect(passing(rules, [answer, udp(a, b, 53), udp(b, a, 4001, 53), udp("10.0.0.3", "10.0.0.4", 54)])).toEqual([1]);
    // In a namespace of its own again, now asked first: the very same answer passes.
    expect(passing(rules, [udp(a, b, 53), answer, udp(b, a, 4001, 53)])).toEqual([0, 1]);
  });

  test("connection facts: direction, status, labels, zones, untracked", () => {
    const answer = udp(b, a, 4000, 53);
    const both = [udp(a, b, 53), answer];
    expect(
      passing(
        [
          [ct.direction("reply"), accept],
          [match.udpDport(53), accept],
        ],
        both,
      ),
    ).toEqual([0, 1]);
    expect(
      passing(
        [
          [ct.status("seen-reply"), accept],
          [match.udpDport(53), accept],
        ],
        both,
      ),
    ).toEqual([0, 1]);
    const labelled = [
      [match.udpDport(53), ct.setLabel(100), accept],
      [ct.label(100), not(ct.label(99)), accept],
    ];
    expect(passing(labelled, [...both, udp(b, a, 4001, 54)])).toEqual([0, 1]);
    const zones = [t.rule("raw", [match.udpDport(53), write("ct zone", 7)])];
    expect(
      passing(
        [
          [equals("ct zone", 7), accept],
          [ct.established(), accept],
        ],
        both,
        zones,
      ),
    ).toEqual([0]);
    const untracked = [t.rule("raw", [match.udpDport(54), notrack])];
    expect(passing([[ct.state("untracked"), accept]], [udp(a, b, 53), udp(a, b, 54)], untracked)).toEqual([1]);
  });

  test("stateless rewrites keep every checksum right, in UDP, TCP and ICMP, IPv4 and IPv6", () => {
    const targets: NftSet = { name: "targets", key: ["ipv4_addr"], data: "ipv4_addr" };
    const targets6: NftSet = { name: "targets6", key: ["ipv6_addr"], data: "ipv6_addr" };
    const commands = [
      t.add(),
      raw,
      t.set(targets),
      t.set(targets6),
      t.elements(targets, [{ key: ["198.51.100.1"], data: b }]),
      t.elements(targets6, [{ key: ["2001:db8::1"], data: "fd00::2" }]),
      t.rule("raw", [writeFromMap("ip daddr", ["ip daddr"], "targets")]),
      t.rule("raw", [match.ipDaddr(b), write("ip saddr", "10.7.7.7")]),
      t.rule("raw", [writeFromMap("ip6 daddr", ["ip6 daddr"], "targets6")]),
      t.rule("raw", [match.tcpDport(22), write("tcp dport", 2222)]),
      t.rule("raw", [match.udpDport(53), write("udp sport", 5353)]),
    ];
    const arrived = send(commands, [
      udp(a, "198.51.100.1", 53),
      { ...tcp, target: "198.51.100.1" },
      { ...ping, target: "198.51.100.1" },
      udp("fd00::1", "2001:db8::1", 54),
      { ...ping6, target: "2001:db8::1" },
      udp(a, "198.51.100.2", 54),
    ]);
    const rewritten = { source: "10.7.7.7", target: b, whole: true };
    expect(arrived).toEqual([
      { probe: 0, ...rewritten, from: 5353, to: 53 },
      { probe: 1, ...rewritten, from: 4000, to: 2222 },
      { probe: 2, ...rewritten, from: 8, to: 0 },
      { probe: 3, source: "fd00::1", target: "fd00::2", from: 4000, to: 54, whole: true },
      { probe: 4, source: "fd00::1", target: "fd00::2", from: 128, to: 0, whole: true },
      { probe: 5, source: a, target: "198.51.100.2", from: 4000, to: 54, whole: true },
    ]);
  });

  test("source translation takes ports from its range", () => {
    const commands = [
      t.add(),
      t.chain("nat", { type: "nat", hook: "postrouting", priority: 100 }),
      t.rule("nat", [match.l4proto("udp"), match.ipSaddr(a), snat("ip", "10.9.9.9", { from: 1024, to: 1030 })]),
      t.rule("nat", [match.l4proto("icmp"), jump("pings")]),
    ];
    const arrived = send(
      [...commands.slice(0, 2), t.chain("pings"), ...commands.slice(2)],
      [udp(a, b, 53), udp("10.0.0.3", b, 53)],
    );
    expect(arrived).toHaveLength(2);
    expect(arrived[0]).toMatchObject({ source: "10.9.9.9", target: b, to: 53, whole: true });
    expect(arrived[0]?.from).toBeGreaterThanOrEqual(1024);
    expect(arrived[0]?.from).toBeLessThanOrEqual(1030);
    expect(arrived[1]).toMatchObject({ source: "10.0.0.3", from: 4000 });
  });
});
