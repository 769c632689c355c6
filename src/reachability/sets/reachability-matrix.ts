/** All pairs of classes on one kind of traffic, and how many pairs of interfaces these are. */
import type { Verdict } from "../explanation.ts";
import { type BitRow, has, transposeSquare } from "./bit-rows.ts";

export interface ReachabilityMatrix {
  readonly size: number;
  /** The rows of all classes, one after the other. */
  readonly words: Int32Array;
  /** Whether members of the one class reach members of the other; of one class, each other. */
  isOpen(from: number, to: number): boolean;
  /** `unreachable` where a class is not there. */
  verdict(from: number | undefined, to: number | undefined): Verdict;
  /** The classes that it reaches. */
  open(from: number): BitRow;
  unknown(from: number): BitRow | undefined;
}

/** Rows of 16 words at a time: as many as one line of the cache holds of a column. */
const tile = 16;

/**
 * Keeps in each row of `forward` what the columns of `backward` have too: 32 by 32 bits at a time. Both hold `size` rows, one after the
 * other.
 */
export function meet(forward: Int32Array, backward: Int32Array, size: number, words: number): void {
  const square = new Int32Array(32);
  for (let firstRowWord = 0; firstRowWord < words; firstRowWord += tile) {
    const lastRowWord = Math.min(words, firstRowWord + tile);
    for (let word = 0; word < words; word += 1)
      for (let rowWord = firstRowWord; rowWord < lastRowWord; rowWord += 1)
        meetSquare(forward, backward, size, words, rowWord, word, square);
  }
}

function meetSquare(
  forward: Int32Array,
  backward: Int32Array,
  size: number,
  words: number,
  rowWord: number,
  word: number,
  square: Int32Array,
): void {
  const rows = Math.min(32, size - rowWord * 32);
  const first = rowWord * 32 * words + word;
  if (!hasBits(forward, first, rows, words)) return;
  const columns = Math.min(32, size - word * 32);
  square.fill(0);
  for (let column = 0, at = word * 32 * words + rowWord; column < columns; column += 1, at += words)
    square[column] = backward[at] ?? 0;
  transposeSquare(square);
  for (let row = 0, at = first; row < rows; row += 1, at += words)
    forward[at] = (forward[at] ?? 0) & (square[row] ?? 0);
}

function hasBits(words: Int32Array, first: number, rows: number, step: number): boolean {
  for (let row = 0, at = first; row < rows; row += 1, at += step) if (words[at] !== 0) return true;
  return false;
}

/** The sum of w(i) w(j) over all bits: by tables of what each byte of a row weighs. */
export function weigh(rows: Int32Array, weights: readonly number[], words: number): number {
  const tables = new Float64Array(words * 4 * 256);
  for (let byte = 0; byte < words * 4; byte += 1) {
    for (let bits = 1; bits < 256; bits += 1) {
      const low = 31 - Math.clz32(bits & -bits);
      tables[byte * 256 + bits] = (tables[byte * 256 + (bits & (bits - 1))] ?? 0) + (weights[byte * 8 + low] ?? 0);
    }
  }
  let sum = 0;
  for (const [row, weight] of weights.entries()) {
    let inRow = 0;
    for (let word = 0, at = row * words, base = 0; word < words; word += 1, at += 1, base += 1024) {
      const bits = rows[at] ?? 0;
      if (bits === 0) continue;
      inRow +=
        (tables[base + (bits & 255)] ?? 0) +
        (tables[base + 256 + ((bits >>> 8) & 255)] ?? 0) +
        (tables[base + 512 + ((bits >>> 16) & 255)] ?? 0) +
        (tables[base + 768 + (bits >>> 24)] ?? 0);
    }
    sum += inRow * weight;
  }
  return sum;
}

export function matrixOf(
  rows: Int32Array,
  unknowns: ReadonlyMap<number, BitRow>,
  size: number,
  words: number,
): ReachabilityMatrix {
  const isOpen = (from: number, to: number) => (((rows[from * words + (to >> 5)] ?? 0) >>> (to & 31)) & 1) === 1;
  return {
    size,
    words: rows,
    isOpen,
    verdict: (from, to) => {
      if (from === undefined || to === undefined) return "unreachable";
      if (isOpen(from, to)) return "reachable";
      const row = unknowns.get(from);
      return row !== undefined && has(row, to) ? "unknown" : "unreachable";
    },
    open: (from) => rows.subarray(from * words, (from + 1) * words),
    unknown: (from) => unknowns.get(from),
  };
}
