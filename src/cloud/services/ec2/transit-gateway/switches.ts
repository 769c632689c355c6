/** Options that are either on or off, as requests give them. */
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { Switch } from "./record.ts";

/** The switch as it was asked for; undefined when it was not. Throws for any other word. */
export function checkedSwitch(parameter: string, value: string | undefined): Switch | undefined {
  if (value === undefined || value === "enable" || value === "disable") return value;
  throw invalidParameterValue(
    `Value (${value}) for parameter ${parameter} is invalid. Valid values are 'enable' and 'disable'.`,
  );
}

/** The switches of `current` with those that were asked for in their new positions. */
export function withSwitches<K extends string>(
  current: { readonly [name in K]: Switch },
  asked: { readonly [name in NoInfer<K>]?: string | undefined },
): { readonly [name in K]: Switch } {
  const after: { [name in K]: Switch } = { ...current };
  // Object.keys loses the literal type; the keys are this record's own.
  for (const name of Object.keys(current) as K[]) after[name] = checkedSwitch(name, asked[name]) ?? current[name];
  return after;
}
