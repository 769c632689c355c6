/** A step on the way to a resource's end, such as taking a policy off a role: somebody may have done it by hand before. */
import { saysNotFound } from "../operation/reasons.ts";

/** Does the step. That there is nothing left to do for it says nothing of the resource itself, which is still to be deleted. */
export function unlessGone(step: () => unknown): void {
  try {
    step();
  } catch (error) {
    if (!saysNotFound(error)) throw error;
  }
}
