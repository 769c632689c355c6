import type {
  CreateNetworkAclCommandOutput,
  CreateSubnetCommandOutput,
  CreateVpcCommandOutput,
  DescribeNetworkAclsCommandOutput,
  NetworkAcl,
  ReplaceNetworkAclAssociationCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";

let cloud: TestCloud;
let vpcId: string;

beforeEach(() => {
  cloud = testCloud();
  vpcId = createVpc("10.0.0.0/16");
});

function createVpc(CidrBlock: string, more: object = {}): string {
  return cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock, ...more }).Vpc?.VpcId ?? "";
}

function createSubnet(CidrBlock: string): string {
  return cloud.call<CreateSubnetCommandOutput>("CreateSubnet", { VpcId: vpcId, CidrBlock }).Subnet?.SubnetId ?? "";
}

function createAcl(): string {
  const { NetworkAcl } = cloud.call<CreateNetworkAclCommandOutput>("CreateNetworkAcl", { VpcId: vpcId });
  return NetworkAcl?.NetworkAclId ?? "";
}

function acls(...Filters: { Name: string; Values: string[] }[]): NetworkAcl[] {
  return cloud.call<DescribeNetworkAclsCommandOutput>("DescribeNetworkAcls", { Filters }).NetworkAcls ?? [];
}

function defaultAcl(vpc = vpcId): NetworkAcl {
  const [found, ...others] = acls({ Name: "vpc-id", Values: [vpc] }, { Name: "default", Values: ["true"] });
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} default ACLs in ${vpc}`);
  return found;
}

const numbers = (acl: NetworkAcl | undefined) =>
  acl?.Entries?.map((entry) => [
    entry.Egress,
    entry.RuleNumber,
    entry.RuleAction,
    entry.CidrBlock ?? entry.Ipv6CidrBlock,
  ]);

/** `Code: message` of the refusal, or `allowed`. */
function outcome(operation: string, input: object, caller?: TestCaller): string {
  try {
    cloud.call(operation, input, caller);
    return "allowed";
  } catch (error) {
    if (isAwsError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const open = { RuleNumber: 100, Protocol: "-1", RuleAction: "allow", Egress: false, CidrBlock: "0.0.0.0/0" };

describe("network ACLs", () => {
  it("[NA-3, NA-4] gives a VPC a default ACL that allows, and shows the last entries", () => {
    expect(defaultAcl()).toMatchObject({ IsDefault: true, OwnerId: accountA, VpcId: vpcId, Tags: [] });
    expect(numbers(defaultAcl())).toEqual([
      [true, 100, "allow", "0.0.0.0/0"],
      [true, 32_767, "deny", "0.0.0.0/0"],
      [false, 100, "allow", "0.0.0.0/0"],
      [false, 32_767, "deny", "0.0.0.0/0"],
    ]);
  });

  const withIpv6 = [
    [true, 100, "allow", "0.0.0.0/0"],
    [true, 101, "allow", "::/0"],
    [true, 32_767, "deny", "0.0.0.0/0"],
    [true, 32_768, "deny", "::/0"],
    [false, 100, "allow", "0.0.0.0/0"],
    [false, 101, "allow", "::/0"],
    [false, 32_767, "deny", "0.0.0.0/0"],
    [false, 32_768, "deny", "::/0"],
  ];

  it("[NA-4] adds the IPv6 entries with the block, at creation or later", () => {
    expect(numbers(defaultAcl(createVpc("10.1.0.0/16", { AmazonProvidedIpv6CidrBlock: true })))).toEqual(withIpv6);
    const custom = createAcl();
    cloud.call("AssociateVpcCidrBlock", { VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true });
    expect(numbers(defaultAcl())).toEqual(withIpv6);
    expect(numbers(acls({ Name: "network-acl-id", Values: [custom] })[0])?.map(([, number]) => number)).toEqual([
      32_767, 32_768, 32_767, 32_768,
    ]);
  });

  it("[NA-4] leaves the rules of a changed default ACL alone", () => {
    const NetworkAclId = defaultAcl().NetworkAclId;
    cloud.call("ReplaceNetworkAclEntry", { NetworkAclId, ...open, RuleAction: "deny" });
    cloud.call("AssociateVpcCidrBlock", { VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true });
    expect(numbers(defaultAcl())?.map(([, number]) => number)).toEqual([100, 32_767, 32_768, 100, 32_767, 32_768]);
  });

  it("[NA-4] makes a new ACL that denies everything, with its tags", () => {
    const { NetworkAcl: acl } = cloud.call<CreateNetworkAclCommandOutput>("CreateNetworkAcl", {
      VpcId: vpcId,
      TagSpecifications: [{ ResourceType: "network-acl", Tags: [{ Key: "Name", Value: "closed" }] }],
    });
    expect(acl).toMatchObject({ IsDefault: false, Associations: [], Tags: [{ Key: "Name", Value: "closed" }] });
    expect(numbers(acl)).toEqual([
      [true, 32_767, "deny", "0.0.0.0/0"],
      [false, 32_767, "deny", "0.0.0.0/0"],
    ]);
  });

  it("refuses to delete the default one, one in use, one that is not there", () => {
    const { NetworkAclId } = defaultAcl();
    expect(outcome("DeleteNetworkAcl", { NetworkAclId })).toMatch(/^InvalidParameterValue: default network ACL/);
    const custom = createAcl();
    createSubnet("10.0.1.0/24");
    const association = defaultAcl().Associations?.[0]?.NetworkAclAssociationId;
    cloud.call("ReplaceNetworkAclAssociation", { AssociationId: association, NetworkAclId: custom });
    expect(outcome("DeleteNetworkAcl", { NetworkAclId: custom })).toMatch(/^DependencyViolation/);
    expect(outcome("DeleteNetworkAcl", { NetworkAclId: "acl-00000000000000000" })).toBe(
      "InvalidNetworkAclID.NotFound: The networkAcl ID 'acl-00000000000000000' does not exist",
    );
    expect(outcome("DeleteNetworkAcl", { NetworkAclId: custom }, { account: accountB })).toMatch(/NotFound/);
    expect(outcome("DeleteNetworkAcl", { NetworkAclId: createAcl() })).toBe("allowed");
  });

  it("[NA-1] serves each subnet by exactly one, and answers a change with a new association", () => {
    const subnet = createSubnet("10.0.1.0/24");
    const [before] = defaultAcl().Associations ?? [];
    expect(before).toMatchObject({ SubnetId: subnet, NetworkAclId: defaultAcl().NetworkAclId });
    const custom = createAcl();
    const replace = (AssociationId: string | undefined) =>
      cloud.call<ReplaceNetworkAclAssociationCommandOutput>("ReplaceNetworkAclAssociation", {
        AssociationId,
        NetworkAclId: custom,
      }).NewAssociationId;
    const after = replace(before?.NetworkAclAssociationId);
    expect(after).toMatch(/^aclassoc-[0-9a-f]{17}$/);
    expect(after).not.toBe(before?.NetworkAclAssociationId);
    expect(replace(after)).toBe(after);
    expect(acls({ Name: "association.subnet-id", Values: [subnet] }).map((acl) => acl.NetworkAclId)).toEqual([custom]);
    const old = { AssociationId: before?.NetworkAclAssociationId, NetworkAclId: custom };
    expect(outcome("ReplaceNetworkAclAssociation", old)).toMatch(/^InvalidAssociationID.NotFound/);
    const elsewhere = defaultAcl(createVpc("10.1.0.0/16")).NetworkAclId;
    expect(outcome("ReplaceNetworkAclAssociation", { AssociationId: after, NetworkAclId: elsewhere })).toMatch(
      /^InvalidParameterValue/,
    );
  });

  it("keeps numbers apart by direction, and each once", () => {
    const NetworkAclId = createAcl();
    const create = (change: object) => outcome("CreateNetworkAclEntry", { NetworkAclId, ...open, ...change });
    expect(create({})).toBe("allowed");
    expect(create({ Egress: true })).toBe("allowed");
    expect(create({ CidrBlock: "10.0.0.0/8" })).toBe(
      "NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already exists.",
    );
    const other = { NetworkAclId, RuleNumber: 110, Egress: false };
    expect(outcome("ReplaceNetworkAclEntry", { ...open, ...other })).toMatch(/^InvalidNetworkAclEntry.NotFound/);
    expect(outcome("DeleteNetworkAclEntry", other)).toMatch(/^InvalidNetworkAclEntry.NotFound/);
    expect(outcome("DeleteNetworkAclEntry", { ...other, RuleNumber: 100 })).toBe("allowed");
    expect(create({})).toBe("allowed");
    expect(outcome("DeleteNetworkAclEntry", { ...other, RuleNumber: 32_767 })).toMatch(/^InvalidParameterValue/);
  });

  it.each([
    [
      { Protocol: "6", PortRange: { From: 80, To: 81 } },
      { Protocol: "6", PortRange: { From: 80, To: 81 } },
    ],
    [
      { Protocol: "tcp", PortRange: { From: 1, To: 2 } },
      { Protocol: "6", PortRange: { From: 1, To: 2 } },
    ],
    [
      { Protocol: "1", IcmpTypeCode: { Type: -1, Code: -1 } },
      { Protocol: "1", IcmpTypeCode: { Type: -1, Code: -1 } },
    ],
    [
      { Protocol: "-1", PortRange: { From: 1, To: 2 } },
      { Protocol: "-1", PortRange: undefined },
    ],
    [
      { Protocol: "47", PortRange: { From: 1, To: 2 } },
      { Protocol: "47", PortRange: undefined },
    ],
    [{ CidrBlock: "10.1.2.3/8" }, { CidrBlock: "10.0.0.0/8" }],
    [
      { Protocol: "58", CidrBlock: undefined, Ipv6CidrBlock: "2001:DB8::/32", IcmpTypeCode: { Type: 128, Code: 0 } },
      { Protocol: "58", CidrBlock: undefined, Ipv6CidrBlock: "2001:db8::/32", IcmpTypeCode: { Type: 128, Code: 0 } },
    ],
  ])("[NA-5, NA-7, AD-3] keeps %o as %o", (change, kept) => {
    const NetworkAclId = createAcl();
    cloud.call("CreateNetworkAclEntry", { NetworkAclId, ...open, ...change });
    const [acl] = acls({ Name: "network-acl-id", Values: [NetworkAclId] });
    expect(acl?.Entries?.find((entry) => entry.RuleNumber === 100)).toEqual({ ...open, ...kept });
  });

  it.each([
    [{ RuleNumber: 0 }, /^InvalidParameterValue/],
    [{ RuleNumber: 32_767 }, /^InvalidParameterValue/],
    [{ Protocol: "6" }, "MissingParameter: The request must contain the parameter PortRange"],
    [{ Protocol: "17", PortRange: { From: 2, To: 1 } }, /^InvalidParameterValue/],
    [{ Protocol: "1" }, "MissingParameter: The request must contain the parameter Icmp"],
    [{ Protocol: "58", IcmpTypeCode: { Type: -1, Code: -1 } }, /^InvalidParameterCombination/],
    [{ Protocol: "gre" }, /^InvalidParameterValue/],
    [{ RuleAction: "drop" }, /^InvalidParameterValue/],
    [{ CidrBlock: undefined }, /^MissingParameter/],
    [{ CidrBlock: "10.0.0.0" }, /^InvalidParameterValue/],
    [{ CidrBlock: "::/0" }, /^InvalidParameterValue/],
    [{ Ipv6CidrBlock: "::/0" }, /^InvalidParameterCombination/],
  ])("[NA-3, NA-7] refuses an entry with %o", (change, refusal) => {
    const NetworkAclId = createAcl();
    expect(outcome("CreateNetworkAclEntry", { NetworkAclId, ...open, ...change })).toEqual(
      typeof refusal === "string" ? refusal : expect.stringMatching(refusal),
    );
    expect(acls({ Name: "network-acl-id", Values: [NetworkAclId] })[0]?.Entries).toHaveLength(2);
  });

  it("has room for 20 entries in a direction", () => {
    const NetworkAclId = createAcl();
    const create = (RuleNumber: number, Egress: boolean) =>
      outcome("CreateNetworkAclEntry", { NetworkAclId, ...open, RuleNumber, Egress });
    for (let number = 1; number <= 20; number += 1) expect(create(number, false)).toBe("allowed");
    expect(create(21, false)).toMatch(/^NetworkAclEntryLimitExceeded/);
    expect(create(21, true)).toBe("allowed");
  });

  it("finds ACLs by their entries as Terraform asks", () => {
    const NetworkAclId = createAcl();
    cloud.call("CreateNetworkAclEntry", {
      NetworkAclId,
      ...open,
      RuleNumber: 77,
      Protocol: "6",
      PortRange: { From: 443, To: 443 },
      Egress: true,
    });
    for (const [Name, value] of [
      ["entry.rule-number", "77"],
      ["entry.protocol", "tcp"],
      ["entry.port-range.from", "443"],
    ] as const) {
      expect(acls({ Name, Values: [value] }).map((acl) => acl.NetworkAclId)).toEqual([NetworkAclId]);
    }
    expect(outcome("DescribeNetworkAcls", { Filters: [{ Name: "entry.size", Values: ["1"] }] })).toBe(
      "InvalidParameterValue: The filter 'entry.size' is invalid",
    );
  });

  it("is in the model with its entries in order", () => {
    const NetworkAclId = createAcl();
    cloud.call("CreateNetworkAclEntry", { NetworkAclId, ...open, RuleNumber: 300 });
    cloud.call("CreateNetworkAclEntry", { NetworkAclId, ...open, Protocol: "6", PortRange: { From: 22, To: 22 } });
    const found = cloud.model().networkAcls.find((acl) => acl.networkAclId === NetworkAclId);
    const deny = { ruleAction: "deny", protocol: -1, cidrBlock: "0.0.0.0/0", ruleNumber: 32_767 };
    const allow = { ruleAction: "allow", cidrBlock: "0.0.0.0/0", egress: false };
    expect(found?.entries).toEqual([
      { ...deny, egress: true },
      { ...allow, ruleNumber: 100, protocol: 6, portRange: { from: 22, to: 22 } },
      { ...allow, ruleNumber: 300, protocol: -1 },
      { ...deny, egress: false },
    ]);
  });
});
