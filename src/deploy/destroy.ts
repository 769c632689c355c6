/** Removes stacks in the reverse of the order in which they need each other, and says what stays, and why. */
import { type Blocker, blockersOf } from "./blockers.ts";
import { isUnreachable } from "./cloud.ts";
import { type Looked, lookAt } from "./deployed-stack.ts";
import { isInProgress } from "./next-step.ts";
import { throughOutages } from "./outages.ts";
import { problemOf } from "./problem.ts";
import { unlessRefused } from "./refusals.ts";
import type { StackRemoval } from "./removal.ts";
import type { Session } from "./session.ts";
import { lookAgain, watch } from "./settle.ts";
import { type Failure, failures, readEvents } from "./stack-events.ts";
import type { AppStack } from "./stacks.ts";

export interface RemovalOutcome {
  readonly stack: AppStack;
  /** `unknown`: we may not see how it went. */
  readonly outcome: "removed" | "nothing" | "failed" | "not-begun" | "unknown";
  readonly looked: Looked;
  readonly failures: readonly Failure[];
  readonly blockers: readonly Blocker[];
}

export interface Destroyed {
  readonly outcomes: readonly RemovalOutcome[];
  readonly problem?: string;
  /** What mends it, where it is credentials or rights. */
  readonly next?: string;
}

const startsAtMost = 3;

export async function destroyAll(
  session: Session,
  removals: readonly StackRemoval[],
  { concurrency }: { readonly concurrency: number },
): Promise<Destroyed> {
  const there = removals.filter(({ looked }) => looked.kind === "there");
  for (const { stack, step, looked } of there) {
    if (step !== "wait" || looked.kind !== "there") continue;
    session.onEvent({ event: "stack-started", stack: stack.artifactId, operation: "wait" });
    await watch(session, stack, looked.stackId);
  }
  let problem: unknown;
  for (let start = 1; ; start += 1) {
    problem = await destroyOnce(session, there, concurrency);
    if (problem === undefined || !isUnreachable(problem) || start === startsAtMost) break;
    const [first] = there;
    // Until somebody answers again.
    if (first !== undefined) await lookAgain(session, first.stack);
  }
  const outcomes = await Promise.all(removals.map((removal) => outcomeOf(session, removal, removals)));
  return { outcomes, ...problemOf(session, problem, outcomes) };
}

/** What the toolkit failed with; undefined when all went well. */
async function destroyOnce(session: Session, there: readonly StackRemoval[], concurrency: number): Promise<unknown> {
  const { toolkit, tools, assembly, voice, cloud, onEvent } = session;
  if (there.length === 0) return undefined;
  const totals = new Map(there.map(({ stack, resources }) => [stack.artifactId, resources.length + 1]));
  voice.listen({
    stacks: there.map(({ stack }) => stack),
    onEvent: (event) => {
      // The toolkit does not count before it removes.
      const total = "stack" in event ? totals.get(event.stack) : undefined;
      const isCounted = event.event === "resource" || event.event === "stack-started";
      onEvent(isCounted && total !== undefined ? { ...event, total } : event);
    },
    answer: async () => true,
  });
  try {
    await toolkit.destroy(assembly, {
      stacks: {
        strategy: tools.toolkit.StackSelectionStrategy.PATTERN_MUST_MATCH,
        patterns: there.map(({ stack }) => stack.id),
      },
      concurrency,
      stackEventPollingInterval: cloud.pollMs,
    });
    return undefined;
  } catch (error) {
    return error;
  }
}

async function outcomeOf(
  session: Session,
  { stack, looked: before }: StackRemoval,
  removals: readonly StackRemoval[],
): Promise<RemovalOutcome> {
  const quiet = { failures: [], blockers: [] };
  if (before.kind === "absent") return { stack, outcome: "nothing", looked: before, ...quiet };
  const clients = session.clients(stack);
  const id = before.kind === "there" ? before.stackId : stack.name;
  const now = await throughOutages(() => lookAt(clients, id), session.onEvent);
  const goesOn = now.kind === "there" && isInProgress(now.status);
  const looked = goesOn ? await watch(session, stack, id) : now;
  if (looked.kind === "absent") return { stack, outcome: "removed", looked, ...quiet };
  if (looked.kind === "unknown") return { stack, outcome: "unknown", looked, ...quiet };
  if (looked.status !== "DELETE_FAILED") return { stack, outcome: "not-begun", looked, ...quiet };
  const failed = failures(await unlessRefused(readEvents(clients, id), []));
  const ours = new Set(removals.flatMap(({ resources }) => resources.map(({ physicalId }) => physicalId)));
  const blockers = await unlessRefused(blockersOf(session, stack, failed, ours), []);
  return { stack, outcome: "failed", looked, failures: failed, blockers };
}
