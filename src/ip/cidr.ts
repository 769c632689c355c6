/**
 * CIDR blocks and their arithmetic. A `CidrBlock` never has host bits: EC2 clears them instead of refusing them [AD-3], so
 * reading a block does the same, and two equal blocks are equal data.
 */
import { formatAddress, type IpAddress, type IpFamily, parseAddress } from "./address.ts";

/** `network` is the first address, an unsigned 32-bit number. */
export interface Ipv4CidrBlock {
  readonly family: "ipv4";
  readonly network: number;
  readonly prefixLength: number;
}

/** `network` is the first address, an unsigned 128-bit bigint. */
export interface Ipv6CidrBlock {
  readonly family: "ipv6";
  readonly network: bigint;
  readonly prefixLength: number;
}

export type CidrBlock = Ipv4CidrBlock | Ipv6CidrBlock;

/** Reads `address/length`, clearing host bits [AD-3]; `undefined` when the text is not a CIDR block. */
export function parseCidr(text: string): CidrBlock | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const lengthText = text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(lengthText)) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const prefixLength = Number(lengthText);
  if (address === undefined || prefixLength > addressBits(address.family)) return undefined;
  return blockOf(address, prefixLength);
}

/** The canonical text: `10.0.0.0/16`, `2001:db8::/56`. */
export function formatCidr(block: CidrBlock): string {
  return `${formatAddress(firstAddress(block))}/${block.prefixLength}`;
}

/** The canonical text of a block that a person or a client wrote, host bits cleared [AD-3]; `undefined` when it is not one. */
export function canonicalCidr(text: string): string | undefined {
  const block = parseCidr(text);
  return block === undefined ? undefined : formatCidr(block);
}

/** The block of that length around an address. A length outside the family's range is a bug of the caller. */
export function blockOf(address: IpAddress, prefixLength: number): CidrBlock {
  const bits = addressBits(address.family);
  if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > bits) {
    throw new Error(`bug: prefix length ${prefixLength} for an ${address.family} address`);
  }
  return address.family === "ipv4"
    ? { family: "ipv4", network: (address.value & ipv4Mask(prefixLength)) >>> 0, prefixLength }
    : { family: "ipv6", network: clearLowBits(address.value, 128 - prefixLength), prefixLength };
}

/** The block that holds this address only: a /32 or a /128. */
export function hostBlock(address: IpAddress): CidrBlock {
  return blockOf(address, addressBits(address.family));
}

/** 32 or 128. */
export function addressBits(family: IpFamily): 32 | 128 {
  return family === "ipv4" ? 32 : 128;
}

/** Whether the block holds all of the address or block; never across families. */
export function contains(block: CidrBlock, inner: IpAddress | CidrBlock): boolean {
  return "prefixLength" in inner
    ? inner.prefixLength >= block.prefixLength && sharesPrefix(block, inner)
    : holdsAddress(block, inner);
}

/** Whether some address is in both blocks. */
export function overlaps(a: CidrBlock, b: CidrBlock): boolean {
  return a.prefixLength <= b.prefixLength ? sharesPrefix(a, b) : sharesPrefix(b, a);
}

/** Whether `inner` lies in `outer`, or equals it. */
export function isSubnetOf(inner: CidrBlock, outer: CidrBlock): boolean {
  return contains(outer, inner);
}

export function firstAddress(block: CidrBlock): IpAddress {
  return block.family === "ipv4" ? { family: "ipv4", value: block.network } : { family: "ipv6", value: block.network };
}

export function lastAddress(block: CidrBlock): IpAddress {
  return block.family === "ipv4"
    ? { family: "ipv4", value: (block.network | ~ipv4Mask(block.prefixLength)) >>> 0 }
    : { family: "ipv6", value: block.network + (1n << BigInt(128 - block.prefixLength)) - 1n };
}

/** The number of addresses. A power of two, so exact as a number even for IPv6. */
export function addressCount(block: CidrBlock): number {
  return 2 ** (addressBits(block.family) - block.prefixLength);
}

/** The address that many after the first; `undefined` when that is outside the block. */
export function addressAt(block: CidrBlock, offset: number | bigint): IpAddress | undefined {
  if (typeof offset === "number" && !Number.isSafeInteger(offset)) return undefined;
  if (offset < 0 || offset >= addressCount(block)) return undefined;
  return block.family === "ipv4"
    ? { family: "ipv4", value: block.network + Number(offset) }
    : { family: "ipv6", value: block.network + BigInt(offset) };
}

/** The `index`-th block of that length inside the block, counted from 0; `undefined` when it is not inside. */
export function subnetAt(block: CidrBlock, prefixLength: number, index: number | bigint): CidrBlock | undefined {
  const bits = addressBits(block.family);
  if (!Number.isInteger(prefixLength) || prefixLength < block.prefixLength || prefixLength > bits) return undefined;
  if (typeof index === "number" && !Number.isSafeInteger(index)) return undefined;
  const first = addressAt(block, BigInt(index) << BigInt(bits - prefixLength));
  return first === undefined ? undefined : blockOf(first, prefixLength);
}

/** Sorts IPv4 before IPv6, then by first address, then the larger block first: negative, zero or positive. */
export function compareCidr(a: CidrBlock, b: CidrBlock): number {
  if (a.family !== b.family) return a.family === "ipv4" ? -1 : 1;
  if (a.network !== b.network) return a.network < b.network ? -1 : 1;
  return a.prefixLength - b.prefixLength;
}

function holdsAddress(block: CidrBlock, address: IpAddress): boolean {
  if (block.family === "ipv4") {
    return address.family === "ipv4" && ((block.network ^ address.value) & ipv4Mask(block.prefixLength)) === 0;
  }
  return address.family === "ipv6" && (block.network ^ address.value) >> BigInt(128 - block.prefixLength) === 0n;
}

/** Whether the two agree on the bits of `shorter`'s prefix. */
function sharesPrefix(shorter: CidrBlock, longer: CidrBlock): boolean {
  if (shorter.family === "ipv4") {
    return longer.family === "ipv4" && ((shorter.network ^ longer.network) & ipv4Mask(shorter.prefixLength)) === 0;
  }
  return longer.family === "ipv6" && (shorter.network ^ longer.network) >> BigInt(128 - shorter.prefixLength) === 0n;
}

/** A signed 32-bit mask. JavaScript shifts modulo 32, hence the case for /0. */
function ipv4Mask(prefixLength: number): number {
  return prefixLength === 0 ? 0 : -1 << (32 - prefixLength);
}

function clearLowBits(value: bigint, count: number): bigint {
  const shift = BigInt(count);
  return (value >> shift) << shift;
}
