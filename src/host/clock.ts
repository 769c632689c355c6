/** Time of the machine. Everything else is handed a clock, so that a test can replace it. */

export interface SystemClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `action` once after `delayMs`; the returned function forgets it. A timer does not keep the process alive. */
  setTimer(delayMs: number, action: () => void): () => void;
}

export const systemClock: SystemClock = {
  now: () => Date.now(),
  setTimer(delayMs, action) {
    let timer: NodeJS.Timeout;
    let rest = Math.max(delayMs, 0);
    const arm = () => {
      const step = Math.min(rest, longestTimer);
      rest -= step;
      timer = setTimeout(rest > 0 ? arm : action, step);
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** `setTimeout` fires at once when asked for more. */
const longestTimer = 2 ** 31 - 1;
