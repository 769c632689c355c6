/** Follows a stack on which CloudFormation works already, until it has ended. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Clients } from "./cloud.ts";
import { type Looked, lookAt } from "./deployed-stack.ts";
import type { OnEvent } from "./events.ts";
import { isInProgress } from "./next-step.ts";
import { throughOutages } from "./outages.ts";
import { unlessRefused } from "./refusals.ts";
import { readEvents } from "./stack-events.ts";
import type { StackKey } from "./stacks.ts";
import { resourceEvent } from "./toolkit-voice.ts";

export interface WatchOptions {
  readonly stack: StackKey;
  readonly stackId: string;
  /** Resources that it has, as far as is known. */
  readonly total: number | undefined;
  readonly pollMs: number;
  readonly onEvent: OnEvent;
}

/** The state at the end. */
export async function watchStack(clients: Clients, options: WatchOptions): Promise<Looked> {
  const { stack, stackId, total, pollMs, onEvent } = options;
  const seen = new Set<string>();
  const complete = new Set<string>();
  for (;;) {
    const looked = await throughOutages(() => lookAt(clients, stackId), onEvent);
    if (looked.kind === "unknown") return looked;
    const events = await unlessRefused(
      throughOutages(() => readEvents(clients, stackId), onEvent),
      [],
    );
    for (const event of events) {
      if (seen.has(event.EventId ?? "")) continue;
      seen.add(event.EventId ?? "");
      const { LogicalResourceId = "", ResourceStatus = "" } = event;
      if (ResourceStatus.endsWith("_COMPLETE") && !ResourceStatus.includes("ROLLBACK")) complete.add(LogicalResourceId);
      else complete.delete(LogicalResourceId);
      onEvent(resourceEvent(stack, event, { completed: complete.size, total }));
    }
    if (looked.kind !== "there" || !isInProgress(looked.status)) return looked;
    await sleep(pollMs);
  }
}
