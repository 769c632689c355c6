/** Text as a tree of lines: words with their columns, and what is indented below. It knows nothing of networks. */
import type { NetProblem } from "./problem.ts";

export interface Word {
  readonly text: string;
  /** 1 is the first. */
  readonly column: number;
}

export interface Line {
  readonly number: number;
  readonly words: readonly [Word, ...Word[]];
  /** As it was written, without comment and indentation. */
  readonly text: string;
  readonly children: readonly Line[];
}

export interface Lines {
  readonly lines: readonly Line[];
  /** The comment at the head, without its signs. */
  readonly title: string;
  readonly problems: readonly NetProblem[];
}

/** `#` begins a comment where a word could begin. */
export function readLines(text: string): Lines {
  const problems: NetProblem[] = [];
  const roots: Growing[] = [];
  const open: Growing[] = [];
  const title: string[] = [];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    if (roots.length === 0 && written.startsWith("#")) title.push(written.slice(1).trim());
    const content = written.replace(/(^|\s)#.*$/, "").trimEnd();
    const indent = content.search(/\S/);
    if (indent < 0) continue;
    if (content.slice(0, indent).includes("\t")) {
      problems.push({ line: number, column: 1, message: "a tab; indent with spaces", allowed: ["spaces"] });
      continue;
    }
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
    const parent = open.at(-1);
    const siblings = parent?.children ?? roots;
    const expected = siblings[0]?.indent ?? (parent === undefined ? 0 : indent);
    if (expected !== indent) {
      const message = "the indentation is that of no line above";
      problems.push({ line: number, column: indent + 1, message, allowed: [`${expected} spaces`] });
      continue;
    }
    const words = wordsOf(content);
    const [first, ...others] = words;
    if (first === undefined) continue;
    const line: Growing = { number, indent, words: [first, ...others], text: content.trim(), children: [] };
    siblings.push(line);
    open.push(line);
  }
  return { lines: roots, title: title.join("\n"), problems };
}

interface Growing extends Line {
  readonly indent: number;
  readonly children: Growing[];
}

function wordsOf(content: string): readonly Word[] {
  return [...content.matchAll(/\S+/g)].map(({ 0: text, index }) => ({ text, column: index + 1 }));
}
