/** How a function's log is written: as text, or as JSON with levels. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
import type { LoggingConfig } from "@aws-sdk/client-lambda";
import { invalidParameter } from "./errors.ts";

export type Logging =
  | { readonly LogGroup: string; readonly LogFormat: "Text" }
  | {
      readonly LogGroup: string;
      readonly LogFormat: "JSON";
      /** The least of the function's own lines that is written, and of Lambda's. */
      readonly ApplicationLogLevel: ApplicationLogLevel;
      readonly SystemLogLevel: SystemLogLevel;
    };

type ApplicationLogLevel = NonNullable<LoggingConfig["ApplicationLogLevel"]>;
type SystemLogLevel = NonNullable<LoggingConfig["SystemLogLevel"]>;

/** After this input; what it does not say stays. */
export function loggingAfter(input: LoggingConfig | undefined, before: Logging): Logging {
  const LogGroup = input?.LogGroup ?? before.LogGroup;
  const LogFormat = input?.LogFormat ?? before.LogFormat;
  if (LogFormat === "JSON") {
    const levels = before.LogFormat === "JSON" ? before : undefined;
    return {
      LogGroup,
      LogFormat,
      ApplicationLogLevel: input?.ApplicationLogLevel ?? levels?.ApplicationLogLevel ?? "INFO",
      SystemLogLevel: input?.SystemLogLevel ?? levels?.SystemLogLevel ?? "INFO",
    };
  }
  if (input?.ApplicationLogLevel !== undefined || input?.SystemLogLevel !== undefined)
    throw invalidParameter("Log levels are not supported for the Text log format: they ask for LogFormat JSON.");
  return { LogGroup, LogFormat };
}

/** What tells the function's process of it. */
export function loggingVariables(logging: Logging, logStream: string): Readonly<Record<string, string>> {
  return {
    AWS_LAMBDA_LOG_GROUP_NAME: logging.LogGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: logging.LogFormat,
    ...(logging.LogFormat === "JSON" && { AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel }),
  };
}
