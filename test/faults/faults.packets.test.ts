/**
 * How many of the faults are noticed, by the cases, by the kernel's verdicts on random networks, and by the engine's own tests where neither
 * does. Every tenth in the usual run; all with `CAUSEWAY_FAULTS=all`, which writes docs/reference/faults.md.
 */
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caseFiles } from "../cases/case-files.ts";
import { flowsOf, startKernel } from "../differential/kernel.ts";
import { buildNetwork, randomNetwork } from "../differential/random-network.ts";
import { type Fault, faults } from "./faults.ts";
import { engineTestsNotice, faultyText, judgeWith } from "./faulty-engine.ts";
import type { Evidence, Judgement, KnownNetwork } from "./judge.ts";

const all = process.env.CAUSEWAY_FAULTS === "all";
const tried = all ? faults : faults.filter((_fault, index) => index % 10 === 0);
/** Random networks; flows of each. */
const networks = all ? 24 : 12;
const flowsEach = 60;
const seed = 7;

const kernel = startKernel();
afterAll(() => kernel.close());

let evidence: Evidence;
beforeAll(async () => {
  const cases = caseFiles().map(({ file, text }) => ({ file, text }));
  const known: KnownNetwork[] = [];
  for (const random of fc.sample(randomNetwork, { seed, numRuns: networks })) {
    const { network, addresses } = buildNetwork(random);
    known.push(await ask(network.model(), addresses));
  }
  evidence = { cases, networks: known };
}, 600_000);

/** A share of the network's flows, and which of them the kernel answers. A silence is asked again before it counts. */
async function ask(model: KnownNetwork["model"], addresses: readonly string[]): Promise<KnownNetwork> {
  await kernel.become(model);
  const every = flowsOf(model, addresses);
  const step = Math.max(1, Math.floor(every.length / flowsEach));
  const flows = every.filter((_flow, index) => index % step === 0);
  const first = await kernel.reaches(flows, 150);
  const silent = flows.filter((_flow, index) => first[index] === false);
  const second = await kernel.reaches(silent, 300);
  return {
    model,
    flows: flows.map((flow, index) => ({
      flow,
      answered: first[index] === true || second[silent.indexOf(flow)] === true,
    })),
  };
}

test("there are a hundred faults or more, each in a place that is there", () => {
  expect(faults.length).toBeGreaterThan(99);
  expect(new Set(faults.map(faultyText)).size).toBe(faults.length);
});

test("an engine without a fault is not noticed", async () => {
  const { cases, kernel: wrong, verdicts } = await judgeWith(undefined, evidence);
  expect({ cases, wrong }).toEqual({ cases: [], wrong: 0 });
  expect(verdicts).toBeGreaterThan(networks * 5);
});

interface Outcome extends Judgement {
  readonly fault: Fault;
  /** Asked where nothing else noticed. */
  readonly tests?: boolean;
}

test(`of ${tried.length} faults at least 95 % are noticed`, { timeout: 3_600_000 }, async () => {
  const outcomes: Outcome[] = [];
  for (const fault of tried) {
    const judgement = await judgeWith(fault, evidence);
    const isNoticed = judgement.cases.length > 0 || judgement.kernel > 0;
    if (!isNoticed) console.info(`neither the cases nor the kernel notice ${fault.file}: ${fault.breaks}`);
    outcomes.push({ ...judgement, fault, ...(!isNoticed && { tests: await engineTestsNotice(fault) }) });
  }
  if (all) writeFileSync("docs/reference/faults.md", page(outcomes));
  const missed = outcomes.filter((each) => !isNoticed(each)).map(({ fault: { file, breaks } }) => `${file}: ${breaks}`);
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(Math.floor(tried.length * 0.05));
});

function isNoticed({ cases, kernel: wrong, tests }: Outcome): boolean {
  return cases.length > 0 || wrong > 0 || tests === true;
}

function page(outcomes: readonly Outcome[]): string {
  const count = (is: (each: Outcome) => boolean) => outcomes.filter(is).length;
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = outcomes.map((each) => {
    const { fault, cases, kernel: wrong } = each;
    const [first, ...others] = cases;
    const byCases = first === undefined ? "no" : `${first}${others.length > 0 ? ` and ${others.length} more` : ""}`;
    const byTests = each.tests === undefined ? "" : each.tests ? "yes" : "no";
    return `| ${fault.decision} | ${cell(fault.breaks)} | ${byCases} | ${wrong} | ${byTests} |`;
  });
  return [
    "# Seeded faults",
    "",
    `Written by \`CAUSEWAY_FAULTS=all npx vitest run test/faults\`; do not edit. Each of ${outcomes.length} faults is one edit of the engine's source`,
    "([faults.ts](../../test/faults/faults.ts)) that changes a verdict of some network. It is noticed by the cases in test/cases, by verdicts of the",
    `kernel on ${networks} random networks (${outcomes[0]?.verdicts ?? 0} flows, seed ${seed}), or else by the engine's own tests, which are asked only where`,
    "neither of the others noticed.",
    "",
    `**${count(isNoticed)} of ${outcomes.length} are noticed**: ${count(({ cases }) => cases.length > 0)} by the cases, ${count(({ kernel: wrong }) => wrong > 0)} by the kernel's verdicts, ${count(({ tests }) => tests === true)} by the engine's own tests alone.`,
    "",
    "| decision | what the engine believes then | noticed by the case | verdicts that are not the kernel's | by the engine's tests |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
