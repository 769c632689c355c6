/** Ties a declared life cycle to the records of a table: where the state is kept, what a guard asks, what entering a state brings along. */
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import type { CloudRecord } from "./record.ts";
import type { Transaction } from "./transaction.ts";

export interface LifecycleBinding<R extends CloudRecord> {
  readonly lifecycle: Lifecycle<string, string, string>;
  stateOf(record: R): string;
  /** The record in its new state. May write other records through the transaction (an ended instance lets go of its interfaces). */
  enter(record: R, state: string, transaction: Transaction): R;
  holds(record: R, guard: string, transaction: Transaction): boolean;
}

/**
 * Binds a life cycle, typed by its own states and guards, to a record type.
 * A state that comes back from the machine was declared in it, which is what the narrowing inside relies on.
 */
export function bindLifecycle<
  R extends CloudRecord,
  S extends string,
  E extends string = never,
  G extends string = never,
>(binding: {
  readonly lifecycle: Lifecycle<S, E, G>;
  stateOf(record: R): S;
  enter(record: R, state: S, transaction: Transaction): R;
  holds?(record: R, guard: G, transaction: Transaction): boolean;
}): LifecycleBinding<R> {
  const declared = (state: string): state is S => Object.hasOwn(binding.lifecycle.states, state);
  return {
    lifecycle: binding.lifecycle,
    stateOf: binding.stateOf,
    enter(record, state, transaction) {
      if (!declared(state)) throw new Error(`bug: ${state} is not a state of this life cycle`);
      return binding.enter(record, state, transaction);
    },
    holds: (record, guard, transaction) => binding.holds?.(record, guard as G, transaction) ?? false,
  };
}
