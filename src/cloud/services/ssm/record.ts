/** Systems Manager: commands that were sent to instances, and parameters. */
import type { CloudRecord } from "../../state/record.ts";

export type InvocationStatus = "Pending" | "InProgress" | "Success" | "Cancelled" | "TimedOut" | "Failed";

export interface CommandInvocationRecord {
  readonly InstanceId: string;
  readonly Status: InvocationStatus;
  readonly StatusDetails: string;
  readonly ResponseCode: number;
  /** At most 24,000 characters, as AWS keeps. */
  readonly StandardOutputContent: string;
  readonly StandardErrorContent: string;
  /** Milliseconds since the epoch. */
  readonly StartedAt?: number;
  readonly EndedAt?: number;
}

export interface CommandRecord extends CloudRecord {
  /** A UUID. */
  readonly CommandId: string;
  readonly DocumentName: string;
  readonly Comment: string;
  readonly Parameters: Readonly<Record<string, readonly string[]>>;
  readonly TimeoutSeconds: number;
  readonly Invocations: readonly CommandInvocationRecord[];
  readonly State: "open" | "done";
}

export interface ParameterRecord extends CloudRecord {
  readonly Name: string;
  readonly Type: "String" | "StringList" | "SecureString";
  readonly Value: string;
  readonly Version: number;
  readonly Description?: string;
  readonly LastModifiedAt: number;
}
