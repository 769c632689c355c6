/** What Lambda itself writes around a function's own lines. How much memory was used is not measured, and so not said. */
import type { FunctionOutcome } from "../../ports.ts";
import type { FunctionRecord } from "./record.ts";

export interface LoggedCall {
  readonly record: FunctionRecord;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Ran = Extract<FunctionOutcome, { readonly payload: string }>;

export function logLines(call: LoggedCall, ran: Ran): readonly string[] {
  return call.record.Logging.LogFormat === "JSON" ? jsonLines(call, ran) : textLines(call, ran);
}

function textLines({ record, requestId }: LoggedCall, { kind, payload, lines, durationMs, isCold }: Ran) {
  const billed = Math.ceil(durationMs);
  return [
    ...(isCold ? [`INIT_START Runtime Version: ${record.Runtime}`] : []),
    `START RequestId: ${requestId} Version: ${record.Version}`,
    ...lines,
    ...(kind === "timed-out" ? [errorOf(payload).errorMessage ?? ""] : []),
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${record.MemorySize} MB`,
  ];
}

const statusOf = { result: "success", error: "failure", "timed-out": "timeout" } as const;
const levels = ["DEBUG", "INFO", "WARN"] as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
function jsonLines({ record, requestId, now }: LoggedCall, ran: Ran): readonly string[] {
  const { Logging, FunctionName, Version } = record;
  const wanted = Logging.LogFormat === "JSON" ? levels.indexOf(Logging.SystemLogLevel) : 0;
  const status = statusOf[ran.kind];
  const isFailure = status !== "success";
  const time = new Date(now).toISOString();
  const event = (level: (typeof levels)[number], type: string, about: object): readonly string[] =>
    levels.indexOf(level) >= wanted ? [JSON.stringify({ time, type, record: about })] : [];
  const outcome = {
    requestId,
    status,
    ...(isFailure && { errorType: errorOf(ran.payload).errorType }),
  };
  const durationMs = Number(ran.durationMs.toFixed(3));
  const metrics = { durationMs, billedDurationMs: Math.ceil(durationMs), memorySizeMB: record.MemorySize };
  const start = {
    initializationType: "on-demand",
    phase: "init",
    runtimeVersion: record.Runtime,
    functionName: FunctionName,
    functionVersion: Version,
  };
  return [
    ...(ran.isCold ? event("INFO", "platform.initStart", start) : []),
    ...event("INFO", "platform.start", { requestId, version: Version }),
    ...ran.lines,
    ...event(isFailure ? "WARN" : "DEBUG", "platform.runtimeDone", { ...outcome, metrics: { durationMs } }),
    ...event(isFailure ? "WARN" : "INFO", "platform.report", { ...outcome, metrics }),
  ];
}

function errorOf(payload: string): { readonly errorType?: string; readonly errorMessage?: string } {
  return JSON.parse(payload);
}
