/** How long the provider asks, and what it says when the time is over. */
import { expect, test } from "vitest";
import type { WaitingClock } from "./custom-resource.ts";
import { reasonOf, waitFor } from "./waiting.ts";

/** Sleeping is all that takes time. */
function clockUntil(deadline: number): WaitingClock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    deadline,
    now: () => now,
    async sleep(milliseconds) {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

function refusal(name: string): Error {
  return Object.assign(new Error("You are not authorized to perform this operation."), { name });
}

test("it looks at once, and then less and less often", async () => {
  const clock = clockUntil(900_000);
  let looks = 0;
  const done = await waitFor("It", clock, async () => (++looks === 12 ? { done: "available" } : { still: "pending" }));
  expect(done).toBe("available");
  expect(clock.slept.slice(0, 3)).toEqual([500, 750, 1125]);
  expect(clock.slept.at(-1)).toBe(10_000);
});

test("it ends before the time does, and says what it saw last", async () => {
  const clock = clockUntil(60_000);
  const waiting = waitFor("The attachment", clock, async () => ({ still: "pending" }));
  await expect(waiting).rejects.toThrow(
    /^The attachment: still pending after \d+ seconds; one run of the provider has no more time\.$/,
  );
  expect(clock.now()).toBeLessThanOrEqual(60_000);
});

test.each(["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"])(
  "a new policy's %s passes within minutes",
  async (name) => {
    const clock = clockUntil(900_000);
    let looks = 0;
    const done = waitFor("It", clock, async () => {
      if (++looks < 5) throw refusal(name);
      return { done: looks };
    });
    expect(await done).toBe(5);
  },
);

test("a permission that is still missing then is the reason, in AWS's words", async () => {
  const clock = clockUntil(900_000);
  const error = await waitFor("It", clock, () => Promise.reject(refusal("UnauthorizedOperation"))).catch(
    (thrown: unknown) => thrown,
  );
  expect(reasonOf(error)).toBe("UnauthorizedOperation: You are not authorized to perform this operation.");
  expect(clock.now()).toBeLessThan(150_000);
});

test("any other refusal ends it at once", async () => {
  const clock = clockUntil(900_000);
  await expect(waitFor("It", clock, () => Promise.reject(refusal("InvalidParameterValue")))).rejects.toThrow();
  expect(clock.slept).toEqual([]);
});
