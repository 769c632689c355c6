/** `causeway deploy [APP] [STACK…]`: shows what would change, asks, deploys through CloudFormation, and proves what the app promises. */
import {
  changesOfAll,
  type Deployed,
  deployAll,
  isNothingToDo,
  lookAtAll,
  missingBootstraps,
  preflight,
  type ResourceChange,
  waitForAll,
} from "../../deploy/index.ts";
import { type AppOptions, type OpenApp, withApp } from "../deploy/app-words.ts";
import { isAgreed, mustBeAskable } from "../deploy/asking.ts";
import { concurrencyOf } from "../deploy/concurrency.ts";
import { introduction, introductionLines } from "../deploy/introduction.ts";
import { printEvent } from "../deploy/print-event.ts";
import { proveOpen } from "../deploy/proof.ts";
import { mustBeFree, renderFindings } from "../deploy/render-findings.ts";
import { renderOutcome } from "../deploy/render-outcome.ts";
import { bootstrapLines, renderPlan } from "../deploy/render-plan.ts";
import { columns, print, styled } from "../print.ts";
import { exitCode, UserError } from "../user-error.ts";

interface DeployCommandOptions extends AppOptions {
  readonly yes?: boolean;
  readonly proof: boolean;
  readonly concurrency: string;
}

export async function deploy(words: readonly string[], options: DeployCommandOptions): Promise<void> {
  const concurrency = concurrencyOf(options.concurrency);
  mustBeAskable(options.yes, "deploy");
  await withApp(words, options, {
    direction: "with-what-they-need",
    json: "events",
    interrupted: interruptedWords,
    work: (open) => deployOpen(open, options, concurrency),
  });
}

async function deployOpen(
  open: OpenApp,
  { yes, json, proof }: DeployCommandOptions,
  concurrency: number,
): Promise<void> {
  const { session, teller } = open;
  if (json) printEvent({ event: "begin", ...introduction(open) });
  else for (const line of introductionLines(open)) print(line);
  teller.begin(session.selection.stacks);
  const looked = await waitForAll(session, await lookAtAll(session));
  const bootstraps = await missingBootstraps(session);
  const changes = await changesOfAll(session, looked);
  const plan = { looked, changes, bootstraps };
  const findings = await preflight(session, plan);
  teller.pause();
  if (json) printEvent({ event: "plan", bootstraps, changes, findings });
  else {
    const width = columns();
    const stacks = [...renderPlan(session.selection.stacks, changes, width), ...bootstrapLines(bootstraps, width)];
    for (const line of ["", ...stacks, "", ...renderFindings(findings, width)]) print(line);
  }
  mustBeFree(findings);
  if (isNothingToDo(plan)) {
    if (json) printEvent({ event: "end", outcomes: [] });
    else print(`${styled("green", "✔")} Nothing to deploy: all is as the app says.`);
  } else {
    if (!yes && !(await isAgreed("Deploy this?"))) throw new UserError("CONFIRM", "Nothing was deployed.");
    teller.begin(session.selection.stacks);
    const deployed = await deployAll(session, plan, {
      concurrency,
      agreeToMore: async ({ id }, more) => {
        if (yes) return true;
        teller.pause();
        return isAgreed(moreWords(id, more));
      },
    });
    teller.pause();
    if (!isDone(deployed, json)) return;
  }
  // The stacks' rows have been told.
  teller.begin([]);
  if (proof) process.exitCode = await proveOpen(open, json === true);
}

/** Tells how it ended. */
function isDone(deployed: Deployed, json: boolean | undefined): boolean {
  const { outcomes, problem, next } = deployed;
  const done = problem === undefined && outcomes.every(({ outcome }) => outcome !== "failed");
  if (json) {
    const ended = outcomes.map(({ stack, ...rest }) => ({ id: stack.id, ...rest }));
    printEvent({ event: "end", outcomes: ended, problem, next });
  } else {
    for (const line of renderOutcome(deployed, columns())) print(line);
    if (done) print(`${styled("green", "✔")} Deployed.`);
  }
  if (!done) process.exitCode = isTold(deployed) ? exitCode.no : exitCode.unknown;
  return done;
}

/** Whether it can be told how it ended. */
function isTold({ outcomes }: Deployed): boolean {
  return outcomes.some(({ outcome }) => outcome === "failed") || outcomes.every(({ outcome }) => outcome !== "unknown");
}

function moreWords(id: string, more: readonly ResourceChange[]): string {
  const lines = more.map(
    ({ logicalId, type, action }) => `  ${action === "remove" ? "-" : "±"} ${logicalId} (${type})`,
  );
  return `Now that what ${id} needs is there, CloudFormation would do more than was shown:\n${lines.join("\n")}\nDeploy it?`;
}

function interruptedWords(working: readonly string[]): readonly string[] {
  if (working.length === 0) return ["", "Interrupted. CloudFormation is at nothing of this."];
  return [
    "",
    `Interrupted, but CloudFormation goes on by itself with ${working.join(", ")}.`,
    "  The same command again waits for that and goes on from there; `causeway destroy` takes it away.",
  ];
}
