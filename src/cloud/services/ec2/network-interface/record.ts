/** An elastic network interface: its addresses, groups and attachment. */
import type { CloudRecord } from "../../../state/record.ts";

/** Whether it is attached by now is the interface's `Status`. */
export interface NetworkInterfaceAttachmentRecord {
  /** `eni-attach-…`, or `ela-attach-…` when a service holds it. */
  readonly AttachmentId: string;
  readonly InstanceId?: string;
  readonly InstanceOwnerId: string;
  readonly DeviceIndex: number;
  readonly DeleteOnTermination: boolean;
  /** Milliseconds since the epoch. */
  readonly AttachTime: number;
}

export interface PrivateIpAddressRecord {
  readonly PrivateIpAddress: string;
  readonly Primary: boolean;
  /** An address that AWS gave at launch and takes back at stop. An Elastic IP is the address record's to tell. [AD-52] */
  readonly AutoPublicIp?: string;
}

export interface NetworkInterfaceRecord extends CloudRecord {
  readonly NetworkInterfaceId: string;
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  readonly Description: string;
  readonly MacAddress: string;
  readonly InterfaceType: "interface" | "natGateway" | "transit_gateway" | "vpc_endpoint";
  readonly RequesterManaged: boolean;
  readonly RequesterId?: string;
  /** The API shows `attaching` and `detaching` on the attachment, and `in-use` on the interface. [AD-55] */
  readonly Status: "pending" | "available" | "attaching" | "in-use" | "detaching" | "detached";
  /** The primary one first. */
  readonly PrivateIpAddresses: readonly PrivateIpAddressRecord[];
  readonly Ipv6Addresses: readonly string[];
  readonly Groups: readonly string[];
  readonly SourceDestCheck: boolean;
  /** Whether a start of its instance brings a public address. [IN-2] */
  readonly AssociatePublicIpAddress: boolean;
  readonly Attachment?: NetworkInterfaceAttachmentRecord;
  /** What the interface was attached to: shown as `detached` for a moment, for clients that wait to see it. [AD-55] */
  readonly PastAttachment?: NetworkInterfaceAttachmentRecord;
}
