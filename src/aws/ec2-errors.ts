/**
 * How EC2 spells "not found" and "malformed" for each kind of resource: codes and messages differ per resource, and
 * clients match on them (Terraform and the waiters above all). Source: semantics 13.1 "Code spelling traps", and the
 * error lists of sections 1 to 9.
 */
import { AwsError } from "./errors.ts";

interface Spelling {
  readonly notFound: string;
  readonly malformed: string;
  /** How the message names one id, and several. */
  readonly one: (id: string) => string;
  readonly many?: (ids: string) => string;
  /** Prefix that a well-formed id has, as the malformed message gives it. */
  readonly prefix: string;
  /** The malformed message, where it is another one than EC2's usual. */
  readonly notAnId?: (value: string) => string;
}

/** Every kind of EC2 resource that can be named by id; the names are TagSpecification's `ResourceType` where it has one. */
export type Ec2ResourceKind = keyof typeof spellings;

/** Errors about resource ids, one spelling table for all handlers. */
export const ec2Errors = { notFound, malformed } as const;

/** No such resource, or none that the caller may see. Several ids are named together, as Describe does. */
function notFound(kind: Ec2ResourceKind, ...ids: readonly string[]): AwsError {
  const spelling: Spelling = spellings[kind];
  const [first = ""] = ids;
  const message =
    ids.length > 1 && spelling.many !== undefined
      ? spelling.many(ids.join(", "))
      : spelling.one(ids.join(", ") || first);
  return new AwsError(spelling.notFound, message);
}

/** The text is not an id of this kind. */
function malformed(kind: Ec2ResourceKind, value: string): AwsError {
  const spelling: Spelling = spellings[kind];
  const usual = `Invalid id: "${value}" (expecting "${spelling.prefix}-...")`;
  return new AwsError(spelling.malformed, spelling.notAnId?.(value) ?? usual);
}

/** `The <noun> ID '<id>' does not exist`: most of EC2. */
function classic(noun: string): Pick<Spelling, "one" | "many"> {
  return {
    one: (id) => `The ${noun} ID '${id}' does not exist`,
    many: (ids) => `The ${noun} IDs '${ids}' do not exist`,
  };
}

/** The transit gateway family's wording. [TG-60] */
function deletedOrMissing(noun: string): Pick<Spelling, "one"> {
  return { one: (id) => `${noun} ${id} was deleted or does not exist.` };
}

const spellings = {
  vpc: { notFound: "InvalidVpcID.NotFound", malformed: "InvalidVpcId.Malformed", prefix: "vpc", ...classic("vpc") },
  subnet: {
    notFound: "InvalidSubnetID.NotFound",
    malformed: "InvalidSubnetId.Malformed",
    prefix: "subnet",
    ...classic("subnet"),
  },
  "route-table": {
    notFound: "InvalidRouteTableID.NotFound",
    malformed: "InvalidRouteTableId.Malformed",
    prefix: "rtb",
    ...classic("routeTable"),
  },
  "route-table-association": {
    notFound: "InvalidAssociationID.NotFound",
    malformed: "InvalidAssociationID.Malformed",
    prefix: "rtbassoc",
    ...classic("association"),
  },
  "network-acl": {
    notFound: "InvalidNetworkAclID.NotFound",
    malformed: "InvalidNetworkAclId.Malformed",
    prefix: "acl",
    ...classic("networkAcl"),
  },
  "network-acl-association": {
    notFound: "InvalidAssociationID.NotFound",
    malformed: "InvalidAssociationID.Malformed",
    prefix: "aclassoc",
    ...classic("association"),
  },
  "security-group": {
    notFound: "InvalidGroup.NotFound",
    malformed: "InvalidGroupId.Malformed",
    prefix: "sg",
    one: (id: string) => `The security group '${id}' does not exist`,
    many: (ids: string) => `The security groups '${ids}' do not exist`,
  },
  "security-group-rule": {
    notFound: "InvalidSecurityGroupRuleId.NotFound",
    malformed: "InvalidSecurityGroupRuleId.Malformed",
    prefix: "sgr",
    ...classic("security group rule"),
  },
  "internet-gateway": {
    notFound: "InvalidInternetGatewayID.NotFound",
    malformed: "InvalidInternetGatewayId.Malformed",
    prefix: "igw",
    ...classic("internetGateway"),
  },
  "egress-only-internet-gateway": {
    notFound: "InvalidGatewayID.NotFound",
    malformed: "InvalidGatewayId.Malformed",
    prefix: "eigw",
    ...classic("eigw"),
  },
  /** A route's `GatewayId`, of which EC2 does not know which sort of gateway was meant. */
  gateway: {
    notFound: "InvalidGatewayID.NotFound",
    malformed: "InvalidGatewayId.Malformed",
    prefix: "igw",
    ...classic("gateway"),
  },
  natgateway: {
    notFound: "NatGatewayNotFound",
    malformed: "NatGatewayMalformed",
    prefix: "nat",
    one: (id: string) => `NatGateway ${id} was not found`,
    many: (ids: string) => `NatGateways ${ids} were not found`,
  },
  "network-interface": {
    notFound: "InvalidNetworkInterfaceID.NotFound",
    malformed: "InvalidNetworkInterfaceId.Malformed",
    prefix: "eni",
    ...classic("networkInterface"),
  },
  "network-interface-attachment": {
    notFound: "InvalidAttachmentID.NotFound",
    malformed: "InvalidAttachmentId.Malformed",
    prefix: "eni-attach",
    ...classic("networkInterfaceAttachment"),
  },
  "vpc-peering-connection": {
    notFound: "InvalidVpcPeeringConnectionID.NotFound",
    malformed: "InvalidVpcPeeringConnectionId.Malformed",
    prefix: "pcx",
    ...classic("vpcPeeringConnection"),
  },
  "elastic-ip": {
    notFound: "InvalidAllocationID.NotFound",
    malformed: "InvalidAllocationID.Malformed",
    prefix: "eipalloc",
    one: (id: string) => `Allocation ID '${id}' not found.`,
    many: (ids: string) => `Allocation IDs '${ids}' not found.`,
  },
  "elastic-ip-association": {
    notFound: "InvalidAssociationID.NotFound",
    malformed: "InvalidAssociationID.Malformed",
    prefix: "eipassoc",
    ...classic("association"),
  },
  /** A public address named by the address itself. */
  address: {
    notFound: "InvalidAddress.NotFound",
    malformed: "InvalidAddress.Malformed",
    prefix: "eipalloc",
    one: (id: string) => `Address '${id}' not found.`,
    many: (ids: string) => `Addresses '${ids}' not found.`,
  },
  "prefix-list": {
    notFound: "InvalidPrefixListID.NotFound",
    malformed: "InvalidPrefixListId.Malformed",
    prefix: "pl",
    ...classic("prefixList"),
  },
  instance: {
    notFound: "InvalidInstanceID.NotFound",
    malformed: "InvalidInstanceID.Malformed",
    prefix: "i",
    ...classic("instance"),
  },
  image: {
    notFound: "InvalidAMIID.NotFound",
    malformed: "InvalidAMIID.Malformed",
    prefix: "ami",
    one: (id: string) => `The image id '[${id}]' does not exist`,
    many: (ids: string) => `The image ids '[${ids}]' do not exist`,
  },
  volume: {
    notFound: "InvalidVolume.NotFound",
    malformed: "InvalidVolumeID.Malformed",
    prefix: "vol",
    one: (id: string) => `The volume '${id}' does not exist.`,
    many: (ids: string) => `The volumes '${ids}' do not exist.`,
  },
  "key-pair": {
    notFound: "InvalidKeyPair.NotFound",
    malformed: "InvalidKeyPair.Format",
    prefix: "key",
    one: (id: string) => `The key pair '${id}' does not exist`,
    many: (ids: string) => `The key pairs '${ids}' do not exist`,
  },
  "launch-template": {
    notFound: "InvalidLaunchTemplateId.NotFound",
    malformed: "InvalidLaunchTemplateId.Malformed",
    prefix: "lt",
    one: (id: string) => `The specified launch template, with template ID ${id}, does not exist.`,
  },
  "dhcp-options": {
    notFound: "InvalidDhcpOptionID.NotFound",
    malformed: "InvalidDhcpOptionsId.Malformed",
    prefix: "dopt",
    ...classic("dhcpOption"),
  },
  "vpc-cidr-block-association": {
    notFound: "InvalidVpcCidrBlockAssociationID.NotFound",
    malformed: "InvalidVpcCidrBlockAssociationId.Malformed",
    prefix: "vpc-cidr-assoc",
    ...classic("vpc CIDR block association"),
  },
  "subnet-cidr-block-association": {
    notFound: "InvalidSubnetCidrBlockAssociationID.NotFound",
    malformed: "InvalidSubnetCidrBlockAssociationId.Malformed",
    prefix: "subnet-cidr-assoc",
    ...classic("subnet CIDR block association"),
  },
  "vpc-flow-log": {
    notFound: "InvalidFlowLogId.NotFound",
    malformed: "InvalidFlowLogId.Malformed",
    prefix: "fl",
    ...classic("flowLog"),
  },
  "transit-gateway": {
    notFound: "InvalidTransitGatewayID.NotFound",
    malformed: "InvalidTransitGatewayID.Malformed",
    prefix: "tgw",
    notAnId: (id: string) => `Invalid Transit Gateway id ${id}.`,
    ...deletedOrMissing("Transit Gateway"),
  },
  "transit-gateway-attachment": {
    notFound: "InvalidTransitGatewayAttachmentID.NotFound",
    malformed: "InvalidTransitGatewayAttachmentID.Malformed",
    prefix: "tgw-attach",
    notAnId: () => "Invalid Transit Gateway Attachment id.",
    ...deletedOrMissing("Transit Gateway VPC Attachment"),
  },
  "transit-gateway-route-table": {
    notFound: "InvalidRouteTableID.NotFound",
    malformed: "InvalidRouteTableId.Malformed",
    prefix: "tgw-rtb",
    notAnId: (id: string) => `Invalid Transit Gateway Route Table id ${id}.`,
    ...deletedOrMissing("Transit Gateway Route Table"),
  },
  "vpc-endpoint": {
    notFound: "InvalidVpcEndpointId.NotFound",
    malformed: "InvalidVpcEndpointId.Malformed",
    prefix: "vpce",
    ...classic("VpcEndPoint"),
  },
  "vpc-endpoint-service": {
    notFound: "InvalidVpcEndpointServiceId.NotFound",
    malformed: "InvalidVpcEndpointServiceId.Malformed",
    prefix: "vpce-svc",
    ...classic("VpcEndpointService"),
  },
  "network-insights-path": {
    notFound: "InvalidNetworkInsightsPathId.NotFound",
    malformed: "InvalidNetworkInsightsPathId.Malformed",
    prefix: "nip",
    ...classic("network insights path"),
  },
  "network-insights-analysis": {
    notFound: "InvalidNetworkInsightsAnalysisId.NotFound",
    malformed: "InvalidNetworkInsightsAnalysisId.Malformed",
    prefix: "nia",
    ...classic("network insights analysis"),
  },
  "vpn-gateway": {
    notFound: "InvalidVpnGatewayID.NotFound",
    malformed: "InvalidVpnGatewayId.Malformed",
    prefix: "vgw",
    ...classic("vpnGateway"),
  },
  "customer-gateway": {
    notFound: "InvalidCustomerGatewayID.NotFound",
    malformed: "InvalidCustomerGatewayId.Malformed",
    prefix: "cgw",
    ...classic("customerGateway"),
  },
  "vpn-connection": {
    notFound: "InvalidVpnConnectionID.NotFound",
    malformed: "InvalidVpnConnectionId.Malformed",
    prefix: "vpn",
    ...classic("vpnConnection"),
  },
} as const satisfies { readonly [kind: string]: Spelling };
