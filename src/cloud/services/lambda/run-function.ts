/** Runs a function once, whoever asks: with its role's credentials, with what it writes in its log group. */
import type { Transaction } from "../../state/transaction.ts";
import type { Background } from "../action.ts";
import { globalRegion } from "../iam/entities.ts";
import { newLogGroup } from "../logs/log-groups.ts";
import { appendLogEvents, newLogStream } from "../logs/log-streams.ts";
import { groupKey, streamKey } from "../logs/record.ts";
import { newCredentials } from "../sts/credentials.ts";
import { logLines } from "./log-lines.ts";
import { loggingVariables } from "./logging.ts";
import { type FunctionRecord, functionKey, latest, processKey } from "./record.ts";

export interface FunctionCall {
  readonly record: FunctionRecord;
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly clientContext?: string;
}

export type FunctionResult =
  | {
      readonly kind: "result" | "error" | "timed-out";
      /** JSON text: what the handler gave, or the error. */
      readonly payload: string;
      /** As it is in the log. */
      readonly log: string;
    }
  /** Functions, or this one, cannot be run here. */
  | { readonly kind: "unavailable"; readonly reason: string }
  | { readonly kind: "throttled" };

/** Never rejects for what the function does. */
export async function runFunction(background: Background, call: FunctionCall): Promise<FunctionResult> {
  const { record, requestId, payload, clientContext } = call;
  const { blobs, functions, settings, transact } = background;
  const { date, credentials } = transact((transaction) => ({
    date: new Date(transaction.now).toISOString().slice(0, 10).replaceAll("-", "/"),
    credentials: credentialsOf(transaction, record),
  }));
  const streamOf = (environmentId: string): string => `${date}/[${record.Version}]${environmentId}`;
  const outcome = await functions.invoke({
    key: processKey(record),
    codeId: record.Code.Blob,
    code: () => blobs.read(record.Code.Blob),
    requestId,
    payload,
    invokedFunctionArn: record.Version === latest ? record.FunctionArn : `${record.FunctionArn}:${record.Version}`,
    ...(clientContext === undefined ? {} : { clientContext }),
    timeoutMs: record.Timeout * 1000,
    environment: (environmentId) => ({
      ...record.Environment,
      ...ownVariables(record, streamOf(environmentId)),
      ...credentials,
      AWS_ENDPOINT_URL: settings.endpoint,
    }),
  });
  if (!("payload" in outcome)) return outcome;
  const lines = transact((transaction) => {
    const written = logLines({ record, requestId, now: transaction.now }, outcome);
    writeLog(transaction, record, streamOf(outcome.environmentId), written);
    return written;
  });
  return { kind: outcome.kind, payload: outcome.payload, log: lines.map((line) => `${line}\n`).join("") };
}

function ownVariables(record: FunctionRecord, logStream: string): Record<string, string> {
  return {
    _HANDLER: record.Handler,
    AWS_REGION: record.Region,
    AWS_DEFAULT_REGION: record.Region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${record.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: record.FunctionName,
    AWS_LAMBDA_FUNCTION_VERSION: record.Version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    ...loggingVariables(record.Logging, logStream),
    TZ: ":UTC",
  };
}

/** Lambda's own sessions are renewed; these are long, and begun again when little is left of them. */
const sessionSeconds = 12 * 3600;
const sessionReserveMs = 3600_000;

/** Keys of the function's role. A session that is still good is used again: only its key is looked at. */
function credentialsOf(
  transaction: Transaction,
  { Role, OwnerId, FunctionName }: FunctionRecord,
): Record<string, string> {
  const role = transaction.get("role", Role);
  const known = transaction
    .inScope("roleSession", OwnerId, globalRegion)
    .find(
      (session) =>
        session.RoleArn === Role &&
        session.RoleSessionName === FunctionName &&
        session.ExpiresAt > transaction.now + sessionReserveMs,
    );
  const made = newCredentials(transaction, OwnerId, sessionSeconds);
  if (known === undefined && role !== undefined) {
    transaction.put("roleSession", {
      OwnerId,
      Region: globalRegion,
      CreatedAt: transaction.now,
      AccessKeyId: made.AccessKeyId,
      RoleArn: Role,
      RoleId: role.RoleId,
      RoleSessionName: FunctionName,
      ExpiresAt: made.Expiration.getTime(),
    });
  }
  return {
    AWS_ACCESS_KEY_ID: known?.AccessKeyId ?? made.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: made.SecretAccessKey,
    AWS_SESSION_TOKEN: made.SessionToken,
  };
}

/**
 * Lambda makes the group when it is not there. Where the function is not there any more either, its last words came after its end: the group
 * was taken away with it, and stays away.
 */
function writeLog(transaction: Transaction, record: FunctionRecord, logStream: string, lines: readonly string[]): void {
  const caller = { accountId: record.OwnerId, region: record.Region };
  const LogGroupName = record.Logging.LogGroup;
  const name = { OwnerId: record.OwnerId, Region: record.Region, LogGroupName };
  const known = transaction.get("logGroup", groupKey(name));
  if (known === undefined && transaction.get("lambdaFunction", functionKey(record)) === undefined) return;
  const group = known ?? newLogGroup({ now: transaction.now, caller }, LogGroupName);
  if (known === undefined) transaction.put("logGroup", group);
  const stream =
    transaction.get("logStream", streamKey({ ...name, LogStreamName: logStream })) ??
    newLogStream(transaction, group, logStream);
  appendLogEvents(
    transaction,
    stream,
    lines.map((Message) => ({ Timestamp: transaction.now, Message })),
  );
}
