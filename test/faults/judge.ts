/** What is asked of an engine that may have a fault: the cases, and flows on random networks of which the kernel's verdict is known. Bundled anew for each. */
import type { NetworkModel } from "../../src/model/index.ts";
import { explain, type Flow } from "../../src/reachability/index.ts";
import { answerNetCase, parseNetCase } from "../../src/testing/index.ts";

export interface KnownNetwork {
  readonly model: NetworkModel;
  readonly flows: readonly { readonly flow: Flow; readonly answered: boolean }[];
}

export interface Evidence {
  readonly cases: readonly { readonly file: string; readonly text: string }[];
  readonly networks: readonly KnownNetwork[];
}

export interface Judgement {
  /** The files of cases that notice the fault. */
  readonly cases: readonly string[];
  /** Verdicts that are not the kernel's. */
  readonly kernel: number;
  readonly verdicts: number;
}

export function judge({ cases, networks }: Evidence): Judgement {
  const noticed = cases.filter(({ text }) => !holds(text)).map(({ file }) => file);
  const wrong = networks.map(({ model, flows }) =>
    flows.filter(({ flow, answered }) => reaches(model, flow) !== answered),
  );
  const count = (lists: readonly (readonly unknown[])[]) => lists.reduce((sum, each) => sum + each.length, 0);
  return { cases: noticed, kernel: count(wrong), verdicts: count(networks.map(({ flows }) => flows)) };
}

/** An engine that throws is noticed as well. */
function holds(text: string): boolean {
  try {
    const result = parseNetCase(text);
    return "case" in result && answerNetCase(result.case).every(({ isExpected }) => isExpected);
  } catch {
    return false;
  }
}

function reaches(model: NetworkModel, flow: Flow): boolean | "thrown" {
  try {
    return explain(model, flow).verdict === "reachable";
  } catch {
    return "thrown";
  }
}
