/** Ranges that have a meaning of their own, each named after the document that gives it. */
import type { IpAddress } from "./address.ts";
import { cidrFrom } from "./canonical-text.ts";
import { type CidrBlock, contains } from "./cidr.ts";

export const everyIpv4: CidrBlock = cidrFrom("0.0.0.0/0");
export const everyIpv6: CidrBlock = cidrFrom("::/0");

/** Private IPv4 (RFC 1918). */
export const rfc1918: readonly CidrBlock[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidrFrom);
/** Shared address space, carrier-grade NAT (RFC 6598). */
export const rfc6598: CidrBlock = cidrFrom("100.64.0.0/10");
/** Benchmarking (RFC 2544). EC2 restricts its upper half, 198.19.0.0/16, as a secondary block [AD-9]. */
export const rfc2544: CidrBlock = cidrFrom("198.18.0.0/15");
/** IPv6 unique local addresses (RFC 4193). */
export const rfc4193: CidrBlock = cidrFrom("fc00::/7");
export const linkLocalIpv4: CidrBlock = cidrFrom("169.254.0.0/16");
export const linkLocalIpv6: CidrBlock = cidrFrom("fe80::/10");
export const loopbackIpv4: CidrBlock = cidrFrom("127.0.0.0/8");
export const loopbackIpv6: CidrBlock = cidrFrom("::1/128");
export const multicastIpv4: CidrBlock = cidrFrom("224.0.0.0/4");
export const multicastIpv6: CidrBlock = cidrFrom("ff00::/8");
/** Reserved for future use, with the broadcast address (RFC 1112). */
export const reservedIpv4: CidrBlock = cidrFrom("240.0.0.0/4");

/** RFC 1918 or RFC 4193. Inside a VPC every address is private [AD-4]: this asks about the number only. */
export function isPrivateAddress(address: IpAddress): boolean {
  return contains(rfc4193, address) || rfc1918.some((range) => contains(range, address));
}

export function isSharedAddress(address: IpAddress): boolean {
  return contains(rfc6598, address);
}

export function isLinkLocalAddress(address: IpAddress): boolean {
  return contains(linkLocalIpv4, address) || contains(linkLocalIpv6, address);
}

export function isLoopbackAddress(address: IpAddress): boolean {
  return contains(loopbackIpv4, address) || contains(loopbackIpv6, address);
}

export function isMulticastAddress(address: IpAddress): boolean {
  return contains(multicastIpv4, address) || contains(multicastIpv6, address);
}
