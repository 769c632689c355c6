import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { addressFrom } from "./canonical-text.ts";
import {
  isLinkLocalAddress,
  isLoopbackAddress,
  isMulticastAddress,
  isPrivateAddress,
  isSharedAddress,
} from "./well-known-ranges.ts";

/** Just inside and just outside every range. */
const edges = [
  ..."9.255.255.255 10.0.0.0 10.255.255.255 11.0.0.0 172.15.255.255 172.16.0.0 172.31.255.255 172.32.0.0".split(" "),
  ..."192.167.255.255 192.168.0.0 192.168.255.255 192.169.0.0 100.63.255.255 100.64.0.0 100.127.255.255".split(" "),
  ..."100.128.0.0 169.253.255.255 169.254.0.0 169.254.169.254 169.255.0.0 126.255.255.255 127.0.0.1".split(" "),
  ..."128.0.0.0 223.255.255.255 224.0.0.0 239.255.255.255 240.0.0.0 ::1 ::2 fbff::1 fc00:: fd00:ec2::254".split(" "),
  ..."fe00:: fe7f::1 fe80:: fe80:ec2::1 febf::1 fec0:: feff::1 ff00:: ff02::1 2001:db8::1 ::".split(" "),
];

describe("ranges agree with ipaddr.js", () => {
  test.each(edges)("%s", (text) => {
    const range = ipaddr.parse(text).range();
    const address = addressFrom(text);
    expect(isPrivateAddress(address)).toBe(range === "private" || range === "uniqueLocal");
    expect(isSharedAddress(address)).toBe(range === "carrierGradeNat");
    expect(isLinkLocalAddress(address)).toBe(range === "linkLocal");
    expect(isLoopbackAddress(address)).toBe(range === "loopback");
    expect(isMulticastAddress(address)).toBe(range === "multicast");
  });
});
