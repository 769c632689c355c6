/**
 * A packet comes to an interface: the network ACL if it enters the subnet, the groups, the destination check (semantics 11.1, B7-B9). Then it
 * is at its destination, or the instance or NAT gateway behind the interface sends it on.
 */

import type { NetworkInterface } from "../../model/index.ts";
import type { Packet } from "../packet.ts";
import type { PreparedModel } from "../prepared-model.ts";
import { straightToGoal } from "./assumed-way.ts";
import { zonesOf } from "./attachment-state.ts";
import { interfaceHop } from "./interface-state.ts";
import { natGatewayStep } from "./nat-gateway.ts";
import { networkAclHop } from "./network-acls.ts";
import { holdsAddress, leavingInterface } from "./operating-system.ts";
import type { Origin, Step, StepFunction, StepHop, WalkContext } from "./position.ts";
import { securityGroupHops } from "./security-groups.ts";
import { unknownComponent } from "./unknown-component.ts";

export const networkInterfaceStep: StepFunction<"network-interface"> = (
  context,
  { origin, networkInterface },
  packet,
) => {
  const { prepared } = context;
  const { networkInterfaceId, subnetId, vpcId } = networkInterface;
  const subnet = prepared.index.subnet(subnetId);
  const hops: StepHop[] = [];
  if (subnet === undefined) {
    const unknown = unknownComponent(prepared, subnetId, "the subnet is not in the model");
    hops.push({ kind: "network-acl", component: subnetId, vpcId, unknown });
  } else if (!isWithin(origin, subnetId)) hops.push(networkAclHop(context, subnet, "ingress", packet));
  hops.push(...securityGroupHops(context, networkInterface, "ingress", packet, origin));
  hops.push(interfaceHop(context, networkInterface, "ingress", packet.header.destination));
  const natGateway = prepared.natGatewayOf(networkInterfaceId);
  if (natGateway !== undefined) return withHops(hops, natGatewayStep(context, natGateway, networkInterface, packet));
  if (holdsAddress(prepared, networkInterface, packet.header.destination)) {
    return withHops(hops, arrival(context, networkInterface, packet));
  }
  return withHops(hops, forwarded(context, origin, networkInterface, packet));
};

function withHops(hops: readonly StepHop[], step: Step): Step {
  return { ...step, hops: [...hops, ...step.hops] };
}

/** At the interface that is meant, or at another one with the same address. */
function arrival({ way, goal, prepared }: WalkContext, networkInterface: NetworkInterface, packet: Packet): Step {
  const { networkInterfaceId: component, vpcId, attachment, interfaceType } = networkInterface;
  if (interfaceType === "transit_gateway") {
    return { hops: [{ kind: "network-interface", component, vpcId, blocked: { code: "NO_POSSIBLE_DESTINATION" } }] };
  }
  const instanceId = attachment?.instanceId;
  const host: StepHop =
    instanceId === undefined
      ? {
          kind: "network-interface",
          component,
          vpcId,
          direction: "ingress",
          ...withinService(prepared, networkInterface),
        }
      : { kind: "instance", component: instanceId, vpcId };
  const isMeant =
    goal.meant === undefined ||
    goal.meant === networkInterface ||
    (instanceId !== undefined && goal.meant.attachment?.instanceId === instanceId);
  if (isMeant && (way === "forward" || packet.header.destination === goal.address)) {
    return { hops: [host], next: { kind: "arrived", networkInterface } };
  }
  const code = way === "forward" ? "X_DELIVERED_ELSEWHERE" : "X_ANSWER_GOES_ELSEWHERE";
  const hops: StepHop[] = [{ ...host, blocked: { code } }];
  return { hops, ...straightToGoal({ way, goal, prepared, choice: 0 }, packet) };
}

/** What a service does with what comes to its interface, when that is not known: the model's source says so, or its gateway was not read. */
function withinService(prepared: PreparedModel, networkInterface: NetworkInterface): Pick<StepHop, "unknown"> {
  const { networkInterfaceId: id, interfaceType } = networkInterface;
  const reason = prepared.index.unknownReason(id);
  if (reason !== undefined) return { unknown: { id, code: "UNSUPPORTED_COMPONENT", reason } };
  // One that is in the model has been asked before.
  if (interfaceType !== "natGateway") return {};
  return { unknown: unknownComponent(prepared, id, "the NAT gateway of this interface is not in the model") };
}

/** An instance with the check off: whether its operating system forwards is taken for granted. */
function forwarded(context: WalkContext, origin: Origin, networkInterface: NetworkInterface, packet: Packet): Step {
  const { prepared } = context;
  const { networkInterfaceId, vpcId, attachment } = networkInterface;
  if (attachment?.instanceId === undefined) {
    const reason = "a service's interface is on the way, and what the service does is not known";
    const unknown = unknownComponent(prepared, networkInterfaceId, reason, "UNSUPPORTED_COMPONENT");
    return { hops: [{ kind: "other", component: networkInterfaceId, vpcId, unknown }] };
  }
  const component = attachment.instanceId;
  const leaving = leavingInterface(prepared, component, packet.header.destination) ?? networkInterface;
  const hop: StepHop = { kind: "instance", component, vpcId };
  const subnet = prepared.index.subnet(leaving.subnetId);
  if (subnet === undefined)
    return {
      hops: [{ ...hop, unknown: unknownComponent(prepared, leaving.subnetId, "the subnet is not in the model") }],
    };
  const isIpv6 = packet.header.destination.includes(":");
  if (isIpv6 && leaving.ipv6Addresses.length === 0) {
    return { hops: [{ ...hop, blocked: { code: "CANNOT_ROUTE" } }], ...straightToGoal(context, packet) };
  }
  return {
    hops: [hop],
    next: { kind: "vpc-router", origin: { kind: "network-interface", vpcId, networkInterface: leaving, subnet } },
    warnings: [
      { code: "X_MIDDLEBOX_ASSUMED_TO_FORWARD", component },
      ...(mayMissAnswers(context, origin)
        ? [{ code: "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED", component } as const]
        : []),
    ],
  };
}

/** Behind an attachment of several zones without appliance mode each direction may enter by another zone. [TG-20] */
function mayMissAnswers({ prepared }: WalkContext, origin: Origin): boolean {
  if (origin.kind !== "transit-gateway-attachment" || origin.attachment.applianceModeSupport) return false;
  return zonesOf(prepared, origin.attachment).length > 1;
}

/** Within a subnet there is no border; what a transit gateway delivers into its own subnet is not judged. [NA-2, NA-20] */
function isWithin(origin: Origin, subnetId: string): boolean {
  const from =
    origin.kind === "network-interface" || origin.kind === "transit-gateway-attachment" ? origin.subnet : undefined;
  return from?.subnetId === subnetId;
}
