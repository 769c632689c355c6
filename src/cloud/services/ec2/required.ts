/** Finding what a call names: the one record behind an id parameter, or the refusal that AWS gives for its absence. */
import { missingParameter } from "../../../aws/index.ts";
import type { TableName, Tables } from "../../state/tables.ts";
import type { ActionContext } from "../action.ts";
import { byIds, type DescribeDefinition } from "./describe.ts";

/** The value of a parameter that the operation cannot do without. Throws `MissingParameter` with the name as it is on the wire. */
export function required<T>(parameter: string, value: T | undefined): T {
  if (value === undefined || value === "") throw missingParameter(parameter);
  return value;
}

/** The record that an id parameter names, visible to the caller. Throws the resource's own `Malformed` or `NotFound`. */
export function named<K extends TableName>(
  definition: DescribeDefinition<K>,
  parameter: string,
  id: string | undefined,
  context: ActionContext,
): Tables[K] {
  const [record] = byIds(definition, [required(parameter, id)], context);
  if (record === undefined) throw new Error(`bug: ${id} was neither found nor refused`);
  return record;
}
