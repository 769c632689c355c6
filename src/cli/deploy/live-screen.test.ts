/** Lines that are drawn again and again, as the terminal gets them. */
import { expect, test } from "vitest";
import { liveScreen } from "./live-screen.ts";
import type { Line } from "./stack-rows.ts";

const clearsAtOnce = /(^|A|H)\x1b\[0?J/;

function drawnOn(columns: number) {
  const written: string[] = [];
  const terminal = { columns, rows: 24, write: (text: string) => written.push(text.replace("\x1b[?25l", "")) };
  return { written, terminal, screen: liveScreen(terminal) };
}

const lines = (...texts: readonly string[]): readonly Line[] => texts.map((text) => [{ text }]);

test("a frame is drawn over the one before, line by line: tmux keeps a screen that is cleared from its first line on", () => {
  const { written, screen } = drawnOn(80);
  screen.draw(lines("one", "two"));
  screen.draw(lines("three"));
  screen.print("said");
  screen.draw([]);
  screen.leave();
  expect(written).toEqual([
    "\rone\x1b[K\ntwo\x1b[K\n\x1b[0J",
    "\r\x1b[2Athree\x1b[K\n\x1b[0J",
    "\r\x1b[1Asaid\x1b[K\nthree\x1b[K\n\x1b[0J",
    "\r\x1b[1A\x1b[K\n\x1b[1A",
    "\x1b[?25h",
  ]);
  expect(written.filter((frame) => clearsAtOnce.test(frame))).toEqual([]);
});

test("in a terminal that became narrower it begins at the top", () => {
  const { written, terminal, screen } = drawnOn(80);
  screen.draw(lines("one"));
  terminal.columns = 40;
  screen.draw(lines("one"));
  expect(written.at(-1)).toBe("\x1b[Hone\x1b[K\n\x1b[0J");
});
