/** Follows a thing through its states, as a person would who repeats a describe call: what passes between two looks is not seen. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Watch {
  /** The state that the thing began in. */
  readonly first: string;
  readonly read: () => Promise<string>;
  /** Ends the watch; so does a state that nothing leaves by itself. */
  readonly last: string;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks, and how many there are at most: AWS is never longer than half an hour. */
const pauseMs = 200;
const looks = 9_000;
const dead: ReadonlySet<string> = new Set(["failed", "rejected", "deleted"]);

/** The states seen, the first one included. Calls back with each, and the milliseconds since the first. */
export async function watchStates(
  { first, read, last, signal }: Watch,
  onState?: (state: string, elapsedMs: number) => void,
): Promise<readonly string[]> {
  const began = performance.now();
  const seen = [first];
  let state = first;
  onState?.(first, 0);
  for (let look = 0; look < looks && state !== last && !dead.has(state); look += 1) {
    if (look > 0) await sleep(pauseMs, undefined, { signal });
    const now = await read();
    if (now === state) continue;
    state = now;
    seen.push(state);
    onState?.(state, performance.now() - began);
  }
  return seen;
}
