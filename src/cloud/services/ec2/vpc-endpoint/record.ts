/** By what a VPC reaches a service of AWS: one network interface in each of some subnets, or a route in each of some tables. [PL-20, PL-50] */
import type { CloudRecord } from "../../../state/record.ts";

export interface VpcEndpointRecord extends CloudRecord {
  readonly VpcEndpointId: string;
  readonly VpcEndpointType: "Interface" | "Gateway";
  readonly VpcId: string;
  /** `com.amazonaws.us-east-1.ssm` */
  readonly ServiceName: string;
  /** As it is on the wire; the SDK's enum writes it with a capital. [PL-22] */
  readonly State: "pending" | "available" | "deleting" | "deleted";
  /** JSON text as given. */
  readonly PolicyDocument: string;
  /** At most one in each zone; none of a gateway endpoint. [PL-21] */
  readonly Interfaces: readonly { readonly SubnetId: string; readonly NetworkInterfaceId: string }[];
  readonly Groups: readonly string[];
  readonly PrivateDnsEnabled: boolean;
  /** The eight characters that make its DNS names nobody else's; empty for a gateway endpoint. [PL-25] */
  readonly DnsLabel: string;
}
