/**
 * What else a fix opens, and what it closes: every pair of interfaces that its settings touch, walked in both models, for the flow's own traffic
 * and for what the groups of the one that is reached let in. Each answer is exact; where there are more than can be walked, it is said.
 */
import { familyOf } from "../../ip/index.ts";
import type { NetworkInterface, NetworkModel, SecurityGroupRule } from "../../model/index.ts";
import { explain } from "../explain.ts";
import type { Explanation } from "../explanation.ts";
import type { Flow, FlowEnd, FlowTraffic } from "../flow.ts";
import { flowEnds } from "../flow-ends.ts";
import { prepareModel } from "../prepared-model.ts";
import { applyChanges } from "./apply-changes.ts";
import { changesOf, type FixStep } from "./fix.ts";
import type { ResolvedEnds } from "./lifting/lifting.ts";
import type { NetworkChange } from "./network-change.ts";
import { type Touched, touchedBy } from "./touched.ts";

export interface Opened {
  /** Flows that pass now and did not before; of a range of ports the first stands for it. The flow that was asked for is not among them. */
  readonly opens: readonly Flow[];
  /** Flows that passed before. */
  readonly closes: readonly Flow[];
  /** False when there were more than is looked at. */
  readonly complete: boolean;
}

/** Flows that are walked at most, in each model. */
const most = 3000;

/** Of a fix of this model. */
export function openedBy(
  model: NetworkModel,
  { before: { flow }, steps }: { readonly before: Explanation; readonly steps: readonly FixStep[] },
): Opened {
  const changes = changesOf(steps);
  const after = applyChanges(model, changes);
  const ends = flowEnds(prepareModel(model), flow);
  const opens: Flow[] = [];
  const closes: Flow[] = [];
  if ("problem" in ends) return { opens, closes, complete: true };
  const family = familyOf(ends.sender.address);
  let looks = 0;
  for (const touched of flowsTouched(after, changes, flow.traffic)) {
    if (isAsked(touched, flow, ends)) continue;
    if (looks === most) return { opens, closes, complete: false };
    looks += 1;
    const judged: Flow = { ...touched, family };
    const passed = passes(model, judged);
    const passesNow = passes(after, judged);
    if (passesNow && !passed) opens.push(judged);
    if (passed && !passesNow) closes.push(judged);
  }
  return { opens, closes, complete: true };
}

function passes(model: NetworkModel, flow: Flow): boolean {
  return explain(model, flow).verdict === "reachable";
}

/** Each once: from either side of each setting to the other. */
function* flowsTouched(model: NetworkModel, changes: readonly NetworkChange[], asked: FlowTraffic): Generator<Flow> {
  const seen = new Set<string>();
  for (const change of changes) {
    const { near, far } = touchedBy(model, change);
    for (const [sources, destinations] of [
      [near, far],
      [far, near],
    ] as const) {
      for (const flow of between(model, sources, destinations, asked)) {
        const key = JSON.stringify(flow);
        if (seen.has(key)) continue;
        seen.add(key);
        yield flow;
      }
    }
  }
}

function* between(model: NetworkModel, sources: Touched, destinations: Touched, asked: FlowTraffic): Generator<Flow> {
  for (const to of destinations.interfaces) {
    const traffics = trafficsInto(model, to, asked);
    for (const from of sources.interfaces) {
      if (from === to) continue;
      for (const traffic of traffics) yield { source: endOf(from), destination: endOf(to), traffic };
    }
    if (sources.internet) {
      for (const traffic of traffics) yield { source: internet, destination: endOf(to), traffic };
    }
  }
  if (!destinations.internet) return;
  for (const from of sources.interfaces) yield { source: endOf(from), destination: internet, traffic: asked };
}

const internet: FlowEnd = { kind: "internet" };

function endOf({ networkInterfaceId }: NetworkInterface): FlowEnd {
  return { kind: "network-interface", networkInterfaceId };
}

/** The asked traffic, and the first of what each rule of the interface's groups lets in. */
function trafficsInto(model: NetworkModel, { securityGroupIds }: NetworkInterface, asked: FlowTraffic) {
  const { index } = prepareModel(model);
  const rules = securityGroupIds.flatMap((id) => index.securityGroup(id)?.rules ?? []);
  const traffics = [asked, ...rules.filter(({ isEgress }) => !isEgress).flatMap(firstTrafficOf)];
  return [...new Map(traffics.map((traffic) => [JSON.stringify(traffic), traffic])).values()];
}

function firstTrafficOf({ protocol, fromPort }: SecurityGroupRule): readonly FlowTraffic[] {
  const port = fromPort === undefined || fromPort < 1 ? 1 : fromPort;
  switch (protocol) {
    case -1:
      return [];
    case 6:
      return [{ protocol: "tcp", port }];
    case 17:
      return [{ protocol: "udp", port }];
    case 1:
    case 58:
      return fromPort === undefined || fromPort === -1 || fromPort === 8 || fromPort === 128
        ? [{ protocol: "icmp" }]
        : [];
    default:
      return [{ protocol }];
  }
}

function isAsked({ source, destination, traffic }: Flow, flow: Flow, { sender, goal }: ResolvedEnds): boolean {
  const to = goal.meant ?? goal.likely;
  return (
    isEnd(source, sender.networkInterface) &&
    isEnd(destination, to) &&
    JSON.stringify(traffic) === JSON.stringify(flow.traffic)
  );
}

function isEnd(end: FlowEnd, networkInterface: NetworkInterface | undefined): boolean {
  if (end.kind === "internet") return networkInterface === undefined;
  return end.kind === "network-interface" && end.networkInterfaceId === networkInterface?.networkInterfaceId;
}
