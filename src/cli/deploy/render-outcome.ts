/** How a deployment ended, and for what failed: the first resource, why, what was taken back, what to do next. */
import type { AppStack, Deployed, StackOutcome } from "../../deploy/index.ts";
import { styled } from "../print.ts";

export function renderOutcome({ outcomes, problem }: Deployed): readonly string[] {
  const failed = outcomes.filter(({ outcome }) => outcome === "failed");
  const notBegun = outcomes.filter(({ outcome }) => outcome === "not-begun").map(({ stack }) => stack.id);
  return [
    ...failed.flatMap(failureLines),
    ...(problem !== undefined && failed.length === 0 ? problemLines(problem) : []),
    ...(notBegun.length === 0 ? [] : [`${styled("dim", "Not begun:")} ${notBegun.join(", ")}`]),
  ];
}

function failureLines({ stack, looked, failure }: StackOutcome): readonly string[] {
  const status = looked.kind === "there" ? looked.status : "gone";
  const first =
    failure === undefined
      ? [`  CloudFormation says: ${looked.kind === "there" ? (looked.reason ?? "nothing") : "nothing"}`]
      : [`  ${failure.logicalId} (${failure.type}) ${failure.status}`, `  ${failure.reason}`];
  return [
    `${styled("red", "✘")} ${styled("bold", stack.id)} failed`,
    ...first,
    `  ${styled("dim", "Now:")} ${afterwards(status)}`,
    `  ${styled("dim", "Next:")} ${nextWords(stack, status)}`,
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
  const events = `aws cloudformation describe-stack-events --stack-name ${name} --region ${region}`;
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

const ansi = /\x1b\[[0-9;]*m/g;

function problemLines(problem: string): readonly string[] {
  return [`${styled("red", "✘")} ${problem.replace(ansi, "").trim()}`];
}
