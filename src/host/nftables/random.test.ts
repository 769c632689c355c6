/** Random tables, sets and rules: what the batch makes of the kernel is what nft makes of the text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NftCommand, NftDataType, NftElement, NftPart, NftSet, NftStatement, NftVerdict } from "./ast.ts";
import {
  copyMark,
  counter,
  ct,
  equals,
  lookup,
  match,
  not,
  table,
  verdict,
  vmap,
  write,
  writeFromMap,
} from "./build.ts";
import { applyBatches, applyScripts, kernelMissing } from "./kernel-sandbox.ts";

const missing = kernelMissing();
const t = table("inet", "drawn");

const octet = fc.nat(255);
const port = fc.nat(65535);
const mark = fc.nat(0xffffffff);
const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
const address6 = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  .map((g) => g.map((n) => n.toString(16)).join(":"));
const ifname = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,14}$/);
/** Lengths from 1: nft writes /0 as no condition at all. */
const prefix = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 1, max: 32 })).map(([bits, length]) => {
  const network = (bits & (-1 << (32 - length))) >>> 0;
  return `${[24, 16, 8, 0].map((shift) => (network >>> shift) & 255).join(".")}/${length}`;
});
const portRange = fc
  .tuple(port, port)
  .map(([a, b]): NftPart => (a === b ? a : { from: Math.min(a, b), to: Math.max(a, b) }));
const decision: fc.Arbitrary<NftVerdict> = fc.constantFrom(
  verdict.accept,
  verdict.drop,
  verdict.return,
  verdict.jump("sub"),
  verdict.goto("sub"),
);

const plainKey: Readonly<
  Record<"ipv4_addr" | "ipv6_addr" | "ifname" | "inet_service" | "mark", fc.Arbitrary<NftPart>>
> = {
  ipv4_addr: address,
  ipv6_addr: address6,
  ifname,
  inet_service: port,
  mark,
};
const keyTypes = ["ipv4_addr", "ipv6_addr", "ifname", "inet_service", "mark"] as const;

interface FilledSet {
  readonly set: NftSet;
  readonly elements: readonly NftElement[];
}

/** Exact sets and verdict maps of one to three key parts. */
const filledSet: fc.Arbitrary<
  Omit<FilledSet, "set"> & { readonly key: readonly NftDataType[]; readonly verdicts: boolean }
> = fc
  .tuple(fc.array(fc.constantFrom(...keyTypes), { minLength: 1, maxLength: 3 }), fc.boolean())
  .chain(([key, verdicts]) => {
    const element = fc.tuple(fc.tuple(...key.map((type) => plainKey[type])), decision);
    return fc.uniqueArray(element, { maxLength: 20, selector: ([parts]) => parts.join() }).map((list) => ({
      key,
      verdicts,
      elements: list.map(([parts, data]): NftElement => (verdicts ? { key: parts, data } : { key: parts })),
    }));
  });

/** Interval sets of prefixes that cannot overlap: every one is in a /16 of its own. */
const intervalElements = fc.uniqueArray(
  fc.tuple(octet, fc.nat(0xffff), fc.integer({ min: 17, max: 32 })).map(([second, bits, length]) => {
    const rest = bits & (-1 << (32 - length)) & 0xffff;
    return `10.${second}.${rest >> 8}.${rest & 255}/${length}`;
  }),
  { maxLength: 30, selector: (text) => text.split(".")[1] },
);

const condition: fc.Arbitrary<NftStatement> = fc.oneof(
  fc.tuple(fc.constantFrom("meta iifname", "meta oifname"), ifname).map(([field, name]) => equals(field, name)),
  fc
    .tuple(fc.constantFrom("ip saddr", "ip daddr"), fc.oneof(prefix, address))
    .map(([field, value]) => equals(field, value)),
  fc.tuple(fc.constantFrom("ip6 saddr", "ip6 daddr"), address6).map(([field, value]) => equals(field, value)),
  fc
    .tuple(fc.constantFrom("tcp dport", "tcp sport", "udp dport", "udp sport"), portRange)
    .map(([field, ports]) => equals(field, ports)),
  fc.constantFrom("icmp type", "icmpv6 type").chain((field) => octet.map((type) => equals(field, type))),
  fc
    .tuple(mark, fc.integer({ min: 1, max: 0xffffffff }))
    .map(([value, mask]) => match.mark((value & mask) >>> 0, mask)),
  fc.tuple(mark, mark).map(([a, b]) => equals("ct mark", a === b ? a : { from: Math.min(a, b), to: Math.max(a, b) })),
  fc
    .subarray(["new", "established", "related", "invalid"] as const, { minLength: 1 })
    .map((states) => ct.state(...states)),
  fc.subarray(["snat", "dnat", "assured"] as const, { minLength: 1 }).map((flags) => ct.status(...flags)),
  fc.integer({ min: 1, max: 127 }).map((bit) => ct.label(bit)),
  fc.constant(lookup(["ip saddr"], "intervals")),
  fc.constant(lookup(["meta iifname", "ip daddr"], "pairs")),
);

const action: fc.Arbitrary<NftStatement> = fc.oneof(
  mark.map((value) => write("meta mark", value)),
  fc.tuple(mark, mark).map(([and, or]) => copyMark("ct mark", "meta mark", { and, or })),
  address.map((value) => write("ip daddr", value)),
  fc.constant(writeFromMap("meta mark", ["meta iifname"], "marks")),
  fc.constant(vmap(["meta mark"], "verdicts")),
  fc.constant(counter()),
);

const ruleStatements = fc
  .tuple(condition, fc.boolean(), fc.option(action, { nil: undefined }), decision)
  .map(([first, negated, second, last]): readonly NftStatement[] => [
    negated ? not(first) : first,
    // An IPv4 address cannot be written in a rule for IPv6.
    ...(second === undefined || JSON.stringify(first).includes("6 ") || JSON.stringify(first).includes("v6")
      ? []
      : [second]),
    { kind: "verdict", verdict: last },
  ]);

const fixed = {
  intervals: { name: "intervals", key: ["ipv4_addr"], intervals: true },
  pairs: { name: "pairs", key: ["ifname", "ipv4_addr"], intervals: true },
  marks: { name: "marks", key: ["ifname"], data: "mark" },
  verdicts: { name: "verdicts", key: ["mark"], data: "verdict" },
} as const satisfies Record<string, NftSet>;

const commandList: fc.Arbitrary<readonly NftCommand[]> = fc
  .tuple(fc.array(filledSet, { maxLength: 5 }), intervalElements, fc.array(ruleStatements, { maxLength: 30 }))
  .map(([sets, prefixes, rules]) => [
    t.add(),
    t.chain("sub"),
    t.chain("forward", { type: "filter", hook: "forward", priority: 0 }),
    ...Object.values(fixed).map((set) => t.set(set)),
    t.elements(
      fixed.intervals,
      prefixes.map((text) => ({ key: [text] })),
    ),
    t.elements(
      fixed.pairs,
      prefixes.map((text, i) => ({ key: [`eni${i % 3}`, text] })),
    ),
    ...sets.flatMap(({ key, verdicts, elements }, i): readonly NftCommand[] => {
      const set: NftSet = verdicts ? { name: `set${i}`, key, data: "verdict" } : { name: `set${i}`, key };
      return [t.set(set), t.elements(set, elements)];
    }),
    ...rules.map((statements) => t.rule("forward", statements)),
  ]);

describe.skipIf(missing !== undefined)(
  `random rulesets${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    test("list alike from batch and text", () => {
      fc.assert(
        fc.property(commandList, (commands) => {
          const { answers, listing } = applyBatches([commands]);
          expect(answers).toEqual([{ done: true, failures: [] }]);
          expect(listing).toBe(applyScripts([commands]));
        }),
        { numRuns: 25, seed: 20261121, endOnFailure: false },
      );
    });
  },
);
