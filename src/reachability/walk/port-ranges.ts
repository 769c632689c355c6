/** Ranges of ports, first and last inclusive. */

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const allPorts: PortRange = { from: 0, to: 65535 };

/** What is left of the ranges. */
export function without(ranges: readonly PortRange[], taken: PortRange): readonly PortRange[] {
  const [only] = ranges;
  if (only !== undefined && ranges.length === 1 && taken.from <= only.from && taken.to >= only.to) return none;
  return ranges.flatMap(({ from, to }) => {
    if (taken.to < from || taken.from > to) return [{ from, to }];
    const left: PortRange[] = [];
    if (from < taken.from) left.push({ from, to: taken.from - 1 });
    if (to > taken.to) left.push({ from: taken.to + 1, to });
    return left;
  });
}

/** Whether some port is in both. */
export function overlap(ranges: readonly PortRange[], other: PortRange): boolean {
  return ranges.some(({ from, to }) => from <= other.to && to >= other.from);
}

const none: readonly PortRange[] = [];
