import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import {
  addressFrom,
  cidrContains,
  cidrFrom,
  cidrsOverlap,
  compareCidrText,
  prefixLengthOf,
} from "./canonical-text.ts";
import {
  addressAt,
  addressCount,
  blockOf,
  canonicalCidr,
  contains,
  firstAddress,
  formatCidr,
  hostBlock,
  isSubnetOf,
  lastAddress,
  overlaps,
  parseCidr,
  subnetAt,
} from "./cidr.ts";

/** Few distinct values, so that blocks contain and overlap each other often. */
const byte = fc.constantFrom(0, 1, 127, 128, 255);
const ipv4 = fc.array(byte, { minLength: 4, maxLength: 4 }).map((bytes) => new ipaddr.IPv4(bytes));
const ipv6 = fc
  .array(byte, { minLength: 4, maxLength: 4 })
  .map((bytes) => new ipaddr.IPv6([0x20, 1, 0xd, 0xb8, ...bytes, ...Array<number>(4).fill(0), ...bytes]));
const address = fc.oneof(ipv4, ipv6).map((value) => value.toNormalizedString());
const cidr = fc.oneof(
  fc.tuple(ipv4, fc.nat(32)).map(([value, length]) => `${value.toString()}/${length}`),
  fc.tuple(ipv6, fc.nat(128)).map(([value, length]) => `${value.toNormalizedString()}/${length}`),
);

describe("canonicalCidr", () => {
  test.each([
    ["100.68.0.18/18", "100.68.0.0/18"],
    ["10.0.0.0/16", "10.0.0.0/16"],
    ["255.255.255.255/0", "0.0.0.0/0"],
    ["255.255.255.255/1", "128.0.0.0/1"],
    ["10.1.2.3/32", "10.1.2.3/32"],
    ["2001:DB8:0:12ff::1/56", "2001:db8:0:1200::/56"],
    ["2001:db8::1/128", "2001:db8::1/128"],
    ["ffff::/0", "::/0"],
  ])("[AD-3] %s is %s", (text, canonical) => {
    expect(canonicalCidr(text)).toBe(canonical);
  });

  test.each([
    "10.0.0.0",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/016",
    "10.0.0.0/16/16",
    "10.0.0.0/16 ",
    "10.0.0.0/1e1",
    "10.0.0/16",
    "/16",
    "::/129",
    "::/",
  ])("[AD-2] %j is no CIDR block", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test("agrees with ipaddr.js on the first address, and is stable", () => {
    fc.assert(
      fc.property(cidr, (text) => {
        const block = cidrFrom(text);
        const kind = block.family === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
        expect(formatAddress(firstAddress(block))).toBe(canonical(kind.networkAddressFromCIDR(text)));
        expect(cidrFrom(formatCidr(block))).toEqual(block);
      }),
    );
  });
});

describe("contains and overlaps", () => {
  test.each([
    ["10.0.0.0/16", "10.0.1.5", true],
    ["10.0.0.0/16", "10.1.0.0", false],
    ["10.0.0.0/16", "10.0.255.255", true],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "10.0.0.1", false],
    ["128.0.0.0/1", "127.255.255.255", false],
    ["10.0.0.0/16", "10.0.0.0/16", true],
    ["10.0.0.0/16", "10.0.0.0/15", false],
    ["2001:db8::/56", "2001:db8:0:ff::/64", true],
    ["2001:db8::/56", "2001:db8:0:100::/64", false],
    ["2001:db8::1/128", "2001:db8::1", true],
  ])("%s contains %s: %s", (outer, inner, expected) => {
    expect(cidrContains(outer, inner)).toBe(expected);
  });

  test("agrees with ipaddr.js", () => {
    fc.assert(
      fc.property(cidr, address, (block, inner) => {
        const oracle = ipaddr.parse(inner);
        const [network, length] = ipaddr.parseCIDR(block);
        const expected = oracle.kind() === network.kind() && oracle.match(network, length);
        expect(cidrContains(block, inner)).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  test("blocks overlap exactly when one contains the other, by first and last address", () => {
    fc.assert(
      fc.property(cidr, cidr, (left, right) => {
        const [a, b] = [cidrFrom(left), cidrFrom(right)];
        const within = (outer: typeof a, inner: typeof a) =>
          contains(outer, firstAddress(inner)) && contains(outer, lastAddress(inner));
        expect(contains(a, b)).toBe(within(a, b));
        expect(isSubnetOf(b, a)).toBe(within(a, b));
        expect(overlaps(a, b)).toBe(within(a, b) || within(b, a));
        expect(cidrsOverlap(left, right)).toBe(cidrsOverlap(right, left));
      }),
      { numRuns: 5_000 },
    );
  });

  test("text that is no block or address is a bug of the caller", () => {
    expect(() => cidrContains("10.0.0.0", "10.0.0.1")).toThrow("bug: not a CIDR block");
    expect(() => cidrContains("10.0.0.0/8", "db")).toThrow("bug: not an IP address");
    expect(() => blockOf(addressFrom("10.0.0.1"), 33)).toThrow("bug: prefix length 33");
  });
});

describe("addresses in a block", () => {
  test.each([
    ["10.0.1.0/24", 256, "10.0.1.0", "10.0.1.255"],
    ["0.0.0.0/0", 2 ** 32, "0.0.0.0", "255.255.255.255"],
    ["10.0.0.1/32", 1, "10.0.0.1", "10.0.0.1"],
    ["2001:db8::/64", 2 ** 64, "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"],
    ["::/0", 2 ** 128, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ])("%s has %d, from %s to %s", (text, count, first, last) => {
    const block = cidrFrom(text);
    expect(addressCount(block)).toBe(count);
    expect(formatAddress(firstAddress(block))).toBe(first);
    expect(formatAddress(lastAddress(block))).toBe(last);
    expect(addressAt(block, 0)).toEqual(firstAddress(block));
    expect(addressAt(block, BigInt(count) - 1n)).toEqual(lastAddress(block));
    expect(addressAt(block, BigInt(count))).toBeUndefined();
  });

  test.each([-1, 256, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("no address at offset %d of a /24", (offset) => {
    expect(addressAt(cidrFrom("10.0.1.0/24"), offset)).toBeUndefined();
  });

  test.each([
    ["172.31.0.0/16", 20, 0, "172.31.0.0/20"],
    ["172.31.0.0/16", 20, 15, "172.31.240.0/20"],
    ["172.31.0.0/16", 20, 16, undefined],
    ["172.31.0.0/16", 15, 0, undefined],
    ["172.31.0.0/16", 33, 0, undefined],
    ["172.31.0.0/16", 20, -1, undefined],
    ["172.31.0.0/16", 20, 0.5, undefined],
    ["2001:db8:0:1200::/56", 64, 255, "2001:db8:0:12ff::/64"],
  ])("%s in blocks of /%d: number %d is %s", (text, prefixLength, index, expected) => {
    const block = subnetAt(cidrFrom(text), prefixLength, index);
    expect(block === undefined ? undefined : formatCidr(block)).toBe(expected);
  });

  test("a host block holds one address", () => {
    expect(formatCidr(hostBlock(addressFrom("10.0.0.1")))).toBe("10.0.0.1/32");
    expect(formatCidr(hostBlock(addressFrom("2001:db8::1")))).toBe("2001:db8::1/128");
  });
});

test("blocks sort by family, number and size", () => {
  const sorted = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "9.0.0.0/8", "::/0", "2001:db8::/56"].sort(
    compareCidrText,
  );
  expect(sorted).toEqual([
    "0.0.0.0/0",
    "9.0.0.0/8",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.0.1.0/24",
    "::/0",
    "2001:db8::/56",
  ]);
  expect(sorted.map(prefixLengthOf)).toEqual([0, 8, 8, 16, 24, 0, 56]);
});

function canonical(oracle: { toString(): string }): string {
  const parsed = parseAddress(oracle.toString());
  if (parsed === undefined) throw new Error(`bug: ipaddr.js wrote ${oracle.toString()}`);
  return formatAddress(parsed);
}
