/**
 * Typed values as the bytes that nf_tables compares: lengths, byte orders, prefixes and ranges per type.
 * Source: nft's datatype table; header fields are big-endian, what the kernel itself made (marks, indexes) is in host order.
 */
import type { NftDataType, NftPart, NftValue } from "./ast.ts";

/** The types of set keys, and those that only fields have. */
export type ValueType = NftDataType | "nfproto" | "ct_direction" | "ct_zone" | "length" | "icmp_code" | "byte";

/** An inclusive range of equally long byte strings, compared as big-endian numbers. */
export interface ByteRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

interface TypeFacts {
  /** Bytes. */
  readonly length: number;
  readonly hostOrder?: true;
  /** nft's number of the type: what `nft list` reads a set's key as. Zero: never a key. */
  readonly number: number;
  /** Names that stand for numbers. */
  readonly names?: Readonly<Record<string, number>>;
}

const protocols = { icmp: 1, tcp: 6, udp: 17, gre: 47, esp: 50, ah: 51, icmpv6: 58, "ipv6-icmp": 58, sctp: 132 };

const types: Readonly<Record<ValueType, TypeFacts>> = {
  ipv4_addr: { length: 4, number: 7 },
  ipv6_addr: { length: 16, number: 8 },
  ether_addr: { length: 6, number: 9 },
  ifname: { length: 16, hostOrder: true, number: 41 },
  iface_index: { length: 4, hostOrder: true, number: 20 },
  inet_service: { length: 2, number: 13 },
  inet_proto: { length: 1, number: 12, names: protocols },
  icmp_type: { length: 1, number: 14 },
  icmpv6_type: { length: 1, number: 29 },
  mark: { length: 4, hostOrder: true, number: 19 },
  nfproto: { length: 1, number: 0, names: { ipv4: 2, ipv6: 10 } },
  ct_direction: { length: 1, number: 0, names: { original: 0, reply: 1 } },
  ct_zone: { length: 2, hostOrder: true, number: 0 },
  length: { length: 4, hostOrder: true, number: 0 },
  icmp_code: { length: 1, number: 0 },
  byte: { length: 1, number: 0 },
};

/** The machine's own byte order. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Bytes of a value of this type; a part of a concatenation is padded to `paddedLength`. */
export function valueLength(type: ValueType): number {
  return types[type].length;
}

/** Registers are counted in 4 bytes, so parts of a concatenation are. */
export function paddedLength(type: ValueType): number {
  return (types[type].length + 3) & ~3;
}

/** True for values that the kernel keeps in the machine's own order: they cannot be compared bytewise. */
export function isHostOrder(type: ValueType): boolean {
  return types[type].hostOrder === true;
}

/** nft's number for a type that may be a set's key or data. */
export function typeNumber(type: NftDataType): number {
  return types[type].number;
}

/** The bytes of one value. What is not a value of the type is a bug of the caller. */
export function valueBytes(type: ValueType, value: NftValue): Uint8Array {
  if (type === "ipv4_addr") return ipv4Bytes(String(value));
  if (type === "ipv6_addr") return ipv6Bytes(String(value));
  if (type === "ether_addr") return etherBytes(String(value));
  if (type === "ifname") return ifnameBytes(String(value));
  const facts = types[type];
  return integerBytes(namedNumber(facts, type, value), facts.length, facts.hostOrder === true && littleEndian);
}

/** A value, prefix or range as both of its ends. Types in host order have single values only. */
export function partRange(type: ValueType, part: NftPart): ByteRange {
  if (typeof part === "object") {
    const range = { from: valueBytes(type, part.from), to: valueBytes(type, part.to) };
    if (isHostOrder(type) && compareBytes(range.from, range.to) !== 0) {
      throw new Error(`bug: no ranges of ${type}: the kernel compares bytes, and it is in host order`);
    }
    if (compareBytes(range.from, range.to) > 0) throw new Error(`bug: range ends before it starts: ${partText(part)}`);
    return range;
  }
  const prefix = partPrefix(type, part);
  if (prefix === undefined) {
    const bytes = valueBytes(type, part);
    return { from: bytes, to: bytes };
  }
  const to = prefix.bytes.slice();
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) | (0xff & ~maskByte(prefix.length, i));
  return { from: prefix.bytes, to };
}

/** `10.0.0.0/16` as the network's bytes and the number of bits; undefined when it is no prefix. Host bits must be zero. */
export function partPrefix(
  type: ValueType,
  part: NftPart,
): { readonly bytes: Uint8Array; readonly length: number } | undefined {
  if (typeof part !== "string" || (type !== "ipv4_addr" && type !== "ipv6_addr")) return undefined;
  const slash = part.indexOf("/");
  if (slash < 0) return undefined;
  const bytes = valueBytes(type, part.slice(0, slash));
  const text = part.slice(slash + 1);
  const length = Number(text);
  if (!/^\d{1,3}$/.test(text) || length > bytes.length * 8) throw new Error(`bug: not a prefix: ${part}`);
  if (bytes.some((byte, i) => (byte & ~maskByte(length, i)) !== 0)) throw new Error(`bug: host bits set: ${part}`);
  return { bytes, length };
}

/** The bytes of a network mask. */
export function maskBytes(prefixLength: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => maskByte(prefixLength, i));
}

/** The next byte string of the same length; undefined after the last. */
export function successor(bytes: Uint8Array): Uint8Array | undefined {
  const next = bytes.slice();
  for (let i = next.length - 1; i >= 0; i--) {
    const byte = next[i] ?? 0;
    next[i] = (byte + 1) & 0xff;
    if (byte !== 0xff) return next;
  }
  return undefined;
}

/** Below, equal or above zero, as big-endian numbers. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** An integer of 1, 2, 4 or 8 bytes. */
export function integerBytes(value: number, length: number, little: boolean): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * length)) {
    throw new Error(`bug: ${value} is not an unsigned integer of ${length} bytes`);
  }
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let i = 0; i < length; i++) {
    bytes[little ? i : length - 1 - i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** An integer in the machine's own order. */
export function hostInteger(value: number, length: number): Uint8Array {
  return integerBytes(value, length, littleEndian);
}

/** How a part reads in messages. */
export function partText(part: NftPart): string {
  return typeof part === "object" ? `${part.from}-${part.to}` : String(part);
}

/** Protocol number of an inet_proto value. */
export function protocolNumber(value: NftValue): number {
  return namedNumber(types.inet_proto, "inet_proto", value);
}

/** A comment that both forms can carry: no quotes or control characters, at most 127 bytes. */
export function commentText(comment: string): string {
  let text = comment.replace(/"/g, "'").replace(/[\u0000-\u001f\u007f]/g, " ");
  while (new TextEncoder().encode(text).length > 127) text = text.slice(0, -1);
  return text;
}

function namedNumber(facts: TypeFacts, type: ValueType, value: NftValue): number {
  if (typeof value === "number") return value;
  const named = facts.names?.[value];
  if (named !== undefined) return named;
  if (/^(\d+|0x[0-9a-f]+)$/i.test(value)) return Number(value);
  throw new Error(`bug: "${value}" is no ${type}`);
}

function maskByte(prefixLength: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
  return 0xff & (0xff << (8 - bits));
}

function ipv4Bytes(text: string): Uint8Array {
  const parts = text.split(".");
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) throw new Error(`bug: not an IPv4 address: ${text}`);
  return Uint8Array.from(bytes);
}

function ipv6Bytes(text: string): Uint8Array {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded?.[1] !== undefined && embedded[2] !== undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(embedded[2]);
    return ipv6Bytes(`${embedded[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`);
  }
  const halves = text.split("::");
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  const all = [...head, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...tail];
  const wellFormed = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 1;
  if (!wellFormed || all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) {
    throw new Error(`bug: not an IPv6 address: ${text}`);
  }
  return Uint8Array.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

function etherBytes(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) throw new Error(`bug: not an Ethernet address: ${text}`);
  return Uint8Array.from(text.split(":").map((byte) => Number.parseInt(byte, 16)));
}

function ifnameBytes(text: string): Uint8Array {
  const name = new TextEncoder().encode(text);
  if (name.length === 0 || name.length > 15 || /["\s/]/.test(text))
    throw new Error(`bug: no interface name: "${text}"`);
  const bytes = new Uint8Array(16);
  bytes.set(name);
  return bytes;
}
