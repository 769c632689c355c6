/** Rules of security groups in CloudFormation's words, as EC2 takes them. */

export interface Rule {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly Description?: string;
  readonly SourcePrefixListId?: string;
  readonly DestinationPrefixListId?: string;
  readonly SourceSecurityGroupId?: string;
  readonly SourceSecurityGroupName?: string;
  readonly SourceSecurityGroupOwnerId?: string;
  readonly DestinationSecurityGroupId?: string;
}

export function permissionOf(rule: Rule) {
  const { IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, Description } = rule;
  const PrefixListId = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const GroupId = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const { SourceSecurityGroupName: GroupName, SourceSecurityGroupOwnerId: UserId } = rule;
  return {
    IpProtocol,
    FromPort,
    ToPort,
    ...(CidrIp !== undefined && { IpRanges: [{ CidrIp, Description }] }),
    ...(CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6, Description }] }),
    ...(PrefixListId !== undefined && { PrefixListIds: [{ PrefixListId, Description }] }),
    ...((GroupId ?? GroupName) !== undefined && { UserIdGroupPairs: [{ GroupId, GroupName, UserId, Description }] }),
  };
}

/** The words of a rule say everything about it. */
export function isSamePermission(a: Rule, b: Rule): boolean {
  return JSON.stringify(permissionOf(a)) === JSON.stringify(permissionOf(b));
}
