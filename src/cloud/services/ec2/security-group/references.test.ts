import type {
  AuthorizeSecurityGroupIngressCommandOutput,
  CreateSecurityGroupCommandOutput,
  CreateVpcCommandOutput,
  CreateVpcPeeringConnectionCommandOutput,
  DescribeSecurityGroupReferencesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeStaleSecurityGroupsCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { validateNetworkModel } from "../../../../model/index.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../../test-cloud.ts";

let cloud: TestCloud;
let vpcA: string;
let vpcB: string;
let groupA: string;
let groupB: string;

const asA = { account: accountA, region: "us-east-1" };
const asB = { account: accountB, region: "us-east-1" };

beforeEach(() => {
  cloud = testCloud();
  vpcA = createVpc("10.0.0.0/16", asA);
  vpcB = createVpc("10.1.0.0/16", asB);
  groupA = createGroup(vpcA, asA);
  groupB = createGroup(vpcB, asB);
});

function createVpc(CidrBlock: string, caller: TestCaller): string {
  return cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock }, caller).Vpc?.VpcId ?? "";
}

function createGroup(VpcId: string, caller: TestCaller): string {
  const input = { GroupName: "hosts", Description: "hosts", VpcId };
  return cloud.call<CreateSecurityGroupCommandOutput>("CreateSecurityGroup", input, caller).GroupId ?? "";
}

function request(): string {
  const input = { VpcId: vpcA, PeerVpcId: vpcB, PeerOwnerId: accountB };
  return (
    cloud.call<CreateVpcPeeringConnectionCommandOutput>("CreateVpcPeeringConnection", input, asA).VpcPeeringConnection
      ?.VpcPeeringConnectionId ?? ""
  );
}

function peer(): string {
  const VpcPeeringConnectionId = request();
  cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId }, asB);
  return VpcPeeringConnectionId;
}

const sshFrom = (pair: object) => ({ IpProtocol: "tcp", FromPort: 22, ToPort: 22, UserIdGroupPairs: [pair] });
const fromA = (more: object = { UserId: accountA }) => ({
  GroupId: groupB,
  IpPermissions: [sshFrom({ GroupId: groupA, ...more })],
});

function outcome(operation: string, input: object, caller: TestCaller): string {
  try {
    cloud.call(operation, input, caller);
    return "allowed";
  } catch (error) {
    if (isAwsError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const authorize = (input: object, caller: TestCaller = asB) => outcome("AuthorizeSecurityGroupIngress", input, caller);

function pairsOfB() {
  const { SecurityGroups } = cloud.call<DescribeSecurityGroupsCommandOutput>(
    "DescribeSecurityGroups",
    { GroupIds: [groupB] },
    asB,
  );
  return SecurityGroups?.[0]?.IpPermissions?.flatMap((permission) => permission.UserIdGroupPairs ?? []);
}

const staleInB = () =>
  cloud.call<DescribeStaleSecurityGroupsCommandOutput>("DescribeStaleSecurityGroups", { VpcId: vpcB }, asB)
    .StaleSecurityGroupSet;

const referencesToA = () =>
  cloud.call<DescribeSecurityGroupReferencesCommandOutput>(
    "DescribeSecurityGroupReferences",
    { GroupId: [groupA] },
    asA,
  ).SecurityGroupReferenceSet;

const different = "InvalidGroup.NotFound: You have specified two resources that belong to different networks.";
const unknown = () => `InvalidGroup.NotFound: The security group '${groupA}' does not exist`;

describe("references across a peering", () => {
  it("[SG-30, SG-35] are refused until the peering is active", () => {
    expect(authorize(fromA())).toBe(different);
    const VpcPeeringConnectionId = request();
    expect(authorize(fromA())).toBe(different);
    cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId }, asB);
    expect(authorize(fromA())).toBe("allowed");
  });

  it("[SG-30, SG-34] need the other account to be named, and rightly", () => {
    peer();
    expect(authorize(fromA({}))).toBe(unknown());
    expect(authorize(fromA({ UserId: "333333333333" }))).toBe(unknown());
    expect(authorize({ GroupId: groupB, IpPermissions: [sshFrom({ GroupId: `${accountA}/${groupA}` })] })).toMatch(
      /^InvalidGroupId.Malformed/,
    );
  });

  it("[SG-30] are refused between Regions and between VPCs that only share an account", () => {
    const west = { account: accountA, region: "us-west-2" };
    const far = createGroup(createVpc("10.2.0.0/16", west), west);
    expect(authorize({ GroupId: groupA, IpPermissions: [sshFrom({ GroupId: far })] }, asA)).toMatch(
      /^InvalidGroup.NotFound/,
    );
    const near = createGroup(createVpc("10.3.0.0/16", asA), asA);
    expect(authorize({ GroupId: groupA, IpPermissions: [sshFrom({ GroupId: near })] }, asA)).toBe(different);
  });

  it("[SG-23, SG-24] show the peering they lead over", () => {
    const VpcPeeringConnectionId = peer();
    const { SecurityGroupRules } = cloud.call<AuthorizeSecurityGroupIngressCommandOutput>(
      "AuthorizeSecurityGroupIngress",
      fromA(),
      asB,
    );
    const shown = { GroupId: groupA, UserId: accountA, VpcId: vpcA, VpcPeeringConnectionId, PeeringStatus: "active" };
    expect(SecurityGroupRules?.[0]?.ReferencedGroupInfo).toEqual(shown);
    expect(pairsOfB()).toEqual([shown]);
  });

  it("[SG-53] are told to the owner of the referenced group", () => {
    expect(referencesToA()).toEqual([]);
    const VpcPeeringConnectionId = peer();
    authorize(fromA());
    authorize({ GroupId: groupA, IpPermissions: [sshFrom({ GroupId: groupA })] }, asA);
    expect(referencesToA()).toEqual([{ GroupId: groupA, ReferencingVpcId: vpcB, VpcPeeringConnectionId }]);
    expect(outcome("DescribeSecurityGroupReferences", { GroupId: [groupA] }, asB)).toMatch(/^InvalidGroup.NotFound/);
  });

  it("[SG-50, SG-51, SG-54, PX-31] stay when the peering is deleted, and are stale", () => {
    const VpcPeeringConnectionId = peer();
    authorize(fromA());
    expect(staleInB()).toEqual([]);
    cloud.call("DeleteVpcPeeringConnection", { VpcPeeringConnectionId }, asA);
    const pair = { GroupId: groupA, UserId: accountA, VpcId: vpcA, VpcPeeringConnectionId, PeeringStatus: "deleted" };
    expect(staleInB()).toEqual([
      {
        GroupId: groupB,
        GroupName: "hosts",
        Description: "hosts",
        VpcId: vpcB,
        StaleIpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, UserIdGroupPairs: [pair] }],
        StaleIpPermissionsEgress: [],
      },
    ]);
    expect(pairsOfB()).toEqual([pair]);
    expect(referencesToA()).toEqual([]);
    // Even when the connection has long been forgotten.
    cloud.advance(3 * 86_400_000);
    expect(pairsOfB()).toEqual([pair]);
    expect(validateNetworkModel(cloud.model())).toEqual([]);
  });

  it("[SG-13, SG-51] do not hold the group, whose account is then no longer told", () => {
    const VpcPeeringConnectionId = peer();
    authorize(fromA());
    expect(outcome("DeleteSecurityGroup", { GroupId: groupA }, asA)).toBe("allowed");
    expect(staleInB()?.[0]?.StaleIpPermissions?.[0]?.UserIdGroupPairs).toEqual([
      { GroupId: groupA, VpcId: vpcA, VpcPeeringConnectionId, PeeringStatus: "active" },
    ]);
  });

  it("[SG-50] can always be revoked, by the group and its account", () => {
    const VpcPeeringConnectionId = peer();
    authorize(fromA());
    cloud.call("DeleteVpcPeeringConnection", { VpcPeeringConnectionId }, asA);
    const revoke = (more: object) => outcome("RevokeSecurityGroupIngress", fromA(more), asB);
    expect(revoke({ UserId: accountB })).toMatch(/^InvalidPermission.NotFound/);
    expect(revoke({ UserId: accountA })).toBe("allowed");
    expect(staleInB()).toEqual([]);
  });

  it("[SG-52] work again over a new peering of the two VPCs", () => {
    const first = peer();
    authorize(fromA());
    cloud.call("DeleteVpcPeeringConnection", { VpcPeeringConnectionId: first }, asA);
    expect(staleInB()).toHaveLength(1);
    const VpcPeeringConnectionId = peer();
    expect(VpcPeeringConnectionId).not.toBe(first);
    expect(staleInB()).toEqual([]);
    expect(pairsOfB()).toEqual([expect.objectContaining({ VpcPeeringConnectionId, PeeringStatus: "active" })]);
    const rule = cloud
      .model()
      .securityGroups.find((group) => group.groupId === groupB)
      ?.rules.find((each) => !each.isEgress);
    expect(rule?.peer).toEqual({
      kind: "security-group",
      groupId: groupA,
      userId: accountA,
      vpcPeeringConnectionId: VpcPeeringConnectionId,
    });
  });

  it("[SG-25] are kept by a change of ports, although the request cannot name the account", () => {
    peer();
    const { SecurityGroupRules } = cloud.call<AuthorizeSecurityGroupIngressCommandOutput>(
      "AuthorizeSecurityGroupIngress",
      fromA(),
      asB,
    );
    const change = {
      SecurityGroupRuleId: SecurityGroupRules?.[0]?.SecurityGroupRuleId,
      SecurityGroupRule: { IpProtocol: "tcp", FromPort: 80, ToPort: 80, ReferencedGroupId: groupA },
    };
    cloud.call("ModifySecurityGroupRules", { GroupId: groupB, SecurityGroupRules: [change] }, asB);
    expect(pairsOfB()).toEqual([expect.objectContaining({ GroupId: groupA, UserId: accountA })]);
  });
});
