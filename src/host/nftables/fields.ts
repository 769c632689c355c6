/**
 * What each field is to the kernel: where it is read, of which type, and which checks must come before it.
 * Source: nft's protocol descriptions (the checks are the dependencies that `nft` inserts) and linux/netfilter/nf_tables.h.
 */
import type { NftField } from "./ast.ts";
import type { ValueType } from "./values.ts";

/** A field of a packet header, of the packet's metadata, or of its connection. */
export type FieldFacts = (MetaFacts | PayloadFacts | CtFacts) & { readonly type: ValueType };

interface MetaFacts {
  readonly source: "meta";
  readonly key: number;
}

/** Bytes of the network (1) or transport (2) header, with what must be known of the packet first. */
export interface PayloadFacts {
  readonly source: "payload";
  readonly base: 1 | 2;
  readonly offset: number;
  readonly nfproto?: "ipv4" | "ipv6";
  readonly l4proto?: number;
}

interface CtFacts {
  readonly source: "ct";
  readonly key: number;
  /** 0 original, 1 reply. */
  readonly direction?: 0 | 1;
}

const tcp = { base: 2, l4proto: 6 } as const;
const udp = { base: 2, l4proto: 17 } as const;
const icmp = { base: 2, nfproto: "ipv4", l4proto: 1 } as const;
const icmpv6 = { base: 2, nfproto: "ipv6", l4proto: 58 } as const;
const ip = { base: 1, nfproto: "ipv4" } as const;
const ip6 = { base: 1, nfproto: "ipv6" } as const;

/** Every field's facts. */
export const fields: Readonly<Record<NftField, FieldFacts>> = {
  "meta length": { source: "meta", key: 0, type: "length" },
  "meta mark": { source: "meta", key: 3, type: "mark" },
  "meta iif": { source: "meta", key: 4, type: "iface_index" },
  "meta oif": { source: "meta", key: 5, type: "iface_index" },
  "meta iifname": { source: "meta", key: 6, type: "ifname" },
  "meta oifname": { source: "meta", key: 7, type: "ifname" },
  "meta nfproto": { source: "meta", key: 15, type: "nfproto" },
  "meta l4proto": { source: "meta", key: 16, type: "inet_proto" },
  "ip ttl": { source: "payload", ...ip, offset: 8, type: "byte" },
  "ip protocol": { source: "payload", ...ip, offset: 9, type: "inet_proto" },
  "ip saddr": { source: "payload", ...ip, offset: 12, type: "ipv4_addr" },
  "ip daddr": { source: "payload", ...ip, offset: 16, type: "ipv4_addr" },
  "ip6 nexthdr": { source: "payload", ...ip6, offset: 6, type: "inet_proto" },
  "ip6 hoplimit": { source: "payload", ...ip6, offset: 7, type: "byte" },
  "ip6 saddr": { source: "payload", ...ip6, offset: 8, type: "ipv6_addr" },
  "ip6 daddr": { source: "payload", ...ip6, offset: 24, type: "ipv6_addr" },
  "tcp sport": { source: "payload", ...tcp, offset: 0, type: "inet_service" },
  "tcp dport": { source: "payload", ...tcp, offset: 2, type: "inet_service" },
  "udp sport": { source: "payload", ...udp, offset: 0, type: "inet_service" },
  "udp dport": { source: "payload", ...udp, offset: 2, type: "inet_service" },
  "th sport": { source: "payload", base: 2, offset: 0, type: "inet_service" },
  "th dport": { source: "payload", base: 2, offset: 2, type: "inet_service" },
  "icmp type": { source: "payload", ...icmp, offset: 0, type: "icmp_type" },
  "icmp code": { source: "payload", ...icmp, offset: 1, type: "icmp_code" },
  "icmpv6 type": { source: "payload", ...icmpv6, offset: 0, type: "icmpv6_type" },
  "icmpv6 code": { source: "payload", ...icmpv6, offset: 1, type: "icmp_code" },
  "ct direction": { source: "ct", key: 1, type: "ct_direction" },
  "ct mark": { source: "ct", key: 3, type: "mark" },
  "ct zone": { source: "ct", key: 17, type: "ct_zone" },
  "ct original ip saddr": { source: "ct", key: 19, direction: 0, type: "ipv4_addr" },
  "ct original ip daddr": { source: "ct", key: 20, direction: 0, type: "ipv4_addr" },
  "ct reply ip saddr": { source: "ct", key: 19, direction: 1, type: "ipv4_addr" },
  "ct reply ip daddr": { source: "ct", key: 20, direction: 1, type: "ipv4_addr" },
  "ct original ip6 saddr": { source: "ct", key: 21, direction: 0, type: "ipv6_addr" },
  "ct original ip6 daddr": { source: "ct", key: 22, direction: 0, type: "ipv6_addr" },
  "ct reply ip6 saddr": { source: "ct", key: 21, direction: 1, type: "ipv6_addr" },
  "ct reply ip6 daddr": { source: "ct", key: 22, direction: 1, type: "ipv6_addr" },
  "ct original proto-dst": { source: "ct", key: 12, direction: 0, type: "inet_service" },
  "ct reply proto-src": { source: "ct", key: 11, direction: 1, type: "inet_service" },
};
