import { describe, expect, test } from "vitest";
import type { NftPart } from "./ast.ts";
import { commentText, partPrefix, partRange, successor, valueBytes } from "./values.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("values as bytes", () => {
  test.each([
    ["ipv4_addr", "10.0.255.1", "0a00ff01"],
    ["ipv6_addr", "::", "00000000000000000000000000000000"],
    ["ipv6_addr", "fd00::1", "fd000000000000000000000000000001"],
    ["ipv6_addr", "1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["ipv6_addr", "2001:DB8:0:1:2:3:4:ffff", "20010db800000001000200030004ffff"],
    ["ipv6_addr", "::ffff:10.0.0.1", "00000000000000000000ffff0a000001"],
    ["ether_addr", "02:00:00:00:00:ff", "0200000000ff"],
    ["ifname", "eni1", `656e6931${"00".repeat(12)}`],
    ["inet_service", 443, "01bb"],
    ["inet_service", "443", "01bb"],
    ["inet_proto", "icmpv6", "3a"],
    ["icmp_type", 255, "ff"],
  ] as const)("%s %s", (type, value, expected) => {
    expect(hex(valueBytes(type, value))).toBe(expected);
  });

  test.each([
    ["ipv4_addr", "10.0.0"],
    ["ipv4_addr", "10.0.0.256"],
    ["ipv4_addr", "10.0.0.01"],
    ["ipv4_addr", "0x0a.0.0.1"],
    ["ipv6_addr", "1::2::3"],
    ["ipv6_addr", "1:2:3:4:5:6:7"],
    ["ipv6_addr", "1:2:3:4:5:6:7:8:9"],
    ["ipv6_addr", "1:2:3:4::5:6:7:8"],
    ["ipv6_addr", "fd00::g"],
    ["ipv6_addr", "fd00::1%eth0"],
    ["ipv6_addr", ":1"],
    ["ether_addr", "02:00:00:00:00"],
    ["ifname", "a-name-too-long-"],
    ["ifname", ""],
    ["ifname", 'a"b'],
    ["inet_service", 65536],
    ["inet_service", -1],
    ["inet_service", 1.5],
    ["inet_service", "http"],
    ["mark", 2 ** 32],
    ["inet_proto", "quic"],
  ] as const)("no %s: %s", (type, value) => {
    expect(() => valueBytes(type, value)).toThrow(/^bug: /);
  });
});

describe("prefixes and ranges", () => {
  test.each([
    ["ipv4_addr", "10.0.0.0/8", "0a000000", "0affffff"],
    ["ipv4_addr", "10.1.16.0/20", "0a011000", "0a011fff"],
    ["ipv4_addr", "0.0.0.0/0", "00000000", "ffffffff"],
    ["ipv4_addr", "10.0.0.1/32", "0a000001", "0a000001"],
    ["ipv4_addr", { from: "10.0.0.1", to: "10.0.0.9" }, "0a000001", "0a000009"],
    ["inet_service", { from: 22, to: 80 }, "0016", "0050"],
    ["ipv6_addr", "fd00::/7".replace("fd", "fc"), `fc${"00".repeat(15)}`, `fd${"ff".repeat(15)}`],
  ] as const satisfies readonly (readonly [string, NftPart, string, string])[])("%s %o", (type, part, from, to) => {
    const range = partRange(type, part);
    expect([hex(range.from), hex(range.to)]).toEqual([from, to]);
  });

  test.each(["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/ 8", "10.0.0.0/-1"])("no prefix: %s", (text) => {
    expect(() => partPrefix("ipv4_addr", text)).toThrow(/^bug: /);
  });

  test("a range of marks is refused, because bytes in host order do not compare", () => {
    expect(() => partRange("mark", { from: 1, to: 2 })).toThrow(/host order/);
  });

  test("a range that ends before it starts is refused", () => {
    expect(() => partRange("inet_service", { from: 2, to: 1 })).toThrow(/before it starts/);
  });

  test("the successor carries, and the last value has none", () => {
    expect(hex(successor(Uint8Array.of(1, 0xff, 0xff)) ?? Uint8Array.of())).toBe("020000");
    expect(successor(Uint8Array.of(0xff, 0xff))).toBeUndefined();
  });
});

test("comments lose quotes and control characters and are cut at 127 bytes", () => {
  expect(commentText('say "hi"\nthere')).toBe("say 'hi' there");
  expect(new TextEncoder().encode(commentText("ü".repeat(100))).length).toBe(126);
});
