/** An Elastic IP address and what it is mapped to. */
import type { CloudRecord } from "../../../state/record.ts";

export interface AddressRecord extends CloudRecord {
  readonly AllocationId: string;
  readonly PublicIp: string;
  readonly Domain: "vpc";
  readonly NetworkBorderGroup: string;
  readonly AssociationId?: string;
  readonly NetworkInterfaceId?: string;
  readonly PrivateIpAddress?: string;
}
