/** Tries again what AWS refuses only for the moment: throttling, and faults of its own. Each wait is twice as long, and of random length. */
import { errorCode } from "./read-api.ts";

export interface Waiting {
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

const attempts = 8;
const firstWaitMs = 500;
const longestWaitMs = 20_000;

/** The result of the first attempt that is not refused for the moment. Throws the last refusal when patience has run out. */
export async function patiently<T>(
  attempt: () => Promise<T>,
  { sleep, random }: Waiting,
  onWait: (ms: number, code: string) => void,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === attempts || !isPassing(error)) throw error;
      const longest = Math.min(firstWaitMs * 2 ** (tried - 1), longestWaitMs);
      // At least half of it: many clients that were throttled together shall not come back together.
      const ms = Math.round(longest * (0.5 + random() / 2));
      onWait(ms, errorCode(error));
      await sleep(ms);
    }
  }
}

const passing: ReadonlySet<string> = new Set([
  "RequestLimitExceeded",
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "EC2ThrottledException",
  "SlowDown",
  "InternalError",
  "InternalFailure",
  "Unavailable",
  "ServiceUnavailable",
  "TimeoutError",
]);

const passingConnection: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"]);

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (passing.has(error.name) || ("code" in error && passingConnection.has(error.code))) return true;
  return httpStatus(error) >= 500;
}

/** The SDK puts it there; 0 where no answer came. */
function httpStatus(error: Error): number {
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : 0;
  return typeof status === "number" ? status : 0;
}
