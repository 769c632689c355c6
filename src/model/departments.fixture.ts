/**
 * A small network for this folder's tests: marketing and finance peer across accounts, developer stands apart. Marketing has
 * a web instance with a public address and two interfaces; finance has a database and uses marketing's addresses again.
 */
import {
  emptyNetworkModel,
  type NetworkInterface,
  type NetworkModel,
  type RouteTable,
  type Subnet,
  type Vpc,
} from "./network-model.ts";

const marketingAccount = { ownerId: "111111111111", region: "eu-central-1" } as const;
const financeAccount = { ownerId: "222222222222", region: "us-east-1" } as const;

const vpcDefaults = {
  ipv6CidrBlocks: [],
  isDefault: false,
  enableDnsSupport: true,
  enableDnsHostnames: false,
} as const;
const marketing: Vpc = {
  ...marketingAccount,
  ...vpcDefaults,
  vpcId: "vpc-marketing",
  name: "marketing",
  cidrBlocks: ["10.0.0.0/16"],
  ipv6CidrBlocks: ["2001:db8::/56"],
};
const finance: Vpc = {
  ...financeAccount,
  ...vpcDefaults,
  vpcId: "vpc-finance",
  name: "finance",
  cidrBlocks: ["10.1.0.0/16", "10.0.128.0/17"],
};

const subnets: readonly Subnet[] = [
  {
    ...marketingAccount,
    subnetId: "subnet-web",
    vpcId: "vpc-marketing",
    cidrBlock: "10.0.1.0/24",
    ipv6CidrBlocks: ["2001:db8::/64"],
    availabilityZone: "eu-central-1a",
    availabilityZoneId: "euc1-az2",
    networkAclId: "acl-marketing",
    routeTableId: "rtb-web",
  },
  {
    ...marketingAccount,
    subnetId: "subnet-back",
    vpcId: "vpc-marketing",
    cidrBlock: "10.0.200.0/24",
    ipv6CidrBlocks: [],
    availabilityZone: "eu-central-1b",
    availabilityZoneId: "euc1-az3",
    networkAclId: "acl-marketing",
  },
  {
    ...financeAccount,
    subnetId: "subnet-db",
    vpcId: "vpc-finance",
    cidrBlock: "10.0.200.0/24",
    ipv6CidrBlocks: [],
    availabilityZone: "us-east-1a",
    availabilityZoneId: "use1-az1",
    networkAclId: "acl-finance",
  },
];

const local = (cidr: string): RouteTable["routes"][number] => ({
  destination: { kind: "cidr", cidr },
  target: { kind: "local" },
  state: "active",
  origin: "CreateRouteTable",
});
const routeTables: readonly RouteTable[] = [
  {
    ...marketingAccount,
    routeTableId: "rtb-marketing",
    vpcId: "vpc-marketing",
    main: true,
    routes: [local("10.0.0.0/16")],
    gatewayIds: [],
  },
  {
    ...marketingAccount,
    routeTableId: "rtb-web",
    vpcId: "vpc-marketing",
    main: false,
    routes: [
      local("10.0.0.0/16"),
      {
        destination: { kind: "cidr", cidr: "0.0.0.0/0" },
        target: { kind: "internet-gateway", internetGatewayId: "igw-marketing" },
        state: "active",
        origin: "CreateRoute",
      },
      {
        destination: { kind: "cidr", cidr: "10.1.0.0/16" },
        target: { kind: "vpc-peering-connection", vpcPeeringConnectionId: "pcx-mf" },
        state: "active",
        origin: "CreateRoute",
      },
      {
        destination: { kind: "prefix-list", prefixListId: "pl-offices" },
        target: { kind: "nat-gateway", natGatewayId: "nat-deleted" },
        state: "blackhole",
        origin: "CreateRoute",
      },
    ],
    gatewayIds: [],
  },
  {
    ...marketingAccount,
    routeTableId: "rtb-edge",
    vpcId: "vpc-marketing",
    main: false,
    routes: [local("10.0.0.0/16")],
    gatewayIds: ["igw-marketing"],
  },
  {
    ...financeAccount,
    routeTableId: "rtb-finance",
    vpcId: "vpc-finance",
    main: true,
    routes: [local("10.1.0.0/16")],
    gatewayIds: [],
  },
];

const interfaceDefaults = { ipv6Addresses: [], sourceDestCheck: true, interfaceType: "interface" } as const;
const networkInterfaces: readonly NetworkInterface[] = [
  {
    ...marketingAccount,
    ...interfaceDefaults,
    networkInterfaceId: "eni-web-1",
    vpcId: "vpc-marketing",
    subnetId: "subnet-back",
    macAddress: "02:00:00:00:00:02",
    privateAddresses: [{ address: "10.0.200.10", primary: true }],
    securityGroupIds: ["sg-web"],
    attachment: { instanceId: "i-web", deviceIndex: 1 },
  },
  {
    ...marketingAccount,
    ...interfaceDefaults,
    networkInterfaceId: "eni-web-0",
    vpcId: "vpc-marketing",
    subnetId: "subnet-web",
    macAddress: "02:00:00:00:00:01",
    privateAddresses: [
      { address: "10.0.1.10", primary: true, publicIp: "203.0.113.7" },
      { address: "10.0.1.11", primary: false },
    ],
    ipv6Addresses: ["2001:db8::10"],
    securityGroupIds: ["sg-web"],
    attachment: { instanceId: "i-web", deviceIndex: 0 },
  },
  {
    ...marketingAccount,
    ...interfaceDefaults,
    networkInterfaceId: "eni-spare",
    name: "web",
    vpcId: "vpc-marketing",
    subnetId: "subnet-web",
    macAddress: "02:00:00:00:00:03",
    privateAddresses: [{ address: "10.0.1.99", primary: true }],
    securityGroupIds: [],
  },
  {
    ...financeAccount,
    ...interfaceDefaults,
    networkInterfaceId: "eni-db",
    vpcId: "vpc-finance",
    subnetId: "subnet-db",
    macAddress: "02:00:00:00:00:04",
    privateAddresses: [{ address: "10.0.200.10", primary: true }],
    securityGroupIds: ["sg-db"],
    attachment: { instanceId: "i-db", deviceIndex: 0 },
  },
];

const instanceDefaults = {
  imageId: "ami-1",
  instanceType: "t3.micro",
  launchTime: "2026-01-01T00:00:00.000Z",
  privateDnsName: "",
};

/** Sound: `validateNetworkModel` finds nothing to say about it. */
export const departments: NetworkModel = {
  ...emptyNetworkModel,
  vpcs: [marketing, finance],
  subnets,
  routeTables,
  networkAcls: [
    {
      ...marketingAccount,
      networkAclId: "acl-marketing",
      vpcId: "vpc-marketing",
      isDefault: true,
      entries: [
        {
          ruleNumber: 90,
          egress: false,
          ruleAction: "deny",
          protocol: 6,
          cidrBlock: "192.0.2.0/24",
          portRange: { from: 22, to: 22 },
        },
        {
          ruleNumber: 95,
          egress: false,
          ruleAction: "allow",
          protocol: 1,
          cidrBlock: "0.0.0.0/0",
          icmpTypeCode: { type: 8, code: -1 },
        },
        { ruleNumber: 100, egress: true, ruleAction: "allow", protocol: -1, cidrBlock: "0.0.0.0/0" },
        { ruleNumber: 32_767, egress: true, ruleAction: "deny", protocol: -1, cidrBlock: "0.0.0.0/0" },
      ],
    },
    { ...financeAccount, networkAclId: "acl-finance", vpcId: "vpc-finance", isDefault: true, entries: [] },
  ],
  securityGroups: [
    {
      ...marketingAccount,
      groupId: "sg-web",
      groupName: "web",
      vpcId: "vpc-marketing",
      rules: [
        {
          securityGroupRuleId: "sgr-1",
          isEgress: false,
          protocol: 6,
          fromPort: 443,
          toPort: 443,
          peer: { kind: "cidr", cidr: "0.0.0.0/0" },
        },
        {
          securityGroupRuleId: "sgr-2",
          isEgress: false,
          protocol: -1,
          peer: { kind: "security-group", groupId: "sg-web" },
        },
        {
          securityGroupRuleId: "sgr-3",
          isEgress: false,
          protocol: 1,
          fromPort: -1,
          toPort: -1,
          peer: {
            kind: "security-group",
            groupId: "sg-deleted",
            userId: "222222222222",
            vpcPeeringConnectionId: "pcx-mf",
          },
        },
      ],
    },
    { ...financeAccount, groupId: "sg-db", groupName: "db", vpcId: "vpc-finance", rules: [] },
  ],
  networkInterfaces,
  instances: [
    {
      ...marketingAccount,
      ...instanceDefaults,
      instanceId: "i-web",
      name: "web",
      vpcId: "vpc-marketing",
      subnetId: "subnet-web",
      state: "running",
      availabilityZone: "eu-central-1a",
    },
    {
      ...financeAccount,
      ...instanceDefaults,
      instanceId: "i-db",
      name: "finance",
      vpcId: "vpc-finance",
      subnetId: "subnet-db",
      state: "running",
      availabilityZone: "us-east-1a",
    },
    {
      ...financeAccount,
      ...instanceDefaults,
      instanceId: "i-old",
      name: "web",
      vpcId: "vpc-finance",
      subnetId: "subnet-deleted",
      state: "terminated",
      availabilityZone: "us-east-1a",
    },
  ],
  internetGateways: [{ ...marketingAccount, internetGatewayId: "igw-marketing", vpcId: "vpc-marketing" }],
  vpcPeeringConnections: [
    {
      vpcPeeringConnectionId: "pcx-mf",
      name: "marketing-finance",
      statusCode: "active",
      requester: { ...marketingAccount, vpcId: "vpc-marketing", allowDnsResolutionFromRemoteVpc: false },
      accepter: { ...financeAccount, vpcId: "vpc-finance", allowDnsResolutionFromRemoteVpc: false },
    },
  ],
  prefixLists: [
    {
      ...marketingAccount,
      prefixListId: "pl-offices",
      prefixListName: "offices",
      addressFamily: "IPv4",
      maxEntries: 5,
      entries: ["198.51.100.0/24"],
    },
  ],
};
