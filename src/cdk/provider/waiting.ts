/** Asking again until AWS is there, within the time that one run of the function has. */
import { NotMeant, Refusal, type WaitingClock } from "./custom-resource.ts";

/** What a look at AWS gave: what was waited for, or the state that things are in still. */
export type Look<T> = { readonly done: T } | { readonly still: string };

const first = 500;
const longest = 10_000;
/** AWS shows what another Region or account made within seconds; a policy that was attached a moment ago counts as late. */
export const settlingMs = 120_000;

/** Looks until it is done. What never comes is told with the state that it was last seen in. */
export async function waitFor<T>(what: string, clock: WaitingClock, look: () => Promise<Look<T>>): Promise<T> {
  const start = clock.now();
  for (let pause = first; ; pause = Math.min(pause * 1.5, longest)) {
    const seen = await allowed(clock, start, look);
    if ("done" in seen) return seen.done;
    if (clock.now() + pause > clock.deadline) {
      const seconds = Math.round((clock.now() - start) / 1000);
      throw new Refusal(
        `${what}: still ${seen.still} after ${seconds} seconds; one run of the provider has no more time.`,
      );
    }
    await clock.sleep(pause);
  }
}

/** A permission that is missing right after the policy was attached may still take effect. */
async function allowed<T>(clock: WaitingClock, start: number, look: () => Promise<Look<T>>): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    if (!isRefusedBy(error, ...notAllowed) || clock.now() - start > settlingMs) throw error;
    return { still: "not permitted" };
  }
}

const notAllowed = ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"];

/** AWS's error codes are the names of the SDK's errors. */
export function isRefusedBy(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

/** What AWS said, in its words and with its code. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}

/** Finds what is to be ended. Of what the properties do not describe nothing is ended: to us it is not there. */
export async function unlessNotMeant<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof NotMeant) return undefined;
    throw error;
  }
}
