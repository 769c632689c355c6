/** A network interface as DescribeNetworkInterfaces shows it. */
import type {
  AttachmentStatus,
  GroupIdentifier,
  NetworkInterface,
  NetworkInterfaceAttachment,
  NetworkInterfaceStatus,
} from "@aws-sdk/client-ec2";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import { tagsOf } from "../tag/tags.ts";
import { ipName } from "./dns-names.ts";
import { associationOf } from "./public-addresses.ts";
import type { NetworkInterfaceRecord } from "./record.ts";

export function toNetworkInterface(record: NetworkInterfaceRecord, context: ActionContext): NetworkInterface {
  const named = context.get("vpc", record.VpcId)?.EnableDnsHostnames === true;
  const [primary] = record.PrivateIpAddresses;
  const PrivateIpAddresses = record.PrivateIpAddresses.map((address) => ({
    PrivateIpAddress: address.PrivateIpAddress,
    Primary: address.Primary,
    ...(named ? { PrivateDnsName: ipName(record.Region, address.PrivateIpAddress) } : {}),
    Association: associationOf(context, record, address),
  }));
  const TagSet = tagsOf(context, record.NetworkInterfaceId);
  return {
    NetworkInterfaceId: record.NetworkInterfaceId,
    VpcId: record.VpcId,
    SubnetId: record.SubnetId,
    AvailabilityZone: record.AvailabilityZone,
    AvailabilityZoneId: context.get("subnet", record.SubnetId)?.AvailabilityZoneId,
    OwnerId: record.OwnerId,
    RequesterId: record.RequesterId,
    RequesterManaged: record.RequesterManaged,
    Operator: { Managed: false },
    Description: record.Description,
    InterfaceType: record.InterfaceType,
    MacAddress: record.MacAddress,
    Status: statusOf(record),
    SourceDestCheck: record.SourceDestCheck,
    PrivateIpAddress: primary?.PrivateIpAddress,
    ...(named && primary !== undefined ? { PrivateDnsName: ipName(record.Region, primary.PrivateIpAddress) } : {}),
    PrivateIpAddresses,
    Ipv6Addresses: record.Ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })),
    ...(record.Ipv6Addresses[0] === undefined ? {} : { Ipv6Address: record.Ipv6Addresses[0] }),
    Groups: groupIdentifiers(context, record.Groups),
    Association: PrivateIpAddresses[0]?.Association,
    Attachment: attachmentOf(record),
    TagSet,
    DenyAllIgwTraffic: false,
  };
}

/** What the API calls the state of the interface itself: attaching and detaching ones are `in-use`. [AD-55] */
export function statusOf({ Status }: NetworkInterfaceRecord): NetworkInterfaceStatus {
  // `pending` is on the wire although the model's enum lacks it. [AD-55]
  if (Status === "pending") return "pending" as NetworkInterfaceStatus;
  return Status === "available" || Status === "detached" ? "available" : "in-use";
}

/** What the API calls the state of the attachment. [AD-55] */
export function attachmentStatusOf({ Status }: NetworkInterfaceRecord): AttachmentStatus {
  return Status === "attaching" || Status === "detaching" || Status === "detached" ? Status : "attached";
}

/** The attachment that the API shows: the present one, or the one that has just ended. */
export function shownAttachment(record: NetworkInterfaceRecord): NetworkInterfaceRecord["Attachment"] {
  return record.Attachment ?? record.PastAttachment;
}

export function attachmentOf(record: NetworkInterfaceRecord): NetworkInterfaceAttachment | undefined {
  const shown = shownAttachment(record);
  if (shown === undefined) return undefined;
  const { AttachTime, InstanceId, ...attachment } = shown;
  return {
    ...attachment,
    ...(InstanceId === undefined ? {} : { InstanceId, NetworkCardIndex: 0 }),
    AttachTime: new Date(AttachTime),
    Status: attachmentStatusOf(record),
  };
}

/** Group ids with their names. */
export function groupIdentifiers(view: Pick<StateView, "get">, groupIds: readonly string[]): GroupIdentifier[] {
  return groupIds.map((GroupId) => ({ GroupId, GroupName: view.get("securityGroup", GroupId)?.GroupName }));
}
