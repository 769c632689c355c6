/** Whether a value is a network model that holds together: first its shape, then what its ids refer to. */
import type { NetworkModel } from "./network-model.ts";
import { networkModelShape } from "./network-model-shape.ts";
import { referenceProblems } from "./references.ts";
import { checkShape, type ModelProblem } from "./shape.ts";

/** What is wrong, with the path to each place; empty for a sound model. Never throws, whatever the value is. */
export function validateNetworkModel(value: unknown): readonly ModelProblem[] {
  const problems: ModelProblem[] = [];
  // References are followed only in a model of the right shape.
  return hasModelShape(value, problems) ? referenceProblems(value) : problems;
}

/** Whether the value is a sound model. */
export function isNetworkModel(value: unknown): value is NetworkModel {
  return validateNetworkModel(value).length === 0;
}

/** The interfaces and the shape are held together by the compiler (see shape.ts), so the shape may vouch for the type. */
function hasModelShape(value: unknown, problems: ModelProblem[]): value is NetworkModel {
  checkShape(networkModelShape, value, "", problems);
  return problems.length === 0;
}
