/** Network interfaces: addresses, attachments, refusals. [AD-50]..[AD-58] */
import type {
  AssignIpv6AddressesCommandOutput,
  AssignPrivateIpAddressesCommandOutput,
  AttachNetworkInterfaceCommandOutput,
  CreateNetworkInterfaceCommandOutput,
  DescribeInstancesCommandOutput,
  DescribeNetworkInterfaceAttributeCommandOutput,
  DescribeNetworkInterfacesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeSubnetsCommandOutput,
  NetworkInterface,
  RunInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, test } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { networkInterfaceLifecycle } from "./lifecycle.ts";

let cloud: TestCloud;
let subnet: string;
let otherZone: string;
let vpc: string;

beforeEach(() => {
  cloud = testCloud({ pace: "real" });
  const { Subnets = [] } = cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets");
  subnet = Subnets[0]?.SubnetId ?? "";
  otherZone = Subnets[1]?.SubnetId ?? "";
  vpc = Subnets[0]?.VpcId ?? "";
});

function create(input: object = {}): NetworkInterface & { NetworkInterfaceId: string } {
  const { NetworkInterface } = cloud.call<CreateNetworkInterfaceCommandOutput>("CreateNetworkInterface", {
    SubnetId: subnet,
    ...input,
  });
  return { ...NetworkInterface, NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId ?? "" };
}

function shown(id: string): NetworkInterface {
  const [record] =
    cloud.call<DescribeNetworkInterfacesCommandOutput>("DescribeNetworkInterfaces", { NetworkInterfaceIds: [id] })
      .NetworkInterfaces ?? [];
  if (record === undefined) throw new Error(`${id} is not shown`);
  return record;
}

function runningInstance(input: object = {}): string {
  const { Instances = [] } = cloud.call<RunInstancesCommandOutput>("RunInstances", {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnet,
    ...input,
  });
  cloud.advance(60_000);
  return Instances[0]?.InstanceId ?? "";
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

test("the life cycle is the documented one [AD-55]", () => {
  expect(toMermaid(networkInterfaceLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> pending
      pending --> attaching: AttachNetworkInterface
      pending --> available: after 1s
      available --> attaching: AttachNetworkInterface
      attaching --> in_use: after 2s
      in_use --> detaching: DetachNetworkInterface
      detaching --> detached: after 5s
      detached --> attaching: AttachNetworkInterface
      detached --> available: after 10s
    "
  `);
});

test("an interface is pending, then available, with one primary address [AD-50] [AD-55]", () => {
  const made = create({
    Description: "spare",
    TagSpecifications: [{ ResourceType: "network-interface", Tags: [{ Key: "Name", Value: "x" }] }],
  });
  expect(made).toMatchObject({
    Status: "pending",
    VpcId: vpc,
    SubnetId: subnet,
    SourceDestCheck: true,
    InterfaceType: "interface",
    RequesterManaged: false,
  });
  expect(made.PrivateIpAddresses?.filter((address) => address.Primary)).toHaveLength(1);
  expect(made.Groups).toEqual([{ GroupId: expect.stringMatching(/^sg-/), GroupName: "default" }]);
  expect(made.MacAddress).toMatch(/^0a(:[0-9a-f]{2}){5}$/);
  cloud.advance(2_000);
  expect(shown(made.NetworkInterfaceId)).toMatchObject({
    Status: "available",
    TagSet: [{ Key: "Name", Value: "x" }],
    PrivateDnsName: expect.stringMatching(/^ip-172-31-.*\.ec2\.internal$/),
  });
});

test("an interface of another account cannot be reached", () => {
  const { NetworkInterfaceId } = create();
  const call = () =>
    cloud.call("DescribeNetworkInterfaces", { NetworkInterfaceIds: [NetworkInterfaceId] }, { account: accountB });
  expect(codeOf(call)).toBe("InvalidNetworkInterfaceID.NotFound");
});

describe("refusals [AD-58]", () => {
  const cases: readonly [string, string, () => unknown][] = [
    [
      "an address that is taken",
      "InvalidIPAddress.InUse",
      () => [create({ PrivateIpAddress: "172.31.0.99" }), create({ PrivateIpAddress: "172.31.0.99" })],
    ],
    ["an address outside of the subnet", "InvalidParameterValue", () => create({ PrivateIpAddress: "10.0.0.5" })],
    ["a reserved address", "InvalidParameterValue", () => create({ PrivateIpAddress: "172.31.0.1" })],
    ["an unknown subnet", "InvalidSubnetID.NotFound", () => create({ SubnetId: "subnet-12345678" })],
    ["an unknown group", "InvalidGroup.NotFound", () => create({ Groups: ["sg-12345678"] })],
    ["an unknown interface", "InvalidNetworkInterfaceID.NotFound", () => shown("eni-12345678")],
    ["a malformed id", "InvalidNetworkInterfaceId.Malformed", () => shown("eni-nonsense")],
    [
      "an unknown attachment",
      "InvalidAttachmentID.NotFound",
      () => cloud.call("DetachNetworkInterface", { AttachmentId: "eni-attach-12345678" }),
    ],
    ["a delegated prefix", "UnsupportedOperation", () => create({ Ipv4PrefixCount: 1 })],
    [
      "time-outs of tracked connections [SG-64]",
      "UnsupportedOperation",
      () => create({ ConnectionTrackingSpecification: { UdpTimeout: 45 } }),
    ],
    [
      "two attributes at once",
      "InvalidParameterCombination",
      () =>
        cloud.call("ModifyNetworkInterfaceAttribute", {
          NetworkInterfaceId: create().NetworkInterfaceId,
          Description: { Value: "x" },
          SourceDestCheck: { Value: false },
        }),
    ],
    ["IPv6 in a subnet without", "InvalidParameterValue", () => create({ Ipv6AddressCount: 1 })],
  ];
  test.each(cases)("%s: %s", (_name, code, act) => {
    expect(codeOf(act)).toBe(code);
  });

  test("more than five groups: SecurityGroupsPerInterfaceLimitExceeded", () => {
    const groups = ["a", "b", "c", "d", "e", "f"].map(
      (name) =>
        cloud.call<{ GroupId: string }>("CreateSecurityGroup", { GroupName: name, Description: name, VpcId: vpc })
          .GroupId,
    );
    expect(codeOf(() => create({ Groups: groups }))).toBe("SecurityGroupsPerInterfaceLimitExceeded");
    expect(codeOf(() => create({ Groups: groups.slice(1) }))).toBe("allowed");
  });
});

describe("attachments [AD-55] [IN-2]", () => {
  test("attach, use, detach", () => {
    const instance = runningInstance();
    const { NetworkInterfaceId } = create();
    const { AttachmentId } = cloud.call<AttachNetworkInterfaceCommandOutput>("AttachNetworkInterface", {
      NetworkInterfaceId,
      InstanceId: instance,
      DeviceIndex: 1,
    });
    expect(shown(NetworkInterfaceId)).toMatchObject({
      Status: "in-use",
      Attachment: { Status: "attaching", AttachmentId, DeviceIndex: 1, DeleteOnTermination: false },
    });
    cloud.advance(3_000);
    expect(shown(NetworkInterfaceId).Attachment?.Status).toBe("attached");
    expect(
      cloud.model().networkInterfaces.find((each) => each.networkInterfaceId === NetworkInterfaceId)?.attachment,
    ).toEqual({ instanceId: instance, deviceIndex: 1 });
    expect(codeOf(() => cloud.call("DeleteNetworkInterface", { NetworkInterfaceId }))).toBe(
      "InvalidNetworkInterface.InUse",
    );
    cloud.call("DetachNetworkInterface", { AttachmentId });
    expect(shown(NetworkInterfaceId).Attachment?.Status).toBe("detaching");
    expect(
      cloud.model().networkInterfaces.find((each) => each.networkInterfaceId === NetworkInterfaceId)?.attachment,
    ).toBeUndefined();
    cloud.advance(6_000);
    expect(shown(NetworkInterfaceId)).toMatchObject({
      Status: "available",
      Attachment: { AttachmentId, Status: "detached" },
    });
    cloud.advance(10_000);
    expect(shown(NetworkInterfaceId)).toMatchObject({ Status: "available", Attachment: undefined });
    cloud.call("DeleteNetworkInterface", { NetworkInterfaceId });
    expect(codeOf(() => shown(NetworkInterfaceId))).toBe("InvalidNetworkInterfaceID.NotFound");
  });

  test("refusals", () => {
    const instance = runningInstance();
    const primary = cloud.call<DescribeInstancesCommandOutput>("DescribeInstances", { InstanceIds: [instance] })
      .Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0];
    const AttachmentId = primary?.Attachment?.AttachmentId;
    const attach = (NetworkInterfaceId: string | undefined, DeviceIndex: number) => () =>
      cloud.call("AttachNetworkInterface", { NetworkInterfaceId, InstanceId: instance, DeviceIndex });
    expect(codeOf(() => cloud.call("DetachNetworkInterface", { AttachmentId }))).toBe("OperationNotPermitted");
    expect(codeOf(attach(primary?.NetworkInterfaceId, 1))).toBe("InvalidNetworkInterface.InUse");
    expect(codeOf(attach(create().NetworkInterfaceId, 0))).toBe("InvalidParameterValue");
    expect(codeOf(attach(create({ SubnetId: otherZone }).NetworkInterfaceId, 1))).toBe("InvalidParameterValue");
    expect(codeOf(attach(create().NetworkInterfaceId, 1))).toBe("allowed");
    expect(codeOf(attach(create().NetworkInterfaceId, 2))).toBe("AttachmentLimitExceeded");
  });
});

describe("addresses [AD-50] [AD-51]", () => {
  test("secondary addresses come and go; the primary one stays", () => {
    const { NetworkInterfaceId, PrivateIpAddress } = create();
    const { AssignedPrivateIpAddresses = [] } = cloud.call<AssignPrivateIpAddressesCommandOutput>(
      "AssignPrivateIpAddresses",
      { NetworkInterfaceId, SecondaryPrivateIpAddressCount: 2 },
    );
    expect(AssignedPrivateIpAddresses).toHaveLength(2);
    expect(shown(NetworkInterfaceId).PrivateIpAddresses).toHaveLength(3);
    const unassign = (address: string | undefined) =>
      cloud.call("UnassignPrivateIpAddresses", { NetworkInterfaceId, PrivateIpAddresses: [address] });
    unassign(AssignedPrivateIpAddresses[0]?.PrivateIpAddress);
    expect(shown(NetworkInterfaceId).PrivateIpAddresses).toHaveLength(2);
    expect(codeOf(() => unassign(PrivateIpAddress))).toBe("InvalidParameterValue");
    expect(codeOf(() => unassign("172.31.0.200"))).toBe("InvalidParameterValue");
  });

  test("an address held elsewhere moves with AllowReassignment only, and takes its Elastic IP along [AD-51]", () => {
    const from = create({ PrivateIpAddresses: [{ PrivateIpAddress: "172.31.0.77" }], PrivateIpAddress: "172.31.0.76" });
    const to = create();
    const { AllocationId, PublicIp } = cloud.call<{ AllocationId: string; PublicIp: string }>("AllocateAddress", {
      Domain: "vpc",
    });
    cloud.call("AssociateAddress", {
      AllocationId,
      NetworkInterfaceId: from.NetworkInterfaceId,
      PrivateIpAddress: "172.31.0.77",
    });
    const assign = (extra: object) => () =>
      cloud.call("AssignPrivateIpAddresses", {
        NetworkInterfaceId: to.NetworkInterfaceId,
        PrivateIpAddresses: ["172.31.0.77"],
        ...extra,
      });
    expect(codeOf(assign({}))).toBe("InvalidIPAddress.InUse");
    assign({ AllowReassignment: true })();
    expect(shown(from.NetworkInterfaceId).PrivateIpAddresses?.map((address) => address.PrivateIpAddress)).toEqual([
      "172.31.0.76",
    ]);
    expect(
      shown(to.NetworkInterfaceId).PrivateIpAddresses?.find((address) => address.PrivateIpAddress === "172.31.0.77")
        ?.Association?.PublicIp,
    ).toBe(PublicIp);
  });

  test("IPv6 addresses of the subnet's block", () => {
    const { Vpc } = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", {
      CidrBlock: "10.0.0.0/16",
      AmazonProvidedIpv6CidrBlock: true,
    });
    cloud.advance(60_000);
    const [described] = cloud.call<{ Vpcs: { Ipv6CidrBlockAssociationSet: { Ipv6CidrBlock: string }[] }[] }>(
      "DescribeVpcs",
      { VpcIds: [Vpc.VpcId] },
    ).Vpcs;
    const block = described?.Ipv6CidrBlockAssociationSet[0]?.Ipv6CidrBlock.replace("/56", "/64");
    const { Subnet } = cloud.call<{ Subnet: { SubnetId: string } }>("CreateSubnet", {
      VpcId: Vpc.VpcId,
      CidrBlock: "10.0.1.0/24",
      Ipv6CidrBlock: block,
    });
    cloud.advance(60_000);
    const made = create({ SubnetId: Subnet.SubnetId, Ipv6AddressCount: 1 });
    expect(made.Ipv6Addresses).toHaveLength(1);
    const { AssignedIpv6Addresses = [] } = cloud.call<AssignIpv6AddressesCommandOutput>("AssignIpv6Addresses", {
      NetworkInterfaceId: made.NetworkInterfaceId,
      Ipv6AddressCount: 1,
    });
    expect(shown(made.NetworkInterfaceId).Ipv6Addresses).toHaveLength(2);
    cloud.call("UnassignIpv6Addresses", {
      NetworkInterfaceId: made.NetworkInterfaceId,
      Ipv6Addresses: AssignedIpv6Addresses,
    });
    expect(shown(made.NetworkInterfaceId).Ipv6Addresses).toEqual(made.Ipv6Addresses);
  });
});

test("source/destination check is per interface, on by default, and reset to on [AD-53]", () => {
  const { NetworkInterfaceId } = create();
  const read = () =>
    cloud.call<DescribeNetworkInterfaceAttributeCommandOutput>("DescribeNetworkInterfaceAttribute", {
      NetworkInterfaceId,
      Attribute: "sourceDestCheck",
    }).SourceDestCheck?.Value;
  cloud.call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, SourceDestCheck: { Value: false } });
  expect(read()).toBe(false);
  expect(
    cloud.model().networkInterfaces.find((each) => each.networkInterfaceId === NetworkInterfaceId)?.sourceDestCheck,
  ).toBe(false);
  cloud.call("ResetNetworkInterfaceAttribute", { NetworkInterfaceId, SourceDestCheck: "true" });
  expect(read()).toBe(true);
});

test("filters that clients use before they delete subnets and groups", () => {
  const { NetworkInterfaceId, Groups = [], PrivateIpAddress } = create({ Description: "ELB net/a/0123456789abcdef" });
  runningInstance();
  const find = (Name: string, ...Values: (string | undefined)[]) =>
    cloud
      .call<DescribeNetworkInterfacesCommandOutput>("DescribeNetworkInterfaces", { Filters: [{ Name, Values }] })
      .NetworkInterfaces?.map((each) => each.NetworkInterfaceId);
  expect(find("description", "ELB net/*")).toEqual([NetworkInterfaceId]);
  expect(find("addresses.private-ip-address", PrivateIpAddress)).toEqual([NetworkInterfaceId]);
  expect(find("status", "available")).toEqual([NetworkInterfaceId]);
  expect(find("group-id", Groups[0]?.GroupId)).toHaveLength(2);
  expect(find("group-id", "sg-12345678")).toEqual([]);
  expect(find("subnet-id", otherZone)).toEqual([]);
  expect(find("attachment.instance-owner-id", "111111111111")).toHaveLength(1);
  expect(codeOf(() => find("no-such-filter", "x"))).toBe("InvalidParameterValue");
});

test("groups are changed as a whole, within the VPC", () => {
  const { NetworkInterfaceId } = create();
  const { GroupId } = cloud.call<{ GroupId: string }>("CreateSecurityGroup", {
    GroupName: "web",
    Description: "web",
    VpcId: vpc,
  });
  cloud.call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, Groups: [GroupId] });
  expect(shown(NetworkInterfaceId).Groups).toEqual([{ GroupId, GroupName: "web" }]);
  const { Vpc } = cloud.call<{ Vpc: { VpcId: string } }>("CreateVpc", { CidrBlock: "10.0.0.0/16" });
  const { SecurityGroups = [] } = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {
    Filters: [{ Name: "vpc-id", Values: [Vpc.VpcId] }],
  });
  expect(
    codeOf(() =>
      cloud.call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, Groups: [SecurityGroups[0]?.GroupId] }),
    ),
  ).toBe("InvalidParameter");
});
