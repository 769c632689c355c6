/**
 * An internet gateway translates between a private address and its public one, both ways and without state [IG-2]; IPv6 passes as it is [IG-4].
 * Private addresses never cross it [IG-3].
 */

import { contains, type IpAddress, rfc1918, rfc6598 } from "../../ip/index.ts";
import { isIpv6, type Packet, withAddresses } from "../packet.ts";
import { straightToGoal } from "./assumed-way.ts";
import { internetMtu } from "./mtu.ts";
import type { Position, StepFunction, StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

/** Out of the VPC. */
export const internetGatewayStep: StepFunction<"internet-gateway"> = (
  context,
  { internetGatewayId, fromVpcId },
  packet,
) => {
  const { prepared } = context;
  const gateway = prepared.index.internetGateway(internetGatewayId);
  const hop: StepHop = {
    kind: "internet-gateway",
    component: internetGatewayId,
    direction: "egress",
    vpcId: fromVpcId,
  };
  if (gateway === undefined) {
    const unknown = unknownComponent(prepared, internetGatewayId, "the internet gateway is not in the model");
    return { hops: [{ ...hop, unknown }] };
  }
  const hops: StepHop[] = [];
  if (gateway.vpcId !== fromVpcId) hops.push({ ...hop, blocked: { code: "UNASSOCIATED_COMPONENT" } });
  const next: Position = { kind: "internet" };
  if (isIpv6(packet)) {
    hops.push(spoofedHop(context, fromVpcId, packet, hop) ?? hop);
    return { hops, next, mtu: internetMtu };
  }
  const refused = refusedRange(prepared.address(packet.header.destination));
  if (refused !== undefined) {
    hops.push({ ...hop, blocked: { code: `IGW_DESTINATION_ADDRESS_NOT_IN_${refused}_EGRESS` } });
    return { hops, mtu: internetMtu, ...straightToGoal(context, packet) };
  }
  const source = prepared
    .interfaceAt(fromVpcId, packet.header.source)
    ?.privateAddresses.find(({ address }) => address === packet.header.source)?.publicIp;
  if (source === undefined) {
    hops.push({ ...hop, blocked: { code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS" } });
    return { hops, next, mtu: internetMtu };
  }
  hops.push({ ...hop, decision: { by: "translation", source } });
  return { hops, next, mtu: internetMtu, packet: withAddresses(packet, { source }) };
};

/** Into the VPC, by whichever gateway the internet leads there. */
export const fromInternetStep: StepFunction<"from-internet"> = (context, { gatewayId, vpcId, egressOnly }, packet) => {
  const { prepared, way } = context;
  const kind = egressOnly ? "egress-only-internet-gateway" : "internet-gateway";
  const hop: StepHop = { kind, component: gatewayId, direction: "ingress", vpcId };
  const next: Position = { kind: "vpc-router", origin: { kind: "internet", vpcId, gatewayId } };
  if (isIpv6(packet)) {
    const isRefused = egressOnly && way === "forward";
    return { hops: [isRefused ? { ...hop, blocked: { code: "X_EGRESS_ONLY" } } : hop], next, mtu: internetMtu };
  }
  const hops: StepHop[] = [];
  const refused = refusedRange(prepared.address(packet.header.source));
  if (refused !== undefined && !wasUnmapped(context, packet))
    hops.push({ ...hop, blocked: { code: `IGW_SOURCE_ADDRESS_NOT_IN_${refused}_INGRESS` } });
  const mapping = prepared.publicMapping(packet.header.destination);
  if (mapping === undefined) return { hops: [...hops, hop], next, mtu: internetMtu };
  const decision = { by: "translation", destination: mapping.address } as const;
  hops.push({ ...hop, decision });
  return { hops, next, mtu: internetMtu, packet: withAddresses(packet, { destination: mapping.address }) };
};

/** A gateway takes only sources of its VPC. [AD-54] */
export function spoofedHop(
  { prepared }: WalkContext,
  vpcId: string,
  packet: Packet,
  hop: StepHop,
): StepHop | undefined {
  const vpc = prepared.index.vpc(vpcId);
  if (vpc === undefined || prepared.isIn(vpc, packet.header.source)) return undefined;
  return { ...hop, blocked: { code: "GATEWAY_REJECTS_SPOOFED_TRAFFIC" } };
}

/** A source that kept its private address only because a blocker was lifted. */
function wasUnmapped({ request }: WalkContext, { header }: Packet): boolean {
  return request?.unmapped.has(header.source) ?? false;
}

function refusedRange(address: IpAddress): "RFC1918" | "RFC6598" | undefined {
  if (rfc1918.some((range) => contains(range, address))) return "RFC1918";
  return contains(rfc6598, address) ? "RFC6598" : undefined;
}
