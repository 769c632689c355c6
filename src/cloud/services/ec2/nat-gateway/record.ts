/** A NAT gateway, its interface and its Elastic IP. */
import type { CloudRecord } from "../../../state/record.ts";

export interface NatGatewayRecord extends CloudRecord {
  readonly NatGatewayId: string;
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly ConnectivityType: "public" | "private";
  readonly State: "pending" | "failed" | "available" | "deleting" | "deleted";
  readonly FailureCode?: string;
  readonly FailureMessage?: string;
  readonly NetworkInterfaceId?: string;
  readonly PrivateIp?: string;
  readonly AllocationId?: string;
  /** `eipassoc-…` of the Elastic IP on the interface. */
  readonly AssociationId?: string;
  readonly PublicIp?: string;
  readonly DeletedAt?: number;
}
