/** What the preflight has found, in one list: what stops it, what may, what is not known, and what to do about each. */
import type { Finding } from "../../deploy/index.ts";
import { styled } from "../print.ts";
import { UserError } from "../user-error.ts";
import { hanging, indented } from "../wrapped.ts";

const marks = { stop: "✘", warn: "!", unknown: "?" } as const;
const colours = { stop: "red", warn: "yellow", unknown: "yellow" } as const;

export function renderFindings(findings: readonly Finding[], width: number): readonly string[] {
  if (findings.length === 0) return [];
  return [
    styled("bold", "Before anything is changed"),
    ...findings.flatMap(({ level, about, message, next }) => [
      ...hanging(`  ${styled(colours[level], marks[level])} ${about}: ${message}.`, width, 4),
      ...(next === undefined ? [] : indented(styled("dim", next), width, 6)),
    ]),
    "",
  ];
}

/** Nothing is begun that cannot go well. The findings themselves were told before. */
export function mustBeFree(findings: readonly Finding[]): void {
  const stops = findings.filter(({ level }) => level === "stop").map(({ about }) => about);
  if (stops.length === 0) return;
  throw new UserError("PREFLIGHT", `Nothing was deployed: ${stops.join(", ")} cannot go well, as told above.`);
}
