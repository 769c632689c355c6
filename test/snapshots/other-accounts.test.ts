/**
 * Accounts as others keep them: other file names, pages, older fields, and what this version does not model. All of it loads; what cannot be
 * followed is named, and a packet that comes to it is neither passed nor blocked without a word.
 */
import { describe, expect, test } from "vitest";
import { type IngestResult, ingestDescribeAnswers } from "../../src/ingest/index.ts";
import { validateNetworkModel } from "../../src/model/index.ts";
import { type Explanation, explain, type FlowEnd } from "../../src/reachability/index.ts";

type Lists = Readonly<Record<string, readonly object[]>>;

const OwnerId = "111111111111";
const VpcId = "vpc-1";
const open = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };

function networkInterface(name: string, lastByte: number, more: object = {}) {
  return {
    NetworkInterfaceId: `eni-${name}`,
    OwnerId,
    VpcId,
    SubnetId: "subnet-1",
    MacAddress: `0a:00:00:00:00:${String(lastByte).padStart(2, "0")}`,
    // As answers told it before there were several addresses.
    PrivateIpAddress: `10.0.1.${lastByte}`,
    Groups: [{ GroupId: "sg-1" }],
    Status: "in-use",
    SourceDestCheck: true,
    Attachment: { Status: "attached", DeviceIndex: 1 },
    ...more,
  };
}

/** One VPC with an instance, and with what services have put into it. Fields are those of some years ago. */
const account: Lists = {
  Vpcs: [{ VpcId, CidrBlock: "10.0.0.0/16", IsDefault: false }],
  Subnets: [
    { SubnetId: "subnet-1", VpcId, CidrBlock: "10.0.1.0/24", AvailabilityZone: "eu-west-1a" },
    { SubnetId: "subnet-2", VpcId, CidrBlock: "10.0.2.0/24", AvailabilityZone: "eu-west-1a" },
  ],
  RouteTables: [
    {
      RouteTableId: "rtb-1",
      OwnerId,
      VpcId,
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" },
        {
          DestinationCidrBlock: "192.168.0.0/16",
          GatewayId: "vgw-1",
          State: "active",
          Origin: "EnableVgwRoutePropagation",
        },
        { DestinationCidrBlock: "172.16.0.0/12", TransitGatewayId: "tgw-1", State: "active", Origin: "CreateRoute" },
        { DestinationPrefixListId: "pl-1", GatewayId: "vpce-s3", State: "active", Origin: "CreateRoute" },
        { DestinationCidrBlock: "0.0.0.0/0", GatewayId: "vpce-firewall", State: "active", Origin: "CreateRoute" },
      ],
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: "acl-1",
      VpcId,
      IsDefault: true,
      Associations: [{ SubnetId: "subnet-1" }, { SubnetId: "subnet-2" }],
      Entries: [true, false].map((Egress) => ({
        RuleNumber: 100,
        Egress,
        RuleAction: "allow",
        Protocol: "-1",
        CidrBlock: "0.0.0.0/0",
      })),
    },
  ],
  SecurityGroups: [
    { GroupId: "sg-1", GroupName: "open", OwnerId, VpcId, IpPermissions: [open], IpPermissionsEgress: [open] },
    { GroupId: "sg-2", GroupName: "https", OwnerId, VpcId, IpPermissions: [https], IpPermissionsEgress: [open] },
  ],
  Reservations: [
    { OwnerId, Instances: [{ InstanceId: "i-1", VpcId, SubnetId: "subnet-1", State: { Name: "running" } }] },
  ],
  NetworkInterfaces: [
    networkInterface("instance", 10, { Attachment: { InstanceId: "i-1", DeviceIndex: 0, Status: "attached" } }),
    networkInterface("endpoint", 20, { InterfaceType: "vpc_endpoint", Groups: [{ GroupId: "sg-2" }] }),
    networkInterface("nlb", 30, { InterfaceType: "network_load_balancer", Groups: [], Description: "ELB net/n/1" }),
    networkInterface("alb", 31, { Description: "ELB app/a/2" }),
    networkInterface("lambda", 40, { InterfaceType: "lambda", Description: "AWS Lambda VPC ENI-f" }),
    networkInterface("rds", 50, { Description: "RDSNetworkInterface", RequesterId: "amazon-rds" }),
  ],
  InternetGateways: [],
  PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "s3", AddressFamily: "IPv4", MaxEntries: 1, OwnerId: "AWS" }],
  TransitGateways: [{ TransitGatewayId: "tgw-1", OwnerId, State: "available", Options: { AmazonSideAsn: 64512 } }],
  TransitGatewayVpcAttachments: [
    {
      TransitGatewayAttachmentId: "tgw-attach-1",
      TransitGatewayId: "tgw-1",
      VpcId,
      VpcOwnerId: OwnerId,
      State: "available",
      SubnetIds: ["subnet-2"],
    },
  ],
  TransitGatewayAttachments: [
    { TransitGatewayAttachmentId: "tgw-attach-2", TransitGatewayId: "tgw-1", ResourceType: "vpn", State: "available" },
  ],
  TransitGatewayRouteTables: [
    { TransitGatewayRouteTableId: "tgw-rtb-1", TransitGatewayId: "tgw-1", State: "available" },
  ],
  VpcEndpoints: [
    { VpcEndpointId: "vpce-s3", VpcEndpointType: "Gateway", VpcId, State: "available" },
    { VpcEndpointId: "vpce-sqs", VpcEndpointType: "Interface", VpcId, NetworkInterfaceIds: ["eni-endpoint"] },
    { VpcEndpointId: "vpce-firewall", VpcEndpointType: "GatewayLoadBalancer", VpcId, State: "available" },
  ],
  VpnGateways: [{ VpnGatewayId: "vgw-1", State: "available", VpcAttachments: [{ VpcId, State: "attached" }] }],
  VpnConnections: [{ VpnConnectionId: "vpn-1", VpnGatewayId: "vgw-1", CustomerGatewayId: "cgw-1", State: "available" }],
  CustomerGateways: [{ CustomerGatewayId: "cgw-1", State: "available" }],
  LoadBalancers: [{ LoadBalancerArn: "arn:aws:elasticloadbalancing:n", Type: "network", State: { Code: "active" } }],
  LoadBalancerDescriptions: [{ LoadBalancerName: "classic", VPCId: VpcId }],
  DBInstances: [{ DBInstanceIdentifier: "db" }],
  Functions: [{ FunctionName: "f" }],
};

/** The lists as files of one folder, each named by the function. */
function files(lists: Lists, nameOf: (list: string) => string, folder = `${OwnerId}/eu-west-1/`) {
  return Object.entries(lists).map(([list, items]) => ({
    path: `${folder}${nameOf(list)}`,
    text: JSON.stringify({ [list]: items }),
  }));
}

const ingested = ingestDescribeAnswers(files(account, (list) => `${list}.json`));

function ask(from: string, to: string, port = 443): Explanation {
  return explain(ingested.model, { source: end(from), destination: end(to), traffic: { protocol: "tcp", port } });
}

function end(text: string): FlowEnd {
  if (text.startsWith("eni-")) return { kind: "network-interface", networkInterfaceId: `eni-${text.slice(4)}` };
  return { kind: "address", address: text };
}

test("it becomes a sound model, without problems", () => {
  expect(ingested.problems).toEqual([]);
  expect(validateNetworkModel(ingested.model)).toEqual([]);
  expect(ingested.model.networkInterfaces).toHaveLength(6);
});

test.each([
  "vpce-s3",
  "vpce-sqs",
  "vpce-firewall",
  "vgw-1",
  "vpn-1",
  "cgw-1",
  "arn:aws:elasticloadbalancing:n",
  "classic",
  "eni-nlb",
  "eni-alb",
  "tgw-attach-2",
  "pl-1",
  `${OwnerId}/eu-west-1 DescribeNatGateways`,
])("%s is named as unknown", (id) => {
  expect(ingested.model.unknowns.map((each) => each.id)).toContain(id);
});

test.each<[from: string, to: string, verdict: string, component?: string, port?: number]>([
  ["eni-instance", "eni-endpoint", "reachable"],
  ["eni-instance", "eni-endpoint", "unreachable", undefined, 80],
  ["eni-lambda", "eni-instance", "reachable"],
  ["eni-lambda", "eni-rds", "reachable"],
  ["eni-instance", "eni-nlb", "unknown", "eni-nlb"],
  ["eni-instance", "eni-alb", "unknown", "eni-alb"],
  ["eni-instance", "192.168.1.1", "unknown", "vgw-1"],
  ["192.168.1.1", "eni-instance", "unknown", "vgw-1"],
  ["eni-instance", "10.0.9.9", "unreachable"],
])("%s -> %s is %s %s", (from, to, verdict, component, port) => {
  const explanation = ask(from, to, port);
  expect(explanation.verdict).toBe(verdict);
  if (component !== undefined) expect(explanation.unknowns.map(({ id }) => id)).toContain(component);
});

test("through a prefix list whose entries nobody told, and through a firewall's endpoint", () => {
  const { verdict, unknowns } = ask("eni-instance", "1.1.1.1");
  expect(verdict).toBe("unknown");
  expect(unknowns.map(({ id }) => id)).toContain("pl-1");
});

describe("the same account, kept in another way, is the same", () => {
  const text = (list: string, by: (answer: object) => unknown) => JSON.stringify(by({ [list]: account[list] ?? [] }));
  const kept = (by: (answer: object) => unknown): IngestResult =>
    ingestDescribeAnswers(
      files(account, (list) => `${list}.json`).map(({ path }) => {
        const list = path.split("/").at(-1)?.slice(0, -".json".length) ?? "";
        return { path, text: text(list, by) };
      }),
    );
  const kebab = (list: string) => `describe-${list.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.json`;

  test.each<[how: string, result: () => IngestResult]>([
    ["describe-vpcs.json", () => ingestDescribeAnswers(files(account, kebab))],
    [
      "vpcs-2020-01-01.json",
      () => ingestDescribeAnswers(files(account, (list) => `${list.toLowerCase()}-2020-01-01.json`)),
    ],
    ["no folder named after it", () => ingestDescribeAnswers(files(account, kebab, "production/"))],
    ["wrapped in another object", () => kept((answer) => ({ Response: answer }))],
    ["as SDKs print it", () => kept((answer) => ({ ...answer, ResponseMetadata: { HTTPStatusCode: 200 } }))],
    [
      "pages in a list",
      () => kept((answer) => [answer, Object.fromEntries(Object.keys(answer).map((list) => [list, []]))]),
    ],
    ["an empty token", () => kept((answer) => ({ ...answer, NextToken: "" }))],
    [
      "all in one file",
      () => ingestDescribeAnswers([{ path: `${OwnerId}/eu-west-1/all.json`, text: JSON.stringify(account) }]),
    ],
    [
      "with a mark at the beginning",
      () => ingestDescribeAnswers(files(account, kebab).map((file) => ({ ...file, text: `\uFEFF${file.text}` }))),
    ],
  ])("%s", (_how, result) => {
    const { model, problems } = result();
    expect(problems).toEqual([]);
    expect({ ...model, unknowns: [] }).toEqual({ ...ingested.model, unknowns: [] });
    expect(new Set(model.unknowns.map(({ id }) => id))).toEqual(new Set(ingested.model.unknowns.map(({ id }) => id)));
  });
});

test("two accounts and two Regions, each in its folder, beside files that are none", () => {
  const second = files(
    { Vpcs: [{ VpcId: "vpc-2", CidrBlock: "10.2.0.0/16" }] },
    () => "Vpcs.json",
    "222222222222/us-east-1/",
  );
  const broken = {
    path: "222222222222/us-east-1/Subnets.json",
    text: '{"Subnets": [\n  {"SubnetId": "subnet-9",}\n]}',
  };
  const { model, problems } = ingestDescribeAnswers([...files(account, (list) => `${list}.json`), ...second, broken]);
  expect(validateNetworkModel(model)).toEqual([]);
  expect(model.vpcs.map(({ vpcId, ownerId, region }) => [vpcId, ownerId, region])).toEqual([
    [VpcId, OwnerId, "eu-west-1"],
    ["vpc-2", "222222222222", "us-east-1"],
  ]);
  expect(problems).toMatchObject([{ file: broken.path, message: expect.stringContaining("line 2, column 27") }]);
});
