/** Speaks to a running cloud for a command. */
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import type { ControlEvent, ControlInput, ControlRequest } from "./control-protocol.ts";
import { readRunning, type StateFolder } from "./state-folder.ts";
import { UserError } from "./user-error.ts";

export interface Conversation {
  send(input: ControlInput): void;
  /** The last answer. Rejects with a `UserError` when the cloud refuses, or is gone. */
  readonly result: Promise<unknown>;
}

export function converse(
  folder: StateFolder,
  request: ControlRequest,
  onOutput: (stream: "stdout" | "stderr", chunk: Buffer) => void = () => {},
): Conversation {
  if (readRunning(folder) === undefined) throw notRunning(folder);
  const socket = createConnection(folder.socket);
  socket.write(`${JSON.stringify(request)}\n`);

  const result = new Promise<unknown>((resolve, reject) => {
    socket.on("error", () => reject(notRunning(folder)));
    const lines = createInterface({ input: socket });
    lines.on("line", (line) => {
      const event: ControlEvent = JSON.parse(line);
      if ("output" in event) onOutput(event.stream, Buffer.from(event.output, "base64"));
      else if ("result" in event) resolve(event.result);
      else reject(new UserError(event.error.code, event.error.message, event.error.hint));
    });
    lines.on("close", () => {
      socket.destroy();
      reject(
        new UserError(
          "CLOUD_GONE",
          "The cloud ended before it answered.",
          `Its log is ${folder.log}. Start it again with \`causeway up\`.`,
        ),
      );
    });
  });
  return { send: (input) => socket.write(`${JSON.stringify(input)}\n`), result };
}

/** One request without input or output on the way. */
export async function ask<T>(folder: StateFolder, request: ControlRequest): Promise<T> {
  // Client and cloud are the same program; the protocol's types say what each request is answered with.
  return (await converse(folder, request).result) as T;
}

function notRunning(folder: StateFolder): UserError {
  return new UserError(
    "NOT_RUNNING",
    `No cloud is running on ${folder.path}.`,
    "Start one with `causeway up`, or name its folder with --state DIR.",
  );
}
