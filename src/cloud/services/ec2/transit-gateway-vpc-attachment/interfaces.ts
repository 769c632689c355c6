/** The interfaces of a VPC attachment: one in each of its subnets, without any security group. [TG-12, AD-57] */
import type { Transaction } from "../../../state/transaction.ts";
import {
  addIpv6Addresses,
  createNetworkInterface,
  releaseNetworkInterface,
} from "../network-interface/create-network-interface.ts";
import { availableIpAddressCount } from "../subnet/addresses.ts";
import { blocksInForce } from "../vpc/block-states.ts";
import type { TransitGatewayVpcAttachmentRecord } from "./record.ts";

/** Nobody has published which account AWS attaches with. */
const requesterId = "amazon-aws";

type Interfaces = TransitGatewayVpcAttachmentRecord["Interfaces"];

/** Whether some subnet that is wanted has no address left for an interface. */
export function lacksAddresses(record: TransitGatewayVpcAttachmentRecord, transaction: Transaction): boolean {
  const { SubnetIds } = record.Wanted ?? record;
  return SubnetIds.some(
    (id) => !hasInterface(record, id) && availableIpAddressCount(transaction, transaction.must("subnet", id)) === 0,
  );
}

/** The record with what was wanted in force, and its interfaces made, changed and removed accordingly. */
export function withWanted(
  { Wanted, ...record }: TransitGatewayVpcAttachmentRecord,
  transaction: Transaction,
): TransitGatewayVpcAttachmentRecord {
  const after = { ...record, ...Wanted };
  const kept = record.Interfaces.filter(({ SubnetId }) => after.SubnetIds.includes(SubnetId));
  const dropped = record.Interfaces.filter((each) => !kept.includes(each));
  for (const { NetworkInterfaceId } of dropped) releaseNetworkInterface(transaction, NetworkInterfaceId);
  for (const { NetworkInterfaceId } of kept) setIpv6(NetworkInterfaceId, after, transaction);
  const made = after.SubnetIds.filter((id) => !hasInterface(record, id)).map((SubnetId) => ({
    SubnetId,
    NetworkInterfaceId: newInterface(SubnetId, after, transaction),
  }));
  return { ...after, Interfaces: [...kept, ...made] };
}

/** Ends the interfaces, so that their subnets can go. [TG-16] */
export function releaseInterfaces(interfaces: Interfaces, transaction: Transaction): void {
  for (const { NetworkInterfaceId } of interfaces) releaseNetworkInterface(transaction, NetworkInterfaceId);
}

function newInterface(
  subnetId: string,
  { TransitGatewayAttachmentId, Options }: TransitGatewayVpcAttachmentRecord,
  transaction: Transaction,
): string {
  const subnet = transaction.must("subnet", subnetId);
  const hasIpv6 = blocksInForce(subnet.Ipv6CidrBlockAssociationSet).length > 0;
  return createNetworkInterface(transaction, {
    subnet,
    description: `Network Interface for Transit Gateway Attachment ${TransitGatewayAttachmentId}`,
    groups: [],
    ipv6AddressCount: Options.Ipv6Support === "enable" && hasIpv6 ? 1 : 0,
    sourceDestCheck: false,
    interfaceType: "transit_gateway",
    requesterId,
    attachment: {
      AttachmentId: transaction.newId("ela-attach"),
      InstanceOwnerId: "amazon-aws",
      DeviceIndex: 1,
      DeleteOnTermination: false,
      AttachTime: transaction.now,
    },
  }).NetworkInterfaceId;
}

/** IPv6 comes and goes with the attachment's option, where the subnet has it. */
function setIpv6(
  networkInterfaceId: string,
  { Options }: TransitGatewayVpcAttachmentRecord,
  transaction: Transaction,
): void {
  const record = transaction.must("networkInterface", networkInterfaceId);
  const subnet = transaction.must("subnet", record.SubnetId);
  const wanted = Options.Ipv6Support === "enable" && blocksInForce(subnet.Ipv6CidrBlockAssociationSet).length > 0;
  if (wanted === record.Ipv6Addresses.length > 0) return;
  if (wanted) addIpv6Addresses(transaction, record, { wanted: [], count: 1 });
  else transaction.put("networkInterface", { ...record, Ipv6Addresses: [] });
}

function hasInterface({ Interfaces }: TransitGatewayVpcAttachmentRecord, subnetId: string): boolean {
  return Interfaces.some(({ SubnetId }) => SubnetId === subnetId);
}
