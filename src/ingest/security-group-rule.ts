/**
 * The rules of a security group. DescribeSecurityGroupRules tells each with an id; a group's own permissions hold several rules of
 * one protocol and range of ports each, without ids: those get ids by their place, such as `sgr-0a1b-ingress-3`.
 */
import type { SecurityGroupPeer, SecurityGroupRule, SecurityGroupRuleId } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { hasPorts, protocolNumber } from "./protocol-number.ts";

export function readRule(item: Item, securityGroupRuleId: SecurityGroupRuleId): SecurityGroupRule {
  return {
    securityGroupRuleId,
    isEgress: required(item, "IsEgress", item.boolean("IsEgress")),
    ...trafficOf(item),
    peer: required(item, "the peer", peerOfRule(item)),
    ...described(item),
  };
}

/** The rules of the permissions of a group, inbound ones first. */
export function rulesOfPermissions(group: Item, groupId: string): readonly SecurityGroupRule[] {
  return [
    ...rulesOf(group.items("IpPermissions"), false, groupId),
    ...rulesOf(group.items("IpPermissionsEgress"), true, groupId),
  ];
}

function rulesOf(permissions: readonly Item[], isEgress: boolean, groupId: string): readonly SecurityGroupRule[] {
  const rules: SecurityGroupRule[] = [];
  for (const permission of permissions) {
    const traffic = trafficOf(permission);
    for (const { item, peer } of peersOf(permission)) {
      const place = `${isEgress ? "egress" : "ingress"}-${rules.length}`;
      rules.push({
        securityGroupRuleId: `sgr-${groupId.slice("sg-".length)}-${place}`,
        isEgress,
        ...traffic,
        peer,
        ...described(item),
      });
    }
  }
  return rules;
}

function trafficOf(item: Item): Pick<SecurityGroupRule, "protocol" | "fromPort" | "toPort"> {
  const protocol = required(item, "IpProtocol", protocolNumber(item.text("IpProtocol")));
  const fromPort = item.integer("FromPort");
  const toPort = item.integer("ToPort");
  if (!hasPorts(protocol) || fromPort === undefined || toPort === undefined) return { protocol };
  return { protocol, fromPort, toPort };
}

function peerOfRule(item: Item): SecurityGroupPeer | undefined {
  const cidr = item.cidr("CidrIpv4") ?? item.cidr("CidrIpv6");
  if (cidr !== undefined) return { kind: "cidr", cidr };
  const prefixListId = item.id("PrefixListId", "pl");
  if (prefixListId !== undefined) return { kind: "prefix-list", prefixListId };
  const group = item.item("ReferencedGroupInfo");
  return group && groupPeer(group);
}

function peersOf(permission: Item): readonly { readonly item: Item; readonly peer: SecurityGroupPeer }[] {
  const lists: readonly (readonly [string, (item: Item) => SecurityGroupPeer])[] = [
    ["UserIdGroupPairs", groupPeer],
    ["IpRanges", (item) => ({ kind: "cidr", cidr: required(item, "CidrIp", item.cidr("CidrIp")) })],
    ["Ipv6Ranges", (item) => ({ kind: "cidr", cidr: required(item, "CidrIpv6", item.cidr("CidrIpv6")) })],
    [
      "PrefixListIds",
      (item) => ({ kind: "prefix-list", prefixListId: required(item, "PrefixListId", item.id("PrefixListId", "pl")) }),
    ],
  ];
  return lists.flatMap(([name, peer]) => permission.items(name).map((item) => ({ item, peer: peer(item) })));
}

function groupPeer(item: Item): SecurityGroupPeer {
  const userId = item.text("UserId");
  const vpcPeeringConnectionId = item.id("VpcPeeringConnectionId", "pcx");
  return {
    kind: "security-group",
    groupId: required(item, "GroupId", item.id("GroupId", "sg")),
    ...(userId && { userId }),
    ...(vpcPeeringConnectionId !== undefined && { vpcPeeringConnectionId }),
  };
}

function described(item: Item): Pick<SecurityGroupRule, "description"> {
  const description = item.text("Description");
  return description === undefined ? {} : { description };
}
