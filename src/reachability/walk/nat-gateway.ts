/**
 * A NAT gateway gives what it sends out its own address and a port of 1024-65535, and gives answers back to whoever asked [NG-3, NG-7]. It has no
 * groups; its subnet's ACL and table count [NG-4, NG-6].
 */

import type { NatGateway, NetworkInterface } from "../../model/index.ts";
import { privateAddressesOf } from "../../model/index.ts";
import { isTranslatable, type Packet, translated } from "../packet.ts";
import { straightToGoal } from "./assumed-way.ts";
import type { Step, StepHop, WalkContext } from "./position.ts";
import { unknownComponent } from "./unknown-component.ts";

/** Behind its interface. */
export function natGatewayStep(
  context: WalkContext,
  { natGatewayId: component, vpcId }: NatGateway,
  networkInterface: NetworkInterface,
  packet: Packet,
): Step {
  const hop: StepHop = { kind: "nat-gateway", component, vpcId };
  const subnet = context.prepared.index.subnet(networkInterface.subnetId);
  if (subnet === undefined)
    return {
      hops: [
        {
          ...hop,
          unknown: unknownComponent(context.prepared, networkInterface.subnetId, "the subnet is not in the model"),
        },
      ],
    };
  const next = { kind: "vpc-router", origin: { kind: "network-interface", vpcId, networkInterface, subnet } } as const;
  const [own] = privateAddressesOf(networkInterface);
  if (own === undefined) throw new Error(`bug: ${component} has no private address`);
  const { source, destination } = packet.header;
  const asked = context.request?.translations.find(
    ({ component: id, after }) =>
      id === component && after.header.source === destination && after.header.destination === source,
  );
  if (asked !== undefined) {
    const before = asked.before.header.source;
    const back = { ...packet, needed: asked.before.clientPorts, header: { ...packet.header, destination: before } };
    return { hops: [{ ...hop, decision: { by: "translation", destination: before } }], next, packet: back };
  }
  if (privateAddressesOf(networkInterface).includes(destination)) {
    return { hops: [{ ...hop, blocked: { code: "X_NAT_GATEWAY_OUTBOUND_ONLY" } }] };
  }
  if (context.way === "return") {
    return { hops: [{ ...hop, blocked: { code: "NGW_SOURCE_ADDRESS_REASSIGN" } }], ...straightToGoal(context, packet) };
  }
  const sent = { ...hop, decision: { by: "translation", source: own } } as const;
  const isCarried = isTranslatable(packet);
  const hops: StepHop[] = [isCarried ? sent : { ...sent, blocked: { code: "PROTOCOL_RESTRICTION" } }];
  return { hops, next, packet: translated(packet, own) };
}
