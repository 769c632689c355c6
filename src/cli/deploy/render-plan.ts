/** What a deployment would do, for people: each stack, each resource, and what takes the place of what. */
import type { AppStack, BootstrapNeed, ResourceChange, StackChanges } from "../../deploy/index.ts";
import { isUnchanged } from "../../deploy/index.ts";
import { styled } from "../print.ts";
import { hanging, type Row, rows } from "../wrapped.ts";

const marks = { add: "+", change: "~", remove: "-", "let-go": "·" } as const;
const colours = { add: "green", change: "yellow", remove: "red", "let-go": "dim" } as const;

export function renderPlan(
  stacks: readonly AppStack[],
  changes: readonly StackChanges[],
  width: number,
): readonly string[] {
  return stacks.flatMap((stack) => {
    const own = changes.find((each) => each.stack === stack.artifactId);
    return own === undefined ? [] : stackLines(stack, own, width);
  });
}

function stackLines(stack: AppStack, changes: StackChanges, width: number): readonly string[] {
  const where = styled("dim", `${stack.account} ${stack.region}`);
  return [
    ...rows([{ start: "", name: styled("bold", stack.id), words: `${where}  ${summary(changes)}` }], width, { by: 2 }),
    ...rows(changes.resources.map(rowOf), width),
    ...changes.others.flatMap((each) => hanging(`  ${styled("yellow", "~")} ${each}`, width, 6)),
  ];
}

/** What is bootstrapped on the way. */
export function bootstrapLines(bootstraps: readonly BootstrapNeed[], width: number): readonly string[] {
  return bootstraps.flatMap(({ account, region, found, needed }) => {
    const what =
      found === undefined ? "is not bootstrapped" : `has bootstrap version ${found}, and ${needed} is needed`;
    const line = `${styled("yellow", "!")} ${account}/${region} ${what}: CDK's stack CDKToolkit is deployed there first`;
    return hanging(line, width, 2);
  });
}

function summary(changes: StackChanges): string {
  if (changes.refused !== undefined) return styled("yellow", "what would change is not known");
  if (isUnchanged(changes)) return "no change";
  const count = (action: ResourceChange["action"]): number =>
    changes.resources.filter((each) => each.action === action).length;
  const replaced = changes.resources.filter(({ replacement }) => replacement === "yes").length;
  const parts = [
    [count("add"), "to add"],
    [count("change") - replaced, "to change"],
    [replaced, "to replace"],
    [count("remove"), "to remove"],
    [count("let-go"), "to let go"],
    [changes.others.length, changes.others.length === 1 ? "other change" : "other changes"],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(", ");
}

function rowOf(change: ResourceChange): Row {
  const { action, replacement, properties, type } = change;
  const isReplaced = replacement === "yes";
  const mark = styled(isReplaced ? "red" : colours[action], isReplaced ? "±" : marks[action]);
  const words = [
    type,
    ...(properties.length > 0 ? [`(${properties.join(", ")})`] : []),
    ...(isReplaced ? [styled("red", "another takes its place")] : []),
    ...(replacement === "maybe" ? [styled("yellow", "perhaps another takes its place")] : []),
    ...(action === "let-go" ? ["stays, and no stack has it any more"] : []),
  ];
  return { start: `  ${mark} `, name: nameOf(change), words: words.join(" ") };
}

function nameOf({ path, logicalId }: ResourceChange): string {
  return path ?? logicalId;
}
