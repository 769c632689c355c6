/** Making and ending network interfaces, for CreateNetworkInterface, for launches and for services that own one. [AD-50] [AD-57] */

import { compareAddressText } from "../../../../ip/index.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { unmapAddress } from "../address/mapping.ts";
import { allocateAddress, allocateIpv6Address } from "../subnet/addresses.ts";
import type { SubnetRecord } from "../subnet/record.ts";
import { forgetTags } from "../tag/tags.ts";
import type { NetworkInterfaceAttachmentRecord, NetworkInterfaceRecord } from "./record.ts";

export interface NetworkInterfaceSpecification {
  readonly subnet: SubnetRecord;
  readonly description?: string;
  /** The security groups' ids; none for an interface that a service manages. [AD-57] */
  readonly groups: readonly string[];
  /** The wanted primary address; otherwise a free one. */
  readonly privateIpAddress?: string | undefined;
  readonly secondaryPrivateIpAddresses?: readonly string[];
  readonly secondaryPrivateIpAddressCount?: number;
  readonly ipv6Addresses?: readonly string[];
  readonly ipv6AddressCount?: number;
  readonly sourceDestCheck?: boolean;
  readonly associatePublicIpAddress?: boolean;
  readonly interfaceType?: NetworkInterfaceRecord["InterfaceType"];
  /** The service that manages the interface; its attachment cannot be touched. [AD-57] */
  readonly requesterId?: string;
  readonly attachment?: NetworkInterfaceAttachmentRecord;
}

/** Makes an interface with its addresses. Throws what the subnet refuses an address with. [AD-58] */
export function createNetworkInterface(
  transaction: Transaction,
  specification: NetworkInterfaceSpecification,
): NetworkInterfaceRecord {
  const { subnet, attachment, requesterId } = specification;
  const NetworkInterfaceId = transaction.newId("eni");
  const primary = allocateAddress(transaction, subnet, specification.privateIpAddress);
  const base: NetworkInterfaceRecord = {
    OwnerId: subnet.OwnerId,
    Region: subnet.Region,
    CreatedAt: transaction.now,
    NetworkInterfaceId,
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    AvailabilityZone: subnet.AvailabilityZone,
    Description: specification.description ?? "",
    MacAddress: newMacAddress(transaction),
    InterfaceType: specification.interfaceType ?? "interface",
    RequesterManaged: requesterId !== undefined,
    ...(requesterId === undefined ? {} : { RequesterId: requesterId }),
    Status: attachment === undefined ? "pending" : "attaching",
    PrivateIpAddresses: [{ PrivateIpAddress: primary, Primary: true }],
    Ipv6Addresses: [],
    Groups: specification.groups,
    SourceDestCheck: specification.sourceDestCheck ?? true,
    AssociatePublicIpAddress: specification.associatePublicIpAddress ?? false,
    ...(attachment === undefined ? {} : { Attachment: attachment }),
  };
  transaction.put("networkInterface", base);
  addPrivateIpAddresses(transaction, base, {
    wanted: specification.secondaryPrivateIpAddresses ?? [],
    count: specification.secondaryPrivateIpAddressCount ?? 0,
  });
  addIpv6Addresses(transaction, transaction.must("networkInterface", NetworkInterfaceId), {
    wanted: specification.ipv6Addresses ?? [],
    count:
      specification.ipv6AddressCount ??
      (subnet.AssignIpv6AddressOnCreation && !specification.ipv6Addresses?.length ? 1 : 0),
  });
  return transaction.must("networkInterface", NetworkInterfaceId);
}

export interface AddressRequest {
  readonly wanted: readonly string[];
  /** How many more, chosen by the subnet. */
  readonly count: number;
}

/** Adds secondary private addresses and stores the interface. Returns what was added. */
export function addPrivateIpAddresses(
  transaction: Transaction,
  record: NetworkInterfaceRecord,
  request: AddressRequest,
): readonly string[] {
  const subnet = transaction.must("subnet", record.SubnetId);
  return addOneByOne(request, (wanted) => {
    const PrivateIpAddress = allocateAddress(transaction, subnet, wanted);
    const before = transaction.must("networkInterface", record.NetworkInterfaceId);
    // Stored one by one, so that the subnet sees each when it chooses the next.
    transaction.put("networkInterface", {
      ...before,
      PrivateIpAddresses: [...before.PrivateIpAddresses, { PrivateIpAddress, Primary: false }],
    });
    return PrivateIpAddress;
  });
}

/** Adds IPv6 addresses and stores the interface. Returns what was added. */
export function addIpv6Addresses(
  transaction: Transaction,
  record: NetworkInterfaceRecord,
  request: AddressRequest,
): readonly string[] {
  const subnet = transaction.must("subnet", record.SubnetId);
  return addOneByOne(request, (wanted) => {
    const address = allocateIpv6Address(transaction, subnet, wanted);
    const before = transaction.must("networkInterface", record.NetworkInterfaceId);
    transaction.put("networkInterface", {
      ...before,
      Ipv6Addresses: [...before.Ipv6Addresses, address].sort(compareAddressText),
    });
    return address;
  });
}

/** Ends an interface: its addresses are free again, and an Elastic IP that was mapped to one is its owner's, unassociated. */
export function releaseNetworkInterface(transaction: Transaction, networkInterfaceId: string): void {
  unmapElasticIps(transaction, networkInterfaceId);
  transaction.delete("networkInterface", networkInterfaceId);
  forgetTags(transaction, networkInterfaceId);
}

/** Ends the associations of Elastic IPs with the interface, or only with these of its private addresses. */
export function unmapElasticIps(
  transaction: Transaction,
  networkInterfaceId: string,
  privateIpAddresses?: readonly string[],
): void {
  for (const address of transaction.by("address", "networkInterface", networkInterfaceId)) {
    if (privateIpAddresses !== undefined && !privateIpAddresses.includes(address.PrivateIpAddress ?? "")) continue;
    unmapAddress(transaction, address);
  }
}

function addOneByOne(
  { wanted, count }: AddressRequest,
  add: (wanted: string | undefined) => string,
): readonly string[] {
  const added = wanted.map(add);
  for (let index = 0; index < count; index += 1) added.push(add(undefined));
  return added;
}

/** A locally administered unicast address. */
function newMacAddress(transaction: Transaction): string {
  const digits = [...transaction.randomBytes(5)].map((byte) => byte.toString(16).padStart(2, "0"));
  return ["0a", ...digits].join(":");
}
