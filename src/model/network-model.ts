/**
 * The network model: what a network is, as plain readonly data in the EC2 API's own words, over several accounts and Regions at once.
 * It is serialisable, versioned, and the only thing that the engine and the data plane are given. A fact that a source could
 * not give is `undefined` where the type allows it, and named in `unknowns`; it is never guessed.
 */

export type AccountId = string;
export type Region = string;
export type VpcId = `vpc-${string}`;
export type SubnetId = `subnet-${string}`;
export type RouteTableId = `rtb-${string}`;
export type NetworkAclId = `acl-${string}`;
export type SecurityGroupId = `sg-${string}`;
export type SecurityGroupRuleId = `sgr-${string}`;
export type NetworkInterfaceId = `eni-${string}`;
export type InstanceId = `i-${string}`;
export type InternetGatewayId = `igw-${string}`;
export type EgressOnlyInternetGatewayId = `eigw-${string}`;
export type NatGatewayId = `nat-${string}`;
export type AllocationId = `eipalloc-${string}`;
export type VpcPeeringConnectionId = `pcx-${string}`;
export type PrefixListId = `pl-${string}`;
export type TransitGatewayId = `tgw-${string}`;
export type TransitGatewayAttachmentId = `tgw-attach-${string}`;
export type TransitGatewayRouteTableId = `tgw-rtb-${string}`;

/** A canonical CIDR block: host bits cleared, IPv6 lower-case and compressed. `10.0.0.0/16`, `2001:db8::/56`. */
export type Cidr = string;
/** A canonical address without a prefix length. `10.0.1.10`, `2001:db8::10`. */
export type Address = string;

/** What every resource has. `name` is the value of its Name tag, when it has one. */
export interface Resource {
  readonly ownerId: AccountId;
  readonly region: Region;
  readonly name?: string;
}

export interface Vpc extends Resource {
  readonly vpcId: VpcId;
  /** The associated IPv4 blocks, the primary one first. */
  readonly cidrBlocks: readonly Cidr[];
  readonly ipv6CidrBlocks: readonly Cidr[];
  readonly isDefault: boolean;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
}

export interface Subnet extends Resource {
  readonly subnetId: SubnetId;
  readonly vpcId: VpcId;
  readonly cidrBlock: Cidr;
  readonly ipv6CidrBlocks: readonly Cidr[];
  readonly availabilityZone: string;
  /** Physical zone; the name above may differ between accounts. */
  readonly availabilityZoneId: string;
  /** Every subnet has exactly one. */
  readonly networkAclId: NetworkAclId;
  /** The explicit association; without one the VPC's main table counts. */
  readonly routeTableId?: RouteTableId;
}

export type RouteTarget =
  | { readonly kind: "local" }
  | { readonly kind: "internet-gateway"; readonly internetGatewayId: InternetGatewayId }
  | { readonly kind: "egress-only-internet-gateway"; readonly egressOnlyInternetGatewayId: EgressOnlyInternetGatewayId }
  | { readonly kind: "nat-gateway"; readonly natGatewayId: NatGatewayId }
  | { readonly kind: "network-interface"; readonly networkInterfaceId: NetworkInterfaceId }
  | { readonly kind: "vpc-peering-connection"; readonly vpcPeeringConnectionId: VpcPeeringConnectionId }
  | { readonly kind: "transit-gateway"; readonly transitGatewayId: TransitGatewayId }
  /** A target that this version cannot follow (a virtual private gateway, an endpoint, …): packets to it are `unknown`. */
  | { readonly kind: "other"; readonly id: string };

export type RouteDestination =
  | { readonly kind: "cidr"; readonly cidr: Cidr }
  | { readonly kind: "prefix-list"; readonly prefixListId: PrefixListId };

export interface Route {
  readonly destination: RouteDestination;
  readonly target: RouteTarget;
  /** `active`, or `blackhole`: still takes part in longest-prefix match, and drops. [RT-30] */
  readonly state: "active" | "blackhole";
  readonly origin: "CreateRouteTable" | "CreateRoute" | "EnableVgwRoutePropagation" | "Advertisement";
}

export interface RouteTable extends Resource {
  readonly routeTableId: RouteTableId;
  readonly vpcId: VpcId;
  readonly main: boolean;
  readonly routes: readonly Route[];
  /** Gateways whose arriving traffic this table routes (an edge association, [RT-40]). */
  readonly gatewayIds: readonly string[];
}

/** `-1` is every protocol; otherwise the IANA number: 1 icmp, 6 tcp, 17 udp, 58 icmpv6. */
export type ProtocolNumber = number;

export interface NetworkAclEntry {
  /** 1..32766, or 32767/32768 for the unremovable last one. */
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly ruleAction: "allow" | "deny";
  readonly protocol: ProtocolNumber;
  readonly cidrBlock: Cidr;
  /** TCP and UDP only: the packet's destination port, in both directions. [NA-5] */
  readonly portRange?: { readonly from: number; readonly to: number };
  /** ICMP and ICMPv6 only; -1 is any. */
  readonly icmpTypeCode?: { readonly type: number; readonly code: number };
}

export interface NetworkAcl extends Resource {
  readonly networkAclId: NetworkAclId;
  readonly vpcId: VpcId;
  readonly isDefault: boolean;
  /** Sorted by direction, then by number. */
  readonly entries: readonly NetworkAclEntry[];
}

export type SecurityGroupPeer =
  | { readonly kind: "cidr"; readonly cidr: Cidr }
  | { readonly kind: "prefix-list"; readonly prefixListId: PrefixListId }
  | {
      readonly kind: "security-group";
      readonly groupId: SecurityGroupId;
      readonly userId?: AccountId;
      /**
       * Present when the group lives in a peered VPC. The rule matches only while that peering is active. [SG-50] Without it the
       * group is of the same VPC, or of one that a transit gateway joins, where both must let references through. [SG-40]
       */
      readonly vpcPeeringConnectionId?: VpcPeeringConnectionId;
    };

export interface SecurityGroupRule {
  readonly securityGroupRuleId: SecurityGroupRuleId;
  readonly isEgress: boolean;
  readonly protocol: ProtocolNumber;
  /** TCP/UDP: first and last port. ICMP: type and code, -1 is any. Absent: every port or type. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly peer: SecurityGroupPeer;
  readonly description?: string;
}

export interface SecurityGroup extends Resource {
  readonly groupId: SecurityGroupId;
  readonly groupName: string;
  readonly vpcId: VpcId;
  readonly rules: readonly SecurityGroupRule[];
}

export interface PrivateAddress {
  readonly address: Address;
  readonly primary: boolean;
  /** The public or Elastic IP mapped 1:1 to this address at the internet gateway. [AD-52] */
  readonly publicIp?: Address;
}

export interface NetworkInterface extends Resource {
  readonly networkInterfaceId: NetworkInterfaceId;
  readonly vpcId: VpcId;
  readonly subnetId: SubnetId;
  readonly macAddress: string;
  readonly privateAddresses: readonly PrivateAddress[];
  readonly ipv6Addresses: readonly Address[];
  /** Empty for service-managed interfaces, which are transparent. [SG-6] */
  readonly securityGroupIds: readonly SecurityGroupId[];
  readonly sourceDestCheck: boolean;
  readonly interfaceType: "interface" | "natGateway" | "transit_gateway" | "vpc_endpoint" | (string & {});
  /** The attachment; an interface without one sends and receives nothing. */
  readonly attachment?: { readonly instanceId?: InstanceId; readonly deviceIndex: number };
}

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";

export interface Instance extends Resource {
  readonly instanceId: InstanceId;
  readonly vpcId: VpcId;
  readonly subnetId: SubnetId;
  readonly state: InstanceState;
  readonly imageId: string;
  readonly instanceType: string;
  readonly availabilityZone: string;
  readonly privateDnsName: string;
  readonly publicDnsName?: string;
  readonly keyName?: string;
  readonly iamInstanceProfileArn?: string;
  readonly launchTime: string;
}

export interface InternetGateway extends Resource {
  readonly internetGatewayId: InternetGatewayId;
  readonly vpcId?: VpcId;
}

export interface EgressOnlyInternetGateway extends Resource {
  readonly egressOnlyInternetGatewayId: EgressOnlyInternetGatewayId;
  readonly vpcId: VpcId;
}

export interface NatGateway extends Resource {
  readonly natGatewayId: NatGatewayId;
  readonly vpcId: VpcId;
  readonly subnetId: SubnetId;
  readonly connectivityType: "public" | "private";
  readonly state: "pending" | "failed" | "available" | "deleting" | "deleted";
  /** Its interface in the subnet: the private address, and for a public one the Elastic IP. */
  readonly networkInterfaceId: NetworkInterfaceId;
}

export type VpcPeeringConnectionStateReasonCode =
  | "initiating-request"
  | "pending-acceptance"
  | "provisioning"
  | "active"
  | "failed"
  | "expired"
  | "rejected"
  | "deleting"
  | "deleted";

export interface VpcPeeringConnectionSide {
  readonly ownerId: AccountId;
  readonly region: Region;
  readonly vpcId: VpcId;
  readonly allowDnsResolutionFromRemoteVpc: boolean;
}

export interface VpcPeeringConnection {
  readonly vpcPeeringConnectionId: VpcPeeringConnectionId;
  readonly name?: string;
  readonly statusCode: VpcPeeringConnectionStateReasonCode;
  readonly requester: VpcPeeringConnectionSide;
  readonly accepter: VpcPeeringConnectionSide;
}

export interface TransitGateway extends Resource {
  readonly transitGatewayId: TransitGatewayId;
  readonly state: "pending" | "available" | "modifying" | "deleting" | "deleted";
  readonly amazonSideAsn: number;
  readonly dnsSupport: boolean;
  /** Whether inbound rules may name groups of other attached VPCs; each attachment says so too. [SG-40] */
  readonly securityGroupReferencingSupport: boolean;
}

export type TransitGatewayAttachmentState =
  | "initiating"
  | "initiatingRequest"
  | "pendingAcceptance"
  | "rollingBack"
  | "pending"
  | "available"
  | "modifying"
  | "deleting"
  | "deleted"
  | "failed"
  | "rejected"
  | "rejecting"
  | "failing";

/** `ownerId` is the VPC's owner. The attachment carries packets while `available` or `modifying`. [TG-15] */
export interface TransitGatewayVpcAttachment extends Resource {
  readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
  readonly transitGatewayId: TransitGatewayId;
  readonly vpcId: VpcId;
  /** At most one in each zone. Its table routes what the gateway delivers to the zone. [TG-12, TG-20] */
  readonly subnetIds: readonly SubnetId[];
  readonly state: TransitGatewayAttachmentState;
  readonly applianceModeSupport: boolean;
  readonly dnsSupport: boolean;
  readonly ipv6Support: boolean;
  readonly securityGroupReferencingSupport: boolean;
}

export interface TransitGatewayPeeringAttachmentSide {
  readonly ownerId: AccountId;
  readonly region: Region;
  readonly transitGatewayId: TransitGatewayId;
  /**
   * The id by which this side's gateway routes to and associates the attachment: the same at both sides when these are in different
   * Regions, one for each side otherwise. Absent when only the other side was read. [TG-62]
   */
  readonly transitGatewayAttachmentId?: TransitGatewayAttachmentId;
}

/** Two transit gateways joined. `transitGatewayAttachmentId` is the requester side's. */
export interface TransitGatewayPeeringAttachment {
  readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
  readonly name?: string;
  readonly state: TransitGatewayAttachmentState;
  readonly requester: TransitGatewayPeeringAttachmentSide;
  readonly accepter: TransitGatewayPeeringAttachmentSide;
}

/** As SearchTransitGatewayRoutes lists it: the preferred one for its destination. [TG-41] */
export interface TransitGatewayRoute {
  readonly destinationCidrBlock: Cidr;
  /** The list that the route was made for; then `destinationCidrBlock` is one of its entries. [TG-34] */
  readonly prefixListId?: PrefixListId;
  readonly type: "static" | "propagated";
  /** `blackhole` still takes part in longest-prefix match, and drops. [TG-42] */
  readonly state: "active" | "blackhole";
  /** Empty for a blackhole; several where equal routes share the traffic. [TG-72] */
  readonly transitGatewayAttachmentIds: readonly TransitGatewayAttachmentId[];
}

export interface TransitGatewayRouteTable extends Resource {
  readonly transitGatewayRouteTableId: TransitGatewayRouteTableId;
  readonly transitGatewayId: TransitGatewayId;
  readonly state: "pending" | "available" | "deleting" | "deleted";
  readonly defaultAssociationRouteTable: boolean;
  readonly defaultPropagationRouteTable: boolean;
  /** Attachments whose arriving packets this table routes. An attachment has at most one table, counted while `associated`. [TG-30] */
  readonly associations: readonly {
    readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
    readonly state: "associating" | "associated" | "disassociating" | "disassociated";
  }[];
  /** Attachments whose routes come in by themselves; `routes` holds what they brought. [TG-31] */
  readonly propagations: readonly {
    readonly transitGatewayAttachmentId: TransitGatewayAttachmentId;
    readonly state: "enabling" | "enabled" | "disabling" | "disabled";
  }[];
  readonly routes: readonly TransitGatewayRoute[];
}

export interface PrefixList extends Resource {
  readonly prefixListId: PrefixListId;
  readonly prefixListName: string;
  readonly addressFamily: "IPv4" | "IPv6";
  readonly maxEntries: number;
  readonly entries: readonly Cidr[];
}

/** A component or fact that the source could not give, and why. */
export interface Unknown {
  /**
   * The component's id; or `id.field` for one fact of a component that is in the model, whose field then holds AWS's usual value; or,
   * of a source that could not be read at all, what says so to people.
   */
  readonly id: string;
  readonly reason: string;
}

export const networkModelVersion = 1;

export interface NetworkModel {
  readonly version: typeof networkModelVersion;
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
  readonly internetGateways: readonly InternetGateway[];
  readonly egressOnlyInternetGateways: readonly EgressOnlyInternetGateway[];
  readonly natGateways: readonly NatGateway[];
  readonly vpcPeeringConnections: readonly VpcPeeringConnection[];
  readonly transitGateways: readonly TransitGateway[];
  readonly transitGatewayVpcAttachments: readonly TransitGatewayVpcAttachment[];
  readonly transitGatewayPeeringAttachments: readonly TransitGatewayPeeringAttachment[];
  readonly transitGatewayRouteTables: readonly TransitGatewayRouteTable[];
  readonly prefixLists: readonly PrefixList[];
  readonly unknowns: readonly Unknown[];
}

/** The network without anything in it: what a new account would be without its default VPCs. */
export const emptyNetworkModel: NetworkModel = {
  version: networkModelVersion,
  vpcs: [],
  subnets: [],
  routeTables: [],
  networkAcls: [],
  securityGroups: [],
  networkInterfaces: [],
  instances: [],
  internetGateways: [],
  egressOnlyInternetGateways: [],
  natGateways: [],
  vpcPeeringConnections: [],
  transitGateways: [],
  transitGatewayVpcAttachments: [],
  transitGatewayPeeringAttachments: [],
  transitGatewayRouteTables: [],
  prefixLists: [],
  unknowns: [],
};
