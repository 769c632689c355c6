/** The rules that AWS gives by itself: a VPC's default group, the open egress of a new group, and its IPv6 half. (semantics 3.2) */
import type { Transaction } from "../../../state/transaction.ts";
import { forgetTags } from "../tag/tags.ts";

import type { VpcRecord } from "../vpc/record.ts";
import { ipv6BlocksOf } from "../vpc-peering-connection/feasibility.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";

export const defaultGroupName = "default";

/** Makes the VPC's default group: everything from itself in, everything out. */
export function createDefaultSecurityGroup(transaction: Transaction, vpc: VpcRecord): SecurityGroupRecord {
  const GroupId = transaction.newId("sg");
  const fromItself: SecurityGroupRuleRecord = {
    SecurityGroupRuleId: transaction.newId("sgr"),
    IsEgress: false,
    ...everything,
    ReferencedGroup: { GroupId, UserId: vpc.OwnerId },
  };
  const group: SecurityGroupRecord = {
    OwnerId: vpc.OwnerId,
    Region: vpc.Region,
    CreatedAt: transaction.now,
    GroupId,
    GroupName: defaultGroupName,
    Description: "default VPC security group",
    VpcId: vpc.VpcId,
    Rules: [fromItself, ...openEgress(transaction, vpc)],
  };
  transaction.put("securityGroup", group);
  return group;
}

/** What a new group lets out: all IPv4, and all IPv6 when the VPC has such a block. */
export function openEgress(transaction: Transaction, vpc: VpcRecord): SecurityGroupRuleRecord[] {
  const rules = [egressTo(transaction, { CidrIpv4: "0.0.0.0/0" })];
  if (ipv6BlocksOf(vpc).length > 0) rules.push(egressTo(transaction, { CidrIpv6: "::/0" }));
  return rules;
}

/** Lets IPv6 out of the default group when a VPC gets its first IPv6 block, unless its egress rules were changed. */
export function addIpv6Egress(transaction: Transaction, vpc: Pick<VpcRecord, "VpcId">): void {
  const group = transaction
    .by("securityGroup", "vpc", vpc.VpcId)
    .find(({ GroupName }) => GroupName === defaultGroupName);
  const egress = group?.Rules.filter((rule) => rule.IsEgress) ?? [];
  const [only] = egress;
  if (group === undefined || egress.length !== 1 || only?.IpProtocol !== "-1" || only.CidrIpv4 !== "0.0.0.0/0") return;
  transaction.put("securityGroup", {
    ...group,
    Rules: [...group.Rules, egressTo(transaction, { CidrIpv6: "::/0" })],
  });
}

/** Removes a group with its rules and their tags; whether it may go is for the caller to know. */
export function removeSecurityGroup(transaction: Transaction, group: SecurityGroupRecord): void {
  for (const rule of group.Rules) forgetTags(transaction, rule.SecurityGroupRuleId);
  forgetTags(transaction, group.GroupId);
  transaction.delete("securityGroup", group.GroupId);
}

const everything = { IpProtocol: "-1", FromPort: -1, ToPort: -1 } as const;

function egressTo(
  transaction: Transaction,
  peer: Pick<SecurityGroupRuleRecord, "CidrIpv4" | "CidrIpv6">,
): SecurityGroupRuleRecord {
  return { SecurityGroupRuleId: transaction.newId("sgr"), IsEgress: true, ...everything, ...peer };
}
