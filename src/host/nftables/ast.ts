/**
 * What can be said to nf_tables: commands, rule statements and typed values, as plain data. `text.ts` writes it as an
 * `nft -f` script, `netlink.ts` as one nfnetlink batch; both mean the same (a test compares the kernel's own listings).
 * Source of the words: nft(8); a field is spelled as nft spells it.
 */

/** The families a router needs. `inet` sees IPv4 and IPv6; `notrack` and `snat` work in all three. */
export type NftFamily = "inet" | "ip" | "ip6";

/** Names one table. Names of tables, chains and sets start with a letter and are no nft keyword, or the text form cannot say them. */
export interface NftTable {
  readonly family: NftFamily;
  readonly name: string;
}

/** Type of one part of a set key. `ifname` is an interface name of at most 15 bytes. */
export type NftDataType =
  | "ipv4_addr"
  | "ipv6_addr"
  | "ether_addr"
  | "ifname"
  | "iface_index"
  | "inet_service"
  | "inet_proto"
  | "icmp_type"
  | "icmpv6_type"
  | "mark";

/** Type of what a map yields; `verdict` makes a verdict map. */
export type NftMapDataType = "verdict" | "mark" | "ipv4_addr" | "ipv6_addr" | "ifname" | "inet_service";

/**
 * One value: addresses and interface names as text (`10.0.0.1`, `2001:db8::1`, `eni1`), ports, marks, protocols and ICMP
 * types as numbers (host order).
 */
export type NftValue = string | number;

/** Both ends belong to it. */
export interface NftRange {
  readonly from: NftValue;
  readonly to: NftValue;
}

/** A value, a range, or a prefix as text (`10.0.0.0/16`). Ranges and prefixes only where intervals are declared. */
export type NftPart = NftValue | NftRange;

/** A set or map: its name and shape. Element commands carry it whole, because the kernel is told raw bytes. */
export interface NftSet {
  readonly name: string;
  /** One type, or several for a concatenation (`ifname . ipv4_addr`). */
  readonly key: readonly NftDataType[];
  /** Elements may be ranges and prefixes. Overlaps are refused by the kernel. */
  readonly intervals?: boolean;
  /** Elements cannot change once the set is in use by a committed rule. */
  readonly constant?: boolean;
  /** Present: this is a map. */
  readonly data?: NftMapDataType;
}

/** One element; as many key parts as the set has key types, and `data` exactly for maps. */
export interface NftElement {
  readonly key: readonly NftPart[];
  readonly data?: NftValue | NftVerdict;
}

/** What becomes of a packet. `return` goes back to the calling chain, at a base chain to its policy. */
export type NftVerdict =
  | { readonly kind: "accept" }
  | { readonly kind: "drop" }
  | { readonly kind: "continue" }
  | { readonly kind: "return" }
  | { readonly kind: "jump"; readonly chain: string }
  | { readonly kind: "goto"; readonly chain: string };

/** Where a base chain sits. */
export type NftHook = "prerouting" | "input" | "forward" | "output" | "postrouting";

/** Makes a chain a base chain; `priority` as a number (raw -300, mangle -150, dstnat -100, filter 0, srcnat 100). */
export interface NftBaseChain {
  readonly type: "filter" | "route" | "nat";
  readonly hook: NftHook;
  readonly priority: number;
  readonly policy?: "accept" | "drop";
}

/**
 * What a rule can read, spelled as nft does. Header fields bring the checks they need with them: in `inet`, `ip saddr` first
 * makes sure the packet is IPv4, `tcp dport` that it is TCP. `th` is the ports of whatever transport the rule has checked.
 */
export type NftField =
  | "meta iifname"
  | "meta oifname"
  | "meta iif"
  | "meta oif"
  | "meta mark"
  | "meta l4proto"
  | "meta nfproto"
  | "meta length"
  | "ip saddr"
  | "ip daddr"
  | "ip protocol"
  | "ip ttl"
  | "ip6 saddr"
  | "ip6 daddr"
  | "ip6 nexthdr"
  | "ip6 hoplimit"
  | "tcp sport"
  | "tcp dport"
  | "udp sport"
  | "udp dport"
  | "th sport"
  | "th dport"
  | "icmp type"
  | "icmp code"
  | "icmpv6 type"
  | "icmpv6 code"
  | "ct direction"
  | "ct mark"
  | "ct zone"
  | "ct original ip saddr"
  | "ct original ip daddr"
  | "ct reply ip saddr"
  | "ct reply ip daddr"
  | "ct original ip6 saddr"
  | "ct original ip6 daddr"
  | "ct reply ip6 saddr"
  | "ct reply ip6 daddr"
  | "ct original proto-dst"
  | "ct reply proto-src";

/** Bits of `ct state`. */
export type NftCtState = "invalid" | "established" | "related" | "new" | "untracked";

/** Bits of `ct status`. */
export type NftCtStatus = "expected" | "seen-reply" | "assured" | "confirmed" | "snat" | "dnat" | "dying";

/** What a rule can write. Writing an address also corrects the IP and transport checksums (and undoes nothing: stateless). */
export type NftTarget =
  | "meta mark"
  | "meta nftrace"
  | "ct mark"
  | "ct zone"
  | "ip saddr"
  | "ip daddr"
  | "ip6 saddr"
  | "ip6 daddr"
  | "tcp sport"
  | "tcp dport"
  | "udp sport"
  | "udp dport";

/** Where a written value comes from: a constant, a mark (`and`, then `or`), or a map asked with fields. */
export type NftSource =
  | { readonly kind: "constant"; readonly value: NftValue }
  | { readonly kind: "field"; readonly field: "meta mark" | "ct mark"; readonly and?: number; readonly or?: number }
  | { readonly kind: "map"; readonly fields: readonly NftField[]; readonly map: string };

/** One step of a rule, in order; the first that does not match ends the rule. */
export type NftStatement =
  /** Field equals a value, prefix or range (or not, with `negate`); `mask` is for marks. `eni*` matches names by prefix. */
  | {
      readonly kind: "match";
      readonly field: NftField;
      readonly negate?: boolean;
      readonly mask?: number;
      readonly value: NftPart;
    }
  /** Any of the bits is set (with `negate`: none). */
  | { readonly kind: "ct-state"; readonly states: readonly NftCtState[]; readonly negate?: boolean }
  | { readonly kind: "ct-status"; readonly flags: readonly NftCtStatus[]; readonly negate?: boolean }
  /** Connection label bit 0..127 is set (with `negate`: is not). */
  | { readonly kind: "ct-label"; readonly bit: number; readonly negate?: boolean }
  /** Sets the label bit; the other bits stay. */
  | { readonly kind: "set-ct-label"; readonly bit: number }
  /** The fields, concatenated, are (not) in a named set of the same table. */
  | { readonly kind: "lookup"; readonly fields: readonly NftField[]; readonly set: string; readonly negate?: boolean }
  /** The verdict that a named map gives for the fields; no element: the rule goes on. */
  | { readonly kind: "vmap"; readonly fields: readonly NftField[]; readonly map: string }
  /** Writes a field; with a map source, no element ends the rule. */
  | { readonly kind: "set"; readonly target: NftTarget; readonly source: NftSource }
  | { readonly kind: "verdict"; readonly verdict: NftVerdict }
  /** Counts packets and bytes; with a name in a counter object of the table, else in the rule itself. */
  | { readonly kind: "counter"; readonly name?: string }
  /** Keeps the packet out of connection tracking (prerouting or output, priority below -200). */
  | { readonly kind: "notrack" }
  | {
      readonly kind: "nat";
      readonly direction: "snat" | "dnat";
      readonly family: "ip" | "ip6";
      readonly address: string | NftAddressRange | NftAddressMap;
      readonly ports?: NftPortRange;
    }
  | { readonly kind: "masquerade"; readonly ports?: NftPortRange }
  | { readonly kind: "redirect"; readonly ports?: NftPortRange }
  /** Answers with an ICMP error or a TCP reset; `icmpx` picks the code of the packet's own family. */
  | {
      readonly kind: "reject";
      readonly with:
        | "tcp reset"
        | "icmpx port-unreachable"
        | "icmpx admin-prohibited"
        | "icmpx host-unreachable"
        | "icmpx no-route";
    }
  /** Sets the TCP MSS option to a number, or to what the route's MTU allows; never raises it. The rule must match SYN itself. */
  | { readonly kind: "maxseg"; readonly size: number | "rt mtu" }
  /** TCP flags: those of `mask` that are set are exactly `flags`. */
  | { readonly kind: "tcp-flags"; readonly flags: readonly NftTcpFlag[]; readonly mask: readonly NftTcpFlag[] }
  | { readonly kind: "log"; readonly prefix?: string; readonly group?: number };

export type NftTcpFlag = "fin" | "syn" | "rst" | "psh" | "ack" | "urg";

/** Ports the translation may use, both ends included. */
export interface NftPortRange {
  readonly from: number;
  readonly to: number;
}

/** Addresses the translation may use, both ends included. */
export interface NftAddressRange {
  readonly from: string;
  readonly to: string;
}

/** The translated address is looked up: 1:1 NAT by a named map. Takes no port range. */
export interface NftAddressMap {
  readonly map: string;
  readonly fields: readonly NftField[];
}

/**
 * One change. A list of commands is applied as one transaction: all or nothing. `add-*` of something that is already there
 * changes nothing (but a base chain takes the new policy); `delete-*` of something that is not there fails the transaction.
 */
export type NftCommand =
  | { readonly kind: "add-table"; readonly table: NftTable }
  | { readonly kind: "delete-table"; readonly table: NftTable }
  /** Deletes every rule of the table; chains, sets and their elements stay. */
  | { readonly kind: "flush-table"; readonly table: NftTable }
  | { readonly kind: "add-chain"; readonly table: NftTable; readonly chain: string; readonly base?: NftBaseChain }
  | { readonly kind: "flush-chain"; readonly table: NftTable; readonly chain: string }
  | { readonly kind: "delete-chain"; readonly table: NftTable; readonly chain: string }
  | { readonly kind: "add-set"; readonly table: NftTable; readonly set: NftSet }
  | { readonly kind: "flush-set"; readonly table: NftTable; readonly set: NftSet }
  | { readonly kind: "delete-set"; readonly table: NftTable; readonly set: NftSet }
  | {
      readonly kind: "add-elements" | "delete-elements";
      readonly table: NftTable;
      readonly set: NftSet;
      readonly elements: readonly NftElement[];
    }
  | { readonly kind: "add-counter"; readonly table: NftTable; readonly counter: string }
  | { readonly kind: "delete-counter"; readonly table: NftTable; readonly counter: string }
  /** `add-rule` appends, `insert-rule` puts in front. The comment (at most 128 bytes) is kept by the kernel. */
  | {
      readonly kind: "add-rule" | "insert-rule";
      readonly table: NftTable;
      readonly chain: string;
      readonly statements: readonly NftStatement[];
      readonly comment?: string;
    }
  /** By the handle that the kernel gave. */
  | { readonly kind: "delete-rule"; readonly table: NftTable; readonly chain: string; readonly handle: number };
