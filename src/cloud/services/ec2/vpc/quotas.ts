/**
 * AWS's quotas for networks, and which of them this cloud holds callers to: those that a laboratory of a hundred VPCs does not
 * meet. See docs/decisions/0003-quotas.md. Defaults: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
import { AwsError } from "../../../../aws/index.ts";

interface Quota {
  /** What a new AWS account has. */
  readonly awsDefault: number;
  /** What is enforced here; absent where the default would be in the way, and AWS raises it on request. */
  readonly enforced?: number;
  readonly code: string;
  readonly message: (subject: string, limit: number) => string;
}

const reached = (what: string) => () => `The maximum number of ${what} has been reached.`;

export const quotas = {
  vpcsPerRegion: { awsDefault: 5, code: "VpcLimitExceeded", message: reached("VPCs") },
  cidrBlocksPerVpc: {
    awsDefault: 5,
    enforced: 5,
    code: "CidrLimitExceeded",
    message: (vpcId, limit) => `This network ${vpcId} has met its maximum number of allowed CIDRs: ${limit}`,
  },
  subnetsPerVpc: { awsDefault: 200, enforced: 200, code: "SubnetLimitExceeded", message: reached("subnets") },
  routeTablesPerVpc: {
    awsDefault: 200,
    enforced: 200,
    code: "RouteTableLimitExceeded",
    message: (_, limit) => `The maximum number of route tables per VPC (${limit}) has been reached.`,
  },
  routesPerRouteTable: {
    awsDefault: 500,
    enforced: 500,
    code: "RouteLimitExceeded",
    message: (routeTableId, limit) =>
      `The maximum number of routes (${limit}) for the route table ${routeTableId} has been reached.`,
  },
  internetGatewaysPerRegion: {
    awsDefault: 5,
    code: "InternetGatewayLimitExceeded",
    message: reached("internet gateways"),
  },
  natGatewaysPerAvailabilityZone: {
    awsDefault: 5,
    code: "NatGatewayLimitExceeded",
    message: reached("NAT gateways"),
  },
  elasticIpsPerRegion: {
    awsDefault: 5,
    code: "AddressLimitExceeded",
    message: reached("addresses"),
  },
  gatewayEndpointsPerRegion: {
    awsDefault: 20,
    code: "VpcEndpointLimitExceeded",
    message: reached("gateway VPC endpoints"),
  },
  interfaceEndpointsPerVpc: {
    awsDefault: 50,
    enforced: 50,
    code: "VpcEndpointLimitExceeded",
    message: reached("interface VPC endpoints in a VPC"),
  },
  prefixListsPerRegion: {
    awsDefault: 100,
    enforced: 100,
    code: "PrefixListLimitExceeded",
    message: reached("prefix lists"),
  },
  // AWS's guide to transit gateways has the numbers (semantics 6.10); nobody has published the codes.
  transitGatewaysPerRegion: {
    awsDefault: 5,
    code: "TransitGatewayLimitExceeded",
    message: reached("transit gateways"),
  },
  transitGatewayRouteTables: {
    awsDefault: 20,
    enforced: 20,
    code: "TransitGatewayRouteTableLimitExceeded",
    message: (gateway, limit) => `The maximum number of route tables (${limit}) for ${gateway} has been reached.`,
  },
  transitGatewayRoutes: {
    awsDefault: 10_000,
    enforced: 10_000,
    code: "TransitGatewayRouteLimitExceeded",
    message: (gateway, limit) => `The maximum number of routes (${limit}) for ${gateway} has been reached.`,
  },
  transitGatewayCidrBlocks: {
    awsDefault: 5,
    enforced: 5,
    code: "TransitGatewayCidrBlockLimitExceeded",
    message: (gateway, limit) => `The maximum number of CIDR blocks (${limit}) for ${gateway} has been reached.`,
  },
  transitGatewaysPerVpc: {
    awsDefault: 5,
    enforced: 5,
    code: "TransitGatewayAttachmentLimitExceeded",
    message: (vpcId, limit) => `The maximum number of transit gateways (${limit}) for ${vpcId} has been reached.`,
  },
  transitGatewayPeerings: {
    awsDefault: 50,
    enforced: 50,
    code: "TransitGatewayPeeringAttachmentLimitExceeded",
    message: (gateway, limit) =>
      `The maximum number of peering attachments (${limit}) for ${gateway} has been reached.`,
  },
  transitGatewayPendingPeerings: {
    awsDefault: 10,
    enforced: 10,
    code: "TransitGatewayPeeringAttachmentLimitExceeded",
    message: (gateway, limit) =>
      `The maximum number of pending peering attachments (${limit}) for ${gateway} has been reached.`,
  },
} as const satisfies { readonly [name: string]: Quota };

/** Refuses when `count` things, the new one included, are more than is allowed. `subject` is what they belong to. */
export function checkQuota(name: keyof typeof quotas, count: number, subject = ""): void {
  const quota: Quota = quotas[name];
  if (quota.enforced !== undefined && count > quota.enforced) {
    throw new AwsError(quota.code, quota.message(subject, quota.enforced));
  }
}
