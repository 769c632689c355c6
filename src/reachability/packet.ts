/** The packet that walks, and the answer that it gets. */
import { familyOf } from "../ip/index.ts";
import type { Address } from "../model/index.ts";
import type { PacketHeader } from "./explanation.ts";
import type { FlowTraffic } from "./flow.ts";

export interface Ports {
  readonly from: number;
  readonly to: number;
}

export interface Packet {
  readonly header: PacketHeader;
  /** The ports of `header.ports` that must pass: of an answer those that the asking system takes. */
  readonly needed: Ports;
  /** The same of the answer that is to come. */
  readonly clientPorts: Ports;
}

/** [NA-9] */
export const ephemeralPorts: Ports = { from: 1024, to: 65535 };
/** Linux' own range; Windows' (49152-65535) is nearly in it. What a NAT gateway takes is all of the above. [NG-3] */
const commonPorts: Ports = { from: 32768, to: 60999 };
const noPorts: Ports = { from: 0, to: 0 };

export const tcp = 6;
export const udp = 17;
const icmp = 1;
const icmpv6 = 58;

export function requestPacket(source: Address, destination: Address, traffic: FlowTraffic): Packet {
  const base = { source, destination };
  if (traffic.protocol === "tcp" || traffic.protocol === "udp") {
    const ports = { from: traffic.port, to: traffic.port };
    const protocol = traffic.protocol === "tcp" ? tcp : udp;
    return { header: { ...base, protocol, ports }, needed: ports, clientPorts: traffic.sourcePorts ?? commonPorts };
  }
  if (traffic.protocol !== "icmp") {
    return { header: { ...base, protocol: traffic.protocol }, needed: noPorts, clientPorts: noPorts };
  }
  const ipv6 = familyOf(destination) === "ipv6";
  const type = traffic.type ?? (ipv6 ? 128 : 8);
  const header = { ...base, protocol: ipv6 ? icmpv6 : icmp, icmp: { type, code: traffic.code ?? 0 } };
  return { header, needed: noPorts, clientPorts: noPorts };
}

/** ICMP requests and their replies; other types are answered by nobody. */
const icmpReplies: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  [icmp]: { 8: 0, 13: 14, 15: 16, 17: 18 },
  [icmpv6]: { 128: 129 },
};

/** The answer to a packet that arrived; `undefined` when there is none. */
export function answerTo({ header, clientPorts }: Packet): Packet | undefined {
  const swapped = { source: header.destination, destination: header.source, protocol: header.protocol };
  if (header.icmp !== undefined) {
    const type = icmpReplies[header.protocol]?.[header.icmp.type];
    if (type === undefined) return undefined;
    return { header: { ...swapped, icmp: { type, code: 0 } }, needed: noPorts, clientPorts: noPorts };
  }
  if (header.ports === undefined) return { header: swapped, needed: noPorts, clientPorts: noPorts };
  const ports = clientPorts === commonPorts ? ephemeralPorts : clientPorts;
  return { header: { ...swapped, ports }, needed: clientPorts, clientPorts };
}

export function withAddresses(packet: Packet, addresses: { source?: Address; destination?: Address }): Packet {
  return { ...packet, header: { ...packet.header, ...addresses } };
}

/** As a NAT gateway sends it on. [NG-3] */
export function translated(packet: Packet, source: Address): Packet {
  const clientPorts = packet.header.ports === undefined ? noPorts : ephemeralPorts;
  return { ...withAddresses(packet, { source }), clientPorts };
}

export function isIpv6({ header }: Packet): boolean {
  return familyOf(header.destination) === "ipv6";
}

/** TCP, UDP and ICMP. [NG-3] */
export function isTranslatable({ header }: Packet): boolean {
  return header.protocol === tcp || header.protocol === udp || header.protocol === icmp;
}
