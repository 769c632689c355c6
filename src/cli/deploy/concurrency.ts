/** How many stacks are worked on at a time, as a person says it. */
import { UserError } from "../user-error.ts";

export function concurrencyOf(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 50) return value;
  throw new UserError("CONCURRENCY", `'${text}' is not a number of stacks.`, "Give 1 to 50.");
}
