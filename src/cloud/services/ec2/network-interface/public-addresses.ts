/** Which public address, if any, is mapped 1:1 to a private one: an Elastic IP, or the one that AWS gave at launch. [AD-52] */
import type { NetworkInterfaceAssociation } from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import type { AddressRecord } from "../address/record.ts";
import { publicName } from "./dns-names.ts";
import type { NetworkInterfaceRecord, PrivateIpAddressRecord } from "./record.ts";

type View = Pick<StateView, "by" | "get">;

/** The Elastic IP that is mapped to this private address of the interface. */
export function elasticIpOf(
  view: View,
  record: NetworkInterfaceRecord,
  privateIpAddress: string,
): AddressRecord | undefined {
  const mapped = view.by("address", "networkInterface", record.NetworkInterfaceId);
  const primary = record.PrivateIpAddresses[0]?.PrivateIpAddress;
  return mapped.find((address) => (address.PrivateIpAddress ?? primary) === privateIpAddress);
}

/** An Elastic IP takes the place of the automatic address. [IN-2] */
export function publicIpOf(
  view: View,
  record: NetworkInterfaceRecord,
  { PrivateIpAddress, AutoPublicIp }: PrivateIpAddressRecord,
): string | undefined {
  return elasticIpOf(view, record, PrivateIpAddress)?.PublicIp ?? AutoPublicIp;
}

/** The mapping as the API shows it on interfaces and instances. */
export function associationOf(
  view: View,
  record: NetworkInterfaceRecord,
  address: PrivateIpAddressRecord,
): NetworkInterfaceAssociation | undefined {
  const elastic = elasticIpOf(view, record, address.PrivateIpAddress);
  const PublicIp = elastic?.PublicIp ?? address.AutoPublicIp;
  if (PublicIp === undefined) return undefined;
  const named = view.get("vpc", record.VpcId)?.EnableDnsHostnames === true;
  return {
    PublicIp,
    // AWS writes an empty name where the VPC has no DNS hostnames. [DN-2]
    PublicDnsName: named ? publicName(record.Region, PublicIp) : "",
    ...(elastic === undefined
      ? { IpOwnerId: "amazon" }
      : { IpOwnerId: elastic.OwnerId, AllocationId: elastic.AllocationId, AssociationId: elastic.AssociationId }),
  };
}
