/** Instance states with the codes that the API gives them. [IN-1] */
import type { InstanceState } from "@aws-sdk/client-ec2";
import type { InstanceRecord } from "./record.ts";

const codes = { pending: 0, running: 16, "shutting-down": 32, terminated: 48, stopping: 64, stopped: 80 } as const;

/** The state's name and code. */
export function instanceState(Name: InstanceRecord["State"]): InstanceState & { readonly Code: number } {
  return { Code: codes[Name], Name };
}
