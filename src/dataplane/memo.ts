/**
 * Keeps what was planned while nothing it was planned from has changed. Records of the model are immutable and keep their
 * identity when unchanged, so comparing references is enough.
 */

export interface Memo<T> {
  /** The value made last time for `key`, if every dependency is identical to last time's; else `make`s it. */
  of(key: string, dependencies: readonly unknown[], make: () => T): T;
  /** Forgets what was not asked for since the last sweep. */
  sweep(): void;
}

/** A memo for values of one kind. */
export function memo<T>(): Memo<T> {
  let previous = new Map<string, { dependencies: readonly unknown[]; value: T }>();
  let current = new Map<string, { dependencies: readonly unknown[]; value: T }>();
  return {
    of: (key, dependencies, make) => {
      const known = current.get(key) ?? previous.get(key);
      const entry =
        known !== undefined && same(known.dependencies, dependencies) ? known : { dependencies, value: make() };
      current.set(key, entry);
      return entry.value;
    },
    sweep: () => {
      previous = current;
      current = new Map();
    },
  };
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
