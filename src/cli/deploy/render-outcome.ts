/** How a deployment ended, and for what failed: the first resource, why, what was taken back, what to do next. */
import type { AppStack, Deployed, StackOutcome } from "../../deploy/index.ts";
import { styled } from "../print.ts";
import { hanging, indented } from "../wrapped.ts";

export function renderOutcome(deployed: Deployed, width: number): readonly string[] {
  const { outcomes } = deployed;
  const failed = outcomes.filter(({ outcome }) => outcome === "failed");
  const notBegun = outcomes.filter(({ outcome }) => outcome === "not-begun").map(({ stack }) => stack.id);
  return [
    ...failed.flatMap((each) => failureLines(each, width)),
    ...outcomes.filter(({ outcome }) => outcome === "unknown").flatMap((each) => unknownLines(each, width)),
    ...problemLines(deployed, width),
    ...(notBegun.length === 0 ? [] : [`${styled("dim", "Not begun:")} ${notBegun.join(", ")}`]),
  ];
}

function failureLines({ stack, looked, failure }: StackOutcome, width: number): readonly string[] {
  const status = looked.kind === "there" ? looked.status : "gone";
  const first =
    failure === undefined
      ? [`  CloudFormation says: ${looked.kind === "there" ? (looked.reason ?? "nothing") : "nothing"}`]
      : [`  ${failure.logicalId} (${failure.type}) ${failure.status}`, `  ${failure.reason}`];
  return [
    `${styled("red", "✘")} ${styled("bold", stack.id)} failed`,
    ...first.flatMap((line) => hanging(line, width, 4)),
    ...hanging(`  ${styled("dim", "Now:")} ${afterwards(status)}`, width, 4),
    ...hanging(`  ${styled("dim", "Next:")} ${nextWords(stack, status)}`, width, 4),
  ];
}

function afterwards(status: string): string {
  switch (status) {
    case "ROLLBACK_COMPLETE":
      return "all that was made of it is taken back (ROLLBACK_COMPLETE)";
    case "UPDATE_ROLLBACK_COMPLETE":
      return "it is as it was before (UPDATE_ROLLBACK_COMPLETE)";
    case "UPDATE_ROLLBACK_FAILED":
      return "it could not be brought back to what it was (UPDATE_ROLLBACK_FAILED)";
    case "ROLLBACK_FAILED":
      return "some of it could not be taken back (ROLLBACK_FAILED)";
    default:
      return status;
  }
}

function nextWords({ name, region }: AppStack, status: string): string {
  const events = `\`aws cloudformation describe-stack-events --stack-name ${name} --region ${region}\``;
  const again = "mend it in the app and deploy again: this stack is then ";
  switch (status) {
    case "ROLLBACK_COMPLETE":
    case "ROLLBACK_FAILED":
      return `${again}made anew. All its events: ${events}`;
    case "UPDATE_ROLLBACK_FAILED":
      return `${again}rolled back first. All its events: ${events}`;
    default:
      return `${again}updated. All its events: ${events}`;
  }
}

/** CloudFormation works on it, or has ended, where we may not look any more. */
export function unknownLines(
  { stack, looked }: Pick<StackOutcome, "stack" | "looked">,
  width: number,
): readonly string[] {
  const reason = looked.kind === "unknown" ? looked.reason : "";
  const goesOn = "CloudFormation goes on by itself with what it has begun; the same command again goes on from there.";
  return [
    `${styled("yellow", "?")} ${styled("bold", stack.id)}: how it is now cannot be told`,
    ...indented(reason, width, 2),
    ...indented(goesOn, width, 2),
  ];
}

/** What the toolkit failed with, unless a stack of which nothing is known says it already; and what to do. */
export function problemLines({ outcomes, problem, next }: Ending, width: number): readonly string[] {
  if (problem === undefined || outcomes.some(({ outcome }) => outcome === "failed")) return [];
  const isTold = outcomes.some(({ outcome }) => outcome === "unknown");
  const words = next ?? "Mend that, then the same command again.";
  return [
    ...(isTold ? [] : hanging(`${styled("red", "✘")} ${problem}`, width, 2)),
    ...hanging(`  ${styled("dim", "Next:")} ${words}`, width, 4),
  ];
}

/** Of a deployment or a removal. */
interface Ending {
  readonly outcomes: readonly { readonly outcome: string }[];
  readonly problem?: string;
  readonly next?: string;
}
