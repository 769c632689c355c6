/**
 * One IP address as a number: strict text in, canonical text out. IPv4 is dotted decimal without leading zeros; IPv6 is read
 * as RFC 4291 §2.2 allows and written as RFC 5952 §4 and §5 ask.
 */

export type IpFamily = "ipv4" | "ipv6";

/** `value` is an unsigned 32-bit number. */
export interface Ipv4Address {
  readonly family: "ipv4";
  readonly value: number;
}

/** `value` is an unsigned 128-bit bigint. */
export interface Ipv6Address {
  readonly family: "ipv6";
  readonly value: bigint;
}

export type IpAddress = Ipv4Address | Ipv6Address;

/** Reads an address without a prefix length or a zone; `undefined` when the text is not exactly one. */
export function parseAddress(text: string): IpAddress | undefined {
  if (text.includes(":")) {
    const value = parseIpv6(text);
    return value === undefined ? undefined : { family: "ipv6", value };
  }
  const value = parseIpv4(text);
  return value === undefined ? undefined : { family: "ipv4", value };
}

/** The canonical text: `10.0.1.10`, `2001:db8::10`, `::ffff:192.0.2.1`. */
export function formatAddress(address: IpAddress): string {
  return address.family === "ipv4" ? formatIpv4(address.value) : formatIpv6(address.value);
}

/** The canonical text of an address that a person or a client wrote, `undefined` when it is not one. */
export function canonicalAddress(text: string): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : formatAddress(address);
}

/** Sorts IPv4 before IPv6, then by number: negative, zero or positive. */
export function compareAddress(a: IpAddress, b: IpAddress): number {
  if (a.family === "ipv4") return b.family === "ipv4" ? a.value - b.value : -1;
  if (b.family === "ipv4") return 1;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** The address in network byte order: 4 or 16 bytes, as a packet or a netlink attribute carries it. */
export function addressBytes(address: IpAddress): Uint8Array {
  const bytes = new Uint8Array(address.family === "ipv4" ? 4 : 16);
  const view = new DataView(bytes.buffer);
  if (address.family === "ipv4") {
    view.setUint32(0, address.value);
  } else {
    view.setBigUint64(0, address.value >> 64n);
    view.setBigUint64(8, BigInt.asUintN(64, address.value));
  }
  return bytes;
}

const dot = 46;
const zero = 48;

function parseIpv4(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (digits === 0 || dots === 3) return undefined;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
      continue;
    }
    const digit = code - zero;
    // A leading zero is octal to some readers and decimal to others: refused.
    if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return undefined;
    octet = octet * 10 + digit;
    digits += 1;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

const ipv6Group = /^[0-9a-fA-F]{1,4}$/;
const longestIpv6Text = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length;

function parseIpv6(text: string): bigint | undefined {
  if (text.length > longestIpv6Text) return undefined;
  const hexadecimal = text.includes(".") ? withoutDottedTail(text) : text;
  if (hexadecimal === undefined) return undefined;
  const [head = "", tail, ...more] = hexadecimal.split("::");
  if (more.length > 0) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (!groups.every((group) => ipv6Group.test(group))) return undefined;
  return BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`);
}

/** `::ffff:192.0.2.1` to `::ffff:c000:201`. */
function withoutDottedTail(text: string): string | undefined {
  const tailAt = text.lastIndexOf(":") + 1;
  const tail = parseIpv4(text.slice(tailAt));
  return tail === undefined ? undefined : `${text.slice(0, tailAt)}${hex(tail >>> 16)}:${hex(tail & 0xffff)}`;
}

function formatIpv6(value: bigint): string {
  // RFC 5952 §5: mixed notation where the prefix says that the tail is an IPv4 address.
  if (value >> 32n === 0xffffn) return `::ffff:${formatIpv4(Number(BigInt.asUintN(32, value)))}`;
  const groups = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn));
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.map(hex).join(":");
  const left = groups.slice(0, run.start).map(hex).join(":");
  const right = groups
    .slice(run.start + run.length)
    .map(hex)
    .join(":");
  return `${left}::${right}`;
}

/** RFC 5952 §4.2.3: the longest run of zero groups, the first of equals. */
function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [at, group] of groups.entries()) {
    if (group !== 0) start = at + 1;
    else if (at + 1 - start > best.length) best = { start, length: at + 1 - start };
  }
  return best;
}

function hex(group: number): string {
  return group.toString(16);
}
