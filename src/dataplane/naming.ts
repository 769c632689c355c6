/**
 * Names and numbers that the kernel needs and AWS does not have: link names of at most 15 bytes, routing-table numbers,
 * connection-label bits. They are given once and kept while their owner lives, so that a change elsewhere moves nothing.
 */

/** Hands out values by id; an id keeps its value until `keepOnly` leaves it out. */
export interface Allocation<T> {
  of(id: string): T;
  /** Forgets every id that is not in `ids`. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** Link names: the id's kind and its last characters, `eni-9abcdef0123`; unique over all ids it was asked for. */
export function linkNames(): Allocation<string> {
  return allocation((id, taken) => {
    const dash = id.indexOf("-");
    const kind = dash < 0 ? "if" : id.slice(0, dash);
    const tail = id.slice(dash + 1);
    const natural = `${kind}-${tail.slice(-(14 - kind.length))}`;
    if (!taken.has(natural)) return natural;
    for (let number = 1; ; number += 1) {
      const name = `${kind}~${number}`;
      if (!taken.has(name)) return name;
    }
  });
}

/** The lowest free number from `first`; above `last` they begin again and are shared. */
export function numbers(first: number, last: number): Allocation<number> {
  let given = 0;
  return allocation((_id, taken) => {
    for (let number = first; number <= last; number += 1) if (!taken.has(number)) return number;
    given += 1;
    return first + (given % (last - first + 1));
  });
}

/** As `numbers`, but the free number after the last one given: what remembers an old owner has long to forget before its turn. */
export function numbersInTurn(first: number, last: number): Allocation<number> {
  const count = last - first + 1;
  let turn = 0;
  return allocation((_id, taken) => {
    for (let step = 0; step < count; step += 1) {
      const number = first + ((turn + step) % count);
      if (taken.has(number)) continue;
      turn = (turn + step + 1) % count;
      return number;
    }
    turn = (turn + 1) % count;
    return first + turn;
  });
}

function allocation<T>(choose: (id: string, taken: ReadonlySet<T>) => T): Allocation<T> {
  const given = new Map<string, T>();
  const taken = new Set<T>();
  return {
    of: (id) => {
      const known = given.get(id);
      if (known !== undefined) return known;
      const value = choose(id, taken);
      given.set(id, value);
      taken.add(value);
      return value;
    },
    keepOnly: (ids) => {
      for (const id of given.keys()) if (!ids.has(id)) given.delete(id);
      taken.clear();
      for (const value of given.values()) taken.add(value);
    },
  };
}
