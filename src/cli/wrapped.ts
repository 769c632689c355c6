/** Text for a terminal of some width: nothing is cut off, and no word is broken. Colours take no room. */
import { stripVTControlCharacters } from "node:util";

/** Between spaces; a command in backticks is one word, so that it can be copied. */
const wordPattern = /(?:`[^`]*`|[^ `]|`)+/g;

/** Lines of at most `width` columns, broken between words. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(wordPattern) ?? []) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
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

export interface Row {
  /** Stands before the name: an indent, a mark. */
  readonly start: string;
  readonly name: string;
  readonly words: string;
}

/**
 * Two columns where all rows have room for them, but for names that are longer than `widest`. Else each row on one line where it fits, and on two or
 * more where it does not, what follows moved in by `by` columns.
 */
export function rows(all: readonly Row[], width: number, { by = 6, widest = 48 } = {}): readonly string[] {
  const names = Math.min(widest, Math.max(0, ...all.map(({ name }) => columnsOf(name))));
  const inColumns = all.map(({ start, name, words }) => `${start}${padded(name, names)}  ${words}`);
  if (inColumns.every((line) => columnsOf(line) <= width)) return inColumns;
  return all.flatMap(({ start, name, words }) => {
    const line = `${start}${name}  ${words}`;
    if (columnsOf(line) <= width) return [line];
    return [...path(start, name, width, by), ...indented(words, width, by)];
  });
}

/** A name that is too long is broken after a slash. */
function path(start: string, name: string, width: number, by: number): readonly string[] {
  const room = width - columnsOf(start);
  const at = columnsOf(name) <= room ? -1 : name.lastIndexOf("/", room - 1);
  if (at < 0) return [start + name];
  return [start + name.slice(0, at + 1), ...path(" ".repeat(by), name.slice(at + 1), width, by)];
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}

function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
