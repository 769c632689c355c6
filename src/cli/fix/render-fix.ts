/** A fix for people: what must be changed, where and why; what it opens besides; or that no setting helps, and which tool does. */
import type { NetworkModel } from "../../model/index.ts";
import {
  type Blocker,
  type ChangedEnds,
  changesOf,
  changeWords,
  type Explanation,
  explanationCodes,
  type Fix,
  type FixStep,
  type NetworkChange,
  type ReachabilityChange,
  type ReachabilityDifference,
  type ToolName,
} from "../../reachability/index.ts";
import { nameOf } from "../named.ts";
import { styled } from "../print.ts";
import { wrapped } from "../wrapped.ts";
import type { Applied } from "./apply-fix.ts";
import { commandLines } from "./command-lines.ts";

export interface FixRendering {
  readonly model: NetworkModel;
  readonly width: number;
}

export function renderFix(
  fix: Fix,
  opened: ReachabilityDifference | undefined,
  rendering: FixRendering,
): readonly string[] {
  switch (fix.outcome) {
    case "reachable":
      return [styled("green", "✔ reachable"), "  Nothing has to be changed."];
    case "fixable": {
      const isOne = fix.steps.length === 1;
      return [
        styled("red", "✘ unreachable"),
        "",
        styled("bold", heading(fix.steps.length)),
        ...fix.steps.flatMap((step, index) => stepLines(step, index + 1, rendering)),
        "",
        `  With ${isOne ? "it" : "all of them"} ${styled("green", "✔ reachable")}, there and back; without ${isOne ? "it" : "any one of them"} not.`,
        ...(opened === undefined ? [] : openedLines(opened, rendering)),
        "",
        styled("bold", "As commands"),
        ...commandLines(changesOf(fix.steps)),
      ];
    }
    case "not-fixable":
      return [
        styled("red", "✘ unreachable, and no setting can help"),
        ...blockerLines(fix.because, 2, rendering),
        "",
        styled("bold", "What helps"),
        ...indented(fix.tool.why, 2, rendering.width),
        ...toolLines(fix, rendering),
      ];
    case "unknown":
      return [
        styled("yellow", "? unknown"),
        ...(fix.steps.length === 0 ? [] : ["", styled("bold", "What is wrong for certain")]),
        ...fix.steps.flatMap((step, index) => stepLines(step, index + 1, rendering)),
        "",
        styled("bold", "What cannot be told"),
        ...fix.unknowns.flatMap(({ id, reason }) => indented(`? ${id}: ${reason}`, 2, rendering.width)),
      ];
  }
}

/** Of a change that was made, for the one who watches. */
export function madeLines(change: NetworkChange, { model, width }: FixRendering): readonly string[] {
  return hanging(`${styled("green", "✔")} ${changeText(change, model)}`, 2, 2, width);
}

/** After the changes: what was refused and what was therefore not made, and whether the flow is open by the cloud's new state. */
export function appliedLines(
  { steps }: { readonly steps: readonly FixStep[] },
  { made, refused }: Applied,
  after: Explanation,
  rendering: FixRendering,
): readonly string[] {
  const { model, width } = rendering;
  const verdict = {
    reachable: styled("green", "✔ reachable"),
    unreachable: styled("red", "✘ still unreachable"),
    unknown: styled("yellow", "? unknown"),
  }[after.verdict];
  if (refused === undefined) return ["", `  ${verdict}, by the cloud's state now.`];
  const left = steps.slice(made.length + 1);
  return [
    ...hanging(`${styled("red", "✘")} ${changeText(refused.change, model)}`, 2, 2, width),
    ...indented(`refused: ${refused.code}: ${refused.message}`, 4, width),
    ...left.flatMap(({ change }) => hanging(`- not made: ${changeText(change, model)}`, 2, 2, width)),
    "",
    `  ${verdict}: ${made.length} of ${steps.length} changes were made.`,
  ];
}

function heading(count: number): string {
  return count === 1 ? "One setting opens it" : `These ${count} settings open it, in this order`;
}

function stepLines({ change, lifts }: FixStep, number: number, rendering: FixRendering): readonly string[] {
  const { model, width } = rendering;
  return [...hanging(`${number}. ${changeText(change, model)}`, 2, 3, width), ...blockerLines(lifts, 5, rendering)];
}

function changeText(change: NetworkChange, model: NetworkModel): string {
  const { component, does } = changeWords(change);
  return withoutProvisionalIds(`${nameOf(model, component)}: ${does}`);
}

/** What is made by the fix has no id yet. */
function withoutProvisionalIds(text: string): string {
  return text.replaceAll(/\bpcx-new-\d+/g, "the new peering").replaceAll(/\bigw-new-\d+/g, "the new internet gateway");
}

function blockerLines({ code, detail, component, way }: Blocker, indent: number, { model, width }: FixRendering) {
  const codes = [code, ...(detail === undefined ? [] : [detail])].join(", ");
  const where = `${codes} at ${nameOf(model, component)}, ${way === "forward" ? "there" : "on the way back"}`;
  return [
    ...indented(withoutProvisionalIds(where), indent, width).map((line) => styled("dim", line)),
    ...indented(explanationCodes[detail ?? code].meaning, indent, width).map((line) => styled("dim", line)),
  ];
}

/** Flows shown at most: programs read all of them. */
const most = 12;

function openedLines({ opened, closed }: ReachabilityDifference, rendering: FixRendering): readonly string[] {
  if (opened.length === 0 && closed.length === 0) return ["  It opens nothing else."];
  return [...changeLines("It also opens", opened, rendering), ...changeLines("It closes", closed, rendering)];
}

function changeLines(
  title: string,
  changes: readonly ReachabilityChange[],
  { model, width }: FixRendering,
): readonly string[] {
  if (changes.length === 0) return [];
  const rest = changes.length - most;
  return [
    "",
    styled("bold", title),
    ...changes
      .slice(0, most)
      .flatMap(({ from, to, words }) =>
        hanging(`${endWords(from, model)} → ${endWords(to, model)}  ${words}`, 2, 2, width),
      ),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

/** A few by name, the others by number. */
function endWords(ends: ChangedEnds, model: NetworkModel): string {
  if (ends === "internet") return ends;
  const named = ends.slice(0, 3).map((id) => nameOf(model, id));
  const rest = ends.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}

const toolNames: { readonly [T in Exclude<ToolName, "none">]: string } = {
  "vpc-peering-connection": "a VPC peering of their own",
  "transit-gateway": "a transit gateway",
  privatelink: "PrivateLink",
  "internet-gateway": "an internet gateway",
  "nat-gateway": "a NAT gateway",
  "load-balancer": "a load balancer",
  renumbering: "other blocks for one of the VPCs",
};

function toolLines(
  { tool }: Extract<Fix, { outcome: "not-fixable" }>,
  { model, width }: FixRendering,
): readonly string[] {
  const tools = tool.tools.flatMap((name) => (name === "none" ? [] : [toolNames[name]]));
  if (tools.length === 0) return [];
  const between = tool.between?.map((id) => nameOf(model, id)).join(" and ");
  return indented(`→ ${tools.join(", or ")}${between === undefined ? "" : `, between ${between}`}`, 2, width);
}

function hanging(text: string, by: number, more: number, width: number): readonly string[] {
  return wrapped(text, width - by - more).map((line, index) => " ".repeat(index === 0 ? by : by + more) + line);
}

function indented(text: string, by: number, width: number): readonly string[] {
  return wrapped(text, width - by).map((line) => " ".repeat(by) + line);
}
