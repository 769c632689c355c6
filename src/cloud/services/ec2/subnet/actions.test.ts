/** Subnets and the addresses in them: semantics 1.3, [AD-30 .. AD-35, AD-58]. */
import type {
  CreateSubnetCommandOutput,
  CreateVpcCommandOutput,
  DescribeRouteTablesCommandOutput,
  DescribeSubnetsCommandOutput,
  Subnet,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { allocateAddress, allocateIpv6Address } from "./addresses.ts";

function inVpc(cloud: TestCloud, cidr = "10.0.0.0/16", extra: object = {}): { VpcId: string; ipv6: string } {
  const { Vpc } = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock: cidr, ...extra });
  return {
    VpcId: Vpc?.VpcId ?? "",
    ipv6: Vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock?.replace(/\/56$/, "/64") ?? "",
  };
}

function create(cloud: TestCloud, input: object): Subnet {
  const { Subnet } = cloud.call<CreateSubnetCommandOutput>("CreateSubnet", input);
  if (Subnet === undefined) throw new Error("no subnet in the answer");
  return Subnet;
}

function read(cloud: TestCloud, id: string | undefined): Subnet | undefined {
  return cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets", { SubnetIds: [id] }).Subnets?.[0];
}

describe("CreateSubnet", () => {
  it("shows all that AWS shows", () => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud);
    const subnet = create(cloud, { VpcId, CidrBlock: "10.0.1.7/24", AvailabilityZone: "us-east-1b" });
    expect(subnet).toMatchObject({
      State: "pending",
      CidrBlock: "10.0.1.0/24",
      AvailabilityZone: "us-east-1b",
      AvailabilityZoneId: "use1-az2",
      AvailableIpAddressCount: 251,
      DefaultForAz: false,
      MapPublicIpOnLaunch: false,
      AssignIpv6AddressOnCreation: false,
      EnableDns64: false,
      Ipv6Native: false,
      Ipv6CidrBlockAssociationSet: [],
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: "ip-name",
        EnableResourceNameDnsARecord: false,
        EnableResourceNameDnsAAAARecord: false,
      },
      SubnetArn: `arn:aws:ec2:us-east-1:111111111111:subnet/${subnet.SubnetId}`,
      OwnerId: "111111111111",
      VpcId,
    });
    expect(read(cloud, subnet.SubnetId)?.State).toBe("available");
  });

  it.each([
    ["10.0.0.0/28", 11],
    ["10.0.0.0/16", 65_531],
  ])("[AD-31] %s has %d free addresses", (CidrBlock, count) => {
    const cloud = testCloud();
    expect(create(cloud, { VpcId: inVpc(cloud).VpcId, CidrBlock }).AvailableIpAddressCount).toBe(count);
  });

  it.each([
    ["[AD-30]", "10.1.0.0/24", "InvalidSubnet.Range", "The CIDR '10.1.0.0/24' is invalid."],
    ["[AD-30]", "10.0.0.0/29", "InvalidSubnet.Range", "The CIDR '10.0.0.0/29' is invalid."],
    ["[AD-30]", "10.0.1.128/25", "InvalidSubnet.Conflict", "The CIDR '10.0.1.128/25' conflicts with another subnet"],
    ["[AD-30]", "10.0.0.0/16", "InvalidSubnet.Conflict", "The CIDR '10.0.0.0/16' conflicts with another subnet"],
    [
      "[AD-2]",
      "10.0.1",
      "InvalidParameterValue",
      "Value (10.0.1) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
    ],
  ])("%s refuses %s", (_rule, CidrBlock, code, message) => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud);
    create(cloud, { VpcId, CidrBlock: "10.0.1.0/24" });
    expect(() => create(cloud, { VpcId, CidrBlock })).toThrow(expect.objectContaining({ code, message }));
  });

  it("[AD-30] refuses a zone that is not the Region's", () => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud);
    expect(() => create(cloud, { VpcId, CidrBlock: "10.0.1.0/24", AvailabilityZone: "us-east-1z" })).toThrow(
      expect.objectContaining({
        code: "InvalidParameterValue",
        message:
          "Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1e, us-east-1f.",
      }),
    );
  });

  it("takes a block of a secondary range", () => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud);
    cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock: "10.9.0.0/16" });
    expect(create(cloud, { VpcId, CidrBlock: "10.9.1.0/24" }).CidrBlock).toBe("10.9.1.0/24");
  });

  it("refuses another account's VPC as unknown", () => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud);
    expect(() => cloud.call("CreateSubnet", { VpcId, CidrBlock: "10.0.1.0/24" }, { account: "222222222222" })).toThrow(
      expect.objectContaining({ code: "InvalidVpcID.NotFound" }),
    );
  });
});

describe("IPv6 blocks of a subnet", () => {
  it("[AD-20] join and leave", () => {
    const cloud = testCloud({ pace: "real" });
    const { VpcId, ipv6 } = inVpc(cloud, "10.0.0.0/16", { AmazonProvidedIpv6CidrBlock: true });
    cloud.advance(10_000);
    const { SubnetId } = create(cloud, { VpcId, CidrBlock: "10.0.1.0/24" });
    cloud.advance(10_000);
    expect(() =>
      cloud.call("ModifySubnetAttribute", { SubnetId, AssignIpv6AddressOnCreation: { Value: true } }),
    ).toThrow(expect.objectContaining({ code: "InvalidParameterValue" }));
    const added = cloud.call("AssociateSubnetCidrBlock", { SubnetId, Ipv6CidrBlock: ipv6 });
    expect(added).toMatchObject({
      Ipv6CidrBlockAssociation: { Ipv6CidrBlock: ipv6, Ipv6CidrBlockState: { State: "associating" } },
    });
    cloud.advance(10_000);
    const [association] = read(cloud, SubnetId)?.Ipv6CidrBlockAssociationSet ?? [];
    expect(association?.Ipv6CidrBlockState).toEqual({ State: "associated" });
    expect(() => create(cloud, { VpcId, CidrBlock: "10.0.2.0/24", Ipv6CidrBlock: ipv6 })).toThrow(
      expect.objectContaining({ code: "InvalidSubnet.Conflict" }),
    );
    const byAssociation = { Name: "ipv6-cidr-block-association.association-id", Values: [association?.AssociationId] };
    expect(cloud.call("DescribeSubnets", { Filters: [byAssociation] })).toMatchObject({ Subnets: [{ SubnetId }] });
    cloud.call("ModifySubnetAttribute", { SubnetId, AssignIpv6AddressOnCreation: { Value: true } });
    cloud.call("DisassociateSubnetCidrBlock", { AssociationId: association?.AssociationId });
    cloud.advance(10_000);
    expect(read(cloud, SubnetId)).toMatchObject({
      Ipv6CidrBlockAssociationSet: [],
      AssignIpv6AddressOnCreation: false,
    });
  });

  it.each([
    ["2001:db8:ffff::/64", "InvalidSubnet.Range"],
    ["10.0.0.0/24", "InvalidSubnet.Range"],
    ["2001:db8::", "InvalidParameterValue"],
  ])("[AD-30] refuses %s", (Ipv6CidrBlock, code) => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud, "10.0.0.0/16", { AmazonProvidedIpv6CidrBlock: true });
    expect(() => create(cloud, { VpcId, CidrBlock: "10.0.1.0/24", Ipv6CidrBlock })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe("ModifySubnetAttribute [AD-33]", () => {
  it.each([
    [{ MapPublicIpOnLaunch: { Value: true } }, { MapPublicIpOnLaunch: true }],
    [{ EnableDns64: { Value: true } }, { EnableDns64: true }],
    [
      { PrivateDnsHostnameTypeOnLaunch: "resource-name" },
      { PrivateDnsNameOptionsOnLaunch: { HostnameType: "resource-name" } },
    ],
    [
      { EnableResourceNameDnsARecordOnLaunch: { Value: true } },
      { PrivateDnsNameOptionsOnLaunch: { EnableResourceNameDnsARecord: true } },
    ],
    [
      { EnableResourceNameDnsAAAARecordOnLaunch: { Value: true } },
      { PrivateDnsNameOptionsOnLaunch: { EnableResourceNameDnsAAAARecord: true } },
    ],
  ])("%o", (change, shown) => {
    const cloud = testCloud();
    const { SubnetId } = create(cloud, { VpcId: inVpc(cloud).VpcId, CidrBlock: "10.0.1.0/24" });
    cloud.call("ModifySubnetAttribute", { SubnetId, ...change });
    expect(read(cloud, SubnetId)).toMatchObject(shown);
  });

  it("takes one attribute per call", () => {
    const cloud = testCloud();
    const { SubnetId } = create(cloud, { VpcId: inVpc(cloud).VpcId, CidrBlock: "10.0.1.0/24" });
    const both = { MapPublicIpOnLaunch: { Value: true }, EnableDns64: { Value: true } };
    expect(() => cloud.call("ModifySubnetAttribute", { SubnetId, ...both })).toThrow(
      expect.objectContaining({ code: "InvalidParameterCombination" }),
    );
    expect(() => cloud.call("ModifySubnetAttribute", { SubnetId })).toThrow(
      expect.objectContaining({ code: "MissingParameter" }),
    );
  });
});

describe("DeleteSubnet [AD-35]", () => {
  it("waits for the interfaces in it, and takes its associations along", () => {
    const cloud = testCloud();
    const { VpcId } = inVpc(cloud);
    const { SubnetId } = create(cloud, { VpcId, CidrBlock: "10.0.1.0/24" });
    const { RouteTable } = cloud.call<{ RouteTable: { RouteTableId: string } }>("CreateRouteTable", { VpcId });
    const { RouteTableId } = RouteTable;
    cloud.call("AssociateRouteTable", { SubnetId, RouteTableId });
    const { NetworkInterface } = cloud.call<{ NetworkInterface: { NetworkInterfaceId: string } }>(
      "CreateNetworkInterface",
      { SubnetId },
    );
    expect(read(cloud, SubnetId)?.AvailableIpAddressCount).toBe(250);
    expect(() => cloud.call("DeleteSubnet", { SubnetId })).toThrow(
      expect.objectContaining({
        code: "DependencyViolation",
        message: `The subnet '${SubnetId}' has dependencies and cannot be deleted.`,
      }),
    );
    cloud.call("DeleteNetworkInterface", { NetworkInterfaceId: NetworkInterface.NetworkInterfaceId });
    cloud.call("DeleteSubnet", { SubnetId });
    const tables = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
      RouteTableIds: [RouteTableId],
    });
    expect(tables.RouteTables?.[0]?.Associations).toEqual([]);
    expect(() => read(cloud, SubnetId)).toThrow(expect.objectContaining({ code: "InvalidSubnetID.NotFound" }));
  });
});

describe("addresses", () => {
  const block = "10.0.1.0/28";

  function subnet(cloud: TestCloud, extra: object = {}): string {
    const { VpcId } = inVpc(cloud);
    return create(cloud, { VpcId, CidrBlock: block, ...extra }).SubnetId ?? "";
  }

  function networkInterface(cloud: TestCloud, SubnetId: string, PrivateIpAddress?: string): string {
    return (
      cloud.call<{ NetworkInterface: { PrivateIpAddress: string } }>("CreateNetworkInterface", {
        SubnetId,
        PrivateIpAddress,
      }).NetworkInterface.PrivateIpAddress ?? ""
    );
  }

  it("[AD-31] are all but AWS's five, each given once", () => {
    const cloud = testCloud();
    const SubnetId = subnet(cloud);
    const given = Array.from({ length: 11 }, () => networkInterface(cloud, SubnetId));
    expect(new Set(given)).toEqual(new Set(Array.from({ length: 11 }, (_, n) => `10.0.1.${n + 4}`)));
    expect(read(cloud, SubnetId)?.AvailableIpAddressCount).toBe(0);
    expect(() => networkInterface(cloud, SubnetId)).toThrow(
      expect.objectContaining({ code: "InsufficientFreeAddressesInSubnet" }),
    );
  });

  it.each([
    ["10.0.1.0", "InvalidParameterValue", "Address 10.0.1.0 is in subnet's reserved address range"],
    ["10.0.1.3", "InvalidParameterValue", "Address 10.0.1.3 is in subnet's reserved address range"],
    ["10.0.1.15", "InvalidParameterValue", "Address 10.0.1.15 is in subnet's reserved address range"],
    ["10.0.1.16", "InvalidParameterValue", "Address 10.0.1.16 does not fall within the subnet's address range"],
    ["10.0.1.5", "InvalidIPAddress.InUse", "Address 10.0.1.5 is in use."],
    [
      "10.0.1.999",
      "InvalidParameterValue",
      "Value (10.0.1.999) for parameter address is invalid. This is not a valid IP address.",
    ],
  ])("[AD-58] refuses %s", (wanted, code, message) => {
    const cloud = testCloud();
    const record = cloud.cloud.view.must("subnet", subnet(cloud));
    networkInterface(cloud, record.SubnetId, "10.0.1.5");
    expect(() => allocateAddress(cloud.cloud.view, record, wanted)).toThrow(expect.objectContaining({ code, message }));
  });

  it("go round: a freed one is not given again at once", () => {
    const cloud = testCloud();
    const SubnetId = subnet(cloud);
    expect(networkInterface(cloud, SubnetId, "10.0.1.13")).toBe("10.0.1.13");
    expect(networkInterface(cloud, SubnetId)).toBe("10.0.1.14");
    expect(networkInterface(cloud, SubnetId)).toBe("10.0.1.4");
  });

  it("[AD-32] of IPv6 leave out the first four and the last", () => {
    const cloud = testCloud();
    const { VpcId, ipv6 } = inVpc(cloud, "10.0.0.0/16", { AmazonProvidedIpv6CidrBlock: true });
    const { SubnetId = "" } = create(cloud, { VpcId, CidrBlock: block, Ipv6CidrBlock: ipv6 });
    const record = cloud.cloud.view.must("subnet", SubnetId);
    const bytes = [...Array<number>(8).fill(0), ...Array<number>(8).fill(255), ...Array<number>(7).fill(0), 9];
    const transaction = {
      by: cloud.cloud.view.by,
      randomBytes: (count: number) => Uint8Array.from(bytes.splice(0, count)),
    };
    // The first draw is reserved, the second too, the third is not.
    expect(allocateIpv6Address(transaction, record)).toBe(ipv6.replace("::/64", "::9"));
    const first = ipv6.replace("::/64", "::3");
    expect(() => allocateIpv6Address(transaction, record, first)).toThrow(
      expect.objectContaining({ message: `Address ${first} is in subnet's reserved address range` }),
    );
  });
});

it("[AD-36] the 201st subnet of a VPC is refused, in another VPC it is not", () => {
  const cloud = testCloud();
  const { VpcId } = inVpc(cloud);
  for (let index = 1; index <= 200; index += 1) create(cloud, { VpcId, CidrBlock: `10.0.${index}.0/24` });
  expect(() => create(cloud, { VpcId, CidrBlock: "10.0.201.0/24" })).toThrow(
    expect.objectContaining({ code: "SubnetLimitExceeded" }),
  );
  create(cloud, { VpcId: inVpc(cloud).VpcId, CidrBlock: "10.0.1.0/24" });
});

describe("DescribeSubnets", () => {
  it.each([
    ["vpc-id", (subnet: Subnet) => subnet.VpcId],
    ["cidr-block", (subnet: Subnet) => subnet.CidrBlock],
    ["availability-zone-id", (subnet: Subnet) => subnet.AvailabilityZoneId],
    ["subnet-arn", (subnet: Subnet) => subnet.SubnetArn],
    ["state", () => "available"],
  ])("filters by %s", (Name, shown) => {
    const cloud = testCloud();
    const subnet = create(cloud, {
      VpcId: inVpc(cloud).VpcId,
      CidrBlock: "10.0.1.0/24",
      AvailabilityZone: "us-east-1c",
    });
    const found = cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets", {
      Filters: [
        { Name, Values: [shown(subnet)] },
        { Name: "vpc-id", Values: [subnet.VpcId] },
      ],
    });
    expect(found.Subnets?.map(({ SubnetId }) => SubnetId)).toEqual([subnet.SubnetId]);
  });
});
