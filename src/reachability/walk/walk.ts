/** The engine's table of contents: which file decides where, and the loop that asks them one after the other. */
import type { Blocker, Hop, UnknownComponent, Warning, Way } from "../explanation.ts";
import type { Packet } from "../packet.ts";
import { straightToGoal } from "./assumed-way.ts";
import { egressOnlyInternetGatewayStep } from "./egress-only-internet-gateway.ts";
import { internetStep } from "./internet.ts";
import { fromInternetStep, internetGatewayStep } from "./internet-gateway.ts";
import { jumboMtu } from "./mtu.ts";
import { isPartial } from "./network-acls.ts";
import { networkInterfaceStep } from "./network-interface.ts";
import {
  type Position,
  type Step,
  type StepFunction,
  type StepHop,
  type Translation,
  trackingKey,
  type WalkContext,
} from "./position.ts";
import { toTransitGatewayStep, transitGatewayStep } from "./transit-gateway.ts";
import { vpcPeeringConnectionStep } from "./vpc-peering-connection.ts";
import { vpcRouterStep } from "./vpc-router.ts";

/** A new kind of position does not compile until it has its step here. */
const steps: { readonly [K in Exclude<Position["kind"], "arrived">]: StepFunction<K> } = {
  "vpc-router": vpcRouterStep,
  "network-interface": networkInterfaceStep,
  "vpc-peering-connection": vpcPeeringConnectionStep,
  "internet-gateway": internetGatewayStep,
  "egress-only-internet-gateway": egressOnlyInternetGatewayStep,
  internet: internetStep,
  "from-internet": fromInternetStep,
  "to-transit-gateway": toTransitGatewayStep,
  "transit-gateway": transitGatewayStep,
};

/** One way of a packet. */
export interface Walk {
  readonly hops: Hop[];
  readonly blockers: Blocker[];
  readonly unknowns: UnknownComponent[];
  readonly warnings: Warning[];
  readonly tracked: Set<string>;
  readonly translations: Translation[];
  readonly unmapped: Map<string, { readonly gatewayId: string; readonly vpcId: `vpc-${string}` }>;
  mtu: number;
  choices: number;
  /** Where it ended, when that is its goal or whoever has the address. */
  arrival?: { readonly position: Extract<Position, { kind: "arrived" }>; readonly packet: Packet };
}

export function newWalk(): Walk {
  return {
    hops: [],
    blockers: [],
    unknowns: [],
    warnings: [],
    tracked: new Set(),
    translations: [],
    unmapped: new Map(),
    mtu: jumboMtu,
    choices: 1,
  };
}

/** Follows the packet from there to its end, behind blockers as if they were lifted. */
export function walk(context: WalkContext, start: Position, sent: Packet, trace: Walk = newWalk()): Walk {
  let position: Position | undefined = start;
  let packet = sent;
  const seen = new Set<string>();
  while (position !== undefined && position.kind !== "arrived") {
    const key = placeOf(position, packet);
    if (key !== undefined && seen.has(key)) {
      // Taken to its goal for the second time, and sent on again: a NAT gateway is never where packets end.
      if (position.kind === "network-interface") return trace;
      record(trace, context.way, loopHop(position), packet);
      const onward = straightToGoal(context, packet);
      position = onward.next;
      packet = onward.packet ?? packet;
      continue;
    }
    if (key !== undefined) seen.add(key);
    const step = stepAt(context, position, packet);
    recordStep(context, trace, step, position, packet);
    position = isAtComponent(context, step) ? { kind: "arrived" } : step.next;
    packet = step.packet ?? packet;
  }
  if (position !== undefined) trace.arrival = { position, packet };
  return trace;
}

function stepAt(context: WalkContext, position: Exclude<Position, { kind: "arrived" }>, packet: Packet): Step {
  const step: (context: WalkContext, position: never, packet: Packet) => Step = steps[position.kind];
  // The table pairs each kind with its step; the compiler cannot follow that through the look-up.
  return step(context, position as never, packet);
}

function recordStep(context: WalkContext, trace: Walk, step: Step, position: Position, packet: Packet): void {
  const { way } = context;
  for (const hop of step.hops) {
    record(trace, way, hop, packet);
    if (hop.kind === "security-groups" && hop.networkInterfaceId !== undefined && way === "forward") {
      trace.tracked.add(trackingKey(hop.networkInterfaceId, packet.header.source, packet.header.destination));
    }
    if (hop.kind === "network-acl" && way === "return" && isPartial(context, hop, packet))
      trace.warnings.push({ code: "X_EPHEMERAL_PORTS_PARTLY_ALLOWED", way, component: hop.component });
    if (hop.kind === "nat-gateway" && step.packet !== undefined && way === "forward")
      trace.translations.push({ component: hop.component, before: packet, after: step.packet });
    if (position.kind === "internet-gateway" && hop.blocked?.code === "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
      trace.unmapped.set(packet.header.source, { gatewayId: hop.component, vpcId: position.fromVpcId });
  }
  for (const warning of step.warnings ?? []) trace.warnings.push({ ...warning, way });
  trace.choices = Math.max(trace.choices, step.choices ?? 1);
  if (step.mtu !== undefined && step.mtu < trace.mtu) {
    trace.mtu = step.mtu;
    // The network ACLs of an attachment's subnet come in the same step.
    const component = step.hops.findLast(({ kind }) => kind !== "network-acl")?.component;
    if (component !== undefined) trace.warnings.push({ code: "X_SMALLER_MTU", way, component });
  }
}

function isAtComponent({ goal }: WalkContext, { hops }: Step): boolean {
  return goal.component !== undefined && hops.some(({ component }) => component === goal.component);
}

/** Puts the hop, and what it says of blockers and unknowns, on record. */
export function record(trace: Walk, way: Way, hop: StepHop, packet: Packet): void {
  const assumed = trace.blockers.length > 0 || trace.unknowns.length > 0;
  const { header } = packet;
  trace.hops.push(assumed ? { ...hop, packet: header, assumed: true } : { ...hop, packet: header });
  if (hop.blocked !== undefined) {
    trace.blockers.push({ ...hop.blocked, way, component: hop.component, hop: trace.hops.length - 1 });
  }
  if (hop.unknown !== undefined) trace.unknowns.push(hop.unknown);
}

function loopHop(position: Position): StepHop {
  const blocked = { code: "X_FORWARDING_LOOP" } as const;
  if (position.kind === "transit-gateway")
    return { kind: position.kind, component: position.transitGatewayId, blocked };
  const vpcId = position.kind === "vpc-router" ? position.origin.vpcId : undefined;
  return { kind: "vpc", component: vpcId ?? position.kind, ...(vpcId !== undefined && { vpcId }), blocked };
}

/** Where a packet can come by twice only in a loop. */
function placeOf(position: Position, { header }: Packet): string | undefined {
  if (position.kind === "network-interface" && position.origin.kind === "assumed")
    return position.networkInterface.networkInterfaceId;
  if (position.kind !== "vpc-router" && position.kind !== "transit-gateway") return undefined;
  return `${componentOf(position)} ${header.source} ${header.destination}`;
}

function componentOf(position: Position): string {
  if (position.kind === "transit-gateway") return `${position.transitGatewayId} ${position.attachmentId}`;
  if (position.kind !== "vpc-router") return position.kind;
  const { origin } = position;
  switch (origin.kind) {
    case "network-interface":
      return origin.networkInterface.networkInterfaceId;
    case "transit-gateway-attachment":
      return `${origin.attachment.transitGatewayAttachmentId} ${origin.subnet.subnetId}`;
    case "vpc-peering-connection":
      return `${origin.peering.vpcPeeringConnectionId} ${origin.vpcId}`;
    case "internet":
      return origin.gatewayId;
    case "assumed":
      return origin.vpcId;
  }
}
