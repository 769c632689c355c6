/** What is read of an account in a Region: the lists, and what has to be asked of each thing in them. Nothing here changes anything. */

export type Answer = Readonly<Record<string, unknown>>;

/** A list, read page by page. */
export interface ListRead {
  readonly action: ReadAction;
  /** The list in the answer, and the name of the file that it goes to. */
  readonly list: string;
  /** The largest page that the action gives; undefined for one that is not paged. */
  readonly pageSize?: number;
}

/** Asked of each thing of a list. All answers go to one file, each with the id of its thing. */
export interface ThingRead {
  readonly action: ReadAction;
  /** The list of the things, and the field of their id. */
  readonly of: string;
  readonly idField: string;
  /** Things in these states are asked about; absent for all. */
  readonly states?: readonly string[];
  /** The file. */
  readonly list: string;
  /** The list in each answer that is read page by page. */
  readonly pagedList?: string;
  /** One call for each of these, besides the id. */
  readonly inputs: readonly Answer[];
}

export const listReads: readonly ListRead[] = [
  { action: "DescribeAvailabilityZones", list: "AvailabilityZones" },
  { action: "DescribeVpcs", list: "Vpcs", pageSize: 1000 },
  { action: "DescribeSubnets", list: "Subnets", pageSize: 1000 },
  { action: "DescribeRouteTables", list: "RouteTables", pageSize: 100 },
  { action: "DescribeNetworkAcls", list: "NetworkAcls", pageSize: 1000 },
  { action: "DescribeSecurityGroups", list: "SecurityGroups", pageSize: 1000 },
  { action: "DescribeSecurityGroupRules", list: "SecurityGroupRules", pageSize: 1000 },
  { action: "DescribeNetworkInterfaces", list: "NetworkInterfaces", pageSize: 1000 },
  { action: "DescribeInstances", list: "Reservations", pageSize: 1000 },
  { action: "DescribeInternetGateways", list: "InternetGateways", pageSize: 1000 },
  { action: "DescribeEgressOnlyInternetGateways", list: "EgressOnlyInternetGateways", pageSize: 255 },
  { action: "DescribeNatGateways", list: "NatGateways", pageSize: 1000 },
  { action: "DescribeVpcPeeringConnections", list: "VpcPeeringConnections", pageSize: 1000 },
  { action: "DescribeTransitGateways", list: "TransitGateways", pageSize: 1000 },
  { action: "DescribeTransitGatewayAttachments", list: "TransitGatewayAttachments", pageSize: 1000 },
  { action: "DescribeTransitGatewayVpcAttachments", list: "TransitGatewayVpcAttachments", pageSize: 1000 },
  { action: "DescribeTransitGatewayPeeringAttachments", list: "TransitGatewayPeeringAttachments", pageSize: 1000 },
  { action: "DescribeTransitGatewayRouteTables", list: "TransitGatewayRouteTables", pageSize: 1000 },
  { action: "DescribeManagedPrefixLists", list: "PrefixLists", pageSize: 100 },
  { action: "DescribeVpcEndpoints", list: "VpcEndpoints", pageSize: 1000 },
  { action: "DescribeVpnGateways", list: "VpnGateways" },
  { action: "DescribeVpnConnections", list: "VpnConnections" },
  { action: "DescribeCustomerGateways", list: "CustomerGateways" },
  { action: "DescribeLocalGateways", list: "LocalGateways", pageSize: 1000 },
  { action: "DescribeCarrierGateways", list: "CarrierGateways", pageSize: 1000 },
];

const routeTables = { of: "TransitGatewayRouteTables", idField: "TransitGatewayRouteTableId", states: ["available"] };

export const thingReads: readonly ThingRead[] = [
  {
    action: "DescribeVpcAttribute",
    of: "Vpcs",
    idField: "VpcId",
    list: "VpcAttributes",
    inputs: [{ Attribute: "enableDnsSupport" }, { Attribute: "enableDnsHostnames" }],
  },
  {
    action: "GetTransitGatewayRouteTableAssociations",
    ...routeTables,
    list: "TransitGatewayRouteTableAssociations",
    pagedList: "Associations",
    inputs: [{}],
  },
  {
    action: "GetTransitGatewayRouteTablePropagations",
    ...routeTables,
    list: "TransitGatewayRouteTablePropagations",
    pagedList: "TransitGatewayRouteTablePropagations",
    inputs: [{}],
  },
  {
    action: "SearchTransitGatewayRoutes",
    ...routeTables,
    list: "TransitGatewayRoutes",
    pagedList: "Routes",
    // A filter is required; these two states are all in which a route counts. [TG-50]
    inputs: [{ Filters: [{ Name: "state", Values: ["active", "blackhole"] }], MaxResults: 1000 }],
  },
  {
    action: "GetManagedPrefixListEntries",
    of: "PrefixLists",
    idField: "PrefixListId",
    list: "PrefixListEntries",
    pagedList: "Entries",
    inputs: [{ MaxResults: 100 }],
  },
];

/** Every action of EC2 that is called. */
export const readActions = [
  "DescribeAvailabilityZones",
  "DescribeCarrierGateways",
  "DescribeCustomerGateways",
  "DescribeEgressOnlyInternetGateways",
  "DescribeInstances",
  "DescribeInternetGateways",
  "DescribeLocalGateways",
  "DescribeManagedPrefixLists",
  "DescribeNatGateways",
  "DescribeNetworkAcls",
  "DescribeNetworkInterfaces",
  "DescribeRegions",
  "DescribeRouteTables",
  "DescribeSecurityGroupRules",
  "DescribeSecurityGroups",
  "DescribeSubnets",
  "DescribeTransitGatewayAttachments",
  "DescribeTransitGatewayPeeringAttachments",
  "DescribeTransitGatewayRouteTables",
  "DescribeTransitGatewayVpcAttachments",
  "DescribeTransitGateways",
  "DescribeVpcAttribute",
  "DescribeVpcEndpoints",
  "DescribeVpcPeeringConnections",
  "DescribeVpcs",
  "DescribeVpnConnections",
  "DescribeVpnGateways",
  "GetManagedPrefixListEntries",
  "GetTransitGatewayRouteTableAssociations",
  "GetTransitGatewayRouteTablePropagations",
  "SearchTransitGatewayRoutes",
] as const;

export type ReadAction = (typeof readActions)[number];
