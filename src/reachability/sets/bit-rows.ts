/** Sets of column numbers as rows of bits, 32 to a word: the arithmetic that the reachability sets are made of. */

/** Bit `n` is bit `n & 31` of word `n >> 5`. Bits behind the last column are always 0. */
export type BitRow = Int32Array;

export function wordsFor(columns: number): number {
  return (columns + 31) >> 5;
}

export function emptyRow(columns: number): BitRow {
  return new Int32Array(wordsFor(columns));
}

export function fullRow(columns: number): BitRow {
  const row = emptyRow(columns);
  fill(row, 0, columns);
  return row;
}

export function has(row: BitRow, column: number): boolean {
  return (((row[column >> 5] ?? 0) >>> (column & 31)) & 1) === 1;
}

export function add(row: BitRow, column: number): void {
  row[column >> 5] = (row[column >> 5] ?? 0) | (1 << (column & 31));
}

export function remove(row: BitRow, column: number): void {
  row[column >> 5] = (row[column >> 5] ?? 0) & ~(1 << (column & 31));
}

/** Adds the columns `from` up to, but not with, `to`. */
export function fill(row: BitRow, from: number, to: number): void {
  eachWord(from, to, (word, mask) => {
    row[word] = (row[word] ?? 0) | mask;
  });
}

/** Takes the columns `from` up to, but not with, `to` away. */
export function clear(row: BitRow, from: number, to: number): void {
  eachWord(from, to, (word, mask) => {
    row[word] = (row[word] ?? 0) & ~mask;
  });
}

/** Adds what the other row has between `from` and `to`. */
export function addRange(row: BitRow, other: BitRow, from: number, to: number): void {
  if (from >= to) return;
  const first = from >> 5;
  const last = (to - 1) >> 5;
  const firstMask = -1 << (from & 31);
  const lastMask = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    row[first] = (row[first] ?? 0) | ((other[first] ?? 0) & firstMask & lastMask);
    return;
  }
  row[first] = (row[first] ?? 0) | ((other[first] ?? 0) & firstMask);
  for (let word = first + 1; word < last; word += 1) row[word] = (row[word] ?? 0) | (other[word] ?? 0);
  row[last] = (row[last] ?? 0) | ((other[last] ?? 0) & lastMask);
}

export function unite(row: BitRow, other: BitRow): void {
  for (let word = 0; word < row.length; word += 1) row[word] = (row[word] ?? 0) | (other[word] ?? 0);
}

export function intersect(row: BitRow, other: BitRow): void {
  for (let word = 0; word < row.length; word += 1) row[word] = (row[word] ?? 0) & (other[word] ?? 0);
}

/** Takes the other row's columns away. */
export function subtract(row: BitRow, other: BitRow): void {
  for (let word = 0; word < row.length; word += 1) row[word] = (row[word] ?? 0) & ~(other[word] ?? 0);
}

export function isEmpty(row: BitRow): boolean {
  for (let word = 0; word < row.length; word += 1) if (row[word] !== 0) return false;
  return true;
}

/** Calls with every column of the row, in order. */
export function eachColumn(row: BitRow, visit: (column: number) => void): void {
  for (let word = 0; word < row.length; word += 1) {
    let bits = row[word] ?? 0;
    while (bits !== 0) {
      const low = bits & -bits;
      visit(word * 32 + 31 - Math.clz32(low));
      bits ^= low;
    }
  }
}

function eachWord(from: number, to: number, visit: (word: number, mask: number) => void): void {
  if (from >= to) return;
  const first = from >> 5;
  const last = (to - 1) >> 5;
  const firstMask = -1 << (from & 31);
  const lastMask = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    visit(first, firstMask & lastMask);
    return;
  }
  visit(first, firstMask);
  for (let word = first + 1; word < last; word += 1) visit(word, -1);
  visit(last, lastMask);
}

/**
 * Turns a square of 32 rows by 32 columns around its diagonal, in place: bit c of word r becomes bit r of word c. (Warren, Hacker's
 * Delight, 7-3, for bits counted from the low end.)
 */
export function transposeSquare(words: Int32Array): void {
  let mask = 0x0000ffff;
  for (let step = 16; step !== 0; step >>= 1, mask ^= mask << step) {
    for (let at = 0; at < 32; at = (at + step + 1) & ~step) {
      const low = words[at] ?? 0;
      const high = words[at + step] ?? 0;
      const swapped = ((low >>> step) ^ high) & mask;
      words[at + step] = high ^ swapped;
      words[at] = low ^ (swapped << step);
    }
  }
}
