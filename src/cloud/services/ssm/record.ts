/** Systems Manager: commands that were sent to instances, sessions in them, and parameters. */
import type { CloudRecord } from "../../state/record.ts";

export type InvocationStatus = "Pending" | "InProgress" | "Success" | "Cancelled" | "TimedOut" | "Failed";

export interface CommandInvocationRecord {
  readonly InstanceId: string;
  readonly Status: InvocationStatus;
  readonly StatusDetails: string;
  readonly ResponseCode: number;
  /** At most 24,000 characters, as AWS keeps. */
  readonly StandardOutputContent: string;
  /** At most 8,000 characters, as AWS keeps. */
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
  /** What the caller named: ids, or targets that were resolved when the command was sent. */
  readonly InstanceIds: readonly string[];
  readonly Targets: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly TimeoutSeconds: number;
  readonly Invocations: readonly CommandInvocationRecord[];
  readonly State: "open" | "done";
}

/** Where a session is on its way; the API's own words. */
export type SessionState = "Connecting" | "Connected" | "Disconnected" | "Terminated";

export interface SessionRecord extends CloudRecord {
  /** The caller's name, a hyphen and 17 hexadecimal digits. */
  readonly SessionId: string;
  /** The instance's id. */
  readonly Target: string;
  readonly DocumentName: string;
  /** What runs instead of a shell. */
  readonly Command?: string;
  readonly Reason?: string;
  /** The caller's ARN. */
  readonly Owner: string;
  readonly Status: SessionState;
  /** SHA-256 of the token that opens the data channel next, in hexadecimal; gone once it was used. */
  readonly TokenDigest?: string;
  /** Milliseconds since the epoch. */
  readonly EndedAt?: number;
}

/** An instance whose agent has been in touch. */
export interface ManagedInstanceRecord extends CloudRecord {
  readonly InstanceId: string;
}

export interface ParameterRecord extends CloudRecord {
  readonly Name: string;
  readonly Type: "String" | "StringList" | "SecureString";
  readonly Value: string;
  readonly Version: number;
  readonly DataType: string;
  readonly Tier: "Standard" | "Advanced" | "Intelligent-Tiering";
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly LastModifiedAt: number;
  readonly LastModifiedUser: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}
