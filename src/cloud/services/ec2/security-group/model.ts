/** A security group as the network model has it: protocol numbers, and peers told apart by kind. */
import type {
  PrefixListId,
  SecurityGroup,
  SecurityGroupId,
  SecurityGroupPeer,
  SecurityGroupRule,
  SecurityGroupRuleId,
  VpcId,
  VpcPeeringConnectionId,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";
import { peerReference } from "./references.ts";
import { hasPorts } from "./rule.ts";

// The ids of records were made with these prefixes, or checked for them.
export function projectSecurityGroup(record: SecurityGroupRecord, view: StateView): SecurityGroup {
  return {
    ownerId: record.OwnerId,
    region: record.Region,
    name: ownName(record, record.GroupId, view),
    groupId: record.GroupId as SecurityGroupId,
    groupName: record.GroupName,
    vpcId: record.VpcId as VpcId,
    rules: record.Rules.filter((rule) => !isDangling(rule, view)).map((rule) => projectRule(rule, record, view)),
  };
}

function projectRule(rule: SecurityGroupRuleRecord, group: SecurityGroupRecord, view: StateView): SecurityGroupRule {
  return {
    securityGroupRuleId: rule.SecurityGroupRuleId as SecurityGroupRuleId,
    isEgress: rule.IsEgress,
    protocol: protocolNumber(rule.IpProtocol),
    ...(hasPorts(rule.IpProtocol) && { fromPort: rule.FromPort, toPort: rule.ToPort }),
    peer: projectPeer(rule, group, view),
    ...(rule.Description !== undefined && { description: rule.Description }),
  };
}

function projectPeer(rule: SecurityGroupRuleRecord, group: SecurityGroupRecord, view: StateView): SecurityGroupPeer {
  const cidr = rule.CidrIpv4 ?? rule.CidrIpv6;
  if (cidr !== undefined) return { kind: "cidr", cidr };
  if (rule.PrefixListId !== undefined) {
    return { kind: "prefix-list", prefixListId: rule.PrefixListId as PrefixListId };
  }
  if (rule.ReferencedGroup === undefined) throw new Error(`bug: rule ${rule.SecurityGroupRuleId} has no peer`);
  const { GroupId, UserId } = rule.ReferencedGroup;
  const peer = peerReference(group.VpcId, rule.ReferencedGroup, view);
  return {
    kind: "security-group",
    groupId: GroupId as SecurityGroupId,
    userId: UserId,
    ...(peer?.VpcPeeringConnectionId !== undefined && {
      vpcPeeringConnectionId: peer.VpcPeeringConnectionId as VpcPeeringConnectionId,
    }),
  };
}

/** A rule of which the group is gone that it named across a transit gateway: it matches nothing, ever. [SG-50] */
function isDangling({ ReferencedGroup }: SecurityGroupRuleRecord, view: StateView): boolean {
  if (ReferencedGroup?.TransitGatewayId === undefined) return false;
  return view.get("securityGroup", ReferencedGroup.GroupId) === undefined;
}

const numbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };

function protocolNumber(protocol: string): number {
  return numbers[protocol] ?? Number(protocol);
}
