/** Route tables, network ACLs and security groups, made in a local cloud by calls of the real SDK. */
import type { CreateRouteRequest, IpPermission } from "@aws-sdk/client-ec2";
import { familyOf } from "../../../src/ip/index.ts";
import {
  type NetworkAclEntry,
  type NetworkModel,
  type Route,
  routeTargetId,
  type SecurityGroupRule,
} from "../../../src/model/index.ts";
import type { Site } from "./site.ts";

export async function makeTables(site: Site, model: NetworkModel): Promise<void> {
  for (const table of model.routeTables) {
    const { routeTableId, main, vpcId, gatewayIds } = table;
    const ec2 = site.ec2(table);
    if (!main) {
      const made = await ec2.createRouteTable({ VpcId: site.id(vpcId) });
      site.setId(routeTableId, made.RouteTable?.RouteTableId);
    }
    const RouteTableId = site.id(routeTableId);
    for (const subnet of model.subnets)
      if (subnet.routeTableId === routeTableId)
        await ec2.associateRouteTable({ RouteTableId, SubnetId: site.id(subnet.subnetId) });
    for (const id of gatewayIds) await ec2.associateRouteTable({ RouteTableId, GatewayId: site.id(id) });
  }
}

/** What the cloud makes by itself has the entries that the builder of cases gives it. */
export async function makeAcls(site: Site, model: NetworkModel): Promise<void> {
  for (const acl of model.networkAcls) {
    if (acl.isDefault) continue;
    const ec2 = site.ec2(acl);
    const made = await ec2.createNetworkAcl({ VpcId: site.id(acl.vpcId) });
    const NetworkAclId = made.NetworkAcl?.NetworkAclId;
    site.setId(acl.networkAclId, NetworkAclId);
    for (const entry of acl.entries) await ec2.createNetworkAclEntry({ NetworkAclId, ...entryInput(site, entry) });
    for (const subnet of model.subnets) {
      if (subnet.networkAclId !== acl.networkAclId) continue;
      const SubnetId = site.id(subnet.subnetId);
      const Filters = [{ Name: "association.subnet-id", Values: [SubnetId] }];
      const { NetworkAcls } = await ec2.describeNetworkAcls({ Filters });
      const association = NetworkAcls?.[0]?.Associations?.find((each) => each.SubnetId === SubnetId);
      await ec2.replaceNetworkAclAssociation({ AssociationId: association?.NetworkAclAssociationId, NetworkAclId });
    }
  }
}

function entryInput(site: Site, { ruleNumber, egress, ruleAction, protocol, cidrBlock, ...what }: NetworkAclEntry) {
  const { portRange, icmpTypeCode } = what;
  const block = site.address(cidrBlock);
  return {
    RuleNumber: ruleNumber,
    Egress: egress,
    RuleAction: ruleAction,
    Protocol: `${protocol}`,
    ...(familyOf(block) === "ipv6" ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
    ...(portRange && { PortRange: { From: portRange.from, To: portRange.to } }),
    ...(icmpTypeCode && { IcmpTypeCode: { Type: icmpTypeCode.type, Code: icmpTypeCode.code } }),
  };
}

/** Without rules; the one that a new group has is taken away. */
export async function makeGroups(site: Site, model: NetworkModel): Promise<void> {
  for (const group of model.securityGroups) {
    const { groupName: GroupName, vpcId } = group;
    const ec2 = site.ec2(group);
    const made = await ec2.createSecurityGroup({ GroupName, Description: GroupName, VpcId: site.id(vpcId) });
    site.setId(group.groupId, made.GroupId);
    const { SecurityGroups } = await ec2.describeSecurityGroups({ GroupIds: [site.id(group.groupId)] });
    const IpPermissions = SecurityGroups?.[0]?.IpPermissionsEgress;
    await ec2.revokeSecurityGroupEgress({ GroupId: made.GroupId, IpPermissions });
  }
}

export async function makeRules(site: Site, model: NetworkModel): Promise<void> {
  for (const group of model.securityGroups) {
    const ec2 = site.ec2(group);
    for (const rule of group.rules) {
      const input = { GroupId: site.id(group.groupId), IpPermissions: [permission(site, model, rule)] };
      if (rule.isEgress) await ec2.authorizeSecurityGroupEgress(input);
      else await ec2.authorizeSecurityGroupIngress(input);
    }
  }
}

function permission(
  site: Site,
  model: NetworkModel,
  { protocol, fromPort, toPort, peer }: SecurityGroupRule,
): IpPermission {
  const isTcpOrUdp = protocol === 6 || protocol === 17;
  const ports = isTcpOrUdp
    ? { FromPort: fromPort ?? 0, ToPort: toPort ?? 65535 }
    : { FromPort: fromPort ?? -1, ToPort: toPort ?? -1 };
  const what = { IpProtocol: `${protocol}`, ...ports };
  if (peer.kind === "prefix-list") return { ...what, PrefixListIds: [{ PrefixListId: site.id(peer.prefixListId) }] };
  if (peer.kind === "security-group") {
    const group = model.securityGroups.find(({ groupId }) => groupId === peer.groupId);
    return { ...what, UserIdGroupPairs: [{ GroupId: site.id(peer.groupId), UserId: group?.ownerId }] };
  }
  const block = site.address(peer.cidr);
  return familyOf(block) === "ipv6"
    ? { ...what, Ipv6Ranges: [{ CidrIpv6: block }] }
    : { ...what, IpRanges: [{ CidrIp: block }] };
}

/** All but the local ones, which the cloud makes. A blackhole is one by its target's state. */
export async function makeRoutes(site: Site, model: NetworkModel): Promise<void> {
  for (const table of model.routeTables) {
    const ec2 = site.ec2(table);
    for (const route of table.routes) {
      if (route.target.kind === "local") continue;
      const input = {
        RouteTableId: site.id(table.routeTableId),
        ...destinationInput(site, route),
        ...targetInput(site, route),
      };
      if (route.origin === "CreateRouteTable") await ec2.replaceRoute(input);
      else await ec2.createRoute(input);
    }
  }
}

function destinationInput(site: Site, { destination }: Route) {
  if (destination.kind === "prefix-list") return { DestinationPrefixListId: site.id(destination.prefixListId) };
  const block = site.address(destination.cidr);
  return familyOf(block) === "ipv6" ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block };
}

function targetInput(site: Site, { target }: Route): Partial<CreateRouteRequest> {
  const id = site.id(routeTargetId(target));
  switch (target.kind) {
    case "internet-gateway":
      return { GatewayId: id };
    case "egress-only-internet-gateway":
      return { EgressOnlyInternetGatewayId: id };
    case "nat-gateway":
      return { NatGatewayId: id };
    case "network-interface":
      return { NetworkInterfaceId: id };
    case "vpc-peering-connection":
      return { VpcPeeringConnectionId: id };
    case "transit-gateway":
      return { TransitGatewayId: id };
    case "local":
    case "other":
      throw new Error(`a route to ${id}: cannot be made`);
  }
}
