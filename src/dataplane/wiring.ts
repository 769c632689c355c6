/** The fixed addresses, numbers and names that the ends of the data plane's links agree on. */
import { addressAt, addressBits, cidrFrom, familyOf, formatAddress, prefixLengthOf } from "../ip/index.ts";
import type { Address, Cidr, Subnet } from "../model/index.ts";
import type { KernelItem } from "./kernel-state.ts";

/** MAC address of every router's end. Links are point to point, so one is enough. */
export const routerMac = "0a:00:00:00:00:01";
/** The VPC router as an IPv6 neighbour. [AD-23] */
export const routerIpv6 = "fe80:ec2::1";
/** The other router on a link between routers. It is a static neighbour; nobody holds the address. */
export const nextHopIpv4 = "169.254.0.1";
export const nextHopIpv6 = "fe80::1";
/** The instance metadata service. [AD-23] */
export const metadataIpv4 = "169.254.169.254";
export const metadataIpv6 = "fd00:ec2::254";

/** Kernel routing tables: Linux's own main table and table of local addresses, and the one with a host route per interface address. */
export const mainTable = 254;
export const localTable = 255;
export const interfaceTable = 10;
/** The last one for a route table. */
export const lastRouteTable = 0x7fff;
/** With this bit a transit gateway's table is the one for packets of group members. [SG-40] */
export const memberBit = 0x8000;
/** The part of the packet mark that is a routing-table number; the bits above belong to the security groups. */
export const tableMask = 0xffff;

/** Bytes in a packet within a Region, and on the way to the internet. [PX-56] */
export const jumboMtu = 9001;
export const interRegionMtu = 8500;
/** Through a transit gateway, within a Region as well as between Regions. */
export const transitGatewayMtu = 8500;
export const internetMtu = 1500;

/** Links of a VPC's namespace to the internet. */
export const internetLink = "igw";
export const egressOnlyLink = "eigw";
export const internetNamespace = "internet";

/**
 * What a transit gateway is called in the one thing that it says, that a packet went round too often. AWS's have no address that packets
 * show; RFC 7600 keeps the IPv4 one for routers without an address.
 */
export const transitGatewayIpv4 = "192.0.0.8";
export const transitGatewayIpv6 = "2001:db8:ffff::8";

/** The VPC router in a subnet: the first address after the network's own. */
export function routerAddress(subnet: Subnet): Address {
  const address = addressAt(cidrFrom(subnet.cidrBlock), 1);
  if (address === undefined) throw new Error(`bug: ${subnet.subnetId} is too small for a router`);
  return formatAddress(address);
}

/** `10.0.1.10/32`, `2001:db8::1/128`. */
export function hostCidr(address: Address): Cidr {
  return `${address}/${addressBits(familyOf(address))}`;
}

/** `10.0.1.10/24`: the address with its subnet's prefix length, as the instance's operating system sees it. */
export function addressInSubnet(address: Address, subnet: Subnet): string {
  if (familyOf(address) === "ipv4") return `${address}/${prefixLengthOf(subnet.cidrBlock)}`;
  return `${address}/${subnet.ipv6CidrBlocks[0] === undefined ? 128 : prefixLengthOf(subnet.ipv6CidrBlocks[0])}`;
}

export const everyAddress = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;

/** A namespace that forwards: no reverse-path check (AWS has none [PX-54]), no redirects. */
export function forwarding(namespace: string): readonly KernelItem[] {
  return [
    sysctl(namespace, "net/ipv4/ip_forward", "1"),
    sysctl(namespace, "net/ipv4/conf/all/rp_filter", "0"),
    sysctl(namespace, "net/ipv4/conf/default/rp_filter", "0"),
    sysctl(namespace, "net/ipv4/conf/all/send_redirects", "0"),
    sysctl(namespace, "net/ipv4/conf/default/send_redirects", "0"),
    sysctl(namespace, "net/ipv6/conf/all/forwarding", "1"),
  ];
}

/** The router at the other end of a link between routers, as a static neighbour. */
export function nextHopNeighbours(namespace: string, link: string): readonly KernelItem[] {
  return [nextHopIpv4, nextHopIpv6].map((address) => ({
    kind: "neighbour",
    namespace,
    link,
    address,
    macAddress: routerMac,
  }));
}

/** The way over such a link. */
export function viaNextHop(link: string, family: "ipv4" | "ipv6"): { readonly link: string; readonly gateway: string } {
  return { link, gateway: family === "ipv4" ? nextHopIpv4 : nextHopIpv6 };
}

export function sysctl(namespace: string, path: string, value: string): KernelItem {
  return { kind: "sysctl", namespace, path, value };
}
