/**
 * Random play of two accounts with groups and rules over a peering: a call works or is refused in AWS's way, the two ways of
 * reading rules agree, and what Describe shows can be revoked as it is shown.
 */
import type {
  CreateVpcCommandOutput,
  CreateVpcPeeringConnectionCommandOutput,
  DescribeSecurityGroupRulesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeStaleSecurityGroupsCommandOutput,
  IpPermission,
  SecurityGroup,
} from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { validateNetworkModel } from "../../../../model/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";

const accounts = [accountA, accountB] as const;
const traffic: readonly Pick<IpPermission, "IpProtocol" | "FromPort" | "ToPort">[] = [
  { IpProtocol: "tcp", FromPort: 22, ToPort: 22 },
  { IpProtocol: "17", FromPort: 0, ToPort: 65_535 },
  { IpProtocol: "icmp", FromPort: 8, ToPort: -1 },
  { IpProtocol: "-1", FromPort: 0, ToPort: 0 },
  { IpProtocol: "50" },
  { IpProtocol: "tcp", FromPort: 90, ToPort: 80 },
];
const peers: readonly Pick<IpPermission, "IpRanges" | "Ipv6Ranges">[] = [
  { IpRanges: [{ CidrIp: "10.0.0.7/16", Description: "all of it" }] },
  { IpRanges: [{ CidrIp: "0.0.0.0/0" }, { CidrIp: "192.0.2.0/24" }] },
  { Ipv6Ranges: [{ CidrIpv6: "2001:DB8::/32" }] },
];

interface Draw {
  readonly pick: (prefix: string) => string;
  readonly permission: IpPermission;
  readonly other: string;
  readonly direction: "Ingress" | "Egress";
}

const plays: readonly ((draw: Draw) => [string, object])[] = [
  ({ pick, other }) => ["CreateSecurityGroup", { VpcId: pick("vpc"), GroupName: `g${other}`, Description: "d" }],
  ({ pick }) => ["DeleteSecurityGroup", { GroupId: pick("sg") }],
  ({ pick, permission, direction }) => [
    `AuthorizeSecurityGroup${direction}`,
    { GroupId: pick("sg"), IpPermissions: [permission] },
  ],
  ({ pick, permission: { IpProtocol, FromPort, ToPort }, other, direction }) => [
    `AuthorizeSecurityGroup${direction}`,
    {
      GroupId: pick("sg"),
      IpPermissions: [{ IpProtocol, FromPort, ToPort, UserIdGroupPairs: [{ GroupId: pick("sg"), UserId: other }] }],
    },
  ],
  ({ pick, permission, direction }) => [
    `RevokeSecurityGroup${direction}`,
    { GroupId: pick("sg"), IpPermissions: [permission] },
  ],
  ({ pick, direction }) => [
    `RevokeSecurityGroup${direction}`,
    { GroupId: pick("sg"), SecurityGroupRuleIds: [pick("sgr")] },
  ],
  ({ pick, permission: { IpProtocol, FromPort, ToPort } }) => [
    "ModifySecurityGroupRules",
    {
      GroupId: pick("sg"),
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: pick("sgr"),
          SecurityGroupRule: { IpProtocol, FromPort, ToPort, CidrIpv4: "198.51.100.0/24" },
        },
      ],
    },
  ],
  ({ pick, other }) => [
    "CreateVpcPeeringConnection",
    { VpcId: pick("vpc"), PeerVpcId: pick("vpc"), PeerOwnerId: other },
  ],
  ({ pick }) => ["AcceptVpcPeeringConnection", { VpcPeeringConnectionId: pick("pcx") }],
  ({ pick }) => ["DeleteVpcPeeringConnection", { VpcPeeringConnectionId: pick("pcx") }],
  ({ pick }) => ["DeleteVpc", { VpcId: pick("vpc") }],
];

const step = fc.record({
  play: fc.nat(plays.length - 1),
  by: fc.nat(1),
  other: fc.nat(1),
  egress: fc.boolean(),
  traffic: fc.nat(traffic.length - 1),
  peer: fc.nat(peers.length - 1),
  picks: fc.array(fc.nat(1_000), { minLength: 3, maxLength: 3 }),
});

const groupsOf = (cloud: TestCloud, account: string): readonly SecurityGroup[] =>
  cloud.call<DescribeSecurityGroupsCommandOutput>("DescribeSecurityGroups", {}, { account }).SecurityGroups ?? [];

const peersOf = ({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: IpPermission): number =>
  [IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs].reduce((sum, list) => sum + (list?.length ?? 0), 0);

/** The two ways of reading an account's rules tell the same, and a rule is stale when its peering is not active or its group is gone. */
function readsAlike(cloud: TestCloud, account: string): void {
  for (const group of groupsOf(cloud, account)) {
    const { SecurityGroupRules = [] } = cloud.call<DescribeSecurityGroupRulesCommandOutput>(
      "DescribeSecurityGroupRules",
      { Filters: [{ Name: "group-id", Values: [group.GroupId] }] },
      { account },
    );
    const permissions = [...(group.IpPermissions ?? []), ...(group.IpPermissionsEgress ?? [])];
    expect(permissions.reduce((sum, each) => sum + peersOf(each), 0)).toBe(SecurityGroupRules.length);
    expect(new Set(SecurityGroupRules.map((rule) => rule.SecurityGroupRuleId)).size).toBe(SecurityGroupRules.length);
    const { StaleSecurityGroupSet = [] } = cloud.call<DescribeStaleSecurityGroupsCommandOutput>(
      "DescribeStaleSecurityGroups",
      { VpcId: group.VpcId },
      { account },
    );
    const told = StaleSecurityGroupSet.find((each) => each.GroupId === group.GroupId);
    const stale = [...(told?.StaleIpPermissions ?? []), ...(told?.StaleIpPermissionsEgress ?? [])];
    const gone = SecurityGroupRules.filter(({ ReferencedGroupInfo: reference }) => {
      if (reference?.VpcPeeringConnectionId === undefined) return false;
      const exists = accounts.some((each) =>
        groupsOf(cloud, each).some((other) => other.GroupId === reference.GroupId),
      );
      return reference.PeeringStatus !== "active" || !exists;
    });
    expect(stale.length).toBe(gone.length);
  }
}

/** Peers a VPC of the first account with one of the second. */
function join(cloud: TestCloud, [VpcId, PeerVpcId]: readonly (string | undefined)[]): void {
  const { VpcPeeringConnection } = cloud.call<CreateVpcPeeringConnectionCommandOutput>("CreateVpcPeeringConnection", {
    VpcId,
    PeerVpcId,
    PeerOwnerId: accountB,
  });
  const VpcPeeringConnectionId = VpcPeeringConnection?.VpcPeeringConnectionId;
  cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId }, { account: accountB });
}

/** Revokes every rule of the account's groups in the words in which they are described. */
function takesBack(cloud: TestCloud, account: string): void {
  for (const { GroupId, IpPermissions, IpPermissionsEgress } of groupsOf(cloud, account)) {
    if (IpPermissions?.length) cloud.call("RevokeSecurityGroupIngress", { GroupId, IpPermissions }, { account });
    if (IpPermissionsEgress?.length) {
      cloud.call("RevokeSecurityGroupEgress", { GroupId, IpPermissions: IpPermissionsEgress }, { account });
    }
  }
  for (const { IpPermissions, IpPermissionsEgress } of groupsOf(cloud, account)) {
    expect([IpPermissions, IpPermissionsEgress]).toEqual([[], []]);
  }
}

it("[SG-20, SG-24, SG-50, SG-51] keeps rules sound, and takes them back as they are shown", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 90, size: "max" }), (steps) => {
      const cloud = testCloud();
      const ids = new Set<string>();
      const made: (string | undefined)[] = [];
      const learn = (output: unknown): void => {
        for (const [id] of JSON.stringify(output).matchAll(/"[a-z-]+-[0-9a-f]{17}"/g)) ids.add(id.slice(1, -1));
      };
      for (const [index, account] of accounts.entries()) {
        const { Vpc } = cloud.call<CreateVpcCommandOutput>(
          "CreateVpc",
          { CidrBlock: `10.${index}.0.0/16` },
          { account },
        );
        made.push(Vpc?.VpcId);
        learn(Vpc);
        learn(groupsOf(cloud, account));
      }
      join(cloud, made);
      for (const { play, by, other, egress, traffic: kind, peer, picks } of steps) {
        const draws = [...picks];
        const pick = (prefix: string): string => {
          const known = [...ids].filter((id) => id.startsWith(`${prefix}-`) && id.length === prefix.length + 18);
          return known[(draws.pop() ?? 0) % Math.max(known.length, 1)] ?? `${prefix}-00000000000000000`;
        };
        const draw = {
          pick,
          permission: { ...traffic[kind], ...peers[peer] },
          other: accounts[other] ?? accountA,
          direction: egress ? "Egress" : "Ingress",
        } as const;
        const [operation, input] = plays[play]?.(draw) ?? ["", {}];
        try {
          learn(cloud.call(operation, input, { account: accounts[by] ?? accountA }));
        } catch (error) {
          if (!isAwsError(error)) throw error;
        }
        expect(validateNetworkModel(cloud.model())).toEqual([]);
      }
      for (const account of accounts) readsAlike(cloud, account);
      cloud.restart();
      for (const account of accounts) takesBack(cloud, account);
      expect(cloud.faults).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 60_000);
