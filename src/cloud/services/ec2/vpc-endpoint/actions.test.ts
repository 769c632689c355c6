/** Interface endpoints for services of AWS. (semantics 7.3) */
import type {
  CreateRouteTableCommandOutput,
  CreateSecurityGroupCommandOutput,
  CreateSubnetCommandOutput,
  CreateVpcCommandOutput,
  CreateVpcEndpointCommandOutput,
  DeleteVpcEndpointsCommandOutput,
  DescribeNetworkInterfacesCommandOutput,
  DescribePrefixListsCommandOutput,
  DescribeRouteTablesCommandOutput,
  DescribeVpcEndpointServicesCommandOutput,
  DescribeVpcEndpointsCommandOutput,
  VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, test } from "vitest";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";

const ssm = "com.amazonaws.us-east-1.ssm";

let cloud: TestCloud;
let vpcId: string;
let subnetA: string;
let subnetB: string;

beforeEach(() => start(testCloud()));

function start(next: TestCloud): void {
  cloud = next;
  vpcId = newVpc("172.16.0.0/16");
  subnetA = newSubnet(vpcId, "172.16.0.0/24", "us-east-1a");
  subnetB = newSubnet(vpcId, "172.16.1.0/24", "us-east-1b");
}

function newVpc(CidrBlock: string, hostnames = true): string {
  const { Vpc } = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock });
  const VpcId = Vpc?.VpcId ?? "";
  if (hostnames) cloud.call("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
  return VpcId;
}

function newSubnet(VpcId: string, CidrBlock: string, AvailabilityZone: string): string {
  const { Subnet } = cloud.call<CreateSubnetCommandOutput>("CreateSubnet", { VpcId, CidrBlock, AvailabilityZone });
  return Subnet?.SubnetId ?? "";
}

function newGroup(): string {
  const input = { GroupName: `endpoints-${cloud.now()}`, Description: "d", VpcId: vpcId };
  return cloud.call<CreateSecurityGroupCommandOutput>("CreateSecurityGroup", input).GroupId ?? "";
}

function create(input: object = {}): VpcEndpoint {
  const { VpcEndpoint } = cloud.call<CreateVpcEndpointCommandOutput>("CreateVpcEndpoint", {
    VpcEndpointType: "Interface",
    VpcId: vpcId,
    ServiceName: ssm,
    ...input,
  });
  return VpcEndpoint ?? {};
}

function found(input: object = {}): VpcEndpoint[] {
  return cloud.call<DescribeVpcEndpointsCommandOutput>("DescribeVpcEndpoints", input).VpcEndpoints ?? [];
}

function interfaces() {
  const input = { Filters: [{ Name: "interface-type", Values: ["vpc_endpoint"] }] };
  return cloud.call<DescribeNetworkInterfacesCommandOutput>("DescribeNetworkInterfaces", input).NetworkInterfaces ?? [];
}

function refused(operation: string, input: object): unknown {
  try {
    cloud.call(operation, input);
  } catch (error) {
    return error;
  }
  throw new Error(`${operation} was not refused`);
}

const inVpc = { VpcEndpointType: "Interface", ServiceName: ssm };

describe("an endpoint", () => {
  test("[PL-20, PL-21, PL-30, AD-57] has one interface in each subnet, managed by AWS", () => {
    const group = newGroup();
    const endpoint = create({ SubnetIds: [subnetA, subnetB], SecurityGroupIds: [group] });
    expect(endpoint).toMatchObject({
      VpcEndpointType: "Interface",
      VpcId: vpcId,
      ServiceName: ssm,
      SubnetIds: [subnetA, subnetB],
      Groups: [{ GroupId: group }],
      RouteTableIds: [],
      PrivateDnsEnabled: true,
      RequesterManaged: false,
      IpAddressType: "ipv4",
    });
    const rows = interfaces();
    expect(rows.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual(endpoint.NetworkInterfaceIds);
    for (const [index, subnetId] of [subnetA, subnetB].entries()) {
      expect(rows[index]).toMatchObject({
        SubnetId: subnetId,
        Description: `VPC Endpoint Interface ${endpoint.VpcEndpointId}`,
        InterfaceType: "vpc_endpoint",
        RequesterManaged: true,
        Status: "in-use",
        Groups: [{ GroupId: group }],
      });
    }
    const inModel = cloud.model().networkInterfaces.filter(({ interfaceType }) => interfaceType === "vpc_endpoint");
    expect(inModel).toMatchObject([
      { subnetId: subnetA, securityGroupIds: [group], attachment: { deviceIndex: 1 } },
      { subnetId: subnetB, securityGroupIds: [group], attachment: { deviceIndex: 1 } },
    ]);
  });

  test("[PL-23] has the VPC's default group when none is given, and may have no subnet", () => {
    const endpoint = create();
    expect(endpoint).toMatchObject({ Groups: [{ GroupName: "default" }], SubnetIds: [], NetworkInterfaceIds: [] });
  });

  test("[PL-22] is pending, available, pending again when it is changed, deleting, and then not found", () => {
    start(testCloud({ pace: "real" }));
    cloud.advance(10_000);
    const { VpcEndpointId = "", State } = create({ SubnetIds: [subnetA] });
    const state = () => found({ VpcEndpointIds: [VpcEndpointId] })[0]?.State;
    expect(State).toBe("pending");
    expect(refused("ModifyVpcEndpoint", { VpcEndpointId, ResetPolicy: true })).toMatchObject({
      code: "IncorrectState",
    });
    cloud.advance(60_000);
    expect(state()).toBe("available");
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, ResetPolicy: true });
    expect(state()).toBe("available");
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, AddSubnetIds: [subnetB] });
    expect(state()).toBe("pending");
    cloud.advance(60_000);
    expect(state()).toBe("available");
    cloud.call("DeleteVpcEndpoints", { VpcEndpointIds: [VpcEndpointId] });
    expect(state()).toBe("deleting");
    // Until it is gone, its interfaces and its name are held.
    expect(interfaces()).toHaveLength(2);
    expect(refused("CreateVpcEndpoint", { ...inVpc, VpcId: vpcId })).toMatchObject({ code: "InvalidParameter" });
    cloud.advance(90_000);
    expect(interfaces()).toEqual([]);
    expect(refused("DescribeVpcEndpoints", { VpcEndpointIds: [VpcEndpointId] })).toMatchObject({
      code: "InvalidVpcEndpointId.NotFound",
      message: `The VpcEndPoint ID '${VpcEndpointId}' does not exist`,
    });
    expect(found()).toEqual([]);
  });

  test("[PL-25] has a name for the Region, one for each zone, and the service's own", () => {
    const { VpcEndpointId, DnsEntries = [] } = create({ SubnetIds: [subnetA, subnetB] });
    const names = DnsEntries.map(({ DnsName = "" }) => DnsName);
    const own = /^(vpce-[0-9a-f]{17}-[a-z0-9]{8})\.ssm\.us-east-1\.vpce\.amazonaws\.com$/.exec(names[0] ?? "")?.[1];
    expect(own).toContain(VpcEndpointId);
    expect(names.slice(1)).toEqual([
      `${own}-us-east-1a.ssm.us-east-1.vpce.amazonaws.com`,
      `${own}-us-east-1b.ssm.us-east-1.vpce.amazonaws.com`,
      "ssm.us-east-1.amazonaws.com",
    ]);
    const withoutPrivate = create({ PrivateDnsEnabled: false }).DnsEntries?.map(({ DnsName }) => DnsName);
    expect(withoutPrivate).toHaveLength(1);
  });

  test("survives a restart", () => {
    const { VpcEndpointId } = create({ SubnetIds: [subnetA] });
    const before = found();
    cloud.restart();
    expect(found()).toEqual(before);
    expect(before).toMatchObject([{ VpcEndpointId, State: "available" }]);
  });

  test("is another account's neither to see nor to change", () => {
    const { VpcEndpointId } = create();
    const input = { VpcEndpointIds: [VpcEndpointId] };
    const other = { account: accountB };
    expect(() => cloud.call("DescribeVpcEndpoints", input, other)).toThrow(
      expect.objectContaining({ code: "InvalidVpcEndpointId.NotFound" }),
    );
    const { Unsuccessful } = cloud.call<DeleteVpcEndpointsCommandOutput>("DeleteVpcEndpoints", input, other);
    expect(Unsuccessful).toMatchObject([{ ResourceId: VpcEndpointId, Error: { Code: "InvalidVpcEndpoint.NotFound" } }]);
    expect(found()).toHaveLength(1);
  });

  test("is found by every filter that clients use, page by page, and has tags", () => {
    const specification = { ResourceType: "vpc-endpoint", Tags: [{ Key: "Name", Value: "ssm" }] };
    const { VpcEndpointId = "" } = create({ SubnetIds: [subnetA], TagSpecifications: [specification] });
    create({ ServiceName: "com.amazonaws.us-east-1.ssmmessages" });
    for (const [Name, value] of [
      ["service-name", ssm],
      ["vpc-endpoint-id", VpcEndpointId],
      ["tag:Name", "ssm"],
    ] as const) {
      expect(found({ Filters: [{ Name, Values: [value] }] })).toMatchObject([
        { VpcEndpointId, Tags: [{ Value: "ssm" }] },
      ]);
    }
    for (const [Name, value, count] of [
      ["vpc-id", vpcId, 2],
      ["vpc-endpoint-state", "available", 2],
      ["vpc-endpoint-type", "Gateway", 0],
      ["ip-address-type", "ipv4", 2],
      ["service-region", "us-east-1", 2],
    ] as const) {
      expect(found({ Filters: [{ Name, Values: [value] }] }), Name).toHaveLength(count);
    }
    for (let more = 0; more < 4; more += 1) create({ PrivateDnsEnabled: false });
    const first = cloud.call<DescribeVpcEndpointsCommandOutput>("DescribeVpcEndpoints", { MaxResults: 5 });
    expect(first.VpcEndpoints).toHaveLength(5);
    expect(found({ NextToken: first.NextToken })).toHaveLength(1);
  });
});

describe("a request that AWS refuses", () => {
  test("[PL-20] the default type is Gateway, which an interface service does not have", () => {
    expect(refused("CreateVpcEndpoint", { VpcId: vpcId, ServiceName: ssm })).toMatchObject({
      code: "InvalidParameter",
      message: expect.stringContaining(ssm),
    });
  });

  test("[PL-5] a service that is not there", () => {
    for (const name of ["com.amazonaws.us-east-1.nothing", "com.amazonaws.eu-west-1.ssm"]) {
      expect(refused("CreateVpcEndpoint", { ...inVpc, VpcId: vpcId, ServiceName: name })).toMatchObject({
        code: "InvalidServiceName",
        message: `The Vpc Endpoint Service '${name}' does not exist`,
      });
    }
  });

  test("[PL-21] two subnets of one zone, at once or one after the other; nothing is made", () => {
    const again = newSubnet(vpcId, "172.16.2.0/24", "us-east-1a");
    const error = { code: "DuplicateSubnetsInSameZone", message: expect.stringContaining(again) };
    const input = { ...inVpc, VpcId: vpcId, SubnetIds: [subnetA, again] };
    expect(refused("CreateVpcEndpoint", input)).toMatchObject(error);
    expect(interfaces()).toEqual([]);
    const { VpcEndpointId } = create({ SubnetIds: [subnetA] });
    expect(refused("ModifyVpcEndpoint", { VpcEndpointId, AddSubnetIds: [again] })).toMatchObject(error);
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, RemoveSubnetIds: [subnetA], AddSubnetIds: [again] });
    expect(found()).toMatchObject([{ SubnetIds: [again] }]);
  });

  test("[PL-26] private DNS without both DNS attributes of the VPC, or for a name that is taken", () => {
    const plain = newVpc("10.0.0.0/16", false);
    expect(refused("CreateVpcEndpoint", { ...inVpc, VpcId: plain })).toMatchObject({
      code: "InvalidParameter",
      message: `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${plain}`,
    });
    create();
    const taken = {
      code: "InvalidParameter",
      message: `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ssm.us-east-1.amazonaws.com in the VPC ${vpcId}`,
    };
    expect(refused("CreateVpcEndpoint", { ...inVpc, VpcId: vpcId })).toMatchObject(taken);
    const { VpcEndpointId } = create({ PrivateDnsEnabled: false });
    expect(refused("ModifyVpcEndpoint", { VpcEndpointId, PrivateDnsEnabled: true })).toMatchObject(taken);
  });

  test.each([
    [{ SubnetIds: ["subnet-0123456789abcdef0"] }, "InvalidSubnetID.NotFound"],
    [{ SecurityGroupIds: ["sg-0123456789abcdef0"] }, "InvalidGroup.NotFound"],
    [{ VpcId: "vpc-0123456789abcdef0" }, "InvalidVpcID.NotFound"],
    [{ PolicyDocument: "{" }, "InvalidPolicyDocument"],
    [{ PolicyDocument: JSON.stringify({ a: "x".repeat(20_480) }) }, "InvalidPolicyDocument"],
    [{ RouteTableIds: ["rtb-0123456789abcdef0"] }, "InvalidParameter"],
    [{ IpAddressType: "dualstack" }, "UnsupportedOperation"],
    [{ ServiceRegion: "eu-west-1" }, "UnsupportedOperation"],
    [{ VpcEndpointType: "Interface", ServiceName: "com.amazonaws.us-east-1.s3" }, "InvalidParameter"],
  ])("%j", (input, code) => {
    expect(refused("CreateVpcEndpoint", { ...inVpc, VpcId: vpcId, ...input })).toMatchObject({ code });
    expect(found()).toEqual([]);
  });

  test("the fifty-first in a VPC", () => {
    for (let count = 0; count < 50; count += 1) create({ PrivateDnsEnabled: false });
    const input = { ...inVpc, VpcId: vpcId, PrivateDnsEnabled: false };
    expect(refused("CreateVpcEndpoint", input)).toMatchObject({ code: "VpcEndpointLimitExceeded" });
  });
});

describe("changing and deleting", () => {
  test("[PL-35] groups are added to and taken from every interface; the last one stays", () => {
    const group = newGroup();
    const endpoint = create({ SubnetIds: [subnetA, subnetB] });
    const { VpcEndpointId, Groups } = endpoint;
    const standard = Groups?.[0]?.GroupId ?? "";
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, AddSecurityGroupIds: [group] });
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, RemoveSecurityGroupIds: [standard] });
    for (const { Groups: held } of [...found(), ...interfaces()]) expect(held).toMatchObject([{ GroupId: group }]);
    expect(refused("ModifyVpcEndpoint", { VpcEndpointId, RemoveSecurityGroupIds: [group] })).toMatchObject({
      code: "InvalidParameter",
    });
  });

  test("[PL-33] the policy is kept as given, and reset to full access", () => {
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    const { VpcEndpointId } = create({ PolicyDocument });
    expect(found()).toMatchObject([{ PolicyDocument }]);
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, ResetPolicy: true });
    expect(JSON.parse(found()[0]?.PolicyDocument ?? "")).toMatchObject({
      Statement: [{ Effect: "Allow", Action: "*" }],
    });
  });

  test("[PL-36] what cannot be deleted is told, and the rest is deleted", () => {
    const { VpcEndpointId = "" } = create();
    const missing = "vpce-0123456789abcdef0";
    const { Unsuccessful } = cloud.call<DeleteVpcEndpointsCommandOutput>("DeleteVpcEndpoints", {
      VpcEndpointIds: [missing, VpcEndpointId],
    });
    expect(Unsuccessful).toMatchObject([{ ResourceId: missing, Error: { Code: "InvalidVpcEndpoint.NotFound" } }]);
    expect(found()).toEqual([]);
  });

  test("its subnet, its group and its VPC are held until it is gone; its interfaces are not for users to take", () => {
    const group = newGroup();
    const { VpcEndpointId, NetworkInterfaceIds } = create({ SubnetIds: [subnetA], SecurityGroupIds: [group] });
    const held = { code: "DependencyViolation" };
    expect(refused("DeleteSubnet", { SubnetId: subnetA })).toMatchObject(held);
    expect(refused("DeleteSecurityGroup", { GroupId: group })).toMatchObject(held);
    expect(refused("DeleteVpc", { VpcId: vpcId })).toMatchObject(held);
    const NetworkInterfaceId = NetworkInterfaceIds?.[0];
    expect(refused("DeleteNetworkInterface", { NetworkInterfaceId })).toMatchObject({
      code: "InvalidNetworkInterface.InUse",
    });
    cloud.call("DeleteVpcEndpoints", { VpcEndpointIds: [VpcEndpointId] });
    cloud.call("DeleteSubnet", { SubnetId: subnetA });
    cloud.call("DeleteSubnet", { SubnetId: subnetB });
    cloud.call("DeleteSecurityGroup", { GroupId: group });
    cloud.call("DeleteVpc", { VpcId: vpcId });
  });

  test("without a subnet it holds its group and its VPC all the same", () => {
    const group = newGroup();
    create({ SecurityGroupIds: [group] });
    cloud.call("DeleteSubnet", { SubnetId: subnetA });
    cloud.call("DeleteSubnet", { SubnetId: subnetB });
    expect(refused("DeleteSecurityGroup", { GroupId: group })).toMatchObject({ code: "DependencyViolation" });
    expect(refused("DeleteVpc", { VpcId: vpcId })).toMatchObject({ code: "DependencyViolation" });
  });
});

describe("gateway endpoints", () => {
  const s3 = "com.amazonaws.us-east-1.s3";
  const gateway = (input: object = {}) => create({ VpcEndpointType: "Gateway", ServiceName: s3, ...input });
  const newTable = () =>
    cloud.call<CreateRouteTableCommandOutput>("CreateRouteTable", { VpcId: vpcId }).RouteTable?.RouteTableId ?? "";
  const routesTo = (RouteTableId: string, id = "") =>
    cloud
      .call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", { RouteTableIds: [RouteTableId] })
      .RouteTables?.[0]?.Routes?.filter(({ GatewayId }) => GatewayId === id);

  test("[PL-50] are there at once, with a route to the service's addresses in each of their tables", () => {
    start(testCloud({ pace: "real" }));
    const [first, second] = [newTable(), newTable()];
    const endpoint = gateway({ RouteTableIds: [first] });
    const { VpcEndpointId } = endpoint;
    expect(endpoint).toMatchObject({
      VpcEndpointType: "Gateway",
      State: "available",
      RouteTableIds: [first],
      SubnetIds: [],
      NetworkInterfaceIds: [],
      Groups: [],
      DnsEntries: [],
      PrivateDnsEnabled: false,
    });
    const { PrefixLists = [] } = cloud.call<DescribePrefixListsCommandOutput>("DescribePrefixLists", {});
    const DestinationPrefixListId = PrefixLists.find(({ PrefixListName }) => PrefixListName === s3)?.PrefixListId;
    const route = { DestinationPrefixListId, GatewayId: VpcEndpointId, Origin: "CreateRoute", State: "active" };
    expect(DestinationPrefixListId).toMatch(/^pl-/);
    expect(routesTo(first, VpcEndpointId)).toEqual([route]);
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId, AddRouteTableIds: [second], RemoveRouteTableIds: [first] });
    expect(routesTo(first, VpcEndpointId)).toEqual([]);
    expect(routesTo(second, VpcEndpointId)).toEqual([route]);
    expect(found()).toMatchObject([{ RouteTableIds: [second], State: "available" }]);
    expect(cloud.model().routeTables.flatMap(({ routes }) => routes)).toContainEqual({
      destination: { kind: "prefix-list", prefixListId: DestinationPrefixListId },
      target: { kind: "other", id: VpcEndpointId },
      state: "active",
      origin: "CreateRoute",
    });
    cloud.call("DeleteVpcEndpoints", { VpcEndpointIds: [VpcEndpointId] });
    expect(routesTo(second, VpcEndpointId)).toEqual([]);
  });

  test("[PL-50] their routes are not for route calls, and a table that goes takes its route along", () => {
    const table = newTable();
    const { VpcEndpointId = "" } = gateway({ RouteTableIds: [table] });
    const [route] = routesTo(table, VpcEndpointId) ?? [];
    const { DestinationPrefixListId } = route ?? {};
    const named = { RouteTableId: table, DestinationPrefixListId };
    expect(refused("DeleteRoute", named)).toMatchObject({
      code: "InvalidParameterValue",
      message: `cannot remove VPC endpoint route ${DestinationPrefixListId} in route table ${table}`,
    });
    expect(refused("ReplaceRoute", { ...named, GatewayId: "local" })).toMatchObject({ code: "InvalidParameterValue" });
    const to = { RouteTableId: table, DestinationCidrBlock: "198.51.100.0/24", GatewayId: VpcEndpointId };
    expect(refused("CreateRoute", to)).toMatchObject({ code: "RouteNotSupported" });
    cloud.call("DeleteRouteTable", { RouteTableId: table });
    expect(found()).toMatchObject([{ RouteTableIds: [] }]);
    expect(refused("DeleteVpc", { VpcId: vpcId })).toMatchObject({ code: "DependencyViolation" });
  });

  test("[PL-52] one for each service in a table, and nothing of an interface endpoint", () => {
    const table = newTable();
    gateway({ RouteTableIds: [table] });
    const other = { VpcEndpointType: "Gateway", VpcId: vpcId, ServiceName: s3 };
    expect(refused("CreateVpcEndpoint", { ...other, RouteTableIds: [table] })).toMatchObject({
      code: "RouteAlreadyExists",
    });
    for (const more of [{ SubnetIds: [subnetA] }, { SecurityGroupIds: [newGroup()] }, { PrivateDnsEnabled: true }])
      expect(refused("CreateVpcEndpoint", { ...other, ...more })).toMatchObject({ code: "InvalidParameter" });
    gateway({ ServiceName: "com.amazonaws.us-east-1.dynamodb", RouteTableIds: [table] });
    expect(found()).toHaveLength(2);
  });
});

describe("services", () => {
  function services(input: object = {}) {
    return cloud.call<DescribeVpcEndpointServicesCommandOutput>("DescribeVpcEndpointServices", input);
  }

  test("are those of the caller's Region, with the names that clients know them by", () => {
    const { ServiceNames, ServiceDetails } = services({ ServiceNames: [ssm] });
    expect(ServiceNames).toEqual([ssm]);
    expect(ServiceDetails).toMatchObject([
      {
        ServiceName: ssm,
        ServiceType: [{ ServiceType: "Interface" }],
        PrivateDnsName: "ssm.us-east-1.amazonaws.com",
        BaseEndpointDnsNames: ["ssm.us-east-1.vpce.amazonaws.com"],
        Owner: "amazon",
        AcceptanceRequired: false,
      },
    ]);
    for (const name of ["ec2", "ec2messages", "ssmmessages", "s3", "dynamodb", "kms", "logs"])
      expect(services().ServiceNames).toContain(`com.amazonaws.us-east-1.${name}`);
  });

  test("are filtered, paged, and refused when unknown", () => {
    const gateways = services({ Filters: [{ Name: "service-type", Values: ["Gateway"] }] });
    expect(gateways.ServiceNames).toEqual(["com.amazonaws.us-east-1.dynamodb", "com.amazonaws.us-east-1.s3"]);
    const first = services({ MaxResults: 1 });
    const second = services({ MaxResults: 1, NextToken: first.NextToken });
    expect(second.ServiceNames).not.toEqual(first.ServiceNames);
    expect(refused("DescribeVpcEndpointServices", { ServiceNames: ["x"] })).toMatchObject({
      code: "InvalidServiceName",
    });
  });
});
