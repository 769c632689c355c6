/**
 * The smallest set of changes that opens a flow both ways. It is found by trying: the first blocker's candidates are applied to the model and
 * the changed model is explained again, until nothing blocks; then every change without which it is open as well is dropped. So what is
 * offered was judged by the same walk as the question, and nothing in it can be left out.
 */
import type { NetworkModel } from "../../model/index.ts";
import { explain } from "../explain.ts";
import type { Blocker, Explanation, UnknownComponent } from "../explanation.ts";
import type { Flow } from "../flow.ts";
import { flowEnds } from "../flow-ends.ts";
import { prepareModel } from "../prepared-model.ts";
import { applyChanges } from "./apply-changes.ts";
import { candidatesFor } from "./lifting/lift.ts";
import { liftingOf, type ResolvedEnds } from "./lifting/lifting.ts";
import { changeOrder, type NetworkChange } from "./network-change.ts";
import { type RightTool, rightTool } from "./right-tool.ts";

/** A change, and the blocker for which it is made. */
export interface FixStep {
  readonly change: NetworkChange;
  readonly lifts: Blocker;
}

export type Fix =
  /** Nothing has to be changed. */
  | { readonly outcome: "reachable"; readonly before: Explanation }
  | {
      readonly outcome: "fixable";
      readonly before: Explanation;
      /** In the order in which AWS lets them be made. */
      readonly steps: readonly FixStep[];
      /** Of the changed model: reachable. */
      readonly after: Explanation;
    }
  /** No setting can help: `because` is what none lifts. */
  | {
      readonly outcome: "not-fixable";
      readonly before: Explanation;
      readonly because: Blocker;
      readonly tool: RightTool;
    }
  /** Once `steps` are made, whether it is reachable depends on what the model does not have. */
  | {
      readonly outcome: "unknown";
      readonly before: Explanation;
      readonly steps: readonly FixStep[];
      readonly unknowns: readonly UnknownComponent[];
    };

export function fix(model: NetworkModel, flow: Flow): Fix {
  const before = explain(model, flow);
  if (before.verdict === "reachable") return { outcome: "reachable", before };
  if (before.verdict === "unknown") return { outcome: "unknown", before, steps: [], unknowns: before.unknowns };
  const ends = flowEnds(prepareModel(model), flow);
  const found = "problem" in ends ? { stuckAt: before.blockers[0] } : search({ model, flow, ends }, before);
  if (found.stuckAt !== undefined) {
    return { outcome: "not-fixable", before, because: found.stuckAt, tool: rightTool(model, ends, found.stuckAt) };
  }
  if (!("steps" in found)) throw new Error("bug: unreachable without a blocker");
  const steps = withoutNeedless(model, flow, found.steps, found.after.verdict);
  const after = explain(applyChanges(model, changesOf(steps)), flow);
  if (after.verdict === "unknown") return { outcome: "unknown", before, steps, unknowns: after.unknowns };
  return { outcome: "fixable", before, steps, after };
}

/** In the order in which AWS lets them be made. */
export function changesOf(steps: readonly FixStep[]): readonly NetworkChange[] {
  return steps.map(({ change }) => change);
}

interface Question {
  readonly model: NetworkModel;
  readonly flow: Flow;
  readonly ends: ResolvedEnds;
}

interface Attempt {
  readonly model: NetworkModel;
  readonly explanation: Explanation;
  readonly steps: readonly FixStep[];
  /** How far down in their lists the candidates stood. */
  readonly rank: number;
}

type Found =
  | { readonly steps: readonly FixStep[]; readonly after: Explanation; readonly stuckAt?: undefined }
  | { readonly stuckAt: Blocker };

/** Attempts that are looked at before a fix is given up. */
const patience = 400;

/** Best first: fewest changes and blockers, then the better candidates. */
function search({ model, flow, ends }: Question, before: Explanation): Found {
  const open: Attempt[] = [{ model, explanation: before, steps: [], rank: 0 }];
  const seen = new Set<string>();
  let stuck: { readonly at: Blocker; readonly cost: number } | undefined;
  for (let looks = 0; looks < patience; looks += 1) {
    const attempt = takeBest(open);
    if (attempt === undefined) break;
    const { explanation, steps } = attempt;
    const [blocker] = explanation.blockers;
    if (blocker === undefined) return { steps: inOrder(steps), after: explanation };
    const next = nextAttempts(attempt, blocker, flow, ends).filter((each) => isNew(seen, each));
    open.push(...next);
    if (next.length === 0 && (stuck === undefined || costOf(attempt) < stuck.cost))
      stuck = { at: blocker, cost: costOf(attempt) };
  }
  const [first] = before.blockers;
  const stuckAt = stuck?.at ?? first;
  if (stuckAt === undefined) throw new Error("bug: unreachable without a blocker");
  return { stuckAt };
}

function costOf({ explanation, steps }: Attempt): number {
  return explanation.blockers.length + steps.length;
}

function takeBest(open: Attempt[]): Attempt | undefined {
  let best = 0;
  for (const [index, each] of open.entries()) {
    const present = open[best];
    if (present === undefined) return undefined;
    const difference = costOf(each) - costOf(present) || each.rank - present.rank;
    if (difference < 0) best = index;
  }
  return open.splice(best, 1)[0];
}

/** One for each candidate that lifts the blocker, whatever comes behind it. */
function nextAttempts(
  { model, explanation, steps, rank }: Attempt,
  blocker: Blocker,
  flow: Flow,
  ends: ResolvedEnds,
): readonly Attempt[] {
  const candidates = candidatesFor(liftingOf(model, ends, explanation, blocker));
  return candidates.flatMap((candidate, at) => {
    const changed = applyChanges(model, candidate);
    const after = explain(changed, flow);
    if (after.blockers.some((other) => isSame(explanation, blocker, after, other))) return [];
    const added = candidate.map((change): FixStep => ({ change, lifts: blocker }));
    return [{ model: changed, explanation: after, steps: [...steps, ...added], rank: rank + at }];
  });
}

/** The same component does the same to the same packet, in the same direction. */
function isSame(before: Explanation, a: Blocker, after: Explanation, b: Blocker): boolean {
  if (a.way !== b.way || a.component !== b.component || a.code !== b.code || a.state !== b.state) return false;
  const [one, other] = [hopOf(before, a), hopOf(after, b)];
  return one?.direction === other?.direction && JSON.stringify(one?.packet) === JSON.stringify(other?.packet);
}

function hopOf({ forward, return: back }: Explanation, { way, hop }: Blocker) {
  return (way === "forward" ? forward : back)[hop];
}

function isNew(seen: Set<string>, { steps }: Attempt): boolean {
  const key = steps
    .map(({ change }) => JSON.stringify(change))
    .sort()
    .join();
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function inOrder(steps: readonly FixStep[]): readonly FixStep[] {
  const rank = ({ change }: FixStep) => changeOrder.indexOf(change.kind);
  return [...steps].sort((a, b) => rank(a) - rank(b));
}

/** Until none can be left out: a change may become needless when another one goes. */
function withoutNeedless(
  model: NetworkModel,
  flow: Flow,
  steps: readonly FixStep[],
  verdict: Explanation["verdict"],
): readonly FixStep[] {
  for (const needless of steps) {
    const others = steps.filter((step) => step !== needless);
    const changed = applyChanges(model, changesOf(others));
    if (explain(changed, flow).verdict === verdict) return withoutNeedless(model, flow, others, verdict);
  }
  return steps;
}
