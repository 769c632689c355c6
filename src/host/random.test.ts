import fc from "fast-check";
import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { seededRandom, systemRandom } from "./random.ts";

test("a seed gives the same bytes however they are asked for", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 100 })), (seed, lengths) => {
      const total = lengths.reduce((sum, length) => sum + length, 0);
      const source = seededRandom(seed);
      expect(Buffer.concat(lengths.map((length) => source(length)))).toEqual(Buffer.from(seededRandom(seed)(total)));
    }),
  );
  expect(seededRandom(1)(16)).not.toEqual(seededRandom(2)(16));
});

test("the machine's bytes differ", () => {
  expect(systemRandom(16)).toHaveLength(16);
  expect(Buffer.from(systemRandom(16))).not.toEqual(Buffer.from(systemRandom(16)));
});

test("a timer can be forgotten; others come in order of their delay", async () => {
  const seen: string[] = [];
  systemClock.setTimer(1, () => seen.push("forgotten"))();
  await new Promise<void>((resolve) => {
    // Timers do not keep the process alive; this one does for the test.
    const alive = setInterval(() => undefined, 1000);
    systemClock.setTimer(20, () => {
      seen.push("second");
      clearInterval(alive);
      resolve();
    });
    systemClock.setTimer(5, () => seen.push("first"));
  });
  expect(seen).toEqual(["first", "second"]);
});
