/** Log streams and their events. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
import type {
  CreateLogStreamCommandInput,
  CreateLogStreamCommandOutput,
  DeleteLogStreamCommandInput,
  DeleteLogStreamCommandOutput,
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsCommandOutput,
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
  PutLogEventsCommandInput,
  PutLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../../aws/index.ts";
import type { Transaction } from "../../state/transaction.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { alreadyExists, invalid, knownLogGroup, logGroupArn } from "./log-groups.ts";
import {
  batchKey,
  groupKey,
  type LogEvent,
  type LogEventsRecord,
  type LogGroupRecord,
  type LogStreamRecord,
  streamKey,
} from "./record.ts";

/** Batches of a stream that are kept; older ones go. AWS keeps what the retention says. */
const maxBatches = 1000;
const maxPage = 10_000;

const createLogStream: Action<CreateLogStreamCommandInput, CreateLogStreamCommandOutput> = (input, context) => {
  const group = knownLogGroup(context, input.logGroupName);
  const { logStreamName = "" } = input;
  if (!/^[^:*]{1,512}$/.test(logStreamName)) {
    throw invalid(
      `1 validation error detected: Value '${logStreamName}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
    );
  }
  if (context.get("logStream", streamKey({ ...group, LogStreamName: logStreamName })) !== undefined)
    throw alreadyExists("log stream");
  context.put("logStream", newLogStream(context, group, logStreamName));
  return {};
};

const deleteLogStream: Action<DeleteLogStreamCommandInput, DeleteLogStreamCommandOutput> = (input, context) => {
  const stream = knownLogStream(context, knownLogGroup(context, input.logGroupName), input.logStreamName);
  for (const batch of context.by("logEvents", "stream", streamKey(stream)))
    context.delete("logEvents", batchKey(batch));
  context.delete("logStream", streamKey(stream));
  return {};
};

const describeLogStreams: Action<DescribeLogStreamsCommandInput, DescribeLogStreamsCommandOutput> = (
  input,
  context,
) => {
  const group = knownLogGroup(context, input.logGroupIdentifier ?? input.logGroupName);
  const { orderBy = "LogStreamName", descending = false, logStreamNamePrefix } = input;
  if (orderBy === "LastEventTime" && logStreamNamePrefix !== undefined)
    throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
  const byName = (a: LogStreamRecord, b: LogStreamRecord): number => (a.LogStreamName < b.LogStreamName ? -1 : 1);
  const rows = context
    .by("logStream", "group", groupKey(group))
    .filter(({ LogStreamName }) => LogStreamName.startsWith(logStreamNamePrefix ?? ""))
    .sort((a, b) =>
      orderBy === "LogStreamName"
        ? byName(a, b)
        : (a.LastEventTimestamp ?? 0) - (b.LastEventTimestamp ?? 0) || byName(a, b),
    );
  const { items, NextToken } = offsetPage(
    descending ? rows.reverse() : rows,
    { MaxResults: input.limit ?? 50, NextToken: input.nextToken },
    { min: 1, max: 50 },
  );
  return {
    logStreams: items.map((stream) => ({
      logStreamName: stream.LogStreamName,
      creationTime: stream.CreatedAt,
      arn: `${logGroupArn(group)}:log-stream:${stream.LogStreamName}`,
      storedBytes: 0,
      ...(stream.FirstEventTimestamp === undefined ? {} : { firstEventTimestamp: stream.FirstEventTimestamp }),
      ...(stream.LastEventTimestamp === undefined ? {} : { lastEventTimestamp: stream.LastEventTimestamp }),
      ...(stream.LastIngestionTime === undefined ? {} : { lastIngestionTime: stream.LastIngestionTime }),
      uploadSequenceToken: sequenceToken(stream),
    })),
    ...(NextToken === undefined ? {} : { nextToken: NextToken }),
  };
};

/** Sequence tokens are given, and whatever a client sends for one is taken, as AWS does since 2023. */
const putLogEvents: Action<PutLogEventsCommandInput, PutLogEventsCommandOutput> = (input, context) => {
  const group = knownLogGroup(context, input.logGroupName);
  const stream = knownLogStream(context, group, input.logStreamName);
  const events = (input.logEvents ?? []).map(({ timestamp = 0, message = "" }) => ({
    Timestamp: timestamp,
    Message: message,
  }));
  if (events.length === 0 || events.length > maxPage)
    throw invalid(`A batch holds between 1 and ${maxPage} log events.`);
  if (events.some((event, index) => event.Timestamp < (events[index - 1]?.Timestamp ?? 0)))
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  return { nextSequenceToken: sequenceToken(appendLogEvents(context, stream, events)) };
};

const getLogEvents: Action<GetLogEventsCommandInput, GetLogEventsCommandOutput> = (input, context) => {
  const group = knownLogGroup(context, input.logGroupIdentifier ?? input.logGroupName);
  const stream = knownLogStream(context, group, input.logStreamName);
  const events = eventsOf(context, stream).filter(
    ({ timestamp }) => timestamp >= (input.startTime ?? 0) && timestamp < (input.endTime ?? Number.POSITIVE_INFINITY),
  );
  const limit = Math.min(input.limit ?? maxPage, maxPage);
  const { start, end } = windowOf(input, events.length, limit);
  return {
    events: events
      .slice(start, end)
      .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    // At either end the token stays what it was, by which clients know that there is no more.
    nextForwardToken: `f/${end}`,
    nextBackwardToken: `b/${start}`,
  };
};

export const logStreamActions = {
  CreateLogStream: createLogStream,
  DeleteLogStream: deleteLogStream,
  DescribeLogStreams: describeLogStreams,
  PutLogEvents: putLogEvents,
  GetLogEvents: getLogEvents,
} satisfies Actions;

export interface ShownLogEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  readonly eventId: string;
}

/** A stream's events by their own time, those of one time in the order in which they came. */
export function eventsOf({ by }: Pick<Transaction, "by">, stream: LogStreamRecord): readonly ShownLogEvent[] {
  return [...by("logEvents", "stream", streamKey(stream))]
    .sort((a, b) => a.Batch - b.Batch)
    .flatMap((batch) =>
      batch.Events.map(({ Timestamp, Message }, index) => ({
        logStreamName: stream.LogStreamName,
        timestamp: Timestamp,
        message: Message,
        ingestionTime: batch.CreatedAt,
        eventId: `${String(batch.CreatedAt).padStart(20, "0")}${String(batch.Batch).padStart(18, "0")}${String(index).padStart(18, "0")}`,
      })),
    )
    .sort((a, b) => a.timestamp - b.timestamp);
}

export function newLogStream({ now }: Pick<Transaction, "now">, group: LogGroupRecord, name: string): LogStreamRecord {
  const { OwnerId, Region, LogGroupName } = group;
  return { OwnerId, Region, CreatedAt: now, LogGroupName, LogStreamName: name, NextBatch: 0 };
}

/** Adds a batch, and lets go of the oldest when there are too many. */
export function appendLogEvents(
  transaction: Pick<Transaction, "now" | "put" | "delete">,
  stream: LogStreamRecord,
  events: readonly LogEvent[],
): LogStreamRecord {
  const { OwnerId, Region, LogGroupName, LogStreamName, NextBatch } = stream;
  const batch: LogEventsRecord = {
    OwnerId,
    Region,
    CreatedAt: transaction.now,
    LogGroupName,
    LogStreamName,
    Batch: NextBatch,
    Events: events,
  };
  transaction.put("logEvents", batch);
  if (NextBatch >= maxBatches) transaction.delete("logEvents", batchKey({ ...batch, Batch: NextBatch - maxBatches }));
  const times = events.map(({ Timestamp }) => Timestamp);
  const after: LogStreamRecord = {
    ...stream,
    NextBatch: NextBatch + 1,
    FirstEventTimestamp: Math.min(stream.FirstEventTimestamp ?? Number.POSITIVE_INFINITY, ...times),
    LastEventTimestamp: Math.max(stream.LastEventTimestamp ?? 0, ...times),
    LastIngestionTime: transaction.now,
  };
  transaction.put("logStream", after);
  return after;
}

/** Throws ResourceNotFoundException. */
function knownLogStream(context: ActionContext, group: LogGroupRecord, name: string | undefined): LogStreamRecord {
  const stream = context.get("logStream", streamKey({ ...group, LogStreamName: name ?? "" }));
  if (stream === undefined) throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}

/** Which events a page shows: from a token on or back, else from the head or back from the tail. */
function windowOf(
  { nextToken, startFromHead }: GetLogEventsCommandInput,
  count: number,
  limit: number,
): { readonly start: number; readonly end: number } {
  const token = /^([fb])\/(\d{1,12})$/.exec(nextToken ?? "");
  if (nextToken !== undefined && token === null) throw invalid("The specified nextToken is invalid.");
  if (token === null) {
    if (startFromHead) return { start: 0, end: Math.min(limit, count) };
    return { start: Math.max(count - limit, 0), end: count };
  }
  const at = Math.min(Number(token[2]), count);
  return token[1] === "f"
    ? { start: at, end: Math.min(at + limit, count) }
    : { start: Math.max(at - limit, 0), end: at };
}

function sequenceToken({ NextBatch }: LogStreamRecord): string {
  return String(NextBatch + 1).padStart(56, "0");
}
