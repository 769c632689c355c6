/** An egress-only internet gateway: IPv6, outbound-initiated, attached to its VPC from creation. */
import type { CloudRecord } from "../../../state/record.ts";

export interface EgressOnlyInternetGatewayRecord extends CloudRecord {
  readonly EgressOnlyInternetGatewayId: string;
  readonly VpcId: string;
}
