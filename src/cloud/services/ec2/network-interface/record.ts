/** An elastic network interface: its addresses, groups and attachment. */
import type { CloudRecord } from "../../../state/record.ts";

export interface NetworkInterfaceAttachmentRecord {
  /** `eni-attach-…` */
  readonly AttachmentId: string;
  readonly InstanceId?: string;
  readonly InstanceOwnerId: string;
  readonly DeviceIndex: number;
  readonly DeleteOnTermination: boolean;
  readonly Status: "attaching" | "attached" | "detaching" | "detached";
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
  readonly InterfaceType: "interface" | "natGateway";
  readonly RequesterManaged: boolean;
  readonly RequesterId?: string;
  /** The primary one first. */
  readonly PrivateIpAddresses: readonly PrivateIpAddressRecord[];
  readonly Ipv6Addresses: readonly string[];
  readonly Groups: readonly string[];
  readonly SourceDestCheck: boolean;
  readonly Attachment?: NetworkInterfaceAttachmentRecord;
}
