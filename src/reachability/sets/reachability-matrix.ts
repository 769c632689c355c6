/** All pairs of classes on one kind of traffic, and how many pairs of interfaces these are. */
import { type BitRow, has, transposeSquare } from "./bit-rows.ts";

export interface ReachabilityMatrix {
  readonly size: number;
  /** Whether members of the one class reach members of the other; of one class, each other. */
  isOpen(from: number, to: number): boolean;
  isUnknown(from: number, to: number): boolean;
  /** The classes that it reaches. */
  open(from: number): BitRow;
  unknown(from: number): BitRow | undefined;
}

/** Keeps in each row of `forward` what the columns of `backward` have too: 32 by 32 bits at a time. Both hold `size` rows, one after the other. */
export function meet(forward: Int32Array, backward: Int32Array, size: number, words: number): void {
  const square = new Int32Array(32);
  for (let rowWord = 0; rowWord < words; rowWord += 1) {
    const firstRow = rowWord * 32;
    const rows = Math.min(32, size - firstRow);
    for (let word = 0; word < words; word += 1) {
      const firstColumn = word * 32;
      const columns = Math.min(32, size - firstColumn);
      let any = 0;
      for (let row = 0, at = firstRow * words + word; row < rows; row += 1, at += words) any |= forward[at] ?? 0;
      if (any === 0) continue;
      let all = -1;
      any = 0;
      square.fill(0);
      for (let column = 0, at = firstColumn * words + rowWord; column < columns; column += 1, at += words) {
        const bits = backward[at] ?? 0;
        square[column] = bits;
        all &= bits;
        any |= bits;
      }
      if (all === -1 && columns === 32) continue;
      if (any !== 0) transposeSquare(square);
      for (let row = 0, at = firstRow * words + word; row < rows; row += 1, at += words) {
        forward[at] = (forward[at] ?? 0) & (square[row] ?? 0);
      }
    }
  }
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
  return {
    size,
    isOpen: (from, to) => (((rows[from * words + (to >> 5)] ?? 0) >>> (to & 31)) & 1) === 1,
    isUnknown: (from, to) => {
      const row = unknowns.get(from);
      return row !== undefined && has(row, to);
    },
    open: (from) => rows.subarray(from * words, (from + 1) * words),
    unknown: (from) => unknowns.get(from),
  };
}
