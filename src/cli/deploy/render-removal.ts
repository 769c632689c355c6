/** What a removal takes away, how it ended, and what stays and why, for people. */
import type { Destroyed, RemovalOutcome, StackRemoval } from "../../deploy/index.ts";
import { styled } from "../print.ts";

export function renderRemovals(removals: readonly StackRemoval[]): readonly string[] {
  return removals.flatMap((removal) => {
    const { stack, looked, resources, exportsInUse } = removal;
    const where = styled("dim", `${stack.account} ${stack.region}`);
    if (looked.kind === "absent") return [`${styled("bold", stack.id)}  ${where}  is not there`];
    if (looked.kind === "unknown") return [`${styled("bold", stack.id)}  ${where}  ${styled("yellow", looked.reason)}`];
    const width = Math.max(0, ...resources.map(({ logicalId }) => Math.min(48, logicalId.length)));
    return [
      `${styled("bold", stack.id)}  ${where}  ${looked.status}, ${resources.length} resources`,
      ...resources.map(({ logicalId, type, physicalId, isRetained }) => {
        const mark = isRetained ? styled("dim", "·") : styled("red", "-");
        return `  ${mark} ${logicalId.padEnd(width)}  ${type} ${styled("dim", physicalId)}${isRetained ? " stays, by its DeletionPolicy" : ""}`;
      }),
      ...exportsInUse.map(({ name, by }) => `  ${styled("yellow", "!")} ${by.join(", ")} imports its ${name}`),
    ];
  });
}

/** Why it cannot begin; undefined when it can. */
export function whyNotRemovable(
  removals: readonly StackRemoval[],
): { readonly message: string; readonly hint: string } | undefined {
  const locked = removals.filter(({ looked }) => looked.kind === "there" && looked.terminationProtection);
  if (locked.length > 0) {
    return {
      message: `Termination protection is on for ${locked.map(({ stack }) => stack.id).join(", ")}.`,
      hint: `Take it off: ${locked
        .map(
          ({ stack }) =>
            `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name} --region ${stack.region}`,
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

export function renderDestroyed({ outcomes, problem }: Destroyed): readonly string[] {
  const failed = outcomes.filter(({ outcome }) => outcome === "failed");
  const left = outcomes.filter(({ outcome }) => outcome === "not-begun").map(({ stack }) => stack.id);
  return [
    ...failed.flatMap(failedLines),
    ...(problem !== undefined && failed.length === 0 ? [`${styled("red", "✘")} ${problem}`] : []),
    ...(left.length === 0 ? [] : [`${styled("dim", "Still there:")} ${left.join(", ")}`]),
  ];
}

function failedLines({ stack, failures, blockers }: RemovalOutcome): readonly string[] {
  return [
    `${styled("red", "✘")} ${styled("bold", stack.id)} could not be removed`,
    ...failures.flatMap(({ logicalId, type, physicalId, reason }) => [
      `  ${logicalId} (${type}${physicalId === undefined ? "" : ` ${physicalId}`})`,
      `    ${reason}`,
      ...blockers
        .filter(({ holds }) => holds === physicalId)
        .map(({ id, what, madeBy }) => `    ${styled("yellow", "held by")} ${id}, a ${what}, made by ${madeBy}`),
    ]),
    `  ${styled("dim", "Next:")} remove what holds it, then the same command again.`,
  ];
}

/** What a removal leaves, and why. */
export function renderRemains(
  removals: readonly StackRemoval[],
  { outcomes }: Destroyed,
  bootstraps: readonly string[],
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
  return lines.length === 0 ? [] : [styled("bold", "What stays"), ...lines.map((line) => `  ${line}`)];
}
