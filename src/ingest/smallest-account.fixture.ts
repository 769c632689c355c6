/** The smallest answers of a sound account, for tests that change one thing in them. */
import type { AnswerFile } from "./answer-files.ts";

export const account = "111111111111";
export const folder = `${account}/eu-west-1`;

type Lists = Readonly<Record<string, readonly object[]>>;

export const smallest: Lists = {
  Vpcs: [{ VpcId: "vpc-1", OwnerId: account, CidrBlock: "10.0.0.0/16", IsDefault: false }],
  VpcAttributes: [{ VpcId: "vpc-1", EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: false } }],
  Subnets: [
    {
      SubnetId: "subnet-1",
      VpcId: "vpc-1",
      OwnerId: account,
      CidrBlock: "10.0.1.0/24",
      AvailabilityZone: "eu-west-1a",
      AvailabilityZoneId: "euw1-az1",
    },
  ],
  RouteTables: [
    {
      RouteTableId: "rtb-1",
      VpcId: "vpc-1",
      OwnerId: account,
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active", Origin: "CreateRouteTable" },
      ],
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: "acl-1",
      VpcId: "vpc-1",
      OwnerId: account,
      IsDefault: true,
      Associations: [{ SubnetId: "subnet-1" }],
      Entries: [{ RuleNumber: 100, Egress: false, RuleAction: "allow", Protocol: "-1", CidrBlock: "0.0.0.0/0" }],
    },
  ],
  SecurityGroups: [
    { GroupId: "sg-1", GroupName: "web", VpcId: "vpc-1", OwnerId: account, IpPermissions: [], IpPermissionsEgress: [] },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: "eni-1",
      VpcId: "vpc-1",
      SubnetId: "subnet-1",
      OwnerId: account,
      MacAddress: "0A:00:00:00:00:01",
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.1.10", Primary: true }],
      Groups: [{ GroupId: "sg-1" }],
      Status: "available",
    },
  ],
  Reservations: [],
  InternetGateways: [],
  EgressOnlyInternetGateways: [],
  NatGateways: [],
  VpcPeeringConnections: [],
  TransitGateways: [],
  TransitGatewayAttachments: [],
  TransitGatewayVpcAttachments: [],
  TransitGatewayPeeringAttachments: [],
  TransitGatewayRouteTables: [],
  PrefixLists: [],
};

/** One file for each list, as `causeway snapshot --answers` keeps them. */
export function filesOf(lists: Lists, path: string = folder): readonly AnswerFile[] {
  return Object.entries(lists).map(([name, items]) => ({
    path: `${path}/${name}.json`,
    text: JSON.stringify({ [name]: items }),
  }));
}

/** The smallest account with the first object of a list changed. A field that becomes undefined is not in the file. */
export function withFirst(list: string, change: object): Lists {
  const [first = {}, ...rest] = smallest[list] ?? [];
  return { ...smallest, [list]: [{ ...first, ...change }, ...rest] };
}

export function without(list: string): Lists {
  return Object.fromEntries(Object.entries(smallest).filter(([name]) => name !== list));
}
