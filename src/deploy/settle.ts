/** Brings stacks into a state that can be deployed: waits for what CloudFormation is at, removes what a failed creation or deletion has left. */
import { setTimeout as sleep } from "node:timers/promises";
import { CannotDeploy } from "./cannot-deploy.ts";
import type { Looked } from "./deployed-stack.ts";
import { lookAt } from "./deployed-stack.ts";
import { deployStep, isInProgress } from "./next-step.ts";
import { throughOutages } from "./outages.ts";
import type { Session } from "./session.ts";
import { firstFailure, readEvents } from "./stack-events.ts";
import type { AppStack, StackKey } from "./stacks.ts";
import { watchStack } from "./watch-stack.ts";

/** Waits for whatever CloudFormation is at in any of the stacks; says how they are then. */
export async function waitForAll(
  session: Session,
  looked: ReadonlyMap<StackKey, Looked>,
): Promise<ReadonlyMap<StackKey, Looked>> {
  const settled = session.selection.stacks.map(async (stack) => {
    const now = looked.get(stack.artifactId) ?? { kind: "absent" };
    return [stack.artifactId, await waited(session, stack, now)] as const;
  });
  return new Map(await Promise.all(settled));
}

async function waited(session: Session, stack: AppStack, looked: Looked): Promise<Looked> {
  if (looked.kind !== "there" || !isInProgress(looked.status)) return looked;
  session.onEvent({ event: "stack-started", stack: stack.artifactId, operation: "wait", ...totalOf(stack) });
  const last = await watch(session, stack, looked.stackId);
  session.onEvent({ event: "stack-ended", stack: stack.artifactId, outcome: "done", ...statusOf(last) });
  return last;
}

/** Removes what is left of stacks that can only be removed, so that they are made anew. */
export async function clearLeftovers(session: Session, looked: ReadonlyMap<StackKey, Looked>): Promise<void> {
  // The toolkit removes what a failed creation has left by itself, but not what a failed deletion has.
  const left = session.selection.stacks.filter(({ artifactId }) => {
    const now = looked.get(artifactId);
    return now?.kind === "there" && deployStep(now) === "clear" && now.status === "DELETE_FAILED";
  });
  for (const stack of left.toReversed()) await clear(session, stack, looked.get(stack.artifactId));
}

async function clear(session: Session, stack: AppStack, looked: Looked | undefined): Promise<void> {
  if (looked?.kind !== "there") return;
  const { onEvent } = session;
  onEvent({ event: "stack-started", stack: stack.artifactId, operation: "delete", ...totalOf(stack) });
  const { cloudFormation } = session.clients(stack);
  await throughOutages(() => cloudFormation.deleteStack({ StackName: looked.stackId }), onEvent);
  await sleep(session.cloud.pollMs);
  const last = await watch(session, stack, looked.stackId);
  onEvent({
    event: "stack-ended",
    stack: stack.artifactId,
    outcome: last.kind === "absent" ? "done" : "failed",
    ...statusOf(last),
  });
  if (last.kind === "absent") return;
  const failure = firstFailure(await readEvents(session.clients(stack), looked.stackId));
  throw new CannotDeploy(
    "LEFTOVER",
    `What is left of ${stack.id} cannot be removed: ${failure === undefined ? "CloudFormation gives no reason" : `${failure.logicalId}: ${failure.reason}`}`,
    "Remove what holds it, or `causeway destroy` it to see what that is; then deploy again.",
  );
}

/** The state of a stack when CloudFormation has ended. */
export function watch(session: Session, stack: AppStack, stackId: string): Promise<Looked> {
  return watchStack(session.clients(stack), {
    stack: stack.artifactId,
    stackId,
    ...totalOf(stack),
    pollMs: session.cloud.pollMs,
    onEvent: session.onEvent,
  });
}

/** How the stack is now, by its name. */
export function lookAgain(session: Session, stack: AppStack): Promise<Looked> {
  return throughOutages(() => lookAt(session.clients(stack), stack.name), session.onEvent);
}

/** The stack itself is one of the resources that are told of. */
export function totalOf({ template }: AppStack): { readonly total: number } {
  return { total: Object.keys(template.Resources ?? {}).length + 1 };
}

function statusOf(looked: Looked): { readonly status?: string } {
  return looked.kind === "there" ? { status: looked.status } : {};
}
