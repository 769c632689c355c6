/**
 * Carries out the operations of stacks. All of an operation is in the records, and a step is a transaction: a cloud that was killed
 * goes on where it was, and has neither lost nor doubled anything.
 */
import type { Pace } from "../../../ports.ts";
import type { StateView } from "../../../state/state.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { ActionContext } from "../../action.ts";
import type { StackRecord } from "../stack/record.ts";
import { type ContextFor, contextOf } from "./inner-call.ts";
import { nextStep } from "./phases.ts";
import { reasonOf } from "./reasons.ts";
import { quickLooks, type StepContext } from "./resource-steps.ts";

export interface StackEngineOptions {
  readonly view: StateView;
  readonly transact: <T>(now: number, work: (transaction: Transaction) => T) => T;
  readonly contextFor: ContextFor;
  readonly pace: Pace;
  readonly onFault: (message: string, error: unknown) => void;
}

export interface StackEngine {
  /**
   * Does what can be done now, within bounds. Whether it did anything. All of it happens at the time that is given: what takes none is
   * over before it is looked at.
   */
  run(now: number): boolean;
  /** When to look again, in milliseconds since the epoch. */
  nextDue(): number | undefined;
}

/** How often a resource that is under way is looked at; at the instant pace at once, the first time. */
const pollMs: { readonly [pace in Pace]: number } = { instant: 1_000, "20x": 250, real: 5_000 };

/** About three minutes of AWS's own pace. */
const patience = 36;

/** More steps than this in one go would keep callers waiting. */
const maxSteps = 200;

export function stackEngine({ view, transact, contextFor, pace, onFault }: StackEngineOptions): StackEngine {
  /** Steps were left over. */
  let unfinished = false;

  function run(now: number): boolean {
    // What has only just begun is looked at once the clock has moved what takes no time.
    const steps = begin(now) || look(now);
    unfinished = steps >= maxSteps;
    return steps > 0;
  }

  function begin(now: number): number {
    let steps = 0;
    for (const { StackId } of activeStacks())
      while (isActive(StackId) && steps < maxSteps && step(StackId, false, now)) steps += 1;
    return steps;
  }

  /** At one resource of every stack, whose next step may then be possible. */
  function look(now: number): number {
    return activeStacks().filter(({ StackId }) => isActive(StackId) && step(StackId, true, now)).length;
  }

  function activeStacks(): readonly StackRecord[] {
    return [...view.by("stack", "operation", "active")];
  }

  /** One step of a stack; false when there is none now. */
  function step(stackId: string, isLooking: boolean, now: number): boolean {
    let found = false;
    try {
      inContext(stackId, now, (context) => {
        const next = nextStep(context.must("stack", stackId), context, isLooking);
        found = next !== undefined;
        next?.run(stepOf(context));
      });
    } catch (error) {
      if (!found) {
        onFault(`${stackId} can not go on`, error);
        return false;
      }
      writeRefusal(stackId, isLooking, now, error);
    }
    return found;
  }

  /** The step was undone; that it was refused, and why, is written down in its place. */
  function writeRefusal(stackId: string, isLooking: boolean, now: number, error: unknown): void {
    inContext(stackId, now, (context) => {
      const reason = reasonOf(error, context);
      if (reason === undefined) onFault(`a step of ${stackId} failed`, error);
      nextStep(context.must("stack", stackId), context, isLooking)?.refused(
        stepOf(context),
        reason ?? "Internal Failure",
        error,
      );
    });
  }

  function inContext<T>(stackId: string, now: number, work: (context: ActionContext) => T): T {
    return transact(now, (transaction) => {
      const { OwnerId, Region } = transaction.must("stack", stackId);
      return work(contextOf(transaction, { accountId: OwnerId, region: Region }, contextFor));
    });
  }

  function isActive(stackId: string): boolean {
    return view.get("stack", stackId)?.Operation !== undefined;
  }

  function stepOf(context: ActionContext): StepContext {
    const isInstant = pace === "instant";
    const firstPollMs = isInstant ? 0 : pollMs[pace];
    return { context, contextFor, pollMs: pollMs[pace], firstPollMs, patience: isInstant ? quickLooks : patience };
  }

  function nextDue(): number | undefined {
    let next: number | undefined;
    for (const { StackId } of activeStacks()) {
      for (const { Progress } of view.by("stackResource", "stack", StackId)) {
        if (Progress !== undefined && (next === undefined || Progress.PollAt < next)) next = Progress.PollAt;
      }
    }
    return unfinished ? 0 : next;
  }

  return { run, nextDue };
}
