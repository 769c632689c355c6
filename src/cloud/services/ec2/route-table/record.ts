/** A route table: its associations, and its routes without their state, which follows from the targets. [RT-30] */
import type { CloudRecord } from "../../../state/record.ts";

export interface RouteTableAssociation {
  /** `rtbassoc-…` */
  readonly RouteTableAssociationId: string;
  readonly Main: boolean;
  readonly SubnetId?: string;
  /** An internet or virtual private gateway: an edge association. [RT-40] */
  readonly GatewayId?: string;
}

/** One destination, one target; the members are CreateRoute's. `GatewayId` is also `local`. */
export interface RouteRecord {
  readonly DestinationCidrBlock?: string;
  readonly DestinationIpv6CidrBlock?: string;
  readonly DestinationPrefixListId?: string;
  readonly GatewayId?: string;
  readonly NatGatewayId?: string;
  readonly EgressOnlyInternetGatewayId?: string;
  readonly NetworkInterfaceId?: string;
  /** Kept beside the interface when the route was given by instance. */
  readonly InstanceId?: string;
  readonly VpcPeeringConnectionId?: string;
  readonly TransitGatewayId?: string;
  readonly Origin: "CreateRouteTable" | "CreateRoute";
}

export interface RouteTableRecord extends CloudRecord {
  readonly RouteTableId: string;
  readonly VpcId: string;
  readonly Associations: readonly RouteTableAssociation[];
  readonly Routes: readonly RouteRecord[];
}
