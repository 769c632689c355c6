/**
 * Groups of logs that functions of removed stacks leave behind: Lambda makes them when a function first runs, so they are of no stack, and no
 * removal takes them.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
import type { Clients } from "./cloud.ts";
import type { Destroyed } from "./destroy.ts";
import { unlessRefused } from "./refusals.ts";
import type { StackRemoval } from "./removal.ts";
import type { Session } from "./session.ts";
import type { AppStack } from "./stacks.ts";

export interface LogsLeft {
  readonly stack: AppStack;
  readonly logGroupName: string;
}

/** None where we may not look. */
export async function logsLeft(
  session: Session,
  removals: readonly StackRemoval[],
  { outcomes }: Destroyed,
): Promise<readonly LogsLeft[]> {
  const removed = new Set(outcomes.filter(({ outcome }) => outcome === "removed").map(({ stack }) => stack.artifactId));
  const gone = removals.filter(({ stack }) => removed.has(stack.artifactId));
  const found = await Promise.all(
    gone.map(async ({ stack, resources }): Promise<readonly LogsLeft[]> => {
      const functions = resources.filter(({ type }) => type === "AWS::Lambda::Function");
      const { logs } = session.clients(stack);
      const there = await Promise.all(functions.map(({ physicalId }) => unlessRefused(groupOf(logs, physicalId), [])));
      return there.flat().map((logGroupName) => ({ stack, logGroupName }));
    }),
  );
  return found.flat();
}

/** The name that Lambda gives it; none when the function wrote elsewhere, or never ran. */
async function groupOf(logs: Clients["logs"], functionName: string): Promise<readonly string[]> {
  const name = `/aws/lambda/${functionName}`;
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: name });
  return logGroups.some(({ logGroupName }) => logGroupName === name) ? [name] : [];
}
