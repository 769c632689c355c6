/** What a function writes with `console`, in the two forms that Lambda's runtime for Node has. */
import { format } from "node:util";

export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";

/** Whose line it is: the request's id while there is one. */
export type RequestId = () => string | undefined;

export interface RuntimeLog {
  /** Why a call has failed; no level keeps it out. */
  failure(what: string, error: unknown, errorText: string): void;
}

const levels: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const methods = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" } as const;

/** Makes `console` write as Lambda does, as the process's environment says. */
export function writeAsLambdaDoes(environment: NodeJS.ProcessEnv, requestId: RequestId): RuntimeLog {
  const { AWS_LAMBDA_LOG_FORMAT, AWS_LAMBDA_LOG_LEVEL = "TRACE" } = environment;
  const isJson = AWS_LAMBDA_LOG_FORMAT === "JSON";
  const least = isJson ? levels.indexOf(AWS_LAMBDA_LOG_LEVEL as LogLevel) : 0;
  const write = isJson ? writeJson : writeText;
  for (const [method, level] of Object.entries(methods)) {
    const isWritten = levels.indexOf(level) >= least;
    Reflect.set(console, method, (...values: unknown[]) => {
      if (isWritten) write(requestId, level, values);
    });
  }
  return {
    failure(what, error, errorText) {
      if (isJson) writeJson(requestId, "ERROR", [error]);
      else writeText(requestId, "ERROR", [`${what} \t${errorText}`]);
    },
  };
}

/** A message is one event, however many lines it has: line ends inside become carriage returns. */
function writeText(requestId: RequestId, level: LogLevel, values: readonly unknown[]): void {
  const message = format(...values).replaceAll("\n", "\r");
  process.stdout.write(`${new Date().toISOString()}\t${requestId() ?? "undefined"}\t${level}\t${message}\n`);
}

function writeJson(requestId: RequestId, level: LogLevel, values: readonly unknown[]): void {
  const head = { timestamp: new Date().toISOString(), level, requestId: requestId() };
  process.stdout.write(`${jsonOf(head, values)}\n`);
}

function jsonOf(head: object, values: readonly unknown[]): string {
  const [only] = values;
  try {
    if (values.length === 1) return JSON.stringify({ ...head, message: only }, withErrors);
  } catch {
    // Of a value that JSON cannot tell, a circle say, there is Node's own description.
    return JSON.stringify({ ...head, message: format(only) });
  }
  const error = values.find((each) => each instanceof Error);
  return JSON.stringify({ ...head, message: format(...values), ...(error && factsOf(error)) });
}

function withErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? { ...factsOf(value), ...value } : value;
}

function factsOf(error: Error): object {
  return {
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: (error.stack ?? "").split("\n"),
  };
}
