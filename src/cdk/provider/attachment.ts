/**
 * The life of a transit gateway attachment that somebody else asked for: accepted, waited for, and ended. The same for VPCs and for
 * peerings, which have the same states. [TG-10, TG-61]
 */
import type { TransitGatewayAttachmentState } from "@aws-sdk/client-ec2";
import { Refusal, type WaitingClock } from "./custom-resource.ts";
import { isRefusedBy, type Look, settlingMs, unlessNotMeant, waitFor } from "./waiting.ts";

export interface Attachment {
  /** That of this side: in one Region each side of a peering has its own. [TG-62] */
  readonly id: string;
  readonly state: TransitGatewayAttachmentState | undefined;
  /** What AWS says about the state. */
  readonly message?: string | undefined;
}

export interface AttachmentCalls {
  /** What the stack's events call it. */
  readonly name: string;
  /** undefined while this account and Region do not show it, or no more. Refuses one that is not what the properties say. */
  find(): Promise<Attachment | undefined>;
  accept(id: string): Promise<unknown>;
  reject(id: string): Promise<unknown>;
  end(id: string): Promise<unknown>;
}

/** Until it is available. Without `accepts` somebody else has to accept it. */
export async function available(calls: AttachmentCalls, accepts: boolean, clock: WaitingClock): Promise<Attachment> {
  const start = clock.now();
  return waitFor(calls.name, clock, async (): Promise<Look<Attachment>> => {
    const found = await calls.find();
    if (found === undefined) {
      if (clock.now() - start > settlingMs) throw new Refusal(`${calls.name} was not found.`);
      return { still: "not visible" };
    }
    const { id, state = "unknown", message } = found;
    if (state === "available") return { done: found };
    if (ending(state)) throw new Refusal(`${calls.name} is ${state}${message === undefined ? "" : `: ${message}`}`);
    if (state === "pendingAcceptance" && accepts) await unlessMoved(() => calls.accept(id));
    return { still: state };
  });
}

/** Until it is gone. An offer is rejected, what is in use is deleted, what is on its way is waited for. */
export async function ended(calls: AttachmentCalls, clock: WaitingClock): Promise<void> {
  await waitFor(calls.name, clock, async (): Promise<Look<true>> => {
    const found = await unlessNotMeant(calls.find);
    if (found === undefined || hasEnded(found.state)) return { done: true };
    const { id, state = "unknown" } = found;
    if (state === "pendingAcceptance") await unlessMoved(() => calls.reject(id));
    if (state === "available") await unlessMoved(() => calls.end(id));
    return { still: state };
  });
}

/** Its state may change between the look and the call; then the next look tells. */
async function unlessMoved(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isRefusedBy(error, "IncorrectState", "InvalidTransitGatewayAttachmentID.NotFound")) throw error;
  }
}

export function hasEnded(state: TransitGatewayAttachmentState | undefined): boolean {
  return state === "deleted" || state === "failed" || state === "rejected";
}

function ending(state: string): boolean {
  return ["deleted", "deleting", "failed", "failing", "rejected", "rejecting"].includes(state);
}
