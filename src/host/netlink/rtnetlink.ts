/** Links, addresses, routes, rules and neighbours as rtnetlink messages. Source: rtnetlink(7), linux/if_link.h, linux/fib_rules.h. */
import type { KernelRoute, KernelRule } from "../fabric.ts";
import { AF_INET, AF_INET6 } from "./libc.ts";
import {
  encodeAttributes,
  type NetlinkAttribute,
  type NetlinkMessage,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
} from "./message.ts";
import { addressBytes, addressFamily, macBytes, prefixBytes } from "./socket-address.ts";

/** One end of a veth pair, with the interface index it shall have. */
export interface VethEnd {
  readonly link: string;
  readonly index: number;
  readonly macAddress?: string | undefined;
}

/**
 * Creates the pair: `end` here, `peer` in the namespace held by `peerNamespaceFd`. The indices are ours, so nobody has to ask.
 * One queue each way: more of them, one for each processor by default, take longer to make than all the rest, and a link has
 * no use for them.
 */
export function newVeth(end: VethEnd, peer: VethEnd, peerNamespaceFd: number, mtu: number): NetlinkMessage {
  const peerInfo = Buffer.concat([
    linkBody(peer.index, 0, 0),
    encodeAttributes([...linkAttributes(peer, mtu), [IFLA_NET_NS_FD, peerNamespaceFd]]),
  ]);
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    body: linkBody(end.index, 0, 0),
    attributes: [
      ...linkAttributes(end, mtu),
      [
        IFLA_LINKINFO,
        [
          [IFLA_INFO_KIND, "veth"],
          [IFLA_INFO_DATA, [[VETH_INFO_PEER, peerInfo]]],
        ],
      ],
    ],
  };
}

export function deleteLink(index: number): NetlinkMessage {
  return { type: RTM_DELLINK, flags: 0, body: linkBody(index, 0, 0), attributes: [] };
}

export function setLink(
  index: number,
  change: { readonly up?: boolean | undefined; readonly mtu?: number | undefined },
): NetlinkMessage {
  const up = change.up === undefined ? [0, 0] : [change.up ? IFF_UP : 0, IFF_UP];
  return {
    type: RTM_NEWLINK,
    flags: 0,
    body: linkBody(index, up[0] ?? 0, up[1] ?? 0),
    attributes: change.mtu === undefined ? [] : [[IFLA_MTU, change.mtu]],
  };
}

/** The link takes no IPv6 address of its own making, and hence never speaks unasked. Goes out before the link is up. */
export function noOwnIpv6Address(index: number): NetlinkMessage {
  const mode: NetlinkAttribute = [IFLA_INET6_ADDR_GEN_MODE, Uint8Array.of(IN6_ADDR_GEN_MODE_NONE)];
  return {
    type: RTM_NEWLINK,
    flags: 0,
    body: linkBody(index, 0, 0),
    attributes: [[IFLA_AF_SPEC, [[AF_INET6, [mode]]]]],
  };
}

/** Asks for one link, without its statistics. */
export function getLink(index: number): NetlinkMessage {
  return {
    type: RTM_GETLINK,
    flags: 0,
    body: linkBody(index, 0, 0),
    attributes: [[IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS]],
  };
}

/**
 * Indices of the links in answers to `getLink` that nobody has to wait for: they are operationally up (rfc2863), or will not be
 * by waiting, because they have no carrier or are gone.
 */
export function readSettledLinks(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let offset = 0; offset + 16 <= bytes.length; ) {
    const end = offset + bytes.readUInt32LE(offset);
    if (end < offset + 16) throw new Error("bug: netlink answer shorter than its header");
    const type = bytes.readUInt16LE(offset + 4);
    if (type === RTM_NEWLINK && isSettled(bytes.subarray(offset, end))) found.push(bytes.readInt32LE(offset + 20));
    // A refusal repeats the question: an error number, the message's header, and the link that was asked for.
    if (type === NLMSG_ERROR && end >= offset + 44 && bytes.readInt32LE(offset + 16) !== 0) {
      found.push(bytes.readInt32LE(offset + 40));
    }
    offset = (end + 3) & ~3;
  }
  return found;
}

function isSettled(link: Buffer): boolean {
  const carries = IFF_UP | IFF_LOWER_UP;
  if ((link.readUInt32LE(24) & carries) !== carries) return true;
  for (let at = 32; at + 4 <= link.length; at += Math.max((link.readUInt16LE(at) + 3) & ~3, 4)) {
    if (link.readUInt16LE(at + 2) === IFLA_OPERSTATE) return link[at + 4] === IF_OPER_UP;
  }
  return false;
}

/** IPv6 addresses come without duplicate address detection: they can be used at once, and nobody else can hold them. */
export function changeAddress(
  change: "add" | "delete",
  index: number,
  cidr: string,
  noPrefixRoute: boolean,
): NetlinkMessage {
  const { family, bytes, length } = prefixBytes(cidr);
  const flags = (noPrefixRoute ? IFA_F_NOPREFIXROUTE : 0) | (family === AF_INET6 ? IFA_F_NODAD : 0);
  const body = Buffer.alloc(8);
  body[0] = family;
  body[1] = length;
  body.writeUInt32LE(index, 4);
  return {
    type: change === "add" ? RTM_NEWADDR : RTM_DELADDR,
    flags: change === "add" ? NLM_F_CREATE | NLM_F_REPLACE : 0,
    body,
    attributes: [
      [IFA_LOCAL, bytes],
      [IFA_ADDRESS, bytes],
      [IFA_FLAGS, flags],
    ],
  };
}

/** Without the hops of a route that has several, a deletion takes all of them. */
export function changeRoute(
  change: "replace" | "delete",
  route: KernelRoute,
  indexOf: (link: string) => number,
): NetlinkMessage {
  const { family, bytes, length } = prefixBytes(route.destination);
  const body = Buffer.alloc(12);
  body[0] = family;
  body[1] = length;
  body[4] = route.table < 256 ? route.table : RT_TABLE_UNSPEC;
  body[5] = change === "replace" ? RTPROT_STATIC : 0;
  body[6] = change === "replace" ? routeScope(route) : RT_SCOPE_NOWHERE;
  body[7] = routeTypes[route.type];
  body.writeUInt32LE(route.onLink && route.hops === undefined ? RTNH_F_ONLINK : 0, 8);
  const found: NetlinkAttribute[] = [[RTA_TABLE, route.table]];
  if (length > 0) found.push([RTA_DST, bytes]);
  if (route.link !== undefined) found.push([RTA_OIF, indexOf(route.link)]);
  if (route.gateway !== undefined) found.push(gatewayAttribute(route.gateway, family));
  if (route.hops !== undefined && change === "replace") found.push([RTA_MULTIPATH, hopList(route, family, indexOf)]);
  if (route.preferredSource !== undefined) found.push([RTA_PREFSRC, addressBytes(route.preferredSource)]);
  return {
    type: change === "replace" ? RTM_NEWROUTE : RTM_DELROUTE,
    flags: change === "replace" ? NLM_F_CREATE | NLM_F_REPLACE : 0,
    body,
    attributes: found,
  };
}

export function changeRule(change: "add" | "delete", rule: KernelRule): NetlinkMessage {
  const body = Buffer.alloc(12);
  body[0] = rule.family === "ipv4" ? AF_INET : AF_INET6;
  body[4] = rule.table < 256 ? rule.table : RT_TABLE_UNSPEC;
  body[7] = FR_ACT_TO_TBL;
  const found: NetlinkAttribute[] = [
    [FRA_PRIORITY, rule.priority],
    [FRA_TABLE, rule.table],
  ];
  if (rule.fwmark) found.push([FRA_FWMARK, rule.fwmark.value], [FRA_FWMASK, rule.fwmark.mask]);
  if (rule.inputLink !== undefined) found.push([FRA_IFNAME, rule.inputLink]);
  return {
    type: change === "add" ? RTM_NEWRULE : RTM_DELRULE,
    flags: change === "add" ? NLM_F_CREATE | NLM_F_EXCL : 0,
    body,
    attributes: found,
  };
}

/** A permanent neighbour: no ARP, no neighbour discovery. */
export function replaceNeighbour(index: number, address: string, macAddress: string): NetlinkMessage {
  const body = Buffer.alloc(12);
  body[0] = addressFamily(address);
  body.writeUInt32LE(index, 4);
  body.writeUInt16LE(NUD_PERMANENT, 8);
  return {
    type: RTM_NEWNEIGH,
    flags: NLM_F_CREATE | NLM_F_REPLACE,
    body,
    attributes: [
      [NDA_DST, addressBytes(address)],
      [NDA_LLADDR, macBytes(macAddress)],
    ],
  };
}

const [RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR, RTM_NEWROUTE, RTM_DELROUTE] = [16, 17, 20, 21, 24, 25];
const [RTM_NEWNEIGH, RTM_NEWRULE, RTM_DELRULE] = [28, 32, 33];
const NLMSG_ERROR = 2;
const [IFF_UP, IFF_LOWER_UP] = [1, 0x10000];
const [IFLA_AF_SPEC, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE] = [26, 8, 1];
const [IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES] = [31, 32];
const [RTM_GETLINK, IFLA_OPERSTATE, IF_OPER_UP, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS] = [18, 16, 6, 29, 8];
const [IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINKINFO, IFLA_NET_NS_FD] = [1, 3, 4, 18, 28];
const [IFLA_INFO_KIND, IFLA_INFO_DATA, VETH_INFO_PEER] = [1, 2, 1];
const [IFA_ADDRESS, IFA_LOCAL, IFA_FLAGS] = [1, 2, 8];
const [IFA_F_NODAD, IFA_F_NOPREFIXROUTE] = [0x02, 0x200];
const [RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PREFSRC, RTA_MULTIPATH, RTA_TABLE, RTA_VIA] = [1, 4, 5, 7, 9, 15, 18];
const [RT_TABLE_UNSPEC, RTPROT_STATIC, RTNH_F_ONLINK] = [0, 4, 4];
const [RT_SCOPE_UNIVERSE, RT_SCOPE_LINK, RT_SCOPE_HOST, RT_SCOPE_NOWHERE] = [0, 253, 254, 255];
const [FRA_IFNAME, FRA_PRIORITY, FRA_FWMARK, FRA_TABLE, FRA_FWMASK, FR_ACT_TO_TBL] = [3, 6, 10, 15, 16, 1];
const [NDA_DST, NDA_LLADDR, NUD_PERMANENT] = [1, 2, 0x80];
const routeTypes = { unicast: 1, local: 2, blackhole: 6, unreachable: 7, throw: 9 } as const;

function routeScope(route: KernelRoute): number {
  if (route.type === "local") return RT_SCOPE_HOST;
  const direct = route.gateway === undefined && route.hops === undefined;
  return route.type === "unicast" && direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

/** One `struct rtnexthop` with its gateway after the other, all of the same weight. */
function hopList(route: KernelRoute, routeFamily: number, indexOf: (link: string) => number): Buffer {
  const hops = (route.hops ?? []).map(({ link, gateway }) => {
    const attributes = encodeAttributes([gatewayAttribute(gateway, routeFamily)]);
    const head = Buffer.alloc(8);
    head.writeUInt16LE(head.length + attributes.length, 0);
    head[2] = route.onLink ? RTNH_F_ONLINK : 0;
    head.writeInt32LE(indexOf(link), 4);
    return Buffer.concat([head, attributes]);
  });
  return Buffer.concat(hops);
}

/** An IPv6 next hop for an IPv4 route goes into `RTA_VIA`. */
function gatewayAttribute(gateway: string, routeFamily: number): NetlinkAttribute {
  const family = addressFamily(gateway);
  if (family === routeFamily) return [RTA_GATEWAY, addressBytes(gateway)];
  return [RTA_VIA, Buffer.concat([Buffer.from([family, 0]), addressBytes(gateway)])];
}

function linkAttributes(end: VethEnd, mtu: number): NetlinkAttribute[] {
  const found: NetlinkAttribute[] = [
    [IFLA_IFNAME, end.link],
    [IFLA_MTU, mtu],
    [IFLA_NUM_TX_QUEUES, 1],
    [IFLA_NUM_RX_QUEUES, 1],
  ];
  if (end.macAddress !== undefined) found.push([IFLA_ADDRESS, macBytes(end.macAddress)]);
  return found;
}

function linkBody(index: number, flags: number, change: number): Buffer {
  const body = Buffer.alloc(16);
  body.writeInt32LE(index, 4);
  body.writeUInt32LE(flags, 8);
  body.writeUInt32LE(change, 12);
  return body;
}
