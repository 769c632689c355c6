import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { addressBytes, canonicalAddress, compareAddress, formatAddress, parseAddress } from "./address.ts";

/** Bytes to what our types say, through ipaddr.js. */
const ipv4Text = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => [...bytes].join("."));
const ipv6Bytes = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(255) }), {
    minLength: 16,
    maxLength: 16,
  })
  .map((bytes) => new ipaddr.IPv6(bytes));
/** Text that looks like an address often enough to be one sometimes. */
const nearlyAddress = fc
  .array(fc.constantFrom("0", "1", "255", "256", "01", "ffff", "db8", "g", ".", ":", "::", "%eth0", " ", "-1"), {
    maxLength: 17,
  })
  .map((parts) => parts.join(""));

describe("canonicalAddress", () => {
  test.each([
    ["10.0.1.10", "10.0.1.10"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["2001:DB8:0:0:0:0:0:10", "2001:db8::10"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], // RFC 5952 §4.2.2: one group is not shortened
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"], // §4.2.3: the longest run
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // §4.2.3: the first of equal runs
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["fd00:ec2::0253", "fd00:ec2::253"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"], // §5
    ["::FFFF:c000:0201", "::ffff:192.0.2.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ])("%s is %s", (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  test.each([
    "",
    "10.0.1",
    "10.0.1.10.1",
    "10.0.1.256",
    "010.0.1.10",
    "10.0.1.00",
    "10.0.1.",
    ".10.0.1",
    "10..1.1",
    " 10.0.1.1",
    "10.0.1.1/32",
    "0x0a.0.0.1",
    "167772161",
    "１.0.0.1",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "fe80::1%eth0",
    "::ffff:192.0.2",
    "::192.0.2.1:1",
    "1:2:3:4:5:6:7:192.0.2.1",
    "1:2:3:4:5:6:7:8/128",
    ":1:2:3:4:5:6:7",
  ])("%j is no address", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("accepts what the system accepts, without zones", () => {
    fc.assert(
      fc.property(nearlyAddress, (text) => {
        const accepted = isIPv4(text) || (isIPv6(text) && !text.includes("%"));
        expect(parseAddress(text) !== undefined).toBe(accepted);
      }),
      { numRuns: 20_000 },
    );
  });

  test("agrees with ipaddr.js on IPv4", () => {
    fc.assert(
      fc.property(ipv4Text, (text) => {
        const address = parseAddress(text);
        expect(address?.family).toBe("ipv4");
        if (address === undefined) return;
        expect(formatAddress(address)).toBe(text);
        expect([...addressBytes(address)]).toEqual(ipaddr.IPv4.parse(text).toByteArray());
      }),
    );
  });

  test("agrees with ipaddr.js on IPv6, however it is written", () => {
    fc.assert(
      fc.property(ipv6Bytes, (oracle) => {
        const canonical = oracle.isIPv4MappedAddress()
          ? `::ffff:${oracle.toIPv4Address().toString()}`
          : oracle.toRFC5952String();
        for (const text of [oracle.toNormalizedString(), oracle.toNormalizedString().toUpperCase(), canonical]) {
          const address = parseAddress(text);
          expect(address?.family).toBe("ipv6");
          if (address === undefined) return;
          expect(formatAddress(address)).toBe(canonical);
          expect([...addressBytes(address)]).toEqual(oracle.toByteArray());
        }
      }),
    );
  });
});

test("compareAddress sorts by number, IPv4 first", () => {
  const texts = ["::1", "10.0.0.10", "fe80::", "10.0.0.9", "255.0.0.1", "::"];
  const addresses = texts.map(parseAddress).filter((address) => address !== undefined);
  expect(addresses.sort(compareAddress).map(formatAddress)).toEqual([
    "10.0.0.9",
    "10.0.0.10",
    "255.0.0.1",
    "::",
    "::1",
    "fe80::",
  ]);
});
