/** `causeway destroy [APP] [STACK…]`: shows what goes, asks, removes it in order, and says what stays and why. */
import {
  bootstrapsThere,
  type Destroyed,
  destroyAll,
  type LogsLeft,
  logsLeft,
  lookAtAll,
  removalsOf,
  type StackRemoval,
} from "../../deploy/index.ts";
import { type AppOptions, type OpenApp, withApp } from "../deploy/app-words.ts";
import { isAgreed, mustBeAskable } from "../deploy/asking.ts";
import { concurrencyOf } from "../deploy/concurrency.ts";
import { introduction, introductionLines } from "../deploy/introduction.ts";
import { printEvent } from "../deploy/print-event.ts";
import { renderDestroyed, renderRemains, renderRemovals, whyNotRemovable } from "../deploy/render-removal.ts";
import { columns, print, styled } from "../print.ts";
import { exitCode, UserError } from "../user-error.ts";

interface DestroyOptions extends AppOptions {
  readonly yes?: boolean;
  readonly concurrency: string;
}

export async function destroy(words: readonly string[], options: DestroyOptions): Promise<void> {
  const concurrency = concurrencyOf(options.concurrency);
  mustBeAskable(options.yes, "remove it");
  await withApp(words, options, {
    direction: "with-what-needs-them",
    json: "events",
    interrupted: interruptedWords,
    work: (open) => destroyOpen(open, options, concurrency),
  });
}

async function destroyOpen(open: OpenApp, { yes, json }: DestroyOptions, concurrency: number): Promise<void> {
  const { session, teller } = open;
  if (json) printEvent({ event: "begin", ...introduction(open) });
  else for (const line of introductionLines(open)) print(line);
  teller.begin(session.selection.stacks);
  const removals = await removalsOf(session, await lookAtAll(session));
  teller.pause();
  if (json) {
    const going = removals.map(({ stack, step, looked, resources }) => ({ id: stack.id, step, looked, resources }));
    printEvent({ event: "plan", removals: going });
  } else for (const line of ["", ...renderRemovals(removals, columns()), ""]) print(line);
  if (removals.every(({ step }) => step === "nothing")) {
    if (json) printEvent({ event: "end", outcomes: [] });
    else print(`${styled("green", "✔")} Nothing to remove.`);
    return;
  }
  const why = whyNotRemovable(removals);
  if (why !== undefined) throw new UserError("HELD", why.message, why.hint);
  if (!yes && !(await isAgreed("Remove all of this?"))) throw new UserError("CONFIRM", "Nothing was removed.");
  teller.begin(removals.filter(({ step }) => step !== "nothing").map(({ stack }) => stack));
  const destroyed = await destroyAll(session, removals, { concurrency });
  const bootstraps = await bootstrapsThere(session);
  const logs = await logsLeft(session, removals, destroyed);
  teller.pause();
  tellEnd(removals, destroyed, { bootstraps, logs, json });
}

interface Ending {
  readonly bootstraps: readonly string[];
  readonly logs: readonly LogsLeft[];
  readonly json: boolean | undefined;
}

function tellEnd(removals: readonly StackRemoval[], destroyed: Destroyed, { bootstraps, logs, json }: Ending): void {
  const { problem, next } = destroyed;
  const isDone = destroyed.outcomes.every(({ outcome }) => outcome === "removed" || outcome === "nothing");
  if (json) {
    const outcomes = destroyed.outcomes.map(({ stack, ...rest }) => ({ id: stack.id, ...rest }));
    printEvent({ event: "end", outcomes, problem, next, bootstraps, logs: logs.map(named) });
  } else {
    const width = columns();
    for (const line of renderDestroyed(destroyed, width)) print(line);
    if (isDone) print(`${styled("green", "✔")} Removed.`);
    for (const line of renderRemains(removals, destroyed, { bootstraps, logs }, width)) print(line);
  }
  if (isDone) return;
  const isTold = destroyed.outcomes.every(({ outcome }) => outcome !== "unknown");
  process.exitCode = isTold ? exitCode.no : exitCode.unknown;
}

const named = ({ stack, logGroupName }: LogsLeft) => ({ id: stack.id, logGroupName });

function interruptedWords(working: readonly string[]): readonly string[] {
  if (working.length === 0) return ["", "Interrupted. CloudFormation is at nothing of this."];
  return [
    "",
    `Interrupted, but CloudFormation goes on removing ${working.join(", ")}.`,
    "  The same command again waits for that and goes on from there.",
  ];
}
