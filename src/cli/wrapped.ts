/** Text for a terminal of some width: nothing is cut off, and no word is broken. Colours take no room. */
import { stripVTControlCharacters } from "node:util";

/** Lines of at most `width` columns, broken between words. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A row of a list: `head` and `tail` on one line where they fit, else the tail below, moved in by `by` columns. */
export function folded(head: string, tail: string, { width, by }: { readonly width: number; readonly by: number }) {
  if (columnsOf(head) + columnsOf(tail) <= width) return [head + tail];
  return [head.trimEnd(), ...indented(tail.trimStart(), width, by)];
}

/** Lines of which each is moved in by `by` columns. */
export function indented(text: string, width: number, by: number): readonly string[] {
  return wrapped(text, width - by).map((line) => " ".repeat(by) + line);
}

/** A line that keeps the spaces that it begins with; what does not fit on it follows below, moved in by `by` columns. */
export function hanging(text: string, width: number, by: number): readonly string[] {
  if (columnsOf(text) <= width) return [text];
  const body = text.trimStart();
  const start = text.slice(0, text.length - body.length);
  const [first = "", ...rest] = wrapped(body, width - Math.max(start.length, by));
  return [start + first, ...rest.map((line) => " ".repeat(by) + line)];
}

function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
