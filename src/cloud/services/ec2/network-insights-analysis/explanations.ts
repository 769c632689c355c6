/** What stops a path, as Reachability Analyzer explains it: its code, and the components that the code is about. */
import type { Explanation as ApiExplanation } from "@aws-sdk/client-ec2";
import { indexNetworkModel, type NetworkModel } from "../../../../model/index.ts";
import {
  type Blocker,
  type Explanation,
  explanationCodes,
  type Hop,
  type UnknownComponent,
} from "../../../../reachability/index.ts";
import { analyzerCode, isOwn } from "./analyzer-codes.ts";
import type { ComponentNames } from "./component-names.ts";
import { aclRuleOf, routeOf, transitGatewayRouteOf } from "./rules-and-routes.ts";

/** One for every blocker and every component that cannot be followed, in the order that packets meet them. */
export function explanationsOf(
  explanation: Explanation,
  model: NetworkModel,
  names: ComponentNames,
): readonly ApiExplanation[] {
  return hopsOf(explanation).flatMap((hop): readonly ApiExplanation[] => {
    const { blocked, unknown } = hop;
    const stated = blocked?.state === undefined ? {} : { State: blocked.state };
    const all: ApiExplanation[] = [];
    if (blocked !== undefined)
      all.push({ ...about(hop, model, names), ...stated, ExplanationCode: analyzerCode(blocked.code) });
    // A detail may be a code of Reachability Analyzer as well: that nothing joins two VPCs.
    if (blocked?.detail !== undefined && !isOwn(blocked.detail))
      all.push({ ...about(hop, model, names), ExplanationCode: blocked.detail });
    if (unknown !== undefined) all.push({ ...unknownIn(hop, unknown, names), ExplanationCode: unknown.code });
    return all;
  });
}

/** What Reachability Analyzer's codes and fields have no place for, for people. Undefined when they say it all. */
export function warningOf({ blockers, unknowns }: Explanation): string | undefined {
  const own = blockers.flatMap(wordsOf);
  const unfollowed = unknowns.map(({ id, reason }) => `It is not known what ${id} does: ${reason}.`);
  const all = [...new Set([...own, ...unfollowed])];
  return all.length === 0 ? undefined : all.join(" ");
}

/** That the answer to a packet that gets there does not come back. */
export function lostAnswer({ blockers, unknowns, return: back }: Explanation): string | undefined {
  const lost = blockers.filter(({ way }) => way === "return");
  const unsure = back.some(({ unknown }) => unknown !== undefined);
  if (lost.length === 0 && !unsure) return undefined;
  const why = [
    ...lost.map(({ code, component }) => `${code} at ${component}`),
    ...(unsure ? unknowns.map(({ code, id }) => `${code} ${id}`) : []),
  ];
  return `Only the way there was analysed. The answer would not come back: ${why.join(", ")}.`;
}

function wordsOf({ code, detail, component, way }: Blocker): readonly string[] {
  const on = way === "return" ? " on the way back" : "";
  return [code, ...(detail === undefined ? [] : [detail])]
    .filter(isOwn)
    .map((each) => `${each} at ${component}${on}: ${explanationCodes[each].meaning}`);
}

function hopsOf({ forward, return: back }: Explanation): readonly Hop[] {
  return [...forward, ...back];
}

/** The components that a blocker is about, each in the field that is named after its kind. */
function about(hop: Hop, model: NetworkModel, names: ComponentNames): ApiExplanation {
  const { component, direction, vpcId, subnetId, decision } = hop;
  const place = {
    ...(direction !== undefined && { Direction: direction }),
    ...(vpcId !== undefined && { Vpc: names.component(vpcId) }),
    ...(subnetId !== undefined && { Subnet: names.component(subnetId) }),
  };
  const own = names.component(component);
  switch (hop.kind) {
    case "security-groups": {
      const { networkInterfaceId, groupIds = [] } = hop;
      const at = networkInterfaceId !== undefined && { NetworkInterface: names.component(networkInterfaceId) };
      return { ...place, ...at, SecurityGroups: groupIds.map(names.component) };
    }
    case "network-acl":
      return { ...place, Acl: own, ...(decision && { AclRule: aclRuleOf(model, decision, direction) }) };
    case "route-table":
      return {
        ...place,
        RouteTable: own,
        Address: hop.packet.destination,
        ...(decision?.by === "route" && { RouteTableRoute: routeOf(model, decision) }),
      };
    case "network-interface":
      return { ...place, NetworkInterface: own, Component: own, Address: addressAt(hop) };
    case "internet-gateway":
      return { ...place, InternetGateway: own, Component: own, Address: addressAt(hop) };
    case "nat-gateway":
      return { ...place, NatGateway: own, Component: own };
    case "vpc-peering-connection": {
      const { vpcs } = sidesOf(model, component);
      return { ...place, VpcPeeringConnection: own, Component: own, ...(vpcs && { Cidrs: vpcs }) };
    }
    case "transit-gateway":
      return { ...place, TransitGateway: own, Component: own };
    case "transit-gateway-attachment":
      return { ...place, TransitGatewayAttachment: own, Component: own };
    case "transit-gateway-route-table":
      return {
        TransitGatewayRouteTable: own,
        ...(decision?.by === "transit-gateway-route" && {
          TransitGatewayRouteTableRoute: transitGatewayRouteOf(model, decision),
        }),
      };
    case "other":
      return {
        ...place,
        Component: own,
        ...(names.placeOf(component) === undefined && { MissingComponent: component }),
      };
    default:
      return { ...place, Component: own, Address: hop.packet.destination };
  }
}

function addressAt({ direction, packet }: Hop): string {
  return direction === "egress" ? packet.source : packet.destination;
}

/** The blocks of the two VPCs, as far as they are seen. */
function sidesOf(model: NetworkModel, id: string): { readonly vpcs?: string[] } {
  const index = indexNetworkModel(model);
  const peering = index.vpcPeeringConnection(id);
  if (peering === undefined) return {};
  return {
    vpcs: [peering.requester, peering.accepter].flatMap(({ vpcId }) => index.vpc(vpcId)?.cidrBlocks ?? []),
  };
}

function unknownIn({ vpcId }: Hop, { id }: UnknownComponent, names: ComponentNames): ApiExplanation {
  const place = names.placeOf(id);
  return {
    Component: names.component(id),
    ...(vpcId !== undefined && vpcId !== id && { Vpc: names.component(vpcId) }),
    ...(place !== undefined && { ComponentAccount: place.ownerId, ComponentRegion: place.region }),
  };
}
