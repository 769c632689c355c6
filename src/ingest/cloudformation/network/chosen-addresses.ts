/**
 * Addresses that AWS chooses at a deployment. One of those that it may choose stands for it: any is as good as any other while no rule
 * and no route tells them apart, which `toldApart` finds out when the network is complete.
 */
import {
  addressAt,
  addressCount,
  type CidrBlock,
  cidrFrom,
  contains,
  formatAddress,
  formatCidr,
  isSubnetOf,
  lastAddress,
  parseAddress,
  prefixLengthOf,
  subnetAt,
} from "../../../ip/index.ts";
import type { Address, Cidr } from "../../../model/index.ts";

export interface ChosenAddresses {
  /** The same one whenever it is asked for the same thing. */
  inBlock(thing: string, block: Cidr): Address | undefined;
  /** A public one, that nobody else has. */
  publicAddress(thing: string): Address;
  /** The IPv6 block that AWS gives a VPC. */
  ipv6Block(vpc: string): Cidr;
  /** Whether this address was chosen here for something. */
  isChosen(address: Address): boolean;
  /** Things whose address was chosen in a block. */
  thingsIn(block: Cidr): readonly string[];
}

/** AWS keeps the first four addresses of a subnet and the last one. [AD-31] */
const keptAtStart = 4;

export function createChosenAddresses(): ChosenAddresses {
  const addresses = new Map<string, { readonly block: Cidr; readonly address: Address }>();
  const publicAddresses = new Map<string, Address>();
  const ipv6Blocks = new Map<string, Cidr>();
  return {
    inBlock(thing, block) {
      const key = `${thing} ${block}`;
      const known = addresses.get(key);
      if (known !== undefined) return known.address;
      const parsed = cidrFrom(block);
      const before = [...addresses.values()].filter((each) => each.block === block).length;
      const address = freeAddress(parsed, before);
      if (address !== undefined) addresses.set(key, { block, address });
      return address;
    },
    publicAddress(thing) {
      const known = publicAddresses.get(thing);
      if (known !== undefined) return known;
      const address = ofPool("198.18.0.0/16", 256 + publicAddresses.size);
      publicAddresses.set(thing, address);
      return address;
    },
    ipv6Block(vpc) {
      const known = ipv6Blocks.get(vpc);
      if (known !== undefined) return known;
      const block = subnetAt(cidrFrom("2001:db8::/33"), 56, ipv6Blocks.size + 1);
      if (block === undefined) throw new Error("bug: no IPv6 block is left");
      const text = formatCidr(block);
      ipv6Blocks.set(vpc, text);
      return text;
    },
    isChosen: (address) => [...addresses.values()].some((each) => each.address === address),
    thingsIn: (block) =>
      [...addresses].flatMap(([key, each]) => (each.block === block ? [key.slice(0, key.indexOf(" "))] : [])),
  };
}

/** Authors count from the start, so IPv4 is taken from the end. The last address of a subnet is AWS's. */
function freeAddress(block: CidrBlock, index: number): Address | undefined {
  const offset = block.family === "ipv6" ? 256 + index : addressCount(block) - 2 - index;
  const address = offset < keptAtStart ? undefined : addressAt(block, offset);
  return address && formatAddress(address);
}

function ofPool(pool: Cidr, index: number): Address {
  const address = addressAt(cidrFrom(pool), index);
  if (address === undefined) throw new Error(`bug: ${pool} has no address ${index}`);
  return formatAddress(address);
}

export interface AddressesInSubnet {
  readonly block: Cidr;
  /** Addresses that the templates give: AWS chooses others. */
  readonly given: readonly Address[];
  /** Blocks that rules and routes name. */
  readonly named: Iterable<Cidr>;
}

/** A block that holds some of the addresses from which AWS chooses, and not others. */
export function toldApart({ block, given, named }: AddressesInSubnet, chosen: ChosenAddresses): Cidr | undefined {
  const subnet = cidrFrom(block);
  const free = addressCount(subnet) - keptAtStart - 1 - given.length;
  for (const each of named) {
    const part = cidrFrom(each);
    if (part.family !== subnet.family || !isSubnetOf(part, subnet) || each === block) continue;
    const [address = ""] = each.split("/");
    // A rule for the very address that was chosen here names it by its instance: it follows that wherever it goes.
    if (prefixLengthOf(each) === (subnet.family === "ipv4" ? 32 : 128) && chosen.isChosen(address)) continue;
    const inside = freeIn(part, subnet, given);
    if (inside > 0 && inside < free) return each;
  }
  return undefined;
}

function freeIn(part: CidrBlock, subnet: CidrBlock, given: readonly Address[]): number {
  const kept = [...[0, 1, 2, 3].map((position) => addressAt(subnet, position)), lastAddress(subnet)].filter(
    (address) => address !== undefined && contains(part, address),
  ).length;
  const taken = given.filter((each) => {
    const address = parseAddress(each);
    return address !== undefined && contains(part, address);
  }).length;
  return addressCount(part) - kept - taken;
}
