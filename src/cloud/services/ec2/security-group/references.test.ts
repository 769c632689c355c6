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
import { hubOf } from "../transit-gateway/test-hub.ts";

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

describe("references across a transit gateway", () => {
  const overGateway = (Options: object = { SecurityGroupReferencingSupport: "enable" }) => {
    const hub = hubOf(cloud);
    const gateway = hub.gateway(Options);
    hub.share(gateway, accountB);
    const attach = (VpcId: string, CidrBlock: string, caller: TestCaller) => {
      const SubnetIds = [hub.subnet(VpcId, CidrBlock, "a", caller)];
      return hub.attachVpc({ TransitGatewayId: gateway, VpcId, SubnetIds }, caller);
    };
    const inA = attach(vpcA, "10.0.0.0/24", asA);
    const inB = attach(vpcB, "10.1.0.0/24", asB);
    cloud.call("AcceptTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: inB });
    const set = (TransitGatewayAttachmentId: string, caller: TestCaller, SecurityGroupReferencingSupport: string) =>
      cloud.call(
        "ModifyTransitGatewayVpcAttachment",
        { TransitGatewayAttachmentId, Options: { SecurityGroupReferencingSupport } },
        caller,
      );
    return { gateway, inA, inB, set };
  };

  it("[SG-40] (T28) need the option at the gateway, which is off by default", () => {
    const { gateway } = overGateway({});
    expect(authorize(fromA())).toBe(different);
    const Options = { SecurityGroupReferencingSupport: "enable" };
    cloud.call("ModifyTransitGateway", { TransitGatewayId: gateway, Options });
    expect(authorize(fromA())).toBe("allowed");
  });

  it("[SG-40] need the option at both attachments, which is on by default", () => {
    const { inA, inB, set } = overGateway();
    set(inA, asA, "disable");
    expect(authorize(fromA())).toBe(different);
    set(inA, asA, "enable");
    set(inB, asB, "disable");
    expect(authorize(fromA())).toBe(different);
    set(inB, asB, "enable");
    expect(authorize(fromA())).toBe("allowed");
  });

  it("[SG-40] are for what comes in only", () => {
    overGateway();
    expect(outcome("AuthorizeSecurityGroupEgress", fromA(), asB)).toBe(different);
    expect(authorize(fromA({}))).toBe(unknown());
  });

  it("[SG-40, SG-53] show no peering, and tell the referenced group's owner the gateway", () => {
    const { gateway } = overGateway();
    authorize(fromA());
    expect(pairsOfB()).toEqual([{ GroupId: groupA, UserId: accountA, VpcId: vpcA }]);
    expect(referencesToA()).toEqual([{ GroupId: groupA, ReferencingVpcId: vpcB, TransitGatewayId: gateway }]);
    const rule = cloud
      .model()
      .securityGroups.find((group) => group.groupId === groupB)
      ?.rules.find((each) => !each.isEgress);
    expect(rule?.peer).toEqual({ kind: "security-group", groupId: groupA, userId: accountA });
  });

  it.each([
    [
      "the gateway's option goes off",
      ({ gateway }: ReturnType<typeof overGateway>) => {
        const Options = { SecurityGroupReferencingSupport: "disable" };
        cloud.call("ModifyTransitGateway", { TransitGatewayId: gateway, Options });
      },
    ],
    ["an attachment's option goes off", ({ inB, set }: ReturnType<typeof overGateway>) => set(inB, asB, "disable")],
    [
      "an attachment is deleted",
      ({ inA }: ReturnType<typeof overGateway>) =>
        cloud.call("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: inA }),
    ],
    ["the group is deleted", () => cloud.call("DeleteSecurityGroup", { GroupId: groupA }, asA)],
  ])("[SG-50, SG-51] stay when %s, and are stale", (_, end) => {
    const made = overGateway();
    authorize(fromA());
    expect(staleInB()).toEqual([]);
    end(made);
    expect(staleInB()).toMatchObject([{ GroupId: groupB, StaleIpPermissions: [{ IpProtocol: "tcp" }] }]);
    expect(validateNetworkModel(cloud.model())).toEqual([]);
    expect(outcome("RevokeSecurityGroupIngress", fromA(), asB)).toBe("allowed");
  });

  it("[SG-52] work again when the gateway lets them through again", () => {
    const { inA, set } = overGateway();
    authorize(fromA());
    set(inA, asA, "disable");
    expect(staleInB()).toHaveLength(1);
    set(inA, asA, "enable");
    expect(staleInB()).toEqual([]);
  });
});
