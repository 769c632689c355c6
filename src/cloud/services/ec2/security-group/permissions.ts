/**
 * IpPermissions, AWS's grouped way of writing rules: taken apart into one rule per source or destination, and put together
 * again for Describe, equal protocol and ports in one item. [SG-24]
 */
import type { IpPermission, UserIdGroupPair } from "@aws-sdk/client-ec2";
import {
  AwsError,
  ec2Errors,
  invalidParameterCombination,
  isWellFormedId,
  missingParameter,
} from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./record.ts";
import { peerReference, type ReferencedGroup } from "./references.ts";
import { hasPorts, peerText, type RuleValues, ruleCidr, ruleDescription, type Traffic, trafficOf } from "./rule.ts";

/** One rule as a request words it: everything normalised, a named group not yet looked up. */
export interface RuleRequest {
  readonly IsEgress: boolean;
  readonly traffic: Traffic;
  readonly peer:
    | { readonly kind: "cidr"; readonly values: Pick<RuleValues, "CidrIpv4" | "CidrIpv6"> }
    | { readonly kind: "prefix-list"; readonly PrefixListId: string }
    | { readonly kind: "group"; readonly pair: UserIdGroupPair };
  readonly Description: string | undefined;
  /** The permission with this one peer, to answer what was not known. [SG-21] */
  readonly permission: IpPermission;
}

/** What the calls that take permissions have in common: the list, or one permission in flat parameters. */
export interface PermissionInput {
  readonly IpPermissions?: IpPermission[] | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly CidrIp?: string | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly SourceSecurityGroupOwnerId?: string | undefined;
}

/** The rules that a call names, in its order; empty when it names none. */
export function requestedRules(input: PermissionInput, IsEgress: boolean): RuleRequest[] {
  const flat = flatPermissions(input, IsEgress);
  if (flat.length > 0 && input.IpPermissions?.length) {
    throw invalidParameterCombination("The parameter IpPermissions may not be used together with flat parameters.");
  }
  return [...(input.IpPermissions ?? []), ...flat].flatMap((permission) => takenApart(permission, IsEgress));
}

/** The rules of one direction as IpPermissions. */
export function toPermissions(
  group: SecurityGroupRecord,
  IsEgress: boolean,
  view: Pick<StateView, "get" | "by">,
): IpPermission[] {
  const byTraffic = new Map<string, SecurityGroupRuleRecord[]>();
  for (const rule of group.Rules) {
    if (rule.IsEgress !== IsEgress) continue;
    const key = `${rule.IpProtocol} ${rule.FromPort} ${rule.ToPort}`;
    const found = byTraffic.get(key);
    if (found) found.push(rule);
    else byTraffic.set(key, [rule]);
  }
  return [...byTraffic.values()].map((rules) => together(rules, group, view));
}

/** A reference as Describe shows it, with the VPC and the peering for one across VPCs. */
export function toUserIdGroupPair(
  reference: ReferencedGroup,
  vpcId: string,
  view: Pick<StateView, "get" | "by">,
): UserIdGroupPair {
  const peer = peerReference(vpcId, reference, view);
  return {
    GroupId: reference.GroupId,
    UserId: reference.UserId,
    ...(peer && {
      VpcId: peer.VpcId,
      ...(peer.VpcPeeringConnectionId !== undefined && {
        VpcPeeringConnectionId: peer.VpcPeeringConnectionId,
        PeeringStatus: peer.PeeringStatus,
      }),
    }),
  };
}

function together(
  rules: readonly SecurityGroupRuleRecord[],
  group: SecurityGroupRecord,
  view: Pick<StateView, "get" | "by">,
): IpPermission {
  const [first] = rules;
  if (first === undefined) throw new Error("bug: a permission without rules");
  return {
    IpProtocol: first.IpProtocol,
    ...(hasPorts(first.IpProtocol) && { FromPort: first.FromPort, ToPort: first.ToPort }),
    UserIdGroupPairs: rules.flatMap(({ ReferencedGroup, Description }) =>
      ReferencedGroup ? [{ ...toUserIdGroupPair(ReferencedGroup, group.VpcId, view), Description }] : [],
    ),
    IpRanges: rules.flatMap(({ CidrIpv4: CidrIp, Description }) => (CidrIp ? [{ CidrIp, Description }] : [])),
    Ipv6Ranges: rules.flatMap(({ CidrIpv6, Description }) => (CidrIpv6 ? [{ CidrIpv6, Description }] : [])),
    PrefixListIds: rules.flatMap(({ PrefixListId, Description }) =>
      PrefixListId ? [{ PrefixListId, Description }] : [],
    ),
  };
}

function takenApart(permission: IpPermission, IsEgress: boolean): RuleRequest[] {
  const { IpProtocol, FromPort, ToPort } = permission;
  const traffic = trafficOf(IpProtocol, FromPort, ToPort);
  const ports = { IpProtocol, FromPort, ToPort };
  const rules: RuleRequest[] = [];
  for (const range of permission.IpRanges ?? []) {
    const values = { CidrIpv4: ruleCidr(range.CidrIp, "ipv4") };
    rules.push({
      IsEgress,
      traffic,
      peer: { kind: "cidr", values },
      Description: ruleDescription(range.Description),
      permission: { ...ports, IpRanges: [range] },
    });
  }
  for (const range of permission.Ipv6Ranges ?? []) {
    const values = { CidrIpv6: ruleCidr(range.CidrIpv6, "ipv6") };
    rules.push({
      IsEgress,
      traffic,
      peer: { kind: "cidr", values },
      Description: ruleDescription(range.Description),
      permission: { ...ports, Ipv6Ranges: [range] },
    });
  }
  for (const list of permission.PrefixListIds ?? []) {
    rules.push({
      IsEgress,
      traffic,
      peer: { kind: "prefix-list", PrefixListId: wellFormedPrefixListId(list.PrefixListId) },
      Description: ruleDescription(list.Description),
      permission: { ...ports, PrefixListIds: [list] },
    });
  }
  for (const pair of permission.UserIdGroupPairs ?? []) {
    rules.push({
      IsEgress,
      traffic,
      peer: { kind: "group", pair },
      Description: ruleDescription(pair.Description),
      permission: { ...ports, UserIdGroupPairs: [pair] },
    });
  }
  if (rules.length === 0) {
    throw new AwsError(
      "MissingParameter",
      "Missing source specification: include source security group or CIDR information",
    );
  }
  return rules;
}

/** The id of a prefix list that a rule names. */
export function wellFormedPrefixListId(id: string | undefined): string {
  if (!id) throw missingParameter("PrefixListId");
  if (!isWellFormedId("pl", id)) throw ec2Errors.malformed("prefix-list", id);
  return id;
}

/** The parameters from before IpPermissions: one CIDR block, or every TCP, UDP and ICMP from a group of the default VPC. */
function flatPermissions(input: PermissionInput, IsEgress: boolean): IpPermission[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = input;
  const flat = [IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId];
  if (flat.every((value) => value === undefined)) return [];
  if (IsEgress) {
    throw invalidParameterCombination("Flat parameters are not supported for egress rules. Use IpPermissions instead.");
  }
  if (SourceSecurityGroupName === undefined) {
    return [{ IpProtocol, FromPort, ToPort, ...(CidrIp !== undefined && { IpRanges: [{ CidrIp }] }) }];
  }
  if ([IpProtocol, FromPort, ToPort, CidrIp].some((value) => value !== undefined)) {
    throw invalidParameterCombination(
      "The parameter SourceSecurityGroupName cannot be used together with CidrIp, IpProtocol, FromPort or ToPort.",
    );
  }
  const UserIdGroupPairs = [{ GroupName: SourceSecurityGroupName, UserId: SourceSecurityGroupOwnerId }];
  return [
    { IpProtocol: "tcp", FromPort: 0, ToPort: 65_535, UserIdGroupPairs },
    { IpProtocol: "udp", FromPort: 0, ToPort: 65_535, UserIdGroupPairs },
    { IpProtocol: "icmp", FromPort: -1, ToPort: -1, UserIdGroupPairs },
  ];
}

/** Whether a kept rule is the one that a request means. A group is meant by id, and by account when one is given. [SG-50] */
export function isRequested(
  rule: SecurityGroupRuleRecord,
  request: RuleRequest,
  groupIdOf: (pair: UserIdGroupPair) => string,
): boolean {
  const { traffic, peer } = request;
  if (rule.IsEgress !== request.IsEgress || rule.IpProtocol !== traffic.IpProtocol) return false;
  if (rule.FromPort !== traffic.FromPort || rule.ToPort !== traffic.ToPort) return false;
  switch (peer.kind) {
    case "cidr":
      return peerText(rule) === peerText(peer.values);
    case "prefix-list":
      return rule.PrefixListId === peer.PrefixListId;
    case "group":
      return (
        rule.ReferencedGroup?.GroupId === groupIdOf(peer.pair) &&
        (!peer.pair.UserId || rule.ReferencedGroup.UserId === peer.pair.UserId)
      );
  }
}
