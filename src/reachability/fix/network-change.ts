/**
 * One setting that a fix changes, as plain data in AWS's terms: each kind is named after the API call that makes it. What a change makes
 * anew (a peering, an internet gateway, an Elastic IP address) has a provisional id or address until AWS gives the real one.
 */
import type {
  AccountId,
  Address,
  Cidr,
  InstanceId,
  InternetGatewayId,
  NetworkAclEntry,
  NetworkAclId,
  NetworkInterfaceId,
  Region,
  RouteTableId,
  RouteTarget,
  SecurityGroupId,
  SecurityGroupPeer,
  SubnetId,
  TransitGatewayAttachmentId,
  TransitGatewayRouteTableId,
  VpcId,
  VpcPeeringConnectionId,
} from "../../model/index.ts";

/** Who makes the change, and in which Region. */
export interface ChangePlace {
  readonly ownerId: AccountId;
  readonly region: Region;
}

export type NetworkChange = ChangePlace &
  (
    | {
        readonly kind: "create-route" | "replace-route";
        readonly routeTableId: RouteTableId;
        readonly destination: Cidr;
        readonly target: RouteTarget;
      }
    | {
        /** Of a dead route that hides one that works. */
        readonly kind: "delete-route";
        readonly routeTableId: RouteTableId;
        readonly destination: Cidr;
      }
    | {
        readonly kind: "create-transit-gateway-route" | "replace-transit-gateway-route";
        readonly transitGatewayRouteTableId: TransitGatewayRouteTableId;
        readonly destination: Cidr;
        readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
      }
    | {
        readonly kind: "associate-transit-gateway-route-table";
        readonly transitGatewayRouteTableId: TransitGatewayRouteTableId;
        readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
        /** The table from which it must be disassociated first: an attachment has one at most. [TG-30] */
        readonly insteadOf?: TransitGatewayRouteTableId;
      }
    | {
        readonly kind: "enable-transit-gateway-route-table-propagation";
        readonly transitGatewayRouteTableId: TransitGatewayRouteTableId;
        readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
      }
    | {
        readonly kind: "accept-transit-gateway-vpc-attachment" | "accept-transit-gateway-peering-attachment";
        /** Of a peering the id by which the accepter knows it. [TG-62] */
        readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
      }
    | {
        readonly kind: "modify-transit-gateway-vpc-attachment";
        readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
        readonly addSubnetId?: SubnetId;
        readonly ipv6Support?: "enable";
      }
    | {
        readonly kind: "create-vpc-peering-connection";
        /** Provisional. */
        readonly vpcPeeringConnectionId: VpcPeeringConnectionId;
        readonly vpcId: VpcId;
        readonly peerVpcId: VpcId;
        readonly peerOwnerId: AccountId;
        readonly peerRegion: Region;
      }
    | {
        readonly kind: "accept-vpc-peering-connection";
        readonly vpcPeeringConnectionId: VpcPeeringConnectionId;
      }
    | {
        readonly kind: "authorize-security-group-ingress" | "authorize-security-group-egress";
        readonly groupId: SecurityGroupId;
        readonly permission: Permission;
      }
    | {
        readonly kind: "create-network-acl-entry";
        readonly networkAclId: NetworkAclId;
        readonly entry: NetworkAclEntry;
      }
    | {
        readonly kind: "modify-network-interface-attribute";
        readonly networkInterfaceId: NetworkInterfaceId;
        readonly sourceDestCheck: false;
      }
    | { readonly kind: "start-instances"; readonly instanceId: InstanceId }
    | {
        /** Allocates an Elastic IP address and associates it. */
        readonly kind: "associate-address";
        readonly networkInterfaceId: NetworkInterfaceId;
        readonly privateAddress: Address;
        /** Provisional: AWS chooses it. */
        readonly publicIp: Address;
      }
    /** Provisional id. */
    | { readonly kind: "create-internet-gateway"; readonly internetGatewayId: InternetGatewayId }
    | {
        readonly kind: "attach-internet-gateway";
        readonly internetGatewayId: InternetGatewayId;
        readonly vpcId: VpcId;
      }
  );

/** As in a rule of a group: of TCP and UDP the ports, of ICMP the type and the code. */
export interface Permission {
  readonly protocol: number;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly peer: SecurityGroupPeer;
}

export type ChangeKind = NetworkChange["kind"];

/** The changes of the kinds. */
export type ChangeOf<K extends ChangeKind> = WithKind<NetworkChange, K>;

type WithKind<Change, K> = Change extends { readonly kind: infer Kind }
  ? [Extract<Kind, K>] extends [never]
    ? never
    : Change
  : never;

/** The kinds in the order in which AWS lets them be made: what others need comes first. [SG-35, TG-68] */
export const changeOrder: readonly ChangeKind[] = [
  "start-instances",
  "create-vpc-peering-connection",
  "accept-vpc-peering-connection",
  "create-internet-gateway",
  "attach-internet-gateway",
  "associate-address",
  "accept-transit-gateway-vpc-attachment",
  "accept-transit-gateway-peering-attachment",
  "modify-transit-gateway-vpc-attachment",
  "associate-transit-gateway-route-table",
  "enable-transit-gateway-route-table-propagation",
  "create-transit-gateway-route",
  "replace-transit-gateway-route",
  "create-route",
  "replace-route",
  "delete-route",
  "create-network-acl-entry",
  "modify-network-interface-attribute",
  "authorize-security-group-egress",
  "authorize-security-group-ingress",
];
