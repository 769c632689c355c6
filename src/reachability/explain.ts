/**
 * One flow, both ways: the request's walk, then its answer's, afresh from the other end [PX-54, semantics 6.9]. Both must get through.
 */
import type { NetworkInterface, NetworkModel } from "../model/index.ts";
import type { EndProblem } from "./component-end.ts";
import type { Explanation, Verdict, Warning } from "./explanation.ts";
import type { Flow } from "./flow.ts";
import { type FlowEnds, flowEnds, type Sender } from "./flow-ends.ts";
import { answerTo, type Packet, requestPacket } from "./packet.ts";
import { type PreparedModel, prepareModel } from "./prepared-model.ts";
import { straightToGoal } from "./walk/assumed-way.ts";
import { leavingInterface } from "./walk/operating-system.ts";
import type { Goal, Position, WalkContext } from "./walk/position.ts";
import { newWalk, record, type Walk, walk } from "./walk/walk.ts";

/** Whether the packet arrives and its answer comes back, and all that stops them. */
export function explain(model: NetworkModel, flow: Flow): Explanation {
  const prepared = prepareModel(model);
  const ends = flowEnds(prepared, flow);
  if ("problem" in ends) return unanswerable(flow, ends.problem);
  let worst = both(prepared, flow, ends, 0);
  // A flow's hash may choose any of these: the flow is reachable when it is by all of them. [TG-20]
  for (let choice = 1; choice < worst.choices && worst.explanation.verdict !== "unreachable"; choice += 1) {
    const other = both(prepared, flow, ends, choice);
    if (isWorse(other.explanation, worst.explanation)) worst = other;
  }
  return worst.explanation;
}

type ResolvedEnds = Exclude<FlowEnds, { readonly problem: EndProblem }>;

interface Choice {
  readonly explanation: Explanation;
  readonly choices: number;
}

function both(prepared: PreparedModel, flow: Flow, ends: ResolvedEnds, choice: number): Choice {
  const forward = request(prepared, flow, ends, choice);
  const returned = isAnswered(ends, forward) ? answer(prepared, ends, forward, choice) : newWalk();
  const blockers = [...forward.blockers, ...returned.blockers];
  const unknowns = [...forward.unknowns, ...returned.unknowns];
  const explanation: Explanation = {
    flow,
    verdict: verdictOf(blockers.length, unknowns.length),
    forward: forward.hops,
    return: returned.hops,
    blockers,
    unknowns,
    warnings: [...zoneWarnings(prepared, ends, forward), ...forward.warnings, ...returned.warnings],
    mtu: Math.min(forward.mtu, returned.mtu),
  };
  return { explanation, choices: Math.max(forward.choices, returned.choices) };
}

function request(prepared: PreparedModel, flow: Flow, ends: ResolvedEnds, choice: number): Walk {
  const { sender, destination, goal } = ends;
  const context: WalkContext = { prepared, way: "forward", goal, choice };
  const packet = requestPacket(sender.address, destination, flow.traffic);
  if (ends.isItself) return itself(packet, sender.networkInterface);
  if (ends.unreachableFromOutside) return withoutPublicAddress(context, packet);
  const trace = newWalk();
  for (const hop of sender.component?.hops ?? []) record(trace, "forward", hop, packet);
  const done = walk(context, sender.component?.start ?? startOf(prepared, sender.networkInterface), packet, trace);
  for (const id of [sender.component?.id, goal.component]) missed(done, id, packet);
  return done;
}

/** A way that leads past the component that is an end of the flow is none, even if nothing stops the packet. */
function missed(trace: Walk, component: string | undefined, packet: Packet): void {
  const isStopped = trace.blockers.length > 0 || trace.unknowns.length > 0;
  if (component === undefined || isStopped || trace.hops.some((hop) => hop.component === component)) return;
  record(trace, "forward", { kind: "other", component, blocked: { code: "NO_PATH" } }, packet);
}

/** Behind a component that is an end nobody answers, but for hosts on the internet. */
function isAnswered({ goal, isItself }: ResolvedEnds, { arrival }: Walk): boolean {
  const isOpen = goal.component === undefined || goal.component.startsWith("igw-");
  return arrival !== undefined && !isItself && isOpen;
}

/** To whom the answer goes; behind a component it is enough to get there. */
function answerGoal({ address, networkInterface, component }: Sender): Goal {
  if (component !== undefined) {
    const { id, vpcId } = component;
    return { address, component: id, ...(vpcId !== undefined && { vpcId }) };
  }
  return { address, ...(networkInterface && { meant: networkInterface }) };
}

/** The answer to what arrived, from where it arrived. */
function answer(prepared: PreparedModel, { sender }: ResolvedEnds, forward: Walk, choice: number): Walk {
  const { arrival } = forward;
  const packet = arrival === undefined ? undefined : answerTo(arrival.packet);
  if (arrival === undefined || packet === undefined) return newWalk();
  const context: WalkContext = { prepared, way: "return", goal: answerGoal(sender), choice, request: forward };
  return walk(context, startOf(prepared, answering(prepared, arrival.position.networkInterface, packet)), packet);
}

function answering(prepared: PreparedModel, networkInterface: NetworkInterface | undefined, { header }: Packet) {
  const instanceId = networkInterface?.attachment?.instanceId;
  if (instanceId === undefined) return networkInterface;
  return leavingInterface(prepared, instanceId, header.destination, header.source) ?? networkInterface;
}

function startOf({ index }: PreparedModel, networkInterface: NetworkInterface | undefined): Position {
  if (networkInterface === undefined) return { kind: "internet" };
  const { vpcId, subnetId } = networkInterface;
  const subnet = index.subnet(subnetId);
  const origin =
    subnet === undefined
      ? ({ kind: "assumed", vpcId, sender: networkInterface } as const)
      : ({ kind: "network-interface", vpcId, networkInterface, subnet } as const);
  return { kind: "vpc-router", origin };
}

/** A packet for the sender's own address never leaves it. */
function itself(packet: Packet, networkInterface: NetworkInterface | undefined): Walk {
  const trace = newWalk();
  const component =
    networkInterface?.attachment?.instanceId ?? networkInterface?.networkInterfaceId ?? packet.header.source;
  record(trace, "forward", { kind: "instance", component }, packet);
  return trace;
}

/** From the internet nobody can write the address of an interface that has no public one. */
function withoutPublicAddress(context: WalkContext, packet: Packet): Walk {
  const { goal, prepared } = context;
  const trace = newWalk();
  const vpcId = goal.meant?.vpcId;
  const gateway = vpcId === undefined ? undefined : prepared.index.internetGatewayOf(vpcId);
  const component = gateway?.internetGatewayId ?? goal.meant?.networkInterfaceId ?? "internet";
  const blocked = { code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS" } as const;
  const hop = {
    kind: "internet-gateway",
    component,
    direction: "ingress",
    ...(vpcId !== undefined && { vpcId }),
  } as const;
  record(trace, "forward", { ...hop, blocked }, packet);
  const start: Position | undefined =
    gateway === undefined || vpcId === undefined
      ? straightToGoal(context, packet).next
      : { kind: "vpc-router", origin: { kind: "internet", vpcId, gatewayId: gateway.internetGatewayId } };
  return start === undefined ? trace : walk(context, start, packet, trace);
}

function unanswerable(flow: Flow, { component, blocked, unknown }: EndProblem): Explanation {
  const trace = newWalk();
  const packet = requestPacket("0.0.0.0", "0.0.0.0", flow.traffic);
  record(
    trace,
    "forward",
    { kind: "other", component, ...(blocked && { blocked }), ...(unknown && { unknown }) },
    packet,
  );
  const { hops: forward, blockers, unknowns, mtu } = trace;
  const verdict = verdictOf(blockers.length, unknowns.length);
  return { flow, verdict, forward, return: [], blockers, unknowns, warnings: [], mtu };
}

function verdictOf(blockers: number, unknowns: number): Verdict {
  if (blockers > 0) return "unreachable";
  return unknowns > 0 ? "unknown" : "reachable";
}

function isWorse(a: Explanation, b: Explanation): boolean {
  const order: readonly Verdict[] = ["reachable", "unknown", "unreachable"];
  return order.indexOf(a.verdict) > order.indexOf(b.verdict);
}

function zoneWarnings({ index }: PreparedModel, { sender }: ResolvedEnds, { arrival }: Walk): readonly Warning[] {
  const from = sender.networkInterface;
  const to = arrival?.position.networkInterface;
  if (from === undefined || to === undefined || from.region !== to.region) return [];
  const zones = [from, to].map(({ subnetId }) => index.subnet(subnetId)?.availabilityZoneId);
  if (zones[0] === zones[1]) return [];
  return [{ code: "AVAILABILITY_ZONE_CROSSED", way: "forward", component: to.networkInterfaceId }];
}
