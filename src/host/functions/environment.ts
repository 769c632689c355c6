/** One process of a function: what it is told, what it says, and how it ends. One order at a time. */
import { answerMark, type RuntimeAnswer, type RuntimeOrder } from "./runtime-protocol.ts";

/** A started process, confined or not. */
export interface FunctionProcess {
  write(text: string): void;
  /** As it is closed when this process ends. */
  closeInput(): void;
  kill(): void;
  /** After its last output. Rejects when it could not be started. */
  readonly exit: Promise<number>;
}

export type Launch = (onOutput: (chunk: Buffer) => void) => FunctionProcess;

export type EnvironmentOutcome = {
  readonly kind: "result" | "error" | "timed-out";
  /** JSON text: the result, or the error. */
  readonly payload: string;
  /** What the function wrote, line by line. */
  readonly lines: readonly string[];
};

export interface Environment {
  /** Names the log stream. */
  readonly id: string;
  readonly ended: boolean;
  invoke(order: RuntimeOrder, timeoutMs: number): Promise<EnvironmentOutcome>;
  end(): void;
}

/** The longest line that is kept of a function's output. */
const maxLineLength = 256 * 1024;

export function startEnvironment(id: string, launch: Launch): Environment {
  let text = "";
  let lines: string[] = [];
  let ended = false;
  let settle: ((outcome: Omit<EnvironmentOutcome, "lines">) => void) | undefined;
  let initError: string | undefined;
  const decoder = new TextDecoder();

  const process = launch((chunk) => {
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split("\n");
    text = (parts.pop() ?? "").slice(-maxLineLength * 32);
    for (const part of parts) {
      const mark = part.indexOf(answerMark);
      const said = mark < 0 ? part : part.slice(0, mark);
      if (mark < 0 || said !== "") lines.push(said.slice(0, maxLineLength).replaceAll("\r", "\n"));
      if (mark >= 0) heard(JSON.parse(part.slice(mark + answerMark.length)));
    }
  });
  process.exit.then(
    (code) => gone(`Runtime exited with error: exit status ${code}`),
    (error: unknown) =>
      gone(`The function's process could not be started: ${error instanceof Error ? error.message : error}`),
  );

  function heard(answer: RuntimeAnswer): void {
    if (answer.kind === "init-error") initError = answer.error;
    else if (answer.kind !== "ready") settle?.({ kind: answer.kind, payload: answer.payload });
  }

  function gone(errorMessage: string): void {
    ended = true;
    settle?.({
      kind: "error",
      payload: initError ?? JSON.stringify({ errorType: "Runtime.ExitError", errorMessage: `Error: ${errorMessage}` }),
    });
  }

  return {
    id,
    get ended() {
      return ended;
    },
    invoke(order, timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          const seconds = (timeoutMs / 1000).toFixed(2);
          const errorMessage = `RequestId: ${order.requestId} Error: Task timed out after ${seconds} seconds`;
          ended = true;
          settle?.({ kind: "timed-out", payload: JSON.stringify({ errorType: "Sandbox.Timedout", errorMessage }) });
          process.kill();
        }, timeoutMs);
        settle = (outcome) => {
          settle = undefined;
          clearTimeout(timer);
          resolve({ ...outcome, lines });
          lines = [];
        };
        process.write(`${JSON.stringify(order)}\n`);
      });
    },
    end() {
      ended = true;
      process.kill();
    },
  };
}
