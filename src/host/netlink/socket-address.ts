/** IP addresses as the kernel wants them: raw bytes, and `struct sockaddr` for both families. */
import { isIP, isIPv4 } from "node:net";
import { AF_INET, AF_INET6 } from "./libc.ts";

/** `AF_INET` or `AF_INET6`; throws a `RangeError` on anything that is not an address. */
export function addressFamily(address: string): number {
  const version = isIP(address);
  if (version === 0) throw new RangeError(`not an IP address: ${address}`);
  return version === 4 ? AF_INET : AF_INET6;
}

/** 4 or 16 bytes, network order. */
export function addressBytes(address: string): Buffer {
  return addressFamily(address) === AF_INET
    ? Buffer.from(address.split(".").map(Number))
    : ipv6Bytes(address.split("%")[0] ?? address);
}

/** A CIDR block's network bytes and prefix length; a bare address is a host prefix. */
export function prefixBytes(cidr: string): {
  readonly family: number;
  readonly bytes: Buffer;
  readonly length: number;
} {
  const [address = "", length] = cidr.split("/");
  const bytes = addressBytes(address);
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > bytes.length * 8) throw new RangeError(`not a CIDR block: ${cidr}`);
  return { family: addressFamily(address), bytes, length: bits };
}

/** `struct sockaddr_in` or `sockaddr_in6`. */
export function socketAddress(address: string, port: number): Buffer {
  const bytes = addressBytes(address);
  const result = Buffer.alloc(bytes.length === 4 ? 16 : 28);
  result.writeUInt16LE(addressFamily(address), 0);
  result.writeUInt16BE(port, 2);
  bytes.copy(result, bytes.length === 4 ? 4 : 8);
  return result;
}

/** Six bytes of `02:00:0a:00:01:0a`. */
export function macBytes(macAddress: string): Buffer {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(macAddress)) throw new RangeError(`not a MAC address: ${macAddress}`);
  return Buffer.from(macAddress.replaceAll(":", ""), "hex");
}

function ipv6Bytes(address: string): Buffer {
  const tail = address.slice(address.lastIndexOf(":") + 1);
  const plain = isIPv4(tail) ? address.slice(0, -tail.length) + addressBytes(tail).toString("hex", 0, 2) : address;
  const full = isIPv4(tail) ? `${plain}:${addressBytes(tail).toString("hex", 2, 4)}` : plain;
  const [head = "", rest] = full.split("::");
  const left = words(head);
  const right = rest === undefined ? [] : words(rest);
  const result = Buffer.alloc(16);
  left.forEach((word, i) => {
    result.writeUInt16BE(word, 2 * i);
  });
  right.forEach((word, i) => {
    result.writeUInt16BE(word, 16 - 2 * (right.length - i));
  });
  return result;
}

function words(part: string): number[] {
  return part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16));
}
