/**
 * The same questions asked of text, for callers that keep addresses as the model does: as canonical strings. Text that is
 * not a CIDR block or address here is a bug of the caller (input is checked at the edge), so these functions throw on it.
 */
import { compareAddress, type IpAddress, type IpFamily, parseAddress } from "./address.ts";
import { type CidrBlock, compareCidr, contains, overlaps, parseCidr } from "./cidr.ts";

/** Whether the block holds all of the address or block; never across families. */
export function cidrContains(cidr: string, addressOrCidr: string): boolean {
  return contains(cidrFrom(cidr), addressOrCidr.includes("/") ? cidrFrom(addressOrCidr) : addressFrom(addressOrCidr));
}

/** Whether some address is in both blocks. */
export function cidrsOverlap(a: string, b: string): boolean {
  return overlaps(cidrFrom(a), cidrFrom(b));
}

/** Comparator for sorting blocks: IPv4 first, then by number, the larger block first. */
export function compareCidrText(a: string, b: string): number {
  return compareCidr(cidrFrom(a), cidrFrom(b));
}

/** Comparator for sorting addresses: IPv4 first, then by number. */
export function compareAddressText(a: string, b: string): number {
  return compareAddress(addressFrom(a), addressFrom(b));
}

/** The family of canonical text, an address or a block: only IPv6 has colons. */
export function familyOf(addressOrCidr: string): IpFamily {
  return addressOrCidr.includes(":") ? "ipv6" : "ipv4";
}

/** The length after the slash. */
export function prefixLengthOf(cidr: string): number {
  return cidrFrom(cidr).prefixLength;
}

/** Text that was checked before, as a block. */
export function cidrFrom(text: string): CidrBlock {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`bug: not a CIDR block: ${JSON.stringify(text)}`);
  return block;
}

/** Text that was checked before, as an address. */
export function addressFrom(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`bug: not an IP address: ${JSON.stringify(text)}`);
  return address;
}
