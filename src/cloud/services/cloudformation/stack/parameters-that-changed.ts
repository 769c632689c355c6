/** Which parameters a new definition of a stack gives another value, that of a parameter of Systems Manager included. */
import type { StackDefinition, StackParameter } from "./record.ts";

type WithParameters = Pick<StackDefinition, "Parameters">;

export function parametersThatChanged(before: WithParameters, after: WithParameters): ReadonlySet<string> {
  const past = new Map(before.Parameters.map((each) => [each.ParameterKey, settledValue(each)]));
  const changed = after.Parameters.filter((each) => past.get(each.ParameterKey) !== settledValue(each));
  return new Set(changed.map(({ ParameterKey }) => ParameterKey));
}

function settledValue({ ResolvedValue, ParameterValue }: StackParameter): string {
  return ResolvedValue ?? ParameterValue;
}
