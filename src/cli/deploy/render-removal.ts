/** What a removal takes away, how it ended, and what stays and why, for people. */
import type { Destroyed, LogsLeft, RemovalOutcome, StackRemoval, StackResource } from "../../deploy/index.ts";
import { styled } from "../print.ts";
import { hanging, indented, type Row, rows } from "../wrapped.ts";
import { problemLines, unknownLines } from "./render-outcome.ts";

export function renderRemovals(removals: readonly StackRemoval[], width: number): readonly string[] {
  return removals.flatMap((removal) => {
    const { stack, looked, resources, exportsInUse } = removal;
    const where = styled("dim", `${stack.account} ${stack.region}`);
    const headed = (words: string) =>
      rows([{ start: "", name: styled("bold", stack.id), words: `${where}  ${words}` }], width, { by: 2 });
    if (looked.kind === "absent") return headed("is not there");
    if (looked.kind === "unknown") return headed(styled("yellow", looked.reason));
    return [
      ...headed(`${looked.status}, ${resources.length} ${resources.length === 1 ? "resource" : "resources"}`),
      ...rows(resources.map(rowOf), width),
      ...exportsInUse.flatMap(({ name, by }) =>
        hanging(`  ${styled("yellow", "!")} ${by.join(", ")} imports its ${name}`, width, 6),
      ),
    ];
  });
}

function rowOf({ logicalId, path, type, physicalId, isRetained }: StackResource): Row {
  const mark = isRetained ? styled("dim", "·") : styled("red", "-");
  const words = `${type} ${styled("dim", physicalId)}${isRetained ? " stays, by its DeletionPolicy" : ""}`;
  return { start: `  ${mark} `, name: path ?? logicalId, words };
}

/** Why it cannot begin; undefined when it can. */
export function whyNotRemovable(
  removals: readonly StackRemoval[],
): { readonly message: string; readonly hint: string } | undefined {
  const unknown = removals.filter(({ looked }) => looked.kind === "unknown");
  if (unknown.length > 0) {
    return {
      message: `Nothing was removed: AWS does not tell the state of ${unknown.map(({ stack }) => stack.id).join(", ")}.`,
      hint: "Ask for the rights that are named above, name a profile that has them with --profile, or only stacks of which AWS tells.",
    };
  }
  const locked = removals.filter(({ looked }) => looked.kind === "there" && looked.terminationProtection);
  if (locked.length > 0) {
    return {
      message: `Termination protection is on for ${locked.map(({ stack }) => stack.id).join(", ")}.`,
      hint: `Take it off: ${locked
        .map(
          ({ stack }) =>
            `\`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name} --region ${stack.region}\``,
        )
        .join("\n  ")}`,
    };
  }
  const used = removals.filter(({ exportsInUse }) => exportsInUse.length > 0);
  if (used.length > 0) {
    const by = [...new Set(used.flatMap(({ exportsInUse }) => exportsInUse.flatMap((each) => each.by)))];
    return {
      message: `${by.join(", ")} still imports what ${used.map(({ stack }) => stack.id).join(", ")} exports.`,
      hint: "Remove or change those stacks first.",
    };
  }
  return undefined;
}

export function renderDestroyed(destroyed: Destroyed, width: number): readonly string[] {
  const { outcomes } = destroyed;
  const failed = outcomes.filter(({ outcome }) => outcome === "failed");
  const left = outcomes.filter(({ outcome }) => outcome === "not-begun").map(({ stack }) => stack.id);
  return [
    ...failed.flatMap((each) => failedLines(each, width)),
    ...outcomes.filter(({ outcome }) => outcome === "unknown").flatMap((each) => unknownLines(each, width)),
    ...problemLines(destroyed, width),
    ...(left.length === 0 ? [] : [`${styled("dim", "Still there:")} ${left.join(", ")}`]),
  ];
}

function failedLines({ stack, failures, blockers }: RemovalOutcome, width: number): readonly string[] {
  return [
    `${styled("red", "✘")} ${styled("bold", stack.id)} could not be removed`,
    ...failures.flatMap(({ logicalId, type, physicalId, reason }) => [
      ...hanging(`  ${logicalId} (${type}${physicalId === undefined ? "" : ` ${physicalId}`})`, width, 4),
      ...indented(reason, width, 4),
      ...blockers
        .filter(({ holds }) => holds === physicalId)
        .flatMap(({ id, what, madeBy }) =>
          hanging(`    ${styled("yellow", "held by")} ${id}, a ${what}, made by ${madeBy}`, width, 6),
        ),
    ]),
    ...hanging(`  ${styled("dim", "Next:")} remove what holds it, then the same command again.`, width, 4),
  ];
}

/** What a removal leaves, and why. */
export function renderRemains(
  removals: readonly StackRemoval[],
  { outcomes }: Destroyed,
  { bootstraps, logs }: { readonly bootstraps: readonly string[]; readonly logs: readonly LogsLeft[] },
  width: number,
): readonly string[] {
  const removed = new Set(outcomes.filter(({ outcome }) => outcome === "removed").map(({ stack }) => stack.artifactId));
  const retained = removals
    .filter(({ stack }) => removed.has(stack.artifactId))
    .flatMap(({ resources }) => resources.filter(({ isRetained }) => isRetained))
    .map(({ type, physicalId }) => `${physicalId} (${type}): its DeletionPolicy keeps it`);
  const lines = [
    ...retained,
    ...bootstraps.map((place) => `the stack CDKToolkit in ${place}: every app of that account and Region needs it`),
  ];
  const told = [...lines.flatMap((line) => hanging(`  ${line}`, width, 4)), ...logLines(logs, width)];
  return told.length === 0 ? [] : [styled("bold", "What stays"), ...told];
}

function logLines(logs: readonly LogsLeft[], width: number): readonly string[] {
  if (logs.length === 0) return [];
  const whose = logs.length === 1 ? "a function that is" : `${logs.length} functions that are`;
  return [
    ...hanging(`  the logs of ${whose} gone, which are of no stack:`, width, 4),
    // Whole, to be copied.
    ...logs.map(
      ({ stack, logGroupName }) =>
        `    aws logs delete-log-group --region ${stack.region} --log-group-name ${logGroupName}`,
    ),
  ];
}
