/** `causeway deploy [APP] [STACK…]`: shows what would change, asks, deploys through CloudFormation, and proves what the app promises. */
import {
  changesOfAll,
  type Deployed,
  deployAll,
  isUnchanged,
  lookAtAll,
  missingBootstraps,
  type ResourceChange,
  waitForAll,
} from "../../deploy/index.ts";
import { type AppOptions, inWords, type OpenApp, openApp } from "../deploy/app-words.ts";
import { isAgreed, mustBeAskable } from "../deploy/asking.ts";
import { concurrencyOf } from "../deploy/concurrency.ts";
import { onInterrupt } from "../deploy/interruption.ts";
import { introduction, introductionLines } from "../deploy/introduction.ts";
import { printEvent } from "../deploy/print-event.ts";
import { renderOutcome } from "../deploy/render-outcome.ts";
import { bootstrapLines, renderPlan } from "../deploy/render-plan.ts";
import { print, styled } from "../print.ts";
import { exitCode, UserError } from "../user-error.ts";

interface DeployCommandOptions extends AppOptions {
  readonly yes?: boolean;
  readonly proof: boolean;
  readonly concurrency: string;
}

export async function deploy(words: readonly string[], options: DeployCommandOptions): Promise<void> {
  const concurrency = concurrencyOf(options.concurrency);
  mustBeAskable(options.yes, "deploy");
  const open = await openApp(words, options, "with-what-they-need");
  const { session, teller } = open;
  const off = onInterrupt({
    leave: async () => {
      teller.pause();
      await session.dispose();
    },
    words: () => interruptedWords(teller.working()),
  });
  try {
    await inWords(() => deployOpen(open, options, concurrency));
  } finally {
    teller.pause();
    off();
    await session.dispose();
  }
}

async function deployOpen(open: OpenApp, { yes, json }: DeployCommandOptions, concurrency: number): Promise<void> {
  const { session, teller } = open;
  if (json) printEvent({ event: "begin", ...introduction(open) });
  else for (const line of introductionLines(open)) print(line);
  teller.begin(session.selection.stacks);
  const looked = await waitForAll(session, await lookAtAll(session));
  const bootstraps = await missingBootstraps(session);
  const changes = await changesOfAll(session, looked);
  teller.pause();
  const plan = { looked, changes, bootstraps };
  if (json) printEvent({ event: "plan", bootstraps, changes });
  else {
    print();
    for (const line of renderPlan({ stacks: session.selection.stacks, looked, changes })) print(line);
    for (const line of bootstrapLines(bootstraps)) print(line);
    print();
  }
  if (changes.every(isUnchanged)) {
    if (!json) print(`${styled("green", "✔")} Nothing to deploy: all is as the app says.`);
    return;
  }
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
  finish(deployed, json);
}

function finish(deployed: Deployed, json: boolean | undefined): void {
  const isDone = deployed.problem === undefined && deployed.outcomes.every(({ outcome }) => outcome !== "failed");
  if (json)
    printEvent({
      event: "end",
      outcomes: deployed.outcomes.map(({ stack, ...rest }) => ({ id: stack.id, ...rest })),
      problem: deployed.problem,
    });
  else {
    for (const line of renderOutcome(deployed)) print(line);
    if (isDone) print(`${styled("green", "✔")} Deployed.`);
  }
  if (!isDone) process.exitCode = exitCode.no;
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
