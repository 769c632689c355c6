/** The rows of a deployment: what events make of them, and that no line is wider than the terminal. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AppStack, DeployEvent } from "../../deploy/index.ts";
import { afterEvent, barOf, type Canvas, clock, drawRows, type Line, type Rows, rowsOf } from "./stack-rows.ts";

type Named = Pick<AppStack, "artifactId" | "id">;
const stack = (artifactId: string, id: string): Named => ({ artifactId, id });
const network = stack("n", "Global/us-east-1-network");
const workload = stack("w", "Global/us-east-1-workload");

const canvas: Canvas = { width: 100, height: 20, now: 65_000 };
const textOf = (line: Line): string => line.map(({ text }) => text).join("");
const play = (events: readonly DeployEvent[], now = 0): Rows =>
  events.reduce((rows, event) => afterEvent(rows, event, now), rowsOf([network, workload]));
const resource = (status: string, completed: number, reason?: string): DeployEvent => ({
  event: "resource",
  stack: "n",
  time: "2026-01-01T00:00:00.000Z",
  logicalId: "Vpc",
  type: "AWS::EC2::VPC",
  status,
  completed,
  total: 4,
  ...(reason !== undefined && { reason }),
});
const started: DeployEvent = { event: "stack-started", stack: "n", operation: "create", total: 4 };
const draw = (rows: Rows, on: Canvas = canvas): readonly string[] => drawRows(rows, on).map(textOf);

describe("a row", () => {
  test("waits, then says how far it is, where and for how long", () => {
    const [first, second] = draw(play([started, resource("CREATE_IN_PROGRESS", 1)], 5_000));
    expect(first).toMatch(/^\S Global\/us-east-1-network {3}█{5}░{15} {6}1\/4 {2}Vpc {2}1:00$/);
    expect(second).toBe("· Global/us-east-1-workload  waits for its turn");
  });

  test.each<readonly [string, readonly DeployEvent[], RegExp]>([
    [
      "done",
      [started, { event: "stack-ended", stack: "n", outcome: "done" }],
      /^✔ .*█{18} {6}4\/4 {2}created {2}0:00$/,
    ],
    ["without a change", [{ event: "stack-ended", stack: "n", outcome: "unchanged" }], /^✔ .* no change/],
    ["waited for", [{ event: "stack-started", stack: "n", operation: "wait" }], /waited for:/],
    [
      "failed, by the first reason, whatever is taken back after it",
      [started, resource("CREATE_FAILED", 1, "no room"), resource("DELETE_COMPLETE", 0)],
      /^✘ .* 0\/4 {2}Vpc: no room/,
    ],
  ])("is %s", (_name, events, expected) => {
    expect(draw(play(events))[0]).toMatch(expected);
  });

  test("of a stack that is begun again begins again", () => {
    const failed = play([started, resource("CREATE_FAILED", 1, "no room")]);
    expect(draw(afterEvent(failed, started, 60_000))[0]).toMatch(/^[^✘].* 0\/4 +0:05$/);
  });
});

test("what goes on beside the stacks has a line of its own, until a stack begins", () => {
  const doing: DeployEvent = { event: "doing", what: "uploading" };
  expect(draw(play([doing]))).toHaveLength(3);
  expect(draw(play([doing, started]))).toHaveLength(2);
});

test("no line is as wide as the terminal, and no more are drawn than it is high", () => {
  const events: fc.Arbitrary<DeployEvent> = fc.oneof(
    fc.record({ event: fc.constant("doing" as const), what: fc.string({ maxLength: 200 }) }),
    fc.constantFrom(started, { event: "stack-ended" as const, stack: "n", outcome: "done" as const }),
    fc
      .record({ completed: fc.nat(2_000), reason: fc.string({ maxLength: 300 }) })
      .map(({ completed, reason }) => resource("CREATE_FAILED", completed, reason)),
  );
  const sizes = fc.record({ width: fc.integer({ min: 20, max: 240 }), height: fc.integer({ min: 2, max: 12 }) });
  fc.assert(
    fc.property(fc.array(events, { maxLength: 6 }), sizes, fc.integer({ min: 1, max: 30 }), (happened, size, count) => {
      const stacks = Array.from({ length: count }, (_, index) =>
        stack(index === 0 ? "n" : `s${index}`, `A-stack-with-a-rather-long-name/${index}`),
      );
      const rows = happened.reduce((all, event) => afterEvent(all, event, 1_000), rowsOf(stacks));
      const lines = draw(rows, { ...size, now: 4_000_000 });
      for (const line of lines) {
        expect([...line].length).toBeLessThan(size.width);
        expect(line).not.toMatch(/[\n\r\t]/);
      }
      expect(lines.length).toBeLessThanOrEqual(size.height);
    }),
  );
});

test("of many stacks those that fail and work are seen", () => {
  const stacks = Array.from({ length: 40 }, (_, index) => stack(`s${index}`, `Stack${index}`));
  const rows = afterEvent(rowsOf(stacks), { event: "stack-started", stack: "s39", operation: "create" }, 0);
  const lines = draw(rows, { ...canvas, height: 5 });
  expect(lines).toHaveLength(5);
  expect(lines.join("\n")).toContain("Stack39");
  expect(lines.at(-1)).toBe("  … and 36 more");
});

test.each([
  [0, "0:00"],
  [7_900, "0:07"],
  [754_000, "12:34"],
  [3_723_000, "1:02:03"],
])("%i ms are %s", (ms, expected) => {
  expect(clock(ms)).toBe(expected);
});

test.each([
  [0, 0, "░░░░"],
  [1, 2, "██░░"],
  [9, 4, "████"],
])("%i of %i are %s", (completed, total, expected) => {
  expect(barOf(completed, total, 4)).toBe(expected);
});
