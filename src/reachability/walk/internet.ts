/** The internet: to the VPC that has the public address, or to a host out there, which is taken to answer. */

import { isPrivateAddress, isSharedAddress } from "../../ip/index.ts";
import type { UnknownComponent } from "../explanation.ts";
import type { Packet } from "../packet.ts";
import { isIpv6 } from "../packet.ts";
import { straightToGoal } from "./assumed-way.ts";
import type { Position, StepFunction, StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

export const internetStep: StepFunction<"internet"> = (context, _position, packet) => {
  const hop: StepHop = { kind: "internet", component: "internet" };
  const vpcId = vpcBehind(context, packet);
  if (vpcId === undefined) return outThere(context, packet, hop);
  const next = entrance(context, vpcId, packet);
  if (next !== undefined) return { hops: [hop], next };
  const unread = unreadGateway(context, vpcId, packet);
  if (unread !== undefined) return { hops: [{ ...hop, vpcId, unknown: unread }], ...straightToGoal(context, packet) };
  return { hops: [{ ...hop, vpcId, blocked: { code: "X_NO_INTERNET_GATEWAY" } }], ...straightToGoal(context, packet) };
};

function vpcBehind({ prepared, request }: WalkContext, packet: Packet): `vpc-${string}` | undefined {
  const { destination } = packet.header;
  if (isIpv6(packet)) return prepared.vpcOfIpv6(destination)?.vpcId;
  return prepared.publicMapping(destination)?.networkInterface.vpcId ?? request?.unmapped.get(destination)?.vpcId;
}

/** An internet gateway; for IPv6 an egress-only one when there is no other. */
function entrance({ prepared: { index } }: WalkContext, vpcId: `vpc-${string}`, packet: Packet): Position | undefined {
  const gateway = index.internetGatewayOf(vpcId);
  if (gateway !== undefined) {
    return { kind: "from-internet", gatewayId: gateway.internetGatewayId, vpcId, egressOnly: false };
  }
  const [egressOnly] = isIpv6(packet) ? index.egressOnlyInternetGatewaysOf(vpcId) : [];
  if (egressOnly === undefined) return undefined;
  return { kind: "from-internet", gatewayId: egressOnly.egressOnlyInternetGatewayId, vpcId, egressOnly: true };
}

/** Whether the VPC has a gateway that lets the packet in was not told. */
function unreadGateway({ prepared }: WalkContext, vpcId: string, packet: Packet): UnknownComponent | undefined {
  const facts = [`${vpcId}.internetGateway`, ...(isIpv6(packet) ? [`${vpcId}.egressOnlyInternetGateway`] : [])];
  const fact = facts.find((each) => prepared.index.unknownReason(each) !== undefined);
  return fact === undefined ? undefined : unknownComponent(prepared, fact, "the VPC's gateways were not read");
}

/** A host that no model knows. It is the wrong one when an interface was meant; and no host out there has a private address. [IG-3] */
function outThere(context: WalkContext, packet: Packet, hop: StepHop) {
  const { goal, way, prepared } = context;
  const destination = prepared.address(packet.header.destination);
  if (isPrivateAddress(destination) || isSharedAddress(destination)) {
    const blocked = { code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS" } as const;
    return { hops: [{ ...hop, blocked }], ...straightToGoal(context, packet) };
  }
  if (goal.meant === undefined && (way === "forward" || goal.address === packet.header.destination)) {
    return { hops: [hop], next: { kind: "arrived" } } as const;
  }
  const code = way === "forward" ? "X_DELIVERED_ELSEWHERE" : "X_ANSWER_GOES_ELSEWHERE";
  return { hops: [{ ...hop, blocked: { code } }], ...straightToGoal(context, packet) } as const;
}
