/** What else a fix opens, and what it closes: all pairs and all traffic of the network before and after, but for the flow that was asked for. */
import type { NetworkInterfaceId, NetworkModel } from "../../model/index.ts";
import type { Explanation } from "../explanation.ts";
import type { FlowTraffic } from "../flow.ts";
import { flowEnds } from "../flow-ends.ts";
import {
  type ChangedEnds,
  differenceOf,
  type ReachabilityChange,
  type ReachabilityDifference,
} from "../matrix/difference.ts";
import type { TrafficPart } from "../matrix/traffic-kinds.ts";
import { prepareModel } from "../prepared-model.ts";
import { applyChanges } from "./apply-changes.ts";
import { changesOf, type FixStep } from "./fix.ts";

/** Of a fix of this model. */
export function openedBy(
  model: NetworkModel,
  { before: { flow }, steps }: { readonly before: Explanation; readonly steps: readonly FixStep[] },
): ReachabilityDifference {
  const { opened, closed } = differenceOf(model, applyChanges(model, changesOf(steps)));
  const ends = flowEnds(prepareModel(model), flow);
  if ("problem" in ends) return { opened, closed };
  const from = ends.sender.networkInterface?.networkInterfaceId ?? "internet";
  const to = (ends.goal.meant ?? ends.goal.likely)?.networkInterfaceId ?? "internet";
  return { opened: opened.flatMap((change) => besides(change, from, to, flow.traffic)), closed };
}

/** The change without the pair that was asked for, where it says no more than that. */
function besides(
  change: ReachabilityChange,
  from: NetworkInterfaceId | "internet",
  to: NetworkInterfaceId | "internet",
  asked: FlowTraffic,
): readonly ReachabilityChange[] {
  if (!change.traffic.every(({ parts }) => parts.every((part) => isAsked(part, asked)))) return [change];
  if (isOnly(change.to, to)) return withEnd(without(change.from, from), (left) => ({ ...change, from: left }));
  if (isOnly(change.from, from)) return withEnd(without(change.to, to), (left) => ({ ...change, to: left }));
  return [change];
}

function isOnly(ends: ChangedEnds, end: NetworkInterfaceId | "internet"): boolean {
  return ends === "internet" ? end === "internet" : ends.length === 1 && ends[0] === end;
}

function without(ends: ChangedEnds, end: NetworkInterfaceId | "internet"): ChangedEnds {
  if (ends === "internet") return end === "internet" ? [] : ends;
  return ends.filter((each) => each !== end);
}

function withEnd(ends: ChangedEnds, make: (ends: ChangedEnds) => ReachabilityChange): readonly ReachabilityChange[] {
  return ends.length === 0 ? [] : [make(ends)];
}

function isAsked(part: TrafficPart, asked: FlowTraffic): boolean {
  if (part.protocol !== asked.protocol) return false;
  if ("ports" in part) return "port" in asked && part.ports.from === asked.port && part.ports.to === asked.port;
  // An echo request when the flow says nothing else: type 8, or 128 over IPv6.
  if (part.protocol === "icmp" && asked.protocol === "icmp")
    return asked.type === undefined ? part.type === 8 || part.type === 128 : part.type === asked.type;
  return true;
}
