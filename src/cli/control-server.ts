/** The running cloud's side of the control socket: reads one request per connection and lets `operations` do it. */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { ControlEvent, ControlInput, ControlRequest } from "./control-protocol.ts";
import { UserError } from "./user-error.ts";

/** What an operation may use while it runs. */
export interface Session {
  output(stream: "stdout" | "stderr", chunk: Buffer): void;
  onInput(listener: (input: ControlInput) => void): void;
  /** Aborted when the command at the other end is gone (Ctrl-C). */
  readonly signal: AbortSignal;
}

export type Operations = (request: ControlRequest, session: Session) => Promise<unknown>;

export async function startControlServer(
  path: string,
  operations: Operations,
  onFault: (message: string, error: unknown) => void,
): Promise<() => Promise<void>> {
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    serve(socket, operations, onFault);
  });
  await listen(server, path);
  chmodSync(path, 0o600);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      // Whoever is being answered right now (the one who asked to stop) gets its last line first.
      setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, 200).unref();
    });
}

function serve(socket: Socket, operations: Operations, onFault: (message: string, error: unknown) => void): void {
  const gone = new AbortController();
  const listeners: ((input: ControlInput) => void)[] = [];
  const early: ControlInput[] = [];
  const send = (event: ControlEvent): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(event)}\n`);
  };
  socket.on("error", () => gone.abort());
  socket.on("close", () => gone.abort());

  const session: Session = {
    output: (stream, chunk) => send({ output: chunk.toString("base64"), stream }),
    onInput(listener) {
      listeners.push(listener);
      for (const input of early.splice(0)) listener(input);
    },
    signal: gone.signal,
  };

  let started = false;
  createInterface({ input: socket }).on("line", (line) => {
    if (started) {
      const input: ControlInput = JSON.parse(line);
      if (listeners.length === 0) early.push(input);
      for (const listener of listeners) listener(input);
      return;
    }
    started = true;
    const request: ControlRequest = JSON.parse(line);
    operations(request, session).then(
      (result) => {
        send({ result: result ?? null });
        socket.end();
      },
      (error: unknown) => {
        if (!(error instanceof UserError)) onFault(`the request ${request.do} failed`, error);
        send({ error: errorEvent(error) });
        socket.end();
      },
    );
  });
}

function errorEvent(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof UserError)
    return { code: error.code, message: error.message, ...(error.hint && { hint: error.hint }) };
  return {
    code: "BUG",
    message: error instanceof Error ? error.message : String(error),
    hint: "This is a bug of ours; the cloud's log has the details.",
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve());
  });
}
