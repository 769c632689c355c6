/** Parameters that AWS has and this cloud does not follow: refused by name, so that no client is told of a success that is none. */
import { unsupportedOperation } from "../../../aws/index.ts";

/** Throws `UnsupportedOperation` for the first parameter that was given. Empty lists and `false` ask for nothing. */
export function refuseUnmodelled(operation: string, parameters: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) continue;
    throw unsupportedOperation(operation, `with the parameter ${name} is not modelled by this local cloud`);
  }
}
