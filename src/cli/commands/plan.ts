/** `causeway plan [APP] [STACK…]`: what a deployment would do, resource by resource. Exit code 0 when nothing, 1 when something, 4 when AWS does not tell. */
import { changesOfAll, isNothingToDo, lookAtAll, missingBootstraps, preflight } from "../../deploy/index.ts";
import { type AppOptions, type OpenApp, withApp } from "../deploy/app-words.ts";
import { introduction, introductionLines } from "../deploy/introduction.ts";
import { renderFindings } from "../deploy/render-findings.ts";
import { bootstrapLines, renderPlan } from "../deploy/render-plan.ts";
import { columns, print, printJson, styled } from "../print.ts";
import { exitCode } from "../user-error.ts";

export async function plan(words: readonly string[], options: AppOptions): Promise<void> {
  await withApp(words, options, {
    direction: "with-what-they-need",
    json: "document",
    interrupted: () => ["", "Interrupted. Nothing was changed."],
    work: (open) => planOpen(open, options),
  });
}

async function planOpen(open: OpenApp, { json }: AppOptions): Promise<void> {
  const { session, teller } = open;
  if (!json) for (const line of introductionLines(open)) print(line);
  const looked = await lookAtAll(session);
  const bootstraps = await missingBootstraps(session);
  const changes = await changesOfAll(session, looked);
  const findings = await preflight(session, { looked, changes, bootstraps });
  teller.pause();
  const isSame = isNothingToDo({ looked, changes });
  if (json) printJson({ ...introduction(open), bootstraps, changes, findings, different: !isSame });
  else {
    const width = columns();
    const stacks = [...renderPlan(session.selection.stacks, changes, width), ...bootstrapLines(bootstraps, width)];
    for (const line of ["", ...stacks, "", ...renderFindings(findings, width)]) print(line);
    if (isSame) print(`${styled("green", "✔")} Nothing to deploy: all is as the app says.`);
  }
  const isKnown = changes.every(({ refused }) => refused === undefined);
  process.exitCode = isSame ? exitCode.yes : isKnown ? exitCode.no : exitCode.unknown;
}
