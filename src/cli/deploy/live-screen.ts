/** Some lines at the bottom of a terminal that are drawn again and again, whatever its size becomes meanwhile. */
import { styled } from "../print.ts";
import type { Line } from "./stack-rows.ts";

export interface Terminal {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

export interface LiveScreen {
  draw(lines: readonly Line[]): void;
  /** Prints above the lines, to stay. */
  print(text: string): void;
  /** What was drawn last stays; drawing begins anew below. */
  leave(): void;
}

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const toTop = "\x1b[H";
const clearLine = "\x1b[K";
const clearBelow = "\x1b[0J";
const narrowest = 20;

export function sizeOf({ columns, rows }: Terminal): { readonly width: number; readonly height: number } {
  return { width: Math.max(narrowest, columns ?? 80), height: Math.max(2, (rows ?? 24) - 1) };
}

export function liveScreen(terminal: Terminal): LiveScreen {
  let drawn: readonly Line[] = [];
  let drawnWidth = 0;
  return {
    draw(lines) {
      const { width } = sizeOf(terminal);
      // A terminal that became narrower has broken lines, perhaps before we heard of it: nobody knows into how many.
      const start = width < drawnWidth && drawn.length > 0 ? toTop : back();
      drawnWidth = width;
      terminal.write(`${hideCursor}${start}${over(lines)}`);
      drawn = lines;
    },
    print(text) {
      terminal.write(`${back()}${text.split("\n").map(cleared).join("")}${over(drawn)}`);
    },
    leave() {
      drawn = [];
      terminal.write(showCursor);
    },
  };

  /** In the place of what was drawn. Cleared from the first line on, a screen would go to tmux's history with each frame. */
  function over(lines: readonly Line[]): string {
    if (lines.length > 0) return `${lines.map(textOf).map(cleared).join("")}${clearBelow}`;
    const old = drawn.length;
    return old === 0 ? "" : `${cleared("").repeat(old)}\x1b[${old}A`;
  }

  /** To where the first line begins. */
  function back(): string {
    return drawn.length === 0 ? "\r" : `\r\x1b[${drawn.length}A`;
  }
}

function textOf(line: Line): string {
  return line.map(({ text, colour }) => (colour === undefined ? text : styled(colour, text))).join("");
}

/** Nothing is left behind it of what stood there before. */
function cleared(text: string): string {
  return `${text}${clearLine}\n`;
}
