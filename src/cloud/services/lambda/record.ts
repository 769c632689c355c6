/** Functions: `$LATEST`, which changes, and the versions that were published of it, which do not. */
import type { Architecture, TracingMode } from "@aws-sdk/client-lambda";
import type { CloudRecord } from "../../state/record.ts";
import type { Logging } from "./logging.ts";

export type FunctionState = "Pending" | "Active" | "Updating";

export interface FunctionRecord extends CloudRecord {
  /** Without a version. */
  readonly FunctionArn: string;
  readonly FunctionName: string;
  readonly Version: string;
  readonly State: FunctionState;
  readonly Runtime: string;
  readonly Handler: string;
  /** ARN. */
  readonly Role: string;
  readonly Description: string;
  /** Seconds. */
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly EphemeralStorage: number;
  readonly Environment: Readonly<Record<string, string>>;
  readonly Architectures: readonly Architecture[];
  readonly Tracing: TracingMode;
  readonly Logging: Logging;
  readonly Code: FunctionCode;
  /** Milliseconds since the epoch. */
  readonly LastModified: number;
  /** Another one after every change. */
  readonly RevisionId: string;
  readonly Tags: Readonly<Record<string, string>>;
  readonly Permissions: readonly { readonly StatementId: string; readonly Statement: string }[];
  /** Of `$LATEST`: the number of the next version. */
  readonly NextVersion: number;
}

export interface FunctionCode {
  /** Id of the blob with the archive. */
  readonly Blob: string;
  readonly Sha256: string;
  readonly Size: number;
}

export const latest = "$LATEST";

export function functionKey({ FunctionArn, Version }: Pick<FunctionRecord, "FunctionArn" | "Version">): string {
  return `${FunctionArn}:${Version}`;
}

/** What processes are kept under: after a change of the function there are others. */
export function processKey({ RevisionId, ...record }: FunctionRecord): string {
  return `${functionKey(record)}:${RevisionId}`;
}
