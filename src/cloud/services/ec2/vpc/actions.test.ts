/** VPCs as their owners see them, and what refuses them: semantics 1.1, 1.2, 1.4, [AD-36, AD-37], 13.1. */
import type {
  AssociateVpcCidrBlockCommandOutput,
  CreateVpcCommandOutput,
  DescribeAccountAttributesCommandOutput,
  DescribeInternetGatewaysCommandOutput,
  DescribeNetworkAclsCommandOutput,
  DescribeRouteTablesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeSubnetsCommandOutput,
  DescribeVpcAttributeCommandOutput,
  DescribeVpcsCommandOutput,
  Vpc,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { vpcLifecycle } from "./lifecycle.ts";
import { checkQuota, quotas } from "./quotas.ts";

function createVpc(cloud: TestCloud, cidr: string, extra: object = {}): string {
  const { Vpc } = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock: cidr, ...extra });
  return Vpc?.VpcId ?? "";
}

function vpc(cloud: TestCloud, id: string): Vpc {
  const [found] = cloud.call<DescribeVpcsCommandOutput>("DescribeVpcs", { VpcIds: [id] }).Vpcs ?? [];
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe("CreateVpc", () => {
  it("[AD-8] is pending in its answer, then available, with all that AWS shows", () => {
    const cloud = testCloud({ pace: "real" });
    const { Vpc } = cloud.call<CreateVpcCommandOutput>("CreateVpc", {
      CidrBlock: "10.0.0.0/16",
      TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "a" }] }],
    });
    expect(Vpc).toMatchObject({
      State: "pending",
      CidrBlock: "10.0.0.0/16",
      CidrBlockAssociationSet: [
        {
          AssociationId: expect.stringMatching(/^vpc-cidr-assoc-[0-9a-f]{17}$/),
          CidrBlockState: { State: "associated" },
        },
      ],
      Ipv6CidrBlockAssociationSet: [],
      InstanceTenancy: "default",
      IsDefault: false,
      OwnerId: "111111111111",
      DhcpOptionsId: expect.stringMatching(/^dopt-/),
      Tags: [{ Key: "Name", Value: "a" }],
    });
    expect(Vpc).not.toHaveProperty("BlockPublicAccessStates");
    cloud.advance(5_000);
    const described = vpc(cloud, Vpc?.VpcId ?? "");
    expect(described).toMatchObject({
      State: "available",
      BlockPublicAccessStates: { InternetGatewayBlockMode: "off" },
    });
    // As recorded: a VPC without IPv6 is described without the list.
    expect(described).not.toHaveProperty("Ipv6CidrBlockAssociationSet");
  });

  it("[AD-8] its states are these", () => {
    expect(toMermaid(vpcLifecycle)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> pending
        pending --> available: after 1s
        associating --> available: after 5s
      "
    `);
  });

  it.each([
    ["[AD-1]", "10.0.0.0/15", "InvalidVpc.Range", "The CIDR '10.0.0.0/15' is invalid."],
    ["[AD-1]", "10.0.0.0/29", "InvalidVpc.Range", "The CIDR '10.0.0.0/29' is invalid."],
    ["[AD-9]", "169.254.0.0/16", "InvalidVpc.Range", "The CIDR '169.254.0.0/16' is invalid."],
    [
      "[AD-2]",
      "10.0.0.0",
      "InvalidParameterValue",
      "Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
    ],
    [
      "[AD-2]",
      "2001:db8::/56",
      "InvalidParameterValue",
      "Value (2001:db8::/56) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
    ],
  ])("%s refuses %s", (_rule, CidrBlock, code, message) => {
    const cloud = testCloud();
    expect(() => cloud.call("CreateVpc", { CidrBlock })).toThrow(expect.objectContaining({ code, message }));
  });

  it.each([
    ["[AD-3]", "100.68.0.18/18", "100.68.0.0/18"],
    ["[AD-4]", "8.8.0.0/16", "8.8.0.0/16"],
    ["[AD-4]", "172.17.0.0/16", "172.17.0.0/16"],
  ])("%s takes %s as %s", (_rule, CidrBlock, stored) => {
    const cloud = testCloud();
    expect(vpc(cloud, createVpc(cloud, CidrBlock)).CidrBlock).toBe(stored);
  });

  it("brings a main route table, a default network ACL and a default security group", () => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.0.0.0/16");
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [VpcId] }] };
    const { RouteTables } = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", inVpc);
    expect(RouteTables).toHaveLength(1);
    expect(RouteTables?.[0]).toMatchObject({
      Associations: [{ Main: true, AssociationState: { State: "associated" } }],
      Routes: [
        { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", Origin: "CreateRouteTable", State: "active" },
      ],
      PropagatingVgws: [],
      OwnerId: "111111111111",
    });
    const { NetworkAcls } = cloud.call<DescribeNetworkAclsCommandOutput>("DescribeNetworkAcls", inVpc);
    expect(NetworkAcls).toMatchObject([{ IsDefault: true }]);
    const groups = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", inVpc).SecurityGroups;
    expect(groups).toMatchObject([{ GroupName: "default" }]);
  });

  it("[AD-20, AD-21, AD-22] gives a /56 of its own, with a local route", () => {
    const cloud = testCloud();
    const blocks = ["10.0.0.0/16", "10.1.0.0/16"].map((cidr) => {
      const created = vpc(cloud, createVpc(cloud, cidr, { AmazonProvidedIpv6CidrBlock: true }));
      const [association] = created.Ipv6CidrBlockAssociationSet ?? [];
      expect(association).toMatchObject({
        Ipv6CidrBlockState: { State: "associated" },
        NetworkBorderGroup: "us-east-1",
        Ipv6Pool: "Amazon",
      });
      const tables = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
        Filters: [{ Name: "vpc-id", Values: [created.VpcId] }],
      });
      expect(tables.RouteTables?.[0]?.Routes).toContainEqual(
        expect.objectContaining({ DestinationIpv6CidrBlock: association?.Ipv6CidrBlock, GatewayId: "local" }),
      );
      return association?.Ipv6CidrBlock;
    });
    expect(blocks[0]).toMatch(/^2001:db8:.*\/56$/);
    expect(blocks[0]).not.toBe(blocks[1]);
  });

  it("refuses by name what it does not model", () => {
    const cloud = testCloud();
    expect(() => cloud.call("CreateVpc", { Ipv4IpamPoolId: "ipam-pool-1" })).toThrow(
      expect.objectContaining({ code: "UnsupportedOperation", message: expect.stringContaining("Ipv4IpamPoolId") }),
    );
  });
});

describe("AssociateVpcCidrBlock", () => {
  const rows: readonly (readonly [rule: string, primary: string, added: string, code: string | undefined])[] = [
    ["[AD-9]", "10.5.0.0/16", "10.6.0.0/16", undefined],
    ["[AD-9]", "10.5.0.0/16", "100.64.0.0/16", undefined],
    ["[AD-9]", "10.5.0.0/16", "52.0.0.0/16", undefined],
    ["[AD-9]", "10.5.0.0/16", "10.0.0.0/24", undefined],
    ["[AD-9]", "10.5.0.0/16", "172.16.0.0/16", "InvalidVpc.Range"],
    ["[AD-9]", "10.5.0.0/16", "192.168.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "10.5.0.0/16", "198.19.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "10.1.0.0/16", "10.0.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "10.0.0.0/24", "10.0.1.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "172.16.0.0/16", "172.17.0.0/16", undefined],
    ["[AD-9]", "172.16.0.0/16", "172.31.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "172.16.0.0/16", "10.0.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "192.168.0.0/24", "192.168.1.0/24", undefined],
    ["[AD-9]", "192.168.0.0/24", "172.16.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "198.19.0.0/24", "100.64.0.0/24", undefined],
    ["[AD-9]", "198.19.0.0/24", "10.0.0.0/24", "InvalidVpc.Range"],
    ["[AD-9]", "100.64.0.0/16", "52.0.0.0/16", undefined],
    ["[AD-9]", "100.64.0.0/16", "10.0.0.0/16", "InvalidVpc.Range"],
    ["[AD-9]", "100.64.0.0/16", "198.19.0.0/16", "InvalidVpc.Range"],
    ["[AD-9]", "10.5.0.0/16", "169.254.0.0/16", "InvalidVpc.Range"],
    ["[AD-10]", "10.5.0.0/16", "10.5.1.0/24", "InvalidVpc.Range"],
    ["[AD-1]", "10.5.0.0/16", "10.6.0.0/29", "InvalidVpc.Range"],
  ];
  it.each(rows)("%s %s with %s: %s", (_rule, primary, CidrBlock, code) => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, primary);
    const call = () => cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock });
    if (code === undefined) expect(call).not.toThrow();
    else expect(call).toThrow(expect.objectContaining({ code }));
  });

  it("[AD-7, AD-13] associates and disassociates step by step, the local route coming and going at once", () => {
    const cloud = testCloud({ pace: "real" });
    const VpcId = createVpc(cloud, "10.5.0.0/16");
    cloud.advance(5_000);
    const added = cloud.call<AssociateVpcCidrBlockCommandOutput>("AssociateVpcCidrBlock", {
      VpcId,
      CidrBlock: "10.6.0.0/16",
    });
    expect(added.CidrBlockAssociation?.CidrBlockState).toEqual({ State: "associating" });
    const locals = () =>
      cloud
        .call<DescribeRouteTablesCommandOutput>("DescribeRouteTables", {
          Filters: [{ Name: "vpc-id", Values: [VpcId] }],
        })
        .RouteTables?.[0]?.Routes?.map((route) => route.DestinationCidrBlock);
    expect(locals()).toEqual(["10.5.0.0/16", "10.6.0.0/16"]);
    cloud.advance(10_000);
    expect(vpc(cloud, VpcId).CidrBlockAssociationSet?.[1]?.CidrBlockState).toEqual({ State: "associated" });
    expect(vpc(cloud, VpcId).State).toBe("available");

    cloud.call("CreateSubnet", { VpcId, CidrBlock: "10.6.1.0/24" });
    const { AssociationId } = added.CidrBlockAssociation ?? {};
    expect(() => cloud.call("DisassociateVpcCidrBlock", { AssociationId })).toThrow(
      expect.objectContaining({ code: "InvalidCidrBlock.InUse" }),
    );
    const subnets = cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets", {
      Filters: [{ Name: "vpc-id", Values: [VpcId] }],
    });
    cloud.call("DeleteSubnet", { SubnetId: subnets.Subnets?.[0]?.SubnetId });
    const gone = cloud.call<AssociateVpcCidrBlockCommandOutput>("DisassociateVpcCidrBlock", { AssociationId });
    expect(gone.CidrBlockAssociation?.CidrBlockState).toEqual({ State: "disassociating" });
    expect(locals()).toEqual(["10.5.0.0/16"]);
    cloud.advance(10_000);
    expect(vpc(cloud, VpcId).CidrBlockAssociationSet).toHaveLength(1);
    expect(() => cloud.call("DisassociateVpcCidrBlock", { AssociationId })).toThrow(
      expect.objectContaining({ code: "InvalidVpcCidrBlockAssociationID.NotFound" }),
    );
  });

  it("[AD-5] keeps the primary block", () => {
    const cloud = testCloud();
    const id = createVpc(cloud, "10.5.0.0/16");
    const AssociationId = vpc(cloud, id).CidrBlockAssociationSet?.[0]?.AssociationId;
    expect(() => cloud.call("DisassociateVpcCidrBlock", { AssociationId })).toThrow(
      expect.objectContaining({
        code: "OperationNotPermitted",
        message: `The vpc CIDR block with association ID ${AssociationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
      }),
    );
  });

  it("[AD-6] stops at five blocks", () => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.5.0.0/16");
    for (const n of [6, 7, 8, 9]) cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock: `10.${n}.0.0/16` });
    expect(() => cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock: "10.10.0.0/16" })).toThrow(
      expect.objectContaining({
        code: "CidrLimitExceeded",
        message: `This network ${VpcId} has met its maximum number of allowed CIDRs: 5`,
      }),
    );
  });

  it("[AD-11] refuses a block that is not smaller than a route's destination", () => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.5.0.0/16");
    const { InternetGateway } = cloud.call<{ InternetGateway: { InternetGatewayId: string } }>("CreateInternetGateway");
    const GatewayId = InternetGateway.InternetGatewayId;
    cloud.call("AttachInternetGateway", { InternetGatewayId: GatewayId, VpcId });
    const { RouteTable } = cloud.call<{ RouteTable: { RouteTableId: string } }>("CreateRouteTable", { VpcId });
    cloud.call("CreateRoute", {
      RouteTableId: RouteTable.RouteTableId,
      DestinationCidrBlock: "10.6.0.0/24",
      GatewayId,
    });
    for (const CidrBlock of ["10.6.0.0/24", "10.6.0.0/16"]) {
      expect(() => cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock })).toThrow(
        expect.objectContaining({ code: "InvalidParameterValue" }),
      );
    }
    expect(() => cloud.call("AssociateVpcCidrBlock", { VpcId, CidrBlock: "10.6.0.0/25" })).not.toThrow();
  });

  it("[AD-21] adds an IPv6 block of Amazon's, and the network ACL's and security group's rules for it", () => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.5.0.0/16");
    const added = cloud.call<AssociateVpcCidrBlockCommandOutput>("AssociateVpcCidrBlock", {
      VpcId,
      AmazonProvidedIpv6CidrBlock: true,
    });
    expect(added.Ipv6CidrBlockAssociation?.Ipv6CidrBlock).toMatch(/^2001:db8:/);
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [VpcId] }] };
    const { NetworkAcls } = cloud.call<DescribeNetworkAclsCommandOutput>("DescribeNetworkAcls", inVpc);
    expect(NetworkAcls?.[0]?.Entries).toContainEqual(
      expect.objectContaining({ Ipv6CidrBlock: "::/0", RuleNumber: 101 }),
    );
  });
});

describe("DeleteVpc [AD-37]", () => {
  const inTheWay: Readonly<Record<string, (cloud: TestCloud, VpcId: string) => void>> = {
    "a subnet": (cloud, VpcId) => void cloud.call("CreateSubnet", { VpcId, CidrBlock: "10.0.0.0/24" }),
    "an internet gateway": (cloud, VpcId) => {
      const { InternetGateway } = cloud.call<{ InternetGateway: { InternetGatewayId: string } }>(
        "CreateInternetGateway",
      );
      cloud.call("AttachInternetGateway", { ...InternetGateway, VpcId });
    },
    "an egress-only internet gateway": (cloud, VpcId) => void cloud.call("CreateEgressOnlyInternetGateway", { VpcId }),
    "a security group": (cloud, VpcId) =>
      void cloud.call("CreateSecurityGroup", { VpcId, GroupName: "web", Description: "web" }),
    "a route table": (cloud, VpcId) => void cloud.call("CreateRouteTable", { VpcId }),
    "a network ACL": (cloud, VpcId) => void cloud.call("CreateNetworkAcl", { VpcId }),
  };
  it.each(Object.entries(inTheWay))("is refused while there is %s", (_what, make) => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.0.0.0/16");
    make(cloud, VpcId);
    expect(() => cloud.call("DeleteVpc", { VpcId })).toThrow(
      expect.objectContaining({
        code: "DependencyViolation",
        message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
      }),
    );
    expect(vpc(cloud, VpcId).VpcId).toBe(VpcId);
  });

  it("takes the main table, the default ACL and group along", () => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.0.0.0/16", {
      TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "a" }] }],
    });
    cloud.call("DeleteVpc", { VpcId });
    expect(() => vpc(cloud, VpcId)).toThrow(
      expect.objectContaining({ code: "InvalidVpcID.NotFound", message: `The vpc ID '${VpcId}' does not exist` }),
    );
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [VpcId] }] };
    expect(cloud.call("DescribeRouteTables", inVpc)).toMatchObject({ RouteTables: [] });
    expect(cloud.call("DescribeNetworkAcls", inVpc)).toMatchObject({ NetworkAcls: [] });
    expect(cloud.call("DescribeSecurityGroups", inVpc)).toMatchObject({ SecurityGroups: [] });
    expect([...cloud.cloud.view.all("tag")]).toEqual([]);
  });
});

describe("attributes", () => {
  it("are changed one at a time and read back", () => {
    const cloud = testCloud();
    const VpcId = createVpc(cloud, "10.0.0.0/16");
    const read = (Attribute: string) =>
      cloud.call<DescribeVpcAttributeCommandOutput>("DescribeVpcAttribute", { VpcId, Attribute });
    expect(read("enableDnsSupport")).toEqual({ VpcId, EnableDnsSupport: { Value: true } });
    expect(read("enableDnsHostnames")).toEqual({ VpcId, EnableDnsHostnames: { Value: false } });
    cloud.call("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
    expect(read("enableDnsHostnames")).toEqual({ VpcId, EnableDnsHostnames: { Value: true } });
    expect(() =>
      cloud.call("ModifyVpcAttribute", {
        VpcId,
        EnableDnsHostnames: { Value: true },
        EnableDnsSupport: { Value: true },
      }),
    ).toThrow(expect.objectContaining({ code: "InvalidParameterCombination" }));
  });
});

describe("what an account starts with (semantics 1.4)", () => {
  it("is a default VPC with a subnet in every zone and the way to the internet", () => {
    const cloud = testCloud();
    const isDefault = { Filters: [{ Name: "is-default", Values: ["true"] }] };
    const [found, ...others] = cloud.call<DescribeVpcsCommandOutput>("DescribeVpcs", isDefault).Vpcs ?? [];
    expect(others).toEqual([]);
    expect(found).toMatchObject({ CidrBlock: "172.31.0.0/16", State: "available", IsDefault: true });
    const { Subnets } = cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets");
    expect(Subnets?.map((subnet) => [subnet.AvailabilityZone, subnet.CidrBlock])).toEqual([
      ["us-east-1a", "172.31.0.0/20"],
      ["us-east-1b", "172.31.16.0/20"],
      ["us-east-1c", "172.31.32.0/20"],
      ["us-east-1d", "172.31.48.0/20"],
      ["us-east-1e", "172.31.64.0/20"],
      ["us-east-1f", "172.31.80.0/20"],
    ]);
    expect(Subnets?.every((subnet) => subnet.DefaultForAz && subnet.MapPublicIpOnLaunch)).toBe(true);
    const [gateway] =
      cloud.call<DescribeInternetGatewaysCommandOutput>("DescribeInternetGateways").InternetGateways ?? [];
    expect(gateway?.Attachments).toEqual([{ State: "available", VpcId: found?.VpcId }]);
    const [table] = cloud.call<DescribeRouteTablesCommandOutput>("DescribeRouteTables").RouteTables ?? [];
    expect(table?.Routes).toContainEqual(
      expect.objectContaining({
        DestinationCidrBlock: "0.0.0.0/0",
        GatewayId: gateway?.InternetGatewayId,
        State: "active",
      }),
    );
    expect(cloud.call("DescribeVpcAttribute", { VpcId: found?.VpcId, Attribute: "enableDnsHostnames" })).toMatchObject({
      EnableDnsHostnames: { Value: true },
    });
    const attributes = cloud.call<DescribeAccountAttributesCommandOutput>("DescribeAccountAttributes", {
      AttributeNames: ["default-vpc"],
    });
    expect(attributes.AccountAttributes?.[0]?.AttributeValues).toEqual([{ AttributeValue: found?.VpcId }]);
  });

  it("is the account's own in every Region", () => {
    const cloud = testCloud();
    const ids = [{}, { account: accountB }, { region: "eu-west-1" }].map((caller) =>
      cloud.call<DescribeVpcsCommandOutput>("DescribeVpcs", {}, caller).Vpcs?.map((each) => each.VpcId),
    );
    expect(new Set(ids.flat()).size).toBe(3);
    expect(() => cloud.call("DescribeVpcs", { VpcIds: ids[0] }, { account: accountB })).toThrow(
      expect.objectContaining({ code: "InvalidVpcID.NotFound" }),
    );
  });

  it("is made again on request, once", () => {
    const cloud = testCloud();
    expect(() => cloud.call("CreateDefaultVpc")).toThrow(expect.objectContaining({ code: "DefaultVpcAlreadyExists" }));
    const { Subnets } = cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets");
    const zone = { AvailabilityZone: "us-east-1b" };
    expect(() => cloud.call("CreateDefaultSubnet", zone)).toThrow(
      expect.objectContaining({
        code: "DefaultSubnetAlreadyExistsInAvailabilityZone",
        message: `'${Subnets?.[1]?.SubnetId}' is already the default subnet in us-east-1b.`,
      }),
    );
    cloud.call("DeleteSubnet", { SubnetId: Subnets?.[1]?.SubnetId });
    expect(cloud.call("CreateDefaultSubnet", zone)).toMatchObject({ Subnet: { CidrBlock: "172.31.16.0/20" } });
  });

  it("is not there in a Region that AWS does not have", () => {
    const cloud = testCloud();
    expect(() => cloud.call("DescribeVpcs", {}, { region: "mars-north-1" })).toThrow(
      expect.objectContaining({ code: "AuthFailure" }),
    );
  });
});

it("quotas without an enforced value never refuse; the others do with AWS's codes", () => {
  for (const [name, quota] of Object.entries(quotas)) {
    const check = () => checkQuota(name as keyof typeof quotas, 1_000_000, "vpc-1");
    if ("enforced" in quota) expect(check).toThrow(expect.objectContaining({ code: quota.code }));
    else expect(check).not.toThrow();
  }
});

it("EC2-Classic is answered as AWS answers it now", () => {
  const cloud = testCloud();
  expect(() => cloud.call("DescribeVpcClassicLink")).toThrow(
    expect.objectContaining({ message: "The functionality you requested is not available in this region." }),
  );
});
