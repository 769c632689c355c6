/** What people see: colours only on a terminal, one place for lists and for JSON. */
import { styleText } from "node:util";

type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

const colours = process.stdout.isTTY && process.env.NO_COLOR === undefined && process.env.TERM !== "dumb";

export function styled(style: Style, text: string): string {
  return colours ? styleText(style, text) : text;
}

/** Columns to fold text into; a file or a pipe has no end, so that lines stay whole for who searches in them. */
export function columns(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY;
}

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** `label   value` lines with the labels padded to one width. */
export function printPairs(pairs: readonly (readonly [label: string, value: string])[]): void {
  const width = Math.max(...pairs.map(([label]) => label.length));
  for (const [label, value] of pairs) print(`  ${styled("dim", label.padEnd(width))}  ${value}`);
}

export interface Progress {
  done(text: string): void;
  fail(text: string): void;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** A line that lives while work goes on, with a text that may; on a pipe it is printed once, so that logs stay readable. */
export function progress(text: string | (() => string)): Progress {
  const current = typeof text === "string" ? () => text : text;
  if (!process.stderr.isTTY) {
    process.stderr.write(`${current()} …\n`);
    return { done: () => {}, fail: () => {} };
  }
  let frame = 0;
  const draw = (): void => {
    process.stderr.write(`\r\x1b[2K${frames[frame++ % frames.length]} ${current()} …`);
  };
  draw();
  const timer = setInterval(draw, 100);
  const end = (mark: string, last: string): void => {
    clearInterval(timer);
    process.stderr.write(`\r\x1b[2K${mark} ${last}\n`);
  };
  return { done: (last) => end(styled("green", "✔"), last), fail: (last) => end(styled("red", "✘"), last) };
}
