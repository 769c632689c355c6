/**
 * The components on a way, in the order that a packet meets them. Headers stand where they change: at the first component, and where one
 * rewrites them. What only says "the router delivers it" is no component to Reachability Analyzer. (semantics 11.12)
 */
import type { AdditionalDetail, AnalysisPacketHeader, PathComponent } from "@aws-sdk/client-ec2";
import { indexNetworkModel, type NetworkModel, type NetworkModelIndex } from "../../../../model/index.ts";
import type { Hop, PacketHeader, Warning } from "../../../../reachability/index.ts";
import type { ComponentNames } from "./component-names.ts";
import { aclRuleOf, groupRuleOf, routeOf, transitGatewayRouteOf } from "./rules-and-routes.ts";

export interface WayContext {
  readonly model: NetworkModel;
  readonly names: ComponentNames;
  /** Of the packets that go this way: of answers the port that was asked. */
  readonly sourcePorts: { readonly from: number; readonly to: number };
  readonly warnings: readonly Warning[];
  readonly details: readonly { readonly component: string; readonly type: string }[];
}

export function pathComponents(hops: readonly Hop[], context: WayContext): PathComponent[] {
  const shown = withSender(hops, context).filter(isShown);
  const last = shown.length - 1;
  return shown.map((hop, at) => {
    const before = shown[at - 1];
    const after = shown[at + 1];
    const rewrites = after !== undefined && !isSame(hop.packet, after.packet);
    return {
      SequenceNumber: at + 1,
      ...componentOf(hop, context),
      ...((at === last || rewrites) && before !== undefined && { InboundHeader: headerOf(hop.packet, context) }),
      ...((at === 0 || rewrites) && { OutboundHeader: headerOf((after ?? hop).packet, context) }),
      ...additionalDetails(hop, context),
    };
  });
}

/** The instance that sends comes before its interface; the engine begins with the interface. */
function withSender(hops: readonly Hop[], { model }: WayContext): readonly Hop[] {
  const [first] = hops;
  if (first?.kind !== "network-interface" || first.direction !== "egress") return hops;
  const component = indexNetworkModel(model).networkInterface(first.component)?.attachment?.instanceId;
  if (component === undefined) return hops;
  const { packet, vpcId, subnetId } = first;
  return [{ kind: "instance", component, packet, ...(vpcId && { vpcId }), ...(subnetId && { subnetId }) }, ...hops];
}

/** An answer that a group lets pass because of its request has no rule to show. [SG-2] */
function isShown({ kind, decision }: Hop): boolean {
  return kind !== "vpc" && kind !== "internet" && decision?.by !== "tracked-flow";
}

function componentOf(hop: Hop, { model, names }: WayContext): PathComponent {
  const { component, decision, direction, vpcId, subnetId } = hop;
  const index = indexNetworkModel(model);
  const place = {
    ...(vpcId !== undefined && { Vpc: names.component(vpcId) }),
    ...(subnetId !== undefined && { Subnet: names.component(subnetId) }),
  };
  const own = { Component: names.component(component) };
  switch (hop.kind) {
    case "network-interface": {
      const instanceId = index.networkInterface(component)?.attachment?.instanceId;
      return { ...own, ...place, ...(instanceId !== undefined && { AttachedTo: names.component(instanceId) }) };
    }
    case "security-groups": {
      if (decision?.by !== "security-group-rule") return { ...own, ...place };
      const Component = names.component(decision.groupId);
      return { ...place, Component, SecurityGroupRule: groupRuleOf(model, decision) };
    }
    case "network-acl":
      return { ...own, ...place, ...(decision && { AclRule: aclRuleOf(model, decision, direction) }) };
    case "route-table":
      return { ...own, ...place, ...(decision?.by === "route" && { RouteTableRoute: routeOf(model, decision) }) };
    case "vpc-peering-connection":
      return { ...own, ...vpcsOf(index, component, vpcId, names) };
    case "transit-gateway-attachment":
      return { ...own, ...place, ...gatewayOf(index.transitGatewayVpcAttachment(component)?.transitGatewayId, names) };
    case "transit-gateway-route-table": {
      const gateway = gatewayOf(index.transitGatewayRouteTable(component)?.transitGatewayId, names);
      const route = decision?.by === "transit-gateway-route" && transitGatewayRouteOf(model, decision);
      return { ...own, ...gateway, ...(route && { TransitGatewayRouteTableRoute: route }) };
    }
    default:
      return { ...own, ...place };
  }
}

function gatewayOf(id: string | undefined, names: ComponentNames): PathComponent {
  return id === undefined ? {} : { TransitGateway: names.component(id) };
}

function vpcsOf(index: NetworkModelIndex, id: string, from: string | undefined, names: ComponentNames): PathComponent {
  const peering = index.vpcPeeringConnection(id);
  if (peering === undefined || from === undefined) return {};
  const to = peering.requester.vpcId === from ? peering.accepter.vpcId : peering.requester.vpcId;
  return { SourceVpc: names.component(from), DestinationVpc: names.component(to) };
}

function additionalDetails({ component }: Hop, { warnings, details, names }: WayContext): PathComponent {
  const told: AdditionalDetail[] = [
    ...warnings.filter((each) => each.component === component && !each.code.startsWith("X_")).map(({ code }) => code),
    ...details.filter((each) => each.component === component).map(({ type }) => type),
  ].map((AdditionalDetailType) => ({ AdditionalDetailType, Component: names.component(component) }));
  return told.length === 0 ? {} : { AdditionalDetails: told };
}

function headerOf(packet: PacketHeader, { sourcePorts }: WayContext): AnalysisPacketHeader {
  const { source, destination, protocol, ports } = packet;
  return {
    SourceAddresses: [`${source}/32`],
    DestinationAddresses: [`${destination}/32`],
    Protocol: String(protocol),
    SourcePortRanges: [{ From: sourcePorts.from, To: sourcePorts.to }],
    ...(ports !== undefined && { DestinationPortRanges: [{ From: ports.from, To: ports.to }] }),
  };
}

function isSame(a: PacketHeader, b: PacketHeader): boolean {
  return a.source === b.source && a.destination === b.destination;
}
