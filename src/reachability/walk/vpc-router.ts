/**
 * A packet leaves where it came from: the sender's interface with its source check and groups, the network ACL if it leaves the subnet, and
 * the route that is chosen (semantics 11.1, B1-B5). Which way it goes is found first: groups and ACLs judge by it.
 */
import type { NetworkInterface, Subnet } from "../../model/index.ts";
import type { FarSide } from "./group-references.ts";
import { interfaceHop } from "./interface-state.ts";
import { networkAclHop } from "./network-acls.ts";
import type { Origin, Position, Step, StepFunction, StepHop, WalkContext } from "./position.ts";
import { routeFrom } from "./route-tables.ts";
import { securityGroupHops } from "./security-groups.ts";

export const vpcRouterStep: StepFunction<"vpc-router"> = (context, { origin }, packet) => {
  const { hop, next, packet: onward = packet } = routeFrom(context, origin, packet);
  const hops: StepHop[] = [];
  const sender = senderOf(origin);
  if (sender !== undefined) {
    hops.push(interfaceHop(context, sender, "egress", packet.header.source));
    hops.push(...securityGroupHops(context, sender, "egress", packet, farSideOf(context, next)));
  }
  const subnet = subnetOf(origin);
  if (subnet !== undefined && !staysIn(subnet, next)) hops.push(networkAclHop(context, subnet, "egress", packet));
  hops.push(hop);
  return { hops, packet: onward, ...(next !== undefined && { next }) } satisfies Step;
};

function senderOf(origin: Origin): NetworkInterface | undefined {
  if (origin.kind === "network-interface") return origin.networkInterface;
  return origin.kind === "assumed" ? origin.sender : undefined;
}

function subnetOf(origin: Origin): Subnet | undefined {
  return origin.kind === "network-interface" || origin.kind === "transit-gateway-attachment"
    ? origin.subnet
    : undefined;
}

/** Between interfaces of one subnet there is no border; what a transit gateway delivers into its own subnet is not judged either. [NA-2, NA-20] */
function staysIn({ subnetId }: Subnet, next: Position | undefined): boolean {
  return (
    next?.kind === "network-interface" && next.origin.kind !== "assumed" && next.networkInterface.subnetId === subnetId
  );
}

/** Whom a group's outbound rules find at the other end: the next component, not the last one. */
function farSideOf({ prepared }: WalkContext, next: Position | undefined): FarSide {
  if (next?.kind === "network-interface") {
    const { origin, networkInterface } = next;
    if (origin.kind === "assumed") return origin;
    const subnet = prepared.index.subnet(networkInterface.subnetId);
    return subnet === undefined
      ? { kind: "elsewhere" }
      : { kind: "network-interface", vpcId: networkInterface.vpcId, networkInterface, subnet };
  }
  if (next?.kind !== "vpc-peering-connection") return { kind: "elsewhere" };
  const peering = prepared.index.vpcPeeringConnection(next.vpcPeeringConnectionId);
  return peering === undefined
    ? { kind: "elsewhere" }
    : { kind: "vpc-peering-connection", vpcId: next.fromVpcId, peering };
}
