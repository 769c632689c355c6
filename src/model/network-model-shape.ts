/** The shape of a network model: the interfaces of network-model.ts once more, as data that values can be held against. */
import {
  type EgressOnlyInternetGateway,
  type Instance,
  type InternetGateway,
  type NatGateway,
  type NetworkAcl,
  type NetworkAclEntry,
  type NetworkInterface,
  type NetworkModel,
  networkModelVersion,
  type PrefixList,
  type PrivateAddress,
  type Resource,
  type Route,
  type RouteDestination,
  type RouteTable,
  type RouteTarget,
  type SecurityGroup,
  type SecurityGroupPeer,
  type SecurityGroupRule,
  type Subnet,
  type TransitGateway,
  type TransitGatewayPeeringAttachment,
  type TransitGatewayPeeringAttachmentSide,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
  type TransitGatewayVpcAttachment,
  type Unknown,
  type Vpc,
  type VpcPeeringConnection,
  type VpcPeeringConnectionSide,
} from "./network-model.ts";
import {
  address,
  anyText,
  boolean,
  type CasesOf,
  choice,
  cidr,
  type FieldsOf,
  id,
  integer,
  list,
  optional,
  type RecordShape,
  record,
  type Shape,
  text,
  variants,
} from "./shape.ts";

const accountId = text("an account id of twelve digits", /^[0-9]{12}$/);
const region = text("a Region such as eu-central-1", /^[a-z]{2,}(-[a-z0-9]+)+$/);
const port = integer(0, 65_535);
/** -1 is every protocol. */
const protocol = integer(-1, 255);
/** -1 is every ICMP type or code. */
const icmpNumber = integer(-1, 255);

const resource: FieldsOf<Resource> = { ownerId: accountId, region, name: optional(anyText) };

const vpc = record<Vpc>("Vpc", {
  ...resource,
  vpcId: id("vpc"),
  cidrBlocks: list(cidr),
  ipv6CidrBlocks: list(cidr),
  isDefault: boolean,
  enableDnsSupport: boolean,
  enableDnsHostnames: boolean,
});

const subnet = record<Subnet>("Subnet", {
  ...resource,
  subnetId: id("subnet"),
  vpcId: id("vpc"),
  cidrBlock: cidr,
  ipv6CidrBlocks: list(cidr),
  availabilityZone: anyText,
  availabilityZoneId: anyText,
  networkAclId: id("acl"),
  routeTableId: optional(id("rtb")),
});

/** By kind, for what may name more than a route can. */
export const routeTargetCases: CasesOf<"kind", RouteTarget> = {
  local: {},
  "internet-gateway": { internetGatewayId: id("igw") },
  "egress-only-internet-gateway": { egressOnlyInternetGatewayId: id("eigw") },
  "nat-gateway": { natGatewayId: id("nat") },
  "network-interface": { networkInterfaceId: id("eni") },
  "vpc-peering-connection": { vpcPeeringConnectionId: id("pcx") },
  "transit-gateway": { transitGatewayId: id("tgw") },
  other: { id: anyText },
};
export const routeTarget: Shape = variants<RouteTarget>("RouteTarget", routeTargetCases);

const routeDestination = variants<RouteDestination>("RouteDestination", {
  cidr: { cidr },
  "prefix-list": { prefixListId: id("pl") },
});

const route = record<Route>("Route", {
  destination: routeDestination,
  target: routeTarget,
  state: choice("active", "blackhole"),
  origin: choice("CreateRouteTable", "CreateRoute", "EnableVgwRoutePropagation", "Advertisement"),
});

const routeTable = record<RouteTable>("RouteTable", {
  ...resource,
  routeTableId: id("rtb"),
  vpcId: id("vpc"),
  main: boolean,
  routes: list(route),
  gatewayIds: list(anyText),
});

const networkAclEntry = record<NetworkAclEntry>("NetworkAclEntry", {
  ruleNumber: integer(1, 32_768),
  egress: boolean,
  ruleAction: choice("allow", "deny"),
  protocol,
  cidrBlock: cidr,
  portRange: optional(
    record<NonNullable<NetworkAclEntry["portRange"]>>("NetworkAclEntry.portRange", { from: port, to: port }),
  ),
  icmpTypeCode: optional(
    record<NonNullable<NetworkAclEntry["icmpTypeCode"]>>("NetworkAclEntry.icmpTypeCode", {
      type: icmpNumber,
      code: icmpNumber,
    }),
  ),
});

const networkAcl = record<NetworkAcl>("NetworkAcl", {
  ...resource,
  networkAclId: id("acl"),
  vpcId: id("vpc"),
  isDefault: boolean,
  entries: list(networkAclEntry),
});

const securityGroupPeer = variants<SecurityGroupPeer>("SecurityGroupPeer", {
  cidr: { cidr },
  "prefix-list": { prefixListId: id("pl") },
  "security-group": {
    groupId: id("sg"),
    userId: optional(accountId),
    vpcPeeringConnectionId: optional(id("pcx")),
  },
});

const securityGroupRule = record<SecurityGroupRule>("SecurityGroupRule", {
  securityGroupRuleId: id("sgr"),
  isEgress: boolean,
  protocol,
  fromPort: optional(integer(-1, 65_535)),
  toPort: optional(integer(-1, 65_535)),
  peer: securityGroupPeer,
  description: optional(anyText),
});

const securityGroup = record<SecurityGroup>("SecurityGroup", {
  ...resource,
  groupId: id("sg"),
  groupName: anyText,
  vpcId: id("vpc"),
  rules: list(securityGroupRule),
});

const privateAddress = record<PrivateAddress>("PrivateAddress", {
  address,
  primary: boolean,
  publicIp: optional(address),
});

const networkInterface = record<NetworkInterface>("NetworkInterface", {
  ...resource,
  networkInterfaceId: id("eni"),
  vpcId: id("vpc"),
  subnetId: id("subnet"),
  macAddress: text("a MAC address in lower case", /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/),
  privateAddresses: list(privateAddress),
  ipv6Addresses: list(address),
  securityGroupIds: list(id("sg")),
  sourceDestCheck: boolean,
  interfaceType: anyText,
  attachment: optional(
    record<NonNullable<NetworkInterface["attachment"]>>("NetworkInterface.attachment", {
      instanceId: optional(id("i")),
      deviceIndex: integer(0, 65_535),
    }),
  ),
});

const instance = record<Instance>("Instance", {
  ...resource,
  instanceId: id("i"),
  vpcId: id("vpc"),
  subnetId: id("subnet"),
  state: choice("pending", "running", "shutting-down", "terminated", "stopping", "stopped"),
  imageId: anyText,
  instanceType: anyText,
  availabilityZone: anyText,
  privateDnsName: anyText,
  publicDnsName: optional(anyText),
  keyName: optional(anyText),
  iamInstanceProfileArn: optional(anyText),
  launchTime: anyText,
});

const internetGateway = record<InternetGateway>("InternetGateway", {
  ...resource,
  internetGatewayId: id("igw"),
  vpcId: optional(id("vpc")),
});

const egressOnlyInternetGateway = record<EgressOnlyInternetGateway>("EgressOnlyInternetGateway", {
  ...resource,
  egressOnlyInternetGatewayId: id("eigw"),
  vpcId: id("vpc"),
});

const natGateway = record<NatGateway>("NatGateway", {
  ...resource,
  natGatewayId: id("nat"),
  vpcId: id("vpc"),
  subnetId: id("subnet"),
  connectivityType: choice("public", "private"),
  state: choice("pending", "failed", "available", "deleting", "deleted"),
  networkInterfaceId: id("eni"),
});

const vpcPeeringConnectionSide = record<VpcPeeringConnectionSide>("VpcPeeringConnectionSide", {
  ownerId: accountId,
  region,
  vpcId: id("vpc"),
  allowDnsResolutionFromRemoteVpc: boolean,
});

const vpcPeeringConnection = record<VpcPeeringConnection>("VpcPeeringConnection", {
  vpcPeeringConnectionId: id("pcx"),
  name: optional(anyText),
  statusCode: choice(
    "initiating-request",
    "pending-acceptance",
    "provisioning",
    "active",
    "failed",
    "expired",
    "rejected",
    "deleting",
    "deleted",
  ),
  requester: vpcPeeringConnectionSide,
  accepter: vpcPeeringConnectionSide,
});

const transitGateway = record<TransitGateway>("TransitGateway", {
  ...resource,
  transitGatewayId: id("tgw"),
  state: choice("pending", "available", "modifying", "deleting", "deleted"),
  amazonSideAsn: integer(0, 4_294_967_295),
  dnsSupport: boolean,
  securityGroupReferencingSupport: boolean,
});

const transitGatewayAttachmentState = choice(
  "initiating",
  "initiatingRequest",
  "pendingAcceptance",
  "rollingBack",
  "pending",
  "available",
  "modifying",
  "deleting",
  "deleted",
  "failed",
  "rejected",
  "rejecting",
  "failing",
);

const transitGatewayVpcAttachment = record<TransitGatewayVpcAttachment>("TransitGatewayVpcAttachment", {
  ...resource,
  transitGatewayAttachmentId: id("tgw-attach"),
  transitGatewayId: id("tgw"),
  vpcId: id("vpc"),
  subnetIds: list(id("subnet")),
  state: transitGatewayAttachmentState,
  applianceModeSupport: boolean,
  dnsSupport: boolean,
  ipv6Support: boolean,
  securityGroupReferencingSupport: boolean,
});

const transitGatewayPeeringAttachmentSide = record<TransitGatewayPeeringAttachmentSide>(
  "TransitGatewayPeeringAttachmentSide",
  {
    ownerId: accountId,
    region,
    transitGatewayId: id("tgw"),
    transitGatewayAttachmentId: optional(id("tgw-attach")),
  },
);

const transitGatewayPeeringAttachment = record<TransitGatewayPeeringAttachment>("TransitGatewayPeeringAttachment", {
  transitGatewayAttachmentId: id("tgw-attach"),
  name: optional(anyText),
  state: transitGatewayAttachmentState,
  requester: transitGatewayPeeringAttachmentSide,
  accepter: transitGatewayPeeringAttachmentSide,
});

const transitGatewayRoute = record<TransitGatewayRoute>("TransitGatewayRoute", {
  destinationCidrBlock: cidr,
  prefixListId: optional(id("pl")),
  type: choice("static", "propagated"),
  state: choice("active", "blackhole"),
  transitGatewayAttachmentIds: list(id("tgw-attach")),
});

const transitGatewayRouteTable = record<TransitGatewayRouteTable>("TransitGatewayRouteTable", {
  ...resource,
  transitGatewayRouteTableId: id("tgw-rtb"),
  transitGatewayId: id("tgw"),
  state: choice("pending", "available", "deleting", "deleted"),
  defaultAssociationRouteTable: boolean,
  defaultPropagationRouteTable: boolean,
  associations: list(
    record<TransitGatewayRouteTable["associations"][number]>("TransitGatewayRouteTable.association", {
      transitGatewayAttachmentId: id("tgw-attach"),
      state: choice("associating", "associated", "disassociating", "disassociated"),
    }),
  ),
  propagations: list(
    record<TransitGatewayRouteTable["propagations"][number]>("TransitGatewayRouteTable.propagation", {
      transitGatewayAttachmentId: id("tgw-attach"),
      state: choice("enabling", "enabled", "disabling", "disabled"),
    }),
  ),
  routes: list(transitGatewayRoute),
});

const prefixList = record<PrefixList>("PrefixList", {
  ...resource,
  prefixListId: id("pl"),
  prefixListName: anyText,
  addressFamily: choice("IPv4", "IPv6"),
  maxEntries: integer(0, Number.MAX_SAFE_INTEGER),
  entries: list(cidr),
});

const unknown = record<Unknown>("Unknown", { id: anyText, reason: anyText });

/** What a whole snapshot must look like. */
export const networkModelShape: RecordShape = record<NetworkModel>("NetworkModel", {
  version: { kind: "constant", value: networkModelVersion },
  vpcs: list(vpc),
  subnets: list(subnet),
  routeTables: list(routeTable),
  networkAcls: list(networkAcl),
  securityGroups: list(securityGroup),
  networkInterfaces: list(networkInterface),
  instances: list(instance),
  internetGateways: list(internetGateway),
  egressOnlyInternetGateways: list(egressOnlyInternetGateway),
  natGateways: list(natGateway),
  vpcPeeringConnections: list(vpcPeeringConnection),
  transitGateways: list(transitGateway),
  transitGatewayVpcAttachments: list(transitGatewayVpcAttachment),
  transitGatewayPeeringAttachments: list(transitGatewayPeeringAttachment),
  transitGatewayRouteTables: list(transitGatewayRouteTable),
  prefixLists: list(prefixList),
  unknowns: list(unknown),
});
