/**
 * Addresses in order, cut where any rule, route or block of the model begins or ends: between two cuts nothing that judges by address can
 * tell one address from another. Columns sorted by their addresses make of every block one range of columns.
 */
import { type CidrBlock, firstAddress, lastAddress } from "../../ip/index.ts";

/** An address as its number, IPv4's or IPv6's; never mixed. */
export type AddressNumber = number | bigint;

/** The first number at which each part begins, ascending. */
export type Cuts = readonly AddressNumber[];

/** Where a block begins, and the first number behind it. */
export function boundsOf(block: CidrBlock): readonly [AddressNumber, AddressNumber] {
  const first = firstAddress(block);
  const last = lastAddress(block);
  return first.family === "ipv4" ? [first.value, Number(last.value) + 1] : [first.value, BigInt(last.value) + 1n];
}

export function cutsOf(numbers: Iterable<AddressNumber>): Cuts {
  return [...new Set(numbers)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** How many of the sorted numbers are at most this one: the part in which it lies, counted from 1; 0 before the first cut. */
export function partOf(cuts: Cuts, number: AddressNumber): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as AddressNumber) <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One value for a range of columns. */
export interface Segment<T> {
  readonly from: number;
  /** The first column behind it. */
  readonly to: number;
  readonly value: T;
}

export interface BlockRange<T> extends Segment<T> {
  readonly prefixLength: number;
}

/**
 * The value of the longest prefix, column by column, as segments without overlap. Blocks are within each other or apart, so one pass with a
 * stack does it. Of two values at the same block the later one counts.
 */
export function paint<T>(blocks: readonly BlockRange<T>[]): readonly Segment<T>[] {
  const sorted = blocks
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from || b.to - a.to || a.prefixLength - b.prefixLength);
  const segments: Segment<T>[] = [];
  const open: BlockRange<T>[] = [];
  let painted = 0;
  const paintTo = (column: number) => {
    const top = open.at(-1);
    if (top !== undefined && painted < column) segments.push({ from: painted, to: column, value: top.value });
    painted = Math.max(painted, column);
  };
  const closeUpTo = (column: number) => {
    for (let top = open.at(-1); top !== undefined && top.to <= column; top = open.at(-1)) {
      paintTo(top.to);
      open.pop();
    }
  };
  for (const block of sorted) {
    closeUpTo(block.from);
    paintTo(block.from);
    open.push(block);
  }
  closeUpTo(Number.POSITIVE_INFINITY);
  return segments;
}
