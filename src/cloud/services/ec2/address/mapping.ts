/** The 1:1 mapping of an Elastic IP to one private address of one interface. [EI-1, EI-2, AD-52] */
import type { Transaction } from "../../../state/transaction.ts";
import type { AddressRecord } from "./record.ts";

export interface MappedAddress extends AddressRecord {
  readonly AssociationId: string;
}

/** What an Elastic IP is mapped to. */
export interface MappingTarget {
  readonly NetworkInterfaceId: string;
  readonly PrivateIpAddress: string;
}

/** Maps the address. Whatever public address the private one had before is taken from it. [EI-2, IN-2] */
export function mapAddress(transaction: Transaction, address: AddressRecord, target: MappingTarget): MappedAddress {
  for (const other of transaction.by("address", "networkInterface", target.NetworkInterfaceId)) {
    if (other.PrivateIpAddress === target.PrivateIpAddress && other.AllocationId !== address.AllocationId) {
      unmapAddress(transaction, other);
    }
  }
  const networkInterface = transaction.must("networkInterface", target.NetworkInterfaceId);
  transaction.put("networkInterface", {
    ...networkInterface,
    PrivateIpAddresses: networkInterface.PrivateIpAddresses.map((each) =>
      each.PrivateIpAddress === target.PrivateIpAddress
        ? { PrivateIpAddress: each.PrivateIpAddress, Primary: each.Primary }
        : each,
    ),
  });
  const mapped: MappedAddress = { ...address, ...target, AssociationId: transaction.newId("eipassoc") };
  transaction.put("address", mapped);
  return mapped;
}

export function unmapAddress(transaction: Transaction, address: AddressRecord): void {
  const { AssociationId: _association, NetworkInterfaceId: _interface, PrivateIpAddress: _address, ...free } = address;
  transaction.put("address", free);
}
