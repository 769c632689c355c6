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

/** The parts of the ranges that `taken` covers. */
export function overlapOf(ranges: readonly PortRange[], taken: PortRange): readonly PortRange[] {
  return ranges.flatMap(({ from, to }) => {
    const overlap = { from: Math.max(from, taken.from), to: Math.min(to, taken.to) };
    return overlap.from <= overlap.to ? [overlap] : [];
  });
}

const none: readonly PortRange[] = [];
