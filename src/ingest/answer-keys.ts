/** The lists that answers hold: the action each is of, and what becomes of it. Two are not AWS's own answers, but of many calls together. */

/** Lists that become parts of the model. One that a folder lacks is told as unknown. */
const modelled = {
  Vpcs: "DescribeVpcs",
  Subnets: "DescribeSubnets",
  RouteTables: "DescribeRouteTables",
  NetworkAcls: "DescribeNetworkAcls",
  SecurityGroups: "DescribeSecurityGroups",
  NetworkInterfaces: "DescribeNetworkInterfaces",
  Reservations: "DescribeInstances",
  InternetGateways: "DescribeInternetGateways",
  EgressOnlyInternetGateways: "DescribeEgressOnlyInternetGateways",
  NatGateways: "DescribeNatGateways",
  VpcPeeringConnections: "DescribeVpcPeeringConnections",
  TransitGateways: "DescribeTransitGateways",
  TransitGatewayAttachments: "DescribeTransitGatewayAttachments",
  TransitGatewayVpcAttachments: "DescribeTransitGatewayVpcAttachments",
  TransitGatewayPeeringAttachments: "DescribeTransitGatewayPeeringAttachments",
  TransitGatewayRouteTables: "DescribeTransitGatewayRouteTables",
  PrefixLists: "DescribeManagedPrefixLists",
} as const;

/** Lists that add to the others: without them something else tells it, or each thing that lacks a fact says so. */
const additional = {
  AvailabilityZones: "DescribeAvailabilityZones",
  VpcAttributes: "DescribeVpcAttribute",
  SecurityGroupRules: "DescribeSecurityGroupRules",
  TransitGatewayRouteTableAssociations: "GetTransitGatewayRouteTableAssociations",
  TransitGatewayRouteTablePropagations: "GetTransitGatewayRouteTablePropagations",
  TransitGatewayRoutes: "SearchTransitGatewayRoutes",
  TransitGatewayStaticRoutes: "SearchTransitGatewayRoutes",
  PrefixListEntries: "GetManagedPrefixListEntries",
  /** Calls that a collector could not make: `{Action, Reason}`. */
  NotRead: "",
} as const;

/** Components that this version cannot follow, by the field that holds their id. Each becomes an entry in `unknowns`. */
export const unmodelledLists = {
  VpcEndpoints: { id: "VpcEndpointId", what: "a VPC endpoint" },
  VpnGateways: { id: "VpnGatewayId", what: "a virtual private gateway" },
  VpnConnections: { id: "VpnConnectionId", what: "a Site-to-Site VPN connection" },
  CustomerGateways: { id: "CustomerGatewayId", what: "a customer gateway" },
  TransitGatewayConnects: { id: "TransitGatewayAttachmentId", what: "a transit gateway Connect attachment" },
  LocalGateways: { id: "LocalGatewayId", what: "a local gateway" },
  CarrierGateways: { id: "CarrierGatewayId", what: "a carrier gateway" },
  LoadBalancers: { id: "LoadBalancerArn", what: "a load balancer" },
  LoadBalancerDescriptions: { id: "LoadBalancerName", what: "a classic load balancer" },
  TargetGroups: { id: "TargetGroupArn", what: "a target group of a load balancer" },
  Firewalls: { id: "FirewallArn", what: "a Network Firewall" },
  ServiceConfigurations: { id: "ServiceId", what: "a VPC endpoint service" },
  ClientVpnEndpoints: { id: "ClientVpnEndpointId", what: "a Client VPN endpoint" },
  CoreNetworks: { id: "CoreNetworkId", what: "a Cloud WAN core network" },
  DirectConnectGateways: { id: "directConnectGatewayId", what: "a Direct Connect gateway" },
} as const;

/** What tells nothing about reachability that the others do not: databases and functions are found by their interfaces. */
const ignored: ReadonlySet<string> = new Set([
  "Addresses",
  "Regions",
  "DhcpOptions",
  "Volumes",
  "Tags",
  "KeyPairs",
  "Images",
  "DBInstances",
  "Functions",
]);

export const expectedLists: readonly (readonly [key: AnswerKey, action: string])[] = Object.entries(modelled).map(
  // Object.entries forgets the names that the constant has.
  ([key, action]) => [key as AnswerKey, action],
);

export type AnswerKey = keyof typeof modelled | keyof typeof additional | keyof typeof unmodelledLists;

export type UnmodelledKey = keyof typeof unmodelledLists;

/** Another spelling of the same list. */
const aliases: Readonly<Record<string, AnswerKey>> = {
  TransitGatewayPropagations: "TransitGatewayRouteTablePropagations",
};

/** The list that a name at the top of an answer means. */
export function answerKeyOf(name: string): AnswerKey | undefined {
  if (Object.hasOwn(aliases, name)) return aliases[name];
  const known = [modelled, additional, unmodelledLists].some((lists) => Object.hasOwn(lists, name));
  // The name was just found among the constants.
  return known ? (name as AnswerKey) : undefined;
}

export function isIgnoredKey(name: string): boolean {
  return ignored.has(name);
}
