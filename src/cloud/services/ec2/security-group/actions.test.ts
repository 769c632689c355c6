import type {
  AuthorizeSecurityGroupIngressCommandOutput,
  CreateNetworkInterfaceCommandOutput,
  CreateSecurityGroupCommandOutput,
  CreateSubnetCommandOutput,
  CreateVpcCommandOutput,
  DescribeSecurityGroupRulesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeTagsCommandOutput,
  DescribeVpcsCommandOutput,
  GetSecurityGroupsForVpcCommandOutput,
  IpPermission,
  RevokeSecurityGroupIngressCommandOutput,
  SecurityGroup,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";

let cloud: TestCloud;
let vpcId: string;
let groupId: string;

beforeEach(() => {
  cloud = testCloud();
  vpcId = createVpc("10.0.0.0/16");
  groupId = createGroup("web", vpcId);
});

function createVpc(CidrBlock: string, caller?: TestCaller, more: object = {}): string {
  return cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock, ...more }, caller).Vpc?.VpcId ?? "";
}

function createGroup(GroupName: string, VpcId: string | undefined, caller?: TestCaller): string {
  const input = { GroupName, Description: `${GroupName} servers`, VpcId };
  return cloud.call<CreateSecurityGroupCommandOutput>("CreateSecurityGroup", input, caller).GroupId ?? "";
}

function group(id = groupId): SecurityGroup {
  const { SecurityGroups } = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {
    GroupIds: [id],
  });
  const [found] = SecurityGroups ?? [];
  if (found === undefined) throw new Error(`no group ${id}`);
  return found;
}

function rules(id = groupId) {
  return (
    cloud.call<DescribeSecurityGroupRulesCommandOutput>("DescribeSecurityGroupRules", {
      Filters: [{ Name: "group-id", Values: [id] }],
    }).SecurityGroupRules ?? []
  );
}

function ingress(...IpPermissions: IpPermission[]) {
  const input = { GroupId: groupId, IpPermissions };
  return cloud.call<AuthorizeSecurityGroupIngressCommandOutput>("AuthorizeSecurityGroupIngress", input);
}

const ssh = (CidrIp: string): IpPermission => ({ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] });

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

describe("groups", () => {
  it("gives a VPC a default group that trusts itself and lets everything out (3.2)", () => {
    const { SecurityGroups } = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {
      Filters: [
        { Name: "vpc-id", Values: [vpcId] },
        { Name: "group-name", Values: ["default"] },
      ],
    });
    const [found, ...others] = SecurityGroups ?? [];
    expect(others).toEqual([]);
    expect(found).toEqual({
      GroupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/),
      GroupName: "default",
      Description: "default VPC security group",
      OwnerId: accountA,
      VpcId: vpcId,
      SecurityGroupArn: `arn:aws:ec2:us-east-1:${accountA}:security-group/${found?.GroupId}`,
      IpPermissions: [
        {
          IpProtocol: "-1",
          UserIdGroupPairs: [{ GroupId: found?.GroupId, UserId: accountA }],
          IpRanges: [],
          Ipv6Ranges: [],
          PrefixListIds: [],
        },
      ],
      IpPermissionsEgress: [
        {
          IpProtocol: "-1",
          UserIdGroupPairs: [],
          IpRanges: [{ CidrIp: "0.0.0.0/0" }],
          Ipv6Ranges: [],
          PrefixListIds: [],
        },
      ],
      Tags: [],
    });
  });

  it("gives a new group no ingress, and egress for IPv6 too where the VPC has it (3.2)", () => {
    expect(group().IpPermissions).toEqual([]);
    expect(rules().map((rule) => [rule.IsEgress, rule.IpProtocol, rule.CidrIpv4])).toEqual([[true, "-1", "0.0.0.0/0"]]);
    const dual = createGroup("dual", createVpc("10.1.0.0/16", {}, { AmazonProvidedIpv6CidrBlock: true }));
    expect(rules(dual).map((rule) => rule.CidrIpv4 ?? rule.CidrIpv6)).toEqual(["0.0.0.0/0", "::/0"]);
  });

  it("lets IPv6 out of an untouched default group when the VPC gets a block (3.2)", () => {
    const defaultId = () =>
      cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {
        Filters: [
          { Name: "vpc-id", Values: [vpcId] },
          { Name: "group-name", Values: ["default"] },
        ],
      }).SecurityGroups?.[0]?.GroupId;
    cloud.call("AssociateVpcCidrBlock", { VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true });
    expect(group(defaultId()).IpPermissionsEgress?.[0]?.Ipv6Ranges).toEqual([{ CidrIpv6: "::/0" }]);
  });

  it("makes a group in the default VPC when none is named", () => {
    const { Vpcs } = cloud.call<DescribeVpcsCommandOutput>("DescribeVpcs", {
      Filters: [{ Name: "is-default", Values: ["true"] }],
    });
    expect(group(createGroup("here", undefined)).VpcId).toBe(Vpcs?.[0]?.VpcId);
  });

  it("[SG-12] trims the end of a group's name", () => {
    expect(group(createGroup("my group ", vpcId))).toMatchObject({ GroupName: "my group" });
  });

  it.each([
    ["SG-12", { GroupName: "WEB" }, "InvalidGroup.Duplicate: The security group 'WEB' already exists for VPC 'VPC'"],
    ["SG-12", { GroupName: "default" }, "InvalidGroup.Reserved: The security group 'default' is reserved"],
    [
      "SG-12",
      { GroupName: "sg-mine" },
      "InvalidParameterValue: Value (sg-mine) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
    ],
    ["SG-12", { GroupName: "x".repeat(256) }, /^InvalidParameterValue/],
    ["SG-12", { GroupName: "a<b" }, /^InvalidParameterValue: Value \(a<b\) for parameter GroupName is invalid/],
    ["SG-12", { GroupName: "größer" }, /^InvalidParameterValue: Value \(größer\) for parameter GroupName/],
    ["SG-12", { GroupName: "web  " }, "InvalidGroup.Duplicate: The security group 'web' already exists for VPC 'VPC'"],
    ["SG-12", { Description: "" }, "MissingParameter: The request must contain the parameter GroupDescription"],
    ["SG-12", { Description: "a<b" }, /^InvalidParameterValue: Invalid security group description/],
    ["13.1", { VpcId: "vpc-1" }, /^InvalidVpcId.Malformed/],
    ["13.1", { VpcId: "vpc-00000000000000000" }, /^InvalidVpcID.NotFound/],
  ])("[%s] refuses a new group with %o", (_rule, change, refusal) => {
    const input = { GroupName: "db", Description: "d", VpcId: vpcId, ...change };
    expect(outcome("CreateSecurityGroup", input).replace(vpcId, "VPC")).toEqual(
      typeof refusal === "string" ? refusal : expect.stringMatching(refusal),
    );
  });

  it("[SG-11] keeps the default group, [SG-14] knows unknown from malformed", () => {
    const defaultId = group().VpcId && rulesOfDefault();
    expect(outcome("DeleteSecurityGroup", { GroupId: defaultId })).toBe(
      `CannotDelete: the specified group: "${defaultId}" name: "default" cannot be deleted by a user`,
    );
    expect(outcome("DeleteSecurityGroup", { GroupId: "sg-00000000000000000" })).toBe(
      "InvalidGroup.NotFound: The security group 'sg-00000000000000000' does not exist",
    );
    expect(outcome("DeleteSecurityGroup", { GroupId: "web" })).toBe(
      'InvalidGroupId.Malformed: Invalid id: "web" (expecting "sg-...")',
    );
    expect(outcome("DescribeSecurityGroups", { GroupIds: [groupId] }, { account: accountB })).toMatch(
      /^InvalidGroup.NotFound/,
    );
  });

  function rulesOfDefault(): string {
    const { SecurityGroups } = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {
      Filters: [{ Name: "vpc-id", Values: [vpcId] }],
    });
    return SecurityGroups?.find((each) => each.GroupName === "default")?.GroupId ?? "";
  }

  it("[SG-13] keeps a group that another one of the VPC references, but not one that references itself", () => {
    const other = createGroup("db", vpcId);
    const from = { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: groupId }] };
    ingress(from);
    cloud.call("AuthorizeSecurityGroupIngress", { GroupId: other, IpPermissions: [from] });
    expect(outcome("DeleteSecurityGroup", { GroupId: groupId })).toBe(
      `DependencyViolation: resource ${groupId} has a dependent object`,
    );
    cloud.call("RevokeSecurityGroupIngress", { GroupId: other, IpPermissions: [from] });
    expect(outcome("DeleteSecurityGroup", { GroupId: groupId })).toBe("allowed");
    expect(outcome("DescribeSecurityGroups", { GroupIds: [groupId] })).toMatch(/^InvalidGroup.NotFound/);
  });

  it("[SG-13] keeps a group that an interface carries", () => {
    const { Subnet } = cloud.call<CreateSubnetCommandOutput>("CreateSubnet", {
      VpcId: vpcId,
      CidrBlock: "10.0.1.0/24",
    });
    const { NetworkInterface } = cloud.call<CreateNetworkInterfaceCommandOutput>("CreateNetworkInterface", {
      SubnetId: Subnet?.SubnetId,
      Groups: [groupId],
    });
    expect(outcome("DeleteSecurityGroup", { GroupId: groupId })).toMatch(/^DependencyViolation/);
    cloud.call("DeleteNetworkInterface", { NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId });
    expect(outcome("DeleteSecurityGroup", { GroupId: groupId })).toBe("allowed");
  });

  it("forgets the tags of a group and of its rules with them", () => {
    const [egress] = rules();
    const Resources = [groupId, egress?.SecurityGroupRuleId];
    cloud.call("CreateTags", { Resources, Tags: [{ Key: "team", Value: "blue" }] });
    const tagged = () => cloud.call<DescribeTagsCommandOutput>("DescribeTags", {}).Tags?.map((tag) => tag.ResourceId);
    expect(tagged()).toEqual(expect.arrayContaining(Resources));
    cloud.call("DeleteSecurityGroup", { GroupId: groupId });
    expect(tagged()).toEqual([]);
  });

  it("shows an account neither the groups nor the rules of another", () => {
    const [rule] = rules();
    const other = { account: accountB };
    const SecurityGroupRuleIds = [rule?.SecurityGroupRuleId];
    expect(outcome("DescribeSecurityGroupRules", { SecurityGroupRuleIds }, other)).toMatch(
      /^InvalidSecurityGroupRuleId.NotFound/,
    );
    const { SecurityGroups } = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {}, other);
    expect(SecurityGroups?.map((each) => [each.GroupName, each.OwnerId])).toEqual([["default", accountB]]);
    expect(
      outcome("AuthorizeSecurityGroupIngress", { GroupId: groupId, IpPermissions: [ssh("10.0.0.0/8")] }, other),
    ).toMatch(/^InvalidGroup.NotFound/);
  });

  it("lists the groups for a VPC as recorded from AWS", () => {
    const { SecurityGroupForVpcs } = cloud.call<GetSecurityGroupsForVpcCommandOutput>("GetSecurityGroupsForVpc", {
      VpcId: vpcId,
    });
    expect(SecurityGroupForVpcs).toEqual([
      expect.objectContaining({ GroupName: "default", PrimaryVpcId: vpcId, OwnerId: accountA, Tags: [] }),
      {
        GroupId: groupId,
        GroupName: "web",
        Description: "web servers",
        OwnerId: accountA,
        PrimaryVpcId: vpcId,
        Tags: [],
      },
    ]);
  });

  it.each([
    ["ip-permission.cidr", "192.0.2.0/24"],
    ["ip-permission.from-port", "22"],
    ["ip-permission.protocol", "tcp"],
    ["egress.ip-permission.cidr", "0.0.0.0/0"],
    ["description", "web *"],
    ["tag:team", "blue"],
  ])("finds groups by %s", (Name, value) => {
    ingress(ssh("192.0.2.0/24"));
    cloud.call("CreateTags", { Resources: [groupId], Tags: [{ Key: "team", Value: "blue" }] });
    const { SecurityGroups } = cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {
      Filters: [
        { Name, Values: [value] },
        { Name: "group-name", Values: ["web"] },
      ],
    });
    expect(SecurityGroups?.map((each) => each.GroupId)).toEqual([groupId]);
  });
});

describe("rules", () => {
  it("[SG-23, SG-27] answers with rules that have ids, arns and tags of their own", () => {
    const { SecurityGroupRules, Return } = cloud.call<AuthorizeSecurityGroupIngressCommandOutput>(
      "AuthorizeSecurityGroupIngress",
      {
        GroupId: groupId,
        IpPermissions: [{ ...ssh("192.0.2.77/24"), Ipv6Ranges: [{ CidrIpv6: "2001:DB8:0::/32", Description: "lab" }] }],
        TagSpecifications: [{ ResourceType: "security-group-rule", Tags: [{ Key: "Name", Value: "ssh" }] }],
      },
    );
    expect(Return).toBe(true);
    const common = {
      SecurityGroupRuleId: expect.stringMatching(/^sgr-[0-9a-f]{17}$/),
      SecurityGroupRuleArn: expect.stringMatching(`^arn:aws:ec2:us-east-1:${accountA}:security-group-rule/sgr-`),
      GroupId: groupId,
      GroupOwnerId: accountA,
      IsEgress: false,
      IpProtocol: "tcp",
      FromPort: 22,
      ToPort: 22,
      Tags: [{ Key: "Name", Value: "ssh" }],
    };
    // [AD-3]: host bits are cleared, IPv6 is compressed.
    expect(SecurityGroupRules).toEqual([
      { ...common, CidrIpv4: "192.0.2.0/24" },
      { ...common, CidrIpv6: "2001:db8::/32", Description: "lab" },
    ]);
  });

  it("[SG-24] merges rules of equal protocol and ports", () => {
    ingress(ssh("192.0.2.0/24"));
    ingress({ ...ssh("198.51.100.0/24"), UserIdGroupPairs: [{ GroupId: groupId }] });
    ingress({ IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/8" }] });
    expect(group().IpPermissions).toEqual([
      {
        IpProtocol: "tcp",
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: "192.0.2.0/24" }, { CidrIp: "198.51.100.0/24" }],
        UserIdGroupPairs: [{ GroupId: groupId, UserId: accountA }],
        Ipv6Ranges: [],
        PrefixListIds: [],
      },
      {
        IpProtocol: "-1",
        IpRanges: [{ CidrIp: "10.0.0.0/8" }],
        UserIdGroupPairs: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
      },
    ]);
  });

  const any = { IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
  it.each([
    [{ IpProtocol: "6", FromPort: 1, ToPort: 2 }, ["tcp", 1, 2]],
    [{ IpProtocol: "TCP", FromPort: 1, ToPort: 2 }, ["tcp", 1, 2]],
    [{ IpProtocol: "17", FromPort: 0, ToPort: 65_535 }, ["udp", 0, 65_535]],
    [{ IpProtocol: "1", FromPort: 8, ToPort: -1 }, ["icmp", 8, -1]],
    [{ IpProtocol: "58" }, ["icmpv6", -1, -1]],
    [{ IpProtocol: "-1", FromPort: 0, ToPort: 0 }, ["-1", -1, -1]],
    [{ IpProtocol: "50", FromPort: 1, ToPort: 2 }, ["50", -1, -1]],
  ])("[3.3] keeps %o as %o", (permission, [protocol, from, to]) => {
    const { SecurityGroupRules } = ingress({ ...permission, ...any });
    expect(SecurityGroupRules?.[0]).toMatchObject({ IpProtocol: protocol, FromPort: from, ToPort: to });
  });

  it.each([
    [
      { IpProtocol: "tcp", ToPort: 22, ...any },
      "InvalidParameterValue: Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    ],
    [
      { IpProtocol: "icmp", ...any },
      "InvalidParameterValue: Invalid value 'Must specify both from and to ports with ICMP.' for portRange.",
    ],
    [
      { IpProtocol: "tcp", FromPort: -1, ToPort: -1, ...any },
      "InvalidPermission.Malformed: TCP/UDP port (-1) out of range",
    ],
    [
      { IpProtocol: "udp", FromPort: 80, ToPort: 22, ...any },
      "InvalidPermission.Malformed: Invalid TCP/UDP port range (80:22)",
    ],
    [{ IpProtocol: "icmp", FromPort: -1, ToPort: 0, ...any }, /^InvalidPermission.Malformed: ICMP code/],
    [{ IpProtocol: "gre", ...any }, "InvalidParameterValue: Invalid value 'gre' for IP protocol. Unknown protocol."],
    [{ IpProtocol: "256", ...any }, /^InvalidParameterValue/],
    [{ ...any }, "MissingParameter: The request must contain the parameter IpProtocol"],
    [{ IpProtocol: "-1" }, /^MissingParameter: Missing source specification/],
    [
      { IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/33" }] },
      "InvalidParameterValue: CIDR block 10.0.0.0/33 is malformed",
    ],
    [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.1" }] }, /^InvalidParameterValue: CIDR block 10.0.0.1/],
    [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "::/0" }] }, /^InvalidParameterValue: CIDR block/],
    [{ IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "10.0.0.0/8" }] }, /^InvalidParameterValue: CIDR block/],
    [
      { IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "<b>" }] },
      /^InvalidParameterValue: Invalid rule description/,
    ],
    [{ IpProtocol: "-1", PrefixListIds: [{ PrefixListId: "pl-00000000000000000" }] }, /^InvalidPrefixListID.NotFound/],
    [
      { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: "111111111111/sg-00000000000000000" }] },
      'InvalidGroupId.Malformed: Invalid id: "111111111111/sg-00000000000000000" (expecting "sg-...")',
    ],
    [
      { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: "sg-00000000000000000" }] },
      "InvalidGroup.NotFound: The security group 'sg-00000000000000000' does not exist",
    ],
  ])("[3.3, SG-34] refuses %o", (permission, refusal) => {
    expect(outcome("AuthorizeSecurityGroupIngress", { GroupId: groupId, IpPermissions: [permission] })).toEqual(
      typeof refusal === "string" ? refusal : expect.stringMatching(refusal),
    );
    expect(group().IpPermissions).toEqual([]);
  });

  it("[SG-20] refuses a rule that is there, whatever its description, and adds nothing of the call", () => {
    ingress({ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "a" }] });
    expect(
      outcome("AuthorizeSecurityGroupIngress", {
        GroupId: groupId,
        IpPermissions: [ssh("10.0.0.0/8"), ssh("0.0.0.0/0")],
      }),
    ).toBe(
      'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW" already exists',
    );
    expect(group().IpPermissions?.[0]?.IpRanges).toHaveLength(1);
    const all = { GroupId: groupId, IpPermissions: [{ IpProtocol: "-1", ...any }] };
    expect(outcome("AuthorizeSecurityGroupEgress", all)).toBe(
      'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists',
    );
    const twice = { GroupId: groupId, IpPermissions: [ssh("10.0.0.0/8"), ssh("10.1.2.3/8")] };
    expect(outcome("AuthorizeSecurityGroupIngress", twice)).toBe(
      "InvalidParameterValue: The same permission must not appear multiple times",
    );
  });

  it("[3.7] has room for 60 rules in a direction and a family, and for 60 of the other", () => {
    const blocks = (count: number) => Array.from({ length: count }, (_, n) => ({ CidrIp: `10.0.${n}.0/24` }));
    ingress({ IpProtocol: "-1", IpRanges: blocks(60) });
    expect(outcome("AuthorizeSecurityGroupIngress", { GroupId: groupId, IpPermissions: [ssh("10.1.0.0/16")] })).toBe(
      "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.",
    );
    const Ipv6Ranges = Array.from({ length: 60 }, (_, n) => ({ CidrIpv6: `2001:db8:${n + 1}::/48` }));
    ingress({ IpProtocol: "-1", Ipv6Ranges });
    expect(rules()).toHaveLength(121);
  });

  it("[SG-26] counts a prefix list by what it may hold", () => {
    const { PrefixList } = cloud.call<{ PrefixList: { PrefixListId: string } }>("CreateManagedPrefixList", {
      PrefixListName: "offices",
      AddressFamily: "IPv4",
      MaxEntries: 60,
    });
    const PrefixListIds = [{ PrefixListId: PrefixList.PrefixListId }];
    ingress({ IpProtocol: "-1", PrefixListIds });
    expect(rules().find((rule) => rule.PrefixListId)).toMatchObject({ PrefixListId: PrefixList.PrefixListId });
    expect(outcome("AuthorizeSecurityGroupIngress", { GroupId: groupId, IpPermissions: [ssh("10.1.0.0/16")] })).toMatch(
      /^RulesPerSecurityGroupLimitExceeded/,
    );
  });

  it("takes the flat parameters of old, and only for ingress", () => {
    cloud.call("AuthorizeSecurityGroupIngress", {
      GroupId: groupId,
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      CidrIp: "0.0.0.0/0",
    });
    expect(rules().find((rule) => !rule.IsEgress)).toMatchObject({ FromPort: 80, CidrIpv4: "0.0.0.0/0" });
    const flat = { GroupId: groupId, IpProtocol: "tcp", FromPort: 1, ToPort: 1, CidrIp: "0.0.0.0/0" };
    expect(outcome("AuthorizeSecurityGroupEgress", flat)).toMatch(/^InvalidParameterCombination/);

    const target = createGroup("legacy", undefined);
    cloud.call("AuthorizeSecurityGroupIngress", { GroupName: "legacy", SourceSecurityGroupName: "default" });
    const ingressRules = rules(target).filter((rule) => !rule.IsEgress);
    expect(ingressRules.map((rule) => [rule.IpProtocol, rule.FromPort, rule.ToPort])).toEqual([
      ["tcp", 0, 65_535],
      ["udp", 0, 65_535],
      ["icmp", -1, -1],
    ]);
    expect(outcome("AuthorizeSecurityGroupIngress", { GroupName: "nowhere", ...flat, GroupId: undefined })).toMatch(
      /^InvalidGroup.NotFound: The security group 'nowhere' does not exist in default VPC 'vpc-/,
    );
  });

  it("[SG-21] in a custom VPC revokes all or nothing", () => {
    ingress(ssh("10.0.0.0/8"));
    const both = { GroupId: groupId, IpPermissions: [ssh("10.0.0.0/8"), ssh("10.9.0.0/16")] };
    expect(outcome("RevokeSecurityGroupIngress", both)).toBe(
      "InvalidPermission.NotFound: The specified rule does not exist in this security group.",
    );
    expect(group().IpPermissions).toHaveLength(1);
    const { Return, RevokedSecurityGroupRules, UnknownIpPermissions } =
      cloud.call<RevokeSecurityGroupIngressCommandOutput>("RevokeSecurityGroupIngress", {
        GroupId: groupId,
        IpPermissions: [ssh("10.0.0.0/8")],
      });
    expect([Return, UnknownIpPermissions]).toEqual([true, undefined]);
    expect(RevokedSecurityGroupRules).toEqual([
      expect.objectContaining({ GroupId: groupId, IsEgress: false, CidrIpv4: "10.0.0.0/8", FromPort: 22 }),
    ]);
    expect(group().IpPermissions).toEqual([]);
  });

  it("[SG-21] in the default VPC answers what it did not know", () => {
    const here = createGroup("here", undefined);
    const { UnknownIpPermissions } = cloud.call<RevokeSecurityGroupIngressCommandOutput>("RevokeSecurityGroupIngress", {
      GroupId: here,
      IpPermissions: [ssh("10.9.0.0/16")],
    });
    expect(UnknownIpPermissions).toEqual([ssh("10.9.0.0/16")]);
  });

  it("[SG-22] revokes the open egress rule when ports 0 to 0 are given, as Terraform does", () => {
    const open = { IpProtocol: "-1", FromPort: 0, ToPort: 0 };
    const revoke = (ranges: object) =>
      outcome("RevokeSecurityGroupEgress", { GroupId: groupId, IpPermissions: [{ ...open, ...ranges }] });
    expect(revoke({ IpRanges: [{ CidrIp: "0.0.0.0/0" }] })).toBe("allowed");
    expect(group().IpPermissionsEgress).toEqual([]);
    expect(revoke({ Ipv6Ranges: [{ CidrIpv6: "::/0" }] })).toMatch(/^InvalidPermission.NotFound/);
  });

  it("[SG-21] revokes by rule id, of the right direction only", () => {
    const [egress] = rules();
    const SecurityGroupRuleIds = [egress?.SecurityGroupRuleId];
    expect(outcome("RevokeSecurityGroupIngress", { GroupId: groupId, SecurityGroupRuleIds })).toMatch(
      /^InvalidSecurityGroupRuleId.NotFound/,
    );
    expect(outcome("RevokeSecurityGroupEgress", { GroupId: groupId, SecurityGroupRuleIds })).toBe("allowed");
    expect(outcome("DescribeSecurityGroupRules", { SecurityGroupRuleIds })).toBe(
      `InvalidSecurityGroupRuleId.NotFound: The security group rule ID '${egress?.SecurityGroupRuleId}' does not exist`,
    );
    expect(outcome("RevokeSecurityGroupEgress", { GroupId: groupId, SecurityGroupRuleIds: ["sgr-1"] })).toMatch(
      /^InvalidSecurityGroupRuleId.Malformed/,
    );
    expect(outcome("RevokeSecurityGroupEgress", { GroupId: groupId })).toMatch(/^MissingParameter/);
  });

  it("[SG-25] modifies in place and refuses to make two rules the same", () => {
    ingress(ssh("10.0.0.0/8"), ssh("10.0.0.0/9"));
    const [, first, second] = rules();
    const modify = (SecurityGroupRuleId: string | undefined, CidrIpv4: string) =>
      outcome("ModifySecurityGroupRules", {
        GroupId: groupId,
        SecurityGroupRules: [
          {
            SecurityGroupRuleId,
            SecurityGroupRule: { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIpv4, Description: "new" },
          },
        ],
      });
    expect(modify(first?.SecurityGroupRuleId, "10.0.0.0/9")).toMatch(/^InvalidPermission.Duplicate/);
    expect(modify(first?.SecurityGroupRuleId, "10.128.0.0/9")).toBe("allowed");
    expect(modify("sgr-00000000000000000", "10.128.0.0/9")).toMatch(/^InvalidSecurityGroupRuleId.NotFound/);
    expect(rules().slice(1)).toEqual([{ ...first, CidrIpv4: "10.128.0.0/9", Description: "new" }, second]);
    expect(
      outcome("ModifySecurityGroupRules", {
        GroupId: groupId,
        SecurityGroupRules: [
          { SecurityGroupRuleId: second?.SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: "-1" } },
        ],
      }),
    ).toMatch(/^InvalidParameterCombination/);
  });

  it("[SG-25] changes only descriptions, by permission or by id", () => {
    ingress(ssh("10.0.0.0/8"));
    const [egress] = rules();
    const described = { ...ssh("10.0.0.0/8"), IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "office" }] };
    cloud.call("UpdateSecurityGroupRuleDescriptionsIngress", { GroupId: groupId, IpPermissions: [described] });
    cloud.call("UpdateSecurityGroupRuleDescriptionsEgress", {
      GroupId: groupId,
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: egress?.SecurityGroupRuleId, Description: "all" }],
    });
    expect(rules().map((rule) => rule.Description)).toEqual(["all", "office"]);
    expect(
      outcome("UpdateSecurityGroupRuleDescriptionsIngress", { GroupId: groupId, IpPermissions: [ssh("10.9.0.0/16")] }),
    ).toMatch(/^InvalidPermission.NotFound/);
  });

  it("pages through rules, each once", () => {
    ingress({ IpProtocol: "-1", IpRanges: Array.from({ length: 12 }, (_, n) => ({ CidrIp: `10.0.${n}.0/24` })) });
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const answer = cloud.call<DescribeSecurityGroupRulesCommandOutput>("DescribeSecurityGroupRules", {
        MaxResults: 5,
        NextToken,
        Filters: [{ Name: "group-id", Values: [groupId] }],
      });
      seen.push(...(answer.SecurityGroupRules ?? []).map((rule) => rule.SecurityGroupRuleId));
      NextToken = answer.NextToken;
      if (NextToken === undefined) break;
    }
    expect(seen).toEqual(rules().map((rule) => rule.SecurityGroupRuleId));
    expect(outcome("DescribeSecurityGroupRules", { NextToken: "?" })).toMatch(/^InvalidNextToken/);
  });

  it("is in the model with protocol numbers and its peers by kind", () => {
    ingress(
      { ...ssh("10.0.0.0/8"), UserIdGroupPairs: [{ GroupId: groupId }] },
      { IpProtocol: "58", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
    );
    const found = cloud.model().securityGroups.find((each) => each.groupId === groupId);
    expect(found).toMatchObject({ groupName: "web", vpcId, ownerId: accountA, region: "us-east-1" });
    expect(found?.rules.map(({ securityGroupRuleId: _, ...rule }) => rule)).toEqual([
      { isEgress: true, protocol: -1, peer: { kind: "cidr", cidr: "0.0.0.0/0" } },
      { isEgress: false, protocol: 6, fromPort: 22, toPort: 22, peer: { kind: "cidr", cidr: "10.0.0.0/8" } },
      {
        isEgress: false,
        protocol: 6,
        fromPort: 22,
        toPort: 22,
        peer: { kind: "security-group", groupId, userId: accountA },
      },
      { isEgress: false, protocol: 58, fromPort: -1, toPort: -1, peer: { kind: "cidr", cidr: "::/0" } },
    ]);
  });
});
