/** What let a packet pass, or sent it on its way, as analyses show it: an ACL's rule, a group's rule, a route. */
import type {
  AnalysisAclRule,
  AnalysisRouteTableRoute,
  AnalysisSecurityGroupRule,
  TransitGatewayRouteTableRoute,
} from "@aws-sdk/client-ec2";
import {
  indexNetworkModel,
  type NetworkModel,
  type RouteTarget,
  type SecurityGroupRule,
} from "../../../../model/index.ts";
import type { Decision } from "../../../../reachability/index.ts";

type DecisionBy<By extends Decision["by"]> = Extract<Decision, { readonly by: By }>;

/** The unremovable last rule, which no entry of the model is, denies everything. [NA-3] */
export function aclRuleOf(
  model: NetworkModel,
  decision: Decision,
  direction: string | undefined,
): AnalysisAclRule | undefined {
  if (decision.by !== "network-acl-entry") return undefined;
  const { networkAclId, ruleNumber } = decision;
  const isEgress = direction === "egress";
  const entry = indexNetworkModel(model)
    .networkAcl(networkAclId)
    ?.entries.find((each) => each.ruleNumber === ruleNumber && each.egress === isEgress);
  return {
    Cidr: entry?.cidrBlock ?? "0.0.0.0/0",
    Egress: isEgress,
    Protocol: protocolText(entry?.protocol ?? -1),
    RuleAction: entry?.ruleAction ?? "deny",
    RuleNumber: ruleNumber,
    ...(entry?.portRange !== undefined && { PortRange: { From: entry.portRange.from, To: entry.portRange.to } }),
  };
}

export function groupRuleOf(
  model: NetworkModel,
  decision: DecisionBy<"security-group-rule">,
): AnalysisSecurityGroupRule {
  const rules = indexNetworkModel(model).securityGroup(decision.groupId)?.rules ?? [];
  const rule = rules.find((each) => each.securityGroupRuleId === decision.securityGroupRuleId);
  if (rule === undefined) throw new Error(`bug: ${decision.securityGroupRuleId} decided, and is not in the model`);
  return {
    ...farEndOf(rule),
    Direction: rule.isEgress ? "egress" : "ingress",
    Protocol: protocolText(rule.protocol),
    ...(rule.fromPort !== undefined && { PortRange: { From: rule.fromPort, To: rule.toPort ?? rule.fromPort } }),
  };
}

function farEndOf({ peer }: SecurityGroupRule): AnalysisSecurityGroupRule {
  switch (peer.kind) {
    case "cidr":
      return { Cidr: peer.cidr };
    case "prefix-list":
      return { PrefixListId: peer.prefixListId };
    case "security-group":
      return { SecurityGroupId: peer.groupId };
  }
}

export function routeOf(model: NetworkModel, decision: DecisionBy<"route">): AnalysisRouteTableRoute {
  const { routeTableId, destination, prefixListId, target } = decision;
  const table = indexNetworkModel(model).routeTable(routeTableId);
  const route = table?.routes.find(({ destination: named }) =>
    named.kind === "cidr" ? named.cidr === destination : named.prefixListId === prefixListId,
  );
  return {
    ...(prefixListId === undefined ? { DestinationCidr: destination } : { DestinationPrefixListId: prefixListId }),
    ...targetOf(target),
    ...(route !== undefined && { Origin: origins[route.origin], State: route.state }),
  };
}

/** In analyses, origins are written small. */
const origins = {
  CreateRouteTable: "createroutetable",
  CreateRoute: "createroute",
  EnableVgwRoutePropagation: "enablevgwroutepropagation",
  Advertisement: "advertisement",
} as const;

function targetOf(target: RouteTarget): AnalysisRouteTableRoute {
  switch (target.kind) {
    case "local":
      return { GatewayId: "local" };
    case "internet-gateway":
      return { GatewayId: target.internetGatewayId };
    case "egress-only-internet-gateway":
      return { EgressOnlyInternetGatewayId: target.egressOnlyInternetGatewayId };
    case "nat-gateway":
      return { NatGatewayId: target.natGatewayId };
    case "network-interface":
      return { NetworkInterfaceId: target.networkInterfaceId };
    case "vpc-peering-connection":
      return { VpcPeeringConnectionId: target.vpcPeeringConnectionId };
    case "transit-gateway":
      return { TransitGatewayId: target.transitGatewayId };
    case "other":
      return { GatewayId: target.id };
  }
}

export function transitGatewayRouteOf(
  model: NetworkModel,
  decision: DecisionBy<"transit-gateway-route">,
): TransitGatewayRouteTableRoute {
  const index = indexNetworkModel(model);
  const { destination, type, transitGatewayAttachmentIds, transitGatewayRouteTableId } = decision;
  const [AttachmentId] = transitGatewayAttachmentIds;
  const route = index
    .transitGatewayRouteTable(transitGatewayRouteTableId)
    ?.routes.find(({ destinationCidrBlock }) => destinationCidrBlock === destination);
  const attachment = AttachmentId === undefined ? undefined : index.transitGatewayVpcAttachment(AttachmentId);
  return {
    DestinationCidr: destination,
    RouteOrigin: type,
    ...(route !== undefined && { State: route.state }),
    ...(route?.prefixListId !== undefined && { PrefixListId: route.prefixListId }),
    ...(AttachmentId !== undefined && { AttachmentId }),
    ...(attachment !== undefined && { ResourceId: attachment.vpcId, ResourceType: "vpc" }),
    ...(AttachmentId !== undefined && attachment === undefined && { ResourceType: "peering" }),
  };
}

function protocolText(protocol: number): string {
  return { [-1]: "all", 1: "icmp", 6: "tcp", 17: "udp" }[protocol] ?? String(protocol);
}
