/** A cloud that goes away in the middle is waited for, for a while: CloudFormation goes on by itself, or when it is back. */
import { setTimeout as sleep } from "node:timers/promises";
import { CannotDeploy } from "./cannot-deploy.ts";
import { isUnreachable } from "./cloud.ts";
import type { OnEvent } from "./events.ts";

const patienceMs = 60_000;
const betweenMs = 1_500;

/** The call's result, as soon as somebody answers. Throws `CannotDeploy` when nobody does for a minute. */
export async function throughOutages<T>(call: () => Promise<T>, onEvent: OnEvent): Promise<T> {
  // By the clock: each call tries several times by itself, for longer the longer nobody answers.
  const end = Date.now() + patienceMs;
  let isTold = false;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (Date.now() > end) throw gone(error);
      if (!isTold) onEvent({ event: "doing", what: "the cloud does not answer; trying again" });
      isTold = true;
      await sleep(betweenMs);
    }
  }
}

function gone(cause: unknown): CannotDeploy {
  const why = cause instanceof Error && cause.message !== "" ? cause.message : "connection refused";
  return new CannotDeploy(
    "CLOUD_GONE",
    `The cloud has not answered for a minute: ${why}.`,
    "What CloudFormation has begun is not lost. When the cloud is back, the same command goes on from there.",
    cause,
  );
}
