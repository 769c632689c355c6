/** What becomes of answers that lack something, tell something else, or are no answers. */
import { describe, expect, test } from "vitest";
import { validateNetworkModel } from "../model/index.ts";
import { ingestDescribeAnswers } from "./index.ts";
import { account, filesOf, smallest, withFirst, without } from "./smallest-account.fixture.ts";

const ingest = (lists: Parameters<typeof filesOf>[0]) => ingestDescribeAnswers(filesOf(lists));

test("a whole account leaves nothing open", () => {
  const { model, problems } = ingest(smallest);
  expect(problems).toEqual([]);
  expect(model.unknowns).toEqual([]);
  expect(model.subnets).toEqual([
    {
      ownerId: account,
      region: "eu-west-1",
      subnetId: "subnet-1",
      vpcId: "vpc-1",
      cidrBlock: "10.0.1.0/24",
      ipv6CidrBlocks: [],
      availabilityZone: "eu-west-1a",
      availabilityZoneId: "euw1-az1",
      networkAclId: "acl-1",
    },
  ]);
});

describe("a list that was not read is told, and the rest is a sound model", () => {
  const lists = Object.keys(smallest).filter((list) => list !== "VpcAttributes");
  test.each(lists)("%s", (list) => {
    const { model, problems } = ingest(without(list));
    expect(problems).toEqual([]);
    expect(validateNetworkModel(model)).toEqual([]);
    expect(model.unknowns.map(({ reason }) => reason)).toContain("there is no such answer");
  });
});

test.each([
  { list: "Vpcs", id: "vpc-1", reason: "no answer tells it" },
  { list: "RouteTables", id: "vpc-1", reason: "0 main route tables of it are told, not one" },
  { list: "NetworkAcls", id: "acl-of-subnet-1", reason: "no network ACL among the answers" },
  { list: "SecurityGroups", id: "sg-1", reason: "eni-1 names it" },
  { list: "VpcAttributes", id: "vpc-1.enableDnsHostnames", reason: "DescribeVpcAttribute was not read" },
])("without $list, $id is unknown", ({ list, id, reason }) => {
  const { model } = ingest(without(list));
  expect(model.unknowns.find((each) => each.id === id)?.reason).toContain(reason);
});

test.each([
  { list: "Subnets", change: { CidrBlock: undefined }, id: "subnet-1", reason: "Subnets[0] lacks CidrBlock" },
  { list: "Subnets", change: { CidrBlock: "172.16.0.0/24" }, id: "subnet-1", reason: "is in no block of vpc-1" },
  { list: "NetworkInterfaces", change: { MacAddress: "?" }, id: "eni-1", reason: "expected a MAC address" },
  {
    list: "NetworkInterfaces",
    change: { PrivateIpAddresses: [{ PrivateIpAddress: "10.0.9.1", Primary: true }] },
    id: "eni-1",
    reason: "10.0.9.1 is not in 10.0.1.0/24",
  },
  {
    list: "NetworkAcls",
    change: { Entries: [{ RuleNumber: 1, Egress: true, RuleAction: "allow", CidrBlock: "0.0.0.0/0" }] },
    id: "acl-1",
    reason: "NetworkAcls[0].Entries[0] lacks Protocol",
  },
  {
    list: "SecurityGroups",
    change: { IpPermissions: [{ IpProtocol: "tcp", IpRanges: [{ CidrIp: "everywhere" }] }] },
    id: "sg-1",
    reason: "SecurityGroups[0].IpPermissions[0].IpRanges[0] lacks CidrIp",
  },
])("$id with $change is left out, and named", ({ list, change, id, reason }) => {
  const { model } = ingest(withFirst(list, change));
  expect(model.unknowns.find((each) => each.id === id)?.reason).toContain(reason);
  const collection = `${list[0]?.toLowerCase()}${list.slice(1)}`;
  expect(Object.entries(model).find(([name]) => name === collection)?.[1]).toEqual([]);
  expect(validateNetworkModel(model)).toEqual([]);
});

describe("a target that cannot be followed is `other`, and named", () => {
  test.each([
    { GatewayId: "vgw-1" },
    { GatewayId: "vpce-1" },
    { LocalGatewayId: "lgw-1" },
    { CarrierGatewayId: "cagw-1" },
    { CoreNetworkArn: "arn:aws:networkmanager::1:core-network/core-network-1" },
    { InstanceId: "i-1" },
    { GatewayId: "new-1" },
  ])("%o", (target) => {
    const route = { DestinationCidrBlock: "0.0.0.0/0", ...target, State: "active", Origin: "CreateRoute" };
    const { model } = ingest(withFirst("RouteTables", { Routes: [route] }));
    const [id] = Object.values(target);
    expect(model.routeTables[0]?.routes[0]?.target).toEqual({ kind: "other", id });
    expect(model.unknowns.map((each) => each.id)).toContain(id);
  });
});

test("blocks and addresses are canonical, protocols are numbers", () => {
  const permission = { IpProtocol: "tcp", FromPort: 1, ToPort: 2, Ipv6Ranges: [{ CidrIpv6: "2001:DB8:0:0::1/32" }] };
  const { model } = ingest(withFirst("SecurityGroups", { IpPermissions: [permission] }));
  expect(model.securityGroups[0]?.rules).toEqual([
    {
      securityGroupRuleId: "sgr-1-ingress-0",
      isEgress: false,
      protocol: 6,
      fromPort: 1,
      toPort: 2,
      peer: { kind: "cidr", cidr: "2001:db8::/32" },
    },
  ]);
  expect(model.networkInterfaces[0]?.macAddress).toBe("0a:00:00:00:00:01");
});

test.each([
  { folder: "answers", change: {}, says: undefined },
  { folder: "222222222222/us-east-1", change: {}, says: undefined },
  { folder: "answers", change: { AvailabilityZone: undefined }, says: "the Region of these answers cannot be told" },
])("the account and Region of the folder $folder: $says", ({ folder, change, says }) => {
  const lists = withFirst("Subnets", change);
  const { problems } = ingestDescribeAnswers(filesOf(lists, folder));
  expect(problems[0]?.message.slice(0, says?.length)).toBe(says);
});

describe("what is no answer is a problem with its file and place", () => {
  test.each([
    { text: "", message: "not JSON (line 1, column 1): the file is empty" },
    { text: '{"Vpcs": [\n  {"VpcId": "vpc-2"\n]}', message: "not JSON (line 3, column 1)" },
    { text: '[{"Vpcs": []}, 7]', path: "[1]", message: 'expected an answer like {"Vpcs": […]}, got 7' },
    { text: "[]", message: 'expected an answer like {"Vpcs": […]}, got a list' },
    { text: '{"Vpcs": {}}', path: "Vpcs", message: "expected a list, got an object" },
    { text: '{"Vpcs": ["vpc-2"]}', path: "Vpcs[0]", message: 'expected an object, got "vpc-2"' },
    { text: '{"Vpcs": [{"VpcId": 7}]}', path: "Vpcs[0].VpcId", message: "expected text, got 7" },
    { text: '{"Vpcs": [{"VpcId": "rtb-1"}]}', path: "Vpcs[0].VpcId", message: "expected an id vpc-…" },
  ])("$text", ({ text, path = "", message }) => {
    const file = "111111111111/eu-west-1/more.json";
    const { problems } = ingestDescribeAnswers([...filesOf(smallest), { path: file, text }]);
    expect(problems[0]).toMatchObject({ file, path });
    expect(problems[0]?.message).toContain(message);
  });
});

test("an answer that ends with a token, and one of another kind, are not taken for the whole", () => {
  const text = JSON.stringify({ Vpcs: [], NextToken: "more", CacheClusters: [] });
  const { model } = ingestDescribeAnswers([...filesOf(smallest), { path: "111111111111/eu-west-1/x.json", text }]);
  expect(model.unknowns.map(({ id }) => id)).toEqual([
    "111111111111/eu-west-1/x.json",
    "111111111111/eu-west-1/x.json CacheClusters",
  ]);
});

test("components that are not modelled are named, unless they are over", () => {
  const { model } = ingest({
    ...smallest,
    VpnConnections: [
      { VpnConnectionId: "vpn-1", State: "available" },
      { VpnConnectionId: "vpn-2", State: "deleted" },
    ],
    LoadBalancers: [{ LoadBalancerArn: "arn:aws:elasticloadbalancing:x", State: { Code: "active" } }],
    TransitGatewayAttachments: [
      { TransitGatewayAttachmentId: "tgw-attach-1", ResourceType: "vpn", State: "available" },
      { TransitGatewayAttachmentId: "tgw-attach-2", ResourceType: "vpc", State: "available" },
    ],
  });
  expect(model.unknowns.map(({ id }) => id)).toEqual(["vpn-1", "arn:aws:elasticloadbalancing:x", "tgw-attach-1"]);
});

describe("[AD-55] an interface is attached while it is", () => {
  const attachment = { InstanceId: "i-1", DeviceIndex: 0 };
  test.each([
    { change: { Status: "in-use", Attachment: { ...attachment, Status: "attached" } }, attached: true },
    { change: { Status: "in-use", Attachment: attachment }, attached: true },
    { change: { Status: "in-use", Attachment: { ...attachment, Status: "detaching" } }, attached: false },
    { change: { Status: "in-use", Attachment: { ...attachment, Status: "attaching" } }, attached: false },
    { change: { Status: "available", Attachment: { ...attachment, Status: "detached" } }, attached: false },
  ])("$change: $attached", ({ change, attached }) => {
    const { model } = ingest(withFirst("NetworkInterfaces", change));
    expect(model.networkInterfaces[0]?.attachment !== undefined).toBe(attached);
  });
});

test.each([
  { State: "associating", counts: true },
  { State: "associated", counts: true },
  { State: "disassociating", counts: false },
  { State: "disassociated", counts: false },
  { State: "failed", counts: false },
])("[AD-7] a block that is $State counts: $counts", ({ State, counts }) => {
  const CidrBlockAssociationSet = [{ CidrBlock: "10.9.0.0/16", CidrBlockState: { State } }];
  const { model } = ingest(withFirst("Vpcs", { CidrBlockAssociationSet }));
  expect(model.vpcs[0]?.cidrBlocks).toEqual(counts ? ["10.0.0.0/16", "10.9.0.0/16"] : ["10.0.0.0/16"]);
});

test("interfaces that only their instances tell are there too", () => {
  const own = smallest.NetworkInterfaces?.[0];
  const instance = {
    InstanceId: "i-1",
    VpcId: "vpc-1",
    SubnetId: "subnet-1",
    State: { Name: "running" },
    LaunchTime: "2019-12-01 08:05:54+00:00",
    NetworkInterfaces: [{ ...own, Status: "in-use", Attachment: { DeviceIndex: 0, Status: "attached" } }],
  };
  const { model } = ingest({
    ...without("NetworkInterfaces"),
    Reservations: [{ OwnerId: account, Instances: [instance] }],
  });
  expect(model.networkInterfaces[0]?.attachment).toEqual({ instanceId: "i-1", deviceIndex: 0 });
  expect(model.instances[0]?.launchTime).toBe("2019-12-01T08:05:54.000Z");
});
