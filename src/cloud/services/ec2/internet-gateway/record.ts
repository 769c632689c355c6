/** An internet gateway and the one VPC it may be attached to. [IG-1] */
import type { CloudRecord } from "../../../state/record.ts";

export interface InternetGatewayRecord extends CloudRecord {
  readonly InternetGatewayId: string;
  readonly VpcId?: string;
}
