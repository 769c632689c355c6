/** Deploys the selected stacks through CDK's toolkit, in the order of their dependencies, and says of each how it ended. */
import { type BootstrapNeed, bootstrapAll } from "./bootstrap.ts";
import { isUnreachable } from "./cloud.ts";
import type { Looked } from "./deployed-stack.ts";
import { deployStep, isInProgress } from "./next-step.ts";
import { throughOutages } from "./outages.ts";
import {
  beyond,
  canUseChangeSets,
  changesOf,
  creationOf,
  isUnchanged,
  type ResourceChange,
  type StackChanges,
  updateOf,
} from "./plan.ts";
import { problemOf } from "./problem.ts";
import { refusalOf, unlessRefused } from "./refusals.ts";
import { lookAtEach, type Session } from "./session.ts";
import { clearLeftovers, lookAgain, waitForAll, watch } from "./settle.ts";
import { type Failure, firstFailure, readEvents } from "./stack-events.ts";
import type { AppStack, StackKey } from "./stacks.ts";

export interface DeployPlan {
  readonly looked: ReadonlyMap<StackKey, Looked>;
  readonly changes: readonly StackChanges[];
  readonly bootstraps: readonly BootstrapNeed[];
}

/** What each stack's deployment would change. */
export async function changesOfAll(
  session: Session,
  looked: ReadonlyMap<StackKey, Looked>,
): Promise<readonly StackChanges[]> {
  const { tools, toolkit, assembly, voice, selection, onEvent } = session;
  voice.listen({ onEvent: () => {}, stacks: [], answer: async () => true });
  const changes: StackChanges[] = [];
  for (const stack of selection.stacks) {
    if (isThere(looked.get(stack.artifactId))) {
      onEvent({ event: "doing", what: `asking CloudFormation what would change in ${stack.id}` });
      changes.push(await orRefused(session, stack, () => updateOf(tools.toolkit, toolkit, assembly, stack)));
    } else changes.push(creationOf(stack));
  }
  return changes;
}

/** What AWS does not let us find out of a stack is told with all the others; without credentials nothing is found out of any. */
async function orRefused(session: Session, stack: AppStack, ask: () => Promise<StackChanges>): Promise<StackChanges> {
  try {
    return await throughOutages(ask, session.onEvent);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.kind !== "denied") throw error;
    return { stack: stack.artifactId, resources: [], others: [], comparedBy: "template", refused: refusal.text };
  }
}

/** Whether all is as the app says, and no stack waits for more than an update. */
export function isNothingToDo({ looked, changes }: Pick<DeployPlan, "looked" | "changes">): boolean {
  const isSettled = (now: Looked): boolean => now.kind !== "there" || deployStep(now) === "update";
  return changes.every(isUnchanged) && [...looked.values()].every(isSettled);
}

const notThere: ReadonlySet<string> = new Set([
  "REVIEW_IN_PROGRESS",
  "ROLLBACK_COMPLETE",
  "ROLLBACK_FAILED",
  "DELETE_FAILED",
  "DELETE_IN_PROGRESS",
]);

/** Whether the stack is one that is updated: not one that is made, or made anew. */
function isThere(looked: Looked | undefined): boolean {
  return looked?.kind === "unknown" || (looked?.kind === "there" && !notThere.has(looked.status));
}

export interface StackOutcome {
  readonly stack: AppStack;
  /** `unknown`: it was begun, and we may not see how it went. */
  readonly outcome: "deployed" | "unchanged" | "failed" | "not-begun" | "unknown";
  readonly looked: Looked;
  readonly failure?: Failure;
}

export interface Deployed {
  readonly outcomes: readonly StackOutcome[];
  /** What the toolkit said, where no stack tells why. */
  readonly problem?: string;
  /** What mends it, where it is credentials or rights. */
  readonly next?: string;
}

export interface DeployOptions {
  readonly concurrency: number;
  /** Asked when a stack's change set takes away more than was shown. */
  readonly agreeToMore: (stack: AppStack, more: readonly ResourceChange[]) => Promise<boolean>;
}

const startsAtMost = 3;

/** What the toolkit told of the stacks. */
interface Seen {
  readonly begun: Set<StackKey>;
  readonly ended: Map<StackKey, "done" | "unchanged">;
}

/** Does what the plan says. What CloudFormation refuses or rolls back is an outcome; a bug is thrown. */
export async function deployAll(session: Session, plan: DeployPlan, options: DeployOptions): Promise<Deployed> {
  const { onEvent, selection } = session;
  if (plan.bootstraps.length > 0) {
    const places = plan.bootstraps.map(({ account, region }) => `${account}/${region}`).join(", ");
    onEvent({ event: "doing", what: `bootstrapping ${places}` });
    await throughOutages(() => bootstrapAll(session, plan.bootstraps), onEvent);
  }
  await clearLeftovers(session, plan.looked);
  const seen: Seen = { begun: new Set(), ended: new Map() };
  let problem: unknown;
  for (let start = 1; ; start += 1) {
    problem = await deployOnce(session, plan, options, seen);
    if (problem === undefined || !isUnreachable(problem) || start === startsAtMost) break;
    // A cloud that came back goes on by itself; what it is at is waited for, and the rest begun again.
    await waitForAll(session, await lookAtEach(session));
  }
  const outcomes = await Promise.all(selection.stacks.map((stack) => outcomeOf(session, stack, seen)));
  return { outcomes, ...problemOf(session, problem, outcomes) };
}

/** What the toolkit failed with; undefined when all went well. */
async function deployOnce(
  session: Session,
  plan: DeployPlan,
  { concurrency, agreeToMore }: DeployOptions,
  { begun, ended }: Seen,
): Promise<unknown> {
  const { toolkit, tools, assembly, selection, voice, cloud, onEvent } = session;
  const { stacks } = selection;
  const isMade = ({ artifactId }: AppStack): boolean => !isThere(plan.looked.get(artifactId));
  const creations = new Set(stacks.filter(isMade).map(({ artifactId }) => artifactId));
  voice.listen({
    stacks,
    onEvent: (event) => {
      if (event.event === "stack-started") begun.add(event.stack);
      if (event.event === "stack-ended" && event.outcome !== "failed" && ended.get(event.stack) !== "done") {
        ended.set(event.stack, event.outcome);
      }
      onEvent(event);
    },
    answer: async ({ code, data }) => {
      if (code !== approval) return true;
      const { templateDiffs } = data as { readonly templateDiffs: Parameters<typeof diffsOf>[0] };
      const [stack, now] = diffsOf(templateDiffs, stacks);
      const shown = plan.changes.find((each) => each.stack === stack?.artifactId);
      if (stack === undefined || now === undefined || shown === undefined) return true;
      const more = beyond(shown, now);
      return more.length === 0 || agreeToMore(stack, more);
    },
  });
  try {
    onEvent({ event: "doing", what: "uploading what the stacks need" });
    await toolkit.deploy(assembly, {
      stacks: {
        strategy: tools.toolkit.StackSelectionStrategy.PATTERN_MUST_MATCH,
        patterns: stacks.map(({ id }) => id),
      },
      deploymentMethod: { method: canUseChangeSets(plan.changes, creations) ? "change-set" : "direct" },
      concurrency,
      stackEventPollingInterval: cloud.pollMs,
    });
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The toolkit's "Do you wish to deploy these changes?", by its registry. */
const approval = "CDK_TOOLKIT_I5060";

/** The toolkit names a difference by its stack's name, and its nested stacks' by theirs. */
function diffsOf(
  diffs: Readonly<Record<string, Parameters<typeof changesOf>[1][number]>>,
  stacks: readonly AppStack[],
) {
  const named = stacks.filter(({ name, id }) => Object.hasOwn(diffs, name) || Object.hasOwn(diffs, id));
  const [stack] = named;
  // Stacks of one name in several Regions cannot be told apart here; the plan was made for each on its own.
  if (stack === undefined || named.length > 1) return [undefined, undefined] as const;
  return [stack, changesOf(stack, Object.values(diffs), "change-set")] as const;
}

async function outcomeOf(session: Session, stack: AppStack, { begun, ended }: Seen): Promise<StackOutcome> {
  const now = await lookAgain(session, stack);
  // Another stack's failure ends the toolkit's work, not CloudFormation's.
  const goesOn = now.kind === "there" && isInProgress(now.status);
  const looked = goesOn ? await watch(session, stack, now.stackId) : now;
  const how = ended.get(stack.artifactId);
  if (looked.kind === "unknown" && how === undefined) {
    return { stack, outcome: begun.has(stack.artifactId) ? "unknown" : "not-begun", looked };
  }
  if (how !== undefined) return { stack, outcome: how === "done" ? "deployed" : "unchanged", looked };
  if (looked.kind !== "there" || !(goesOn || begun.has(stack.artifactId)))
    return { stack, outcome: "not-begun", looked };
  if (succeeded.has(looked.status)) return { stack, outcome: "deployed", looked };
  const failure = firstFailure(await unlessRefused(readEvents(session.clients(stack), looked.stackId), []));
  return { stack, outcome: "failed", looked, ...(failure !== undefined && { failure }) };
}

const succeeded: ReadonlySet<string> = new Set(["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"]);
