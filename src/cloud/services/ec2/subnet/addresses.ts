/**
 * Which addresses of a subnet may be given out: the first four and the last are AWS's own [AD-31, AD-32], the others are free
 * unless an interface holds them. Refusals are [AD-58].
 */
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import {
  addressAt,
  addressCount,
  addressFrom,
  type CidrBlock,
  canonicalAddress,
  cidrFrom,
  contains,
  firstAddress,
  formatAddress,
  type IpAddress,
} from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import type { SubnetRecord } from "./record.ts";

type View = Pick<Transaction, "by">;

const reservedAtStart = 4;
const reservedAtEnd = 1;

/**
 * A free private IPv4 address, or `wanted` if it may be had. Addresses go up from the one given last, and round: one that was
 * just freed is not given out again at once. Throws `InsufficientFreeAddressesInSubnet`, `InvalidIPAddress.InUse`, `InvalidParameterValue`.
 */
export function allocateAddress(transaction: View, subnet: SubnetRecord, wanted?: string): string {
  const block = cidrFrom(subnet.CidrBlock);
  const { used, last } = inUse(transaction, subnet);
  if (wanted !== undefined) return checked(wanted, block, used);
  const usable = addressCount(block) - reservedAtStart - reservedAtEnd;
  const start = last === undefined ? 0 : offsetIn(block, last) - reservedAtStart + 1;
  for (let step = 0; step < usable; step += 1) {
    const address = addressAt(block, reservedAtStart + ((start + step) % usable));
    if (address === undefined) break;
    const text = formatAddress(address);
    if (!used.has(text)) return text;
  }
  throw insufficientFreeAddresses();
}

/** A free IPv6 address of the subnet, random as AWS's are, or `wanted` if it may be had. */
export function allocateIpv6Address(
  transaction: Pick<Transaction, "by" | "randomBytes">,
  subnet: SubnetRecord,
  wanted?: string,
): string {
  const blocks = blocksInForce(subnet.Ipv6CidrBlockAssociationSet).map(cidrFrom);
  const [block] = blocks;
  if (block === undefined) throw invalidParameterValue(`Subnet ${subnet.SubnetId} does not have an IPv6 CIDR block.`);
  const used = new Set(
    transaction.by("networkInterface", "subnet", subnet.SubnetId).flatMap((each) => each.Ipv6Addresses),
  );
  if (wanted !== undefined) {
    const address = canonicalAddress(wanted);
    const holder = blocks.find((each) => address !== undefined && contains(each, addressFrom(address)));
    return checked(wanted, holder ?? block, used);
  }
  for (;;) {
    const address = addressAt(block, bigintOf(transaction.randomBytes(8)) % BigInt(addressCount(block)));
    if (address === undefined || isReserved(block, address)) continue;
    const text = formatAddress(address);
    if (!used.has(text)) return text;
  }
}

/** Free IPv4 addresses: all but AWS's five and those that interfaces hold. [AD-31] */
export function availableIpAddressCount(view: View, subnet: SubnetRecord): number {
  return addressCount(cidrFrom(subnet.CidrBlock)) - reservedAtStart - reservedAtEnd - inUse(view, subnet).used.size;
}

/** No address is left to give. */
export function insufficientFreeAddresses(): AwsError {
  return new AwsError(
    "InsufficientFreeAddressesInSubnet",
    "The specified subnet does not have enough free addresses to satisfy the request.",
  );
}

function inUse(view: View, subnet: SubnetRecord): { readonly used: ReadonlySet<string>; readonly last?: string } {
  const used = new Set<string>();
  let last: string | undefined;
  for (const { PrivateIpAddresses } of view.by("networkInterface", "subnet", subnet.SubnetId)) {
    for (const { PrivateIpAddress } of PrivateIpAddresses) {
      used.add(PrivateIpAddress);
      last = PrivateIpAddress;
    }
  }
  return { used, last };
}

function checked(wanted: string, block: CidrBlock, used: ReadonlySet<string>): string {
  const text = canonicalAddress(wanted);
  if (text === undefined) {
    throw invalidParameterValue(`Value (${wanted}) for parameter address is invalid. This is not a valid IP address.`);
  }
  const address = addressFrom(text);
  if (!contains(block, address)) {
    throw invalidParameterValue(`Address ${text} does not fall within the subnet's address range`);
  }
  if (isReserved(block, address)) {
    throw invalidParameterValue(`Address ${text} is in subnet's reserved address range`);
  }
  if (used.has(text)) throw new AwsError("InvalidIPAddress.InUse", `Address ${text} is in use.`);
  return text;
}

function isReserved(block: CidrBlock, address: IpAddress): boolean {
  const offset = BigInt(address.value) - BigInt(firstAddress(block).value);
  // As a number, 2^64 less one is 2^64 again.
  return offset < reservedAtStart || offset >= BigInt(addressCount(block)) - BigInt(reservedAtEnd);
}

function offsetIn(block: CidrBlock, address: string): number {
  return Number(BigInt(addressFrom(address).value) - BigInt(firstAddress(block).value));
}

function bigintOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
