/** A protocol as EC2 writes it, a name or a number in text, as its IANA number; -1 is every protocol. */
import type { ProtocolNumber } from "../model/index.ts";

const numbers: Readonly<Record<string, ProtocolNumber>> = {
  all: -1,
  icmp: 1,
  tcp: 6,
  udp: 17,
  icmpv6: 58,
};

export function protocolNumber(text: string | undefined): ProtocolNumber | undefined {
  if (text === undefined) return undefined;
  const name = text.toLowerCase();
  if (Object.hasOwn(numbers, name)) return numbers[name];
  const number = /^(-1|\d{1,3})$/.test(name) ? Number(name) : undefined;
  return number !== undefined && number <= 255 ? number : undefined;
}

/** Protocols whose rules tell ports, or ICMP types and codes. */
export function hasPorts(protocol: ProtocolNumber): boolean {
  return protocol === 1 || protocol === 6 || protocol === 17 || protocol === 58;
}
