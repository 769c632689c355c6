/** CloudWatch Logs: groups, streams, and events in the batches in which they came. */
import type { LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import { type CloudRecord, scopeKey } from "../../state/record.ts";

export interface LogGroupRecord extends CloudRecord {
  readonly LogGroupName: string;
  readonly RetentionInDays?: number;
  readonly KmsKeyId?: string;
  readonly LogGroupClass: LogGroupClass;
  readonly Tags: Readonly<Record<string, string>>;
}

export interface LogStreamRecord extends CloudRecord {
  readonly LogGroupName: string;
  readonly LogStreamName: string;
  /** Milliseconds since the epoch; of the events that are kept. */
  readonly FirstEventTimestamp?: number;
  readonly LastEventTimestamp?: number;
  readonly LastIngestionTime?: number;
  /** Of the next batch. */
  readonly NextBatch: number;
}

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly Timestamp: number;
  readonly Message: string;
}

/** `CreatedAt` is when the batch came in. */
export interface LogEventsRecord extends CloudRecord {
  readonly LogGroupName: string;
  readonly LogStreamName: string;
  readonly Batch: number;
  readonly Events: readonly LogEvent[];
}

export type GroupName = Pick<LogGroupRecord, "OwnerId" | "Region" | "LogGroupName">;

export function groupKey({ OwnerId, Region, LogGroupName }: GroupName): string {
  return `${scopeKey(OwnerId, Region)}/${LogGroupName}`;
}

/** Names of streams hold no colon. */
export function streamKey(stream: GroupName & Pick<LogStreamRecord, "LogStreamName">): string {
  return `${stream.LogStreamName}:${groupKey(stream)}`;
}

export function batchKey(batch: GroupName & Pick<LogEventsRecord, "LogStreamName" | "Batch">): string {
  return `${batch.Batch}:${streamKey(batch)}`;
}
