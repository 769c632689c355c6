/**
 * The child process that is a fabric: process 1 of its process namespace, inside its own user namespace, holding every network
 * namespace. It ends at once when the channel to its owner closes; the kernel then ends all else in here.
 */
import { readdirSync } from "node:fs";
import type { HttpResponse, InteractiveCommand } from "./fabric.ts";
import { FabricError } from "./fabric-error.ts";
import type { Call, Calls, FromFabric, Refusal, ToFabric } from "./fabric-protocol.ts";
import { applyOperations } from "./inside/apply-operations.ts";
import { createCommands } from "./inside/commands.ts";
import { createListeners } from "./inside/listeners.ts";
import { createNamespaces } from "./inside/namespaces.ts";
import { probeAll } from "./inside/probes.ts";
import { closeOnExec } from "./netlink/libc.ts";
import { SystemError } from "./system-error.ts";

process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(1);
process.umask(0o022);
// What this process was started with is nothing for the commands that it starts.
for (const name of readdirSync("/proc/self/fd")) if (Number(name) > 2) closeOnExec(Number(name));

const namespaces = createNamespaces();
const commands = createCommands(namespaces);
const listeners = createListeners(namespaces, askOwner);
const httpWaiting = new Map<number, (response: HttpResponse) => void>();
const interactive = new Map<number, InteractiveCommand>();
const running = new Map<number, AbortController>();
const stops = new Map<number, () => void>();
let nextHttp = 1;

process.on("message", (message: ToFabric) => {
  switch (message.kind) {
    case "call":
      void answer(message.id, message.call);
      break;
    case "make-ahead":
      namespaces.makeAhead(message.namespaces);
      break;
    case "input":
      interactive.get(message.id)?.write(Buffer.from(message.chunk));
      break;
    case "input-end":
      interactive.get(message.id)?.end();
      break;
    case "resize":
      interactive.get(message.id)?.resize(message.columns, message.rows);
      break;
    case "kill":
      interactive.get(message.id)?.kill();
      running.get(message.id)?.abort();
      break;
    case "stop-listening":
      stops.get(message.id)?.();
      stops.delete(message.id);
      break;
    case "http-answer":
      httpWaiting.get(message.id)?.(message.response);
      httpWaiting.delete(message.id);
      break;
  }
});
tell({ kind: "ready" });

async function answer(id: number, call: Call): Promise<void> {
  try {
    const value = await perform(id, call);
    tell({ kind: "answer", id, value });
  } catch (error) {
    tell({ kind: "refusal", id, refusal: refusalOf(error) });
  }
}

async function perform(id: number, call: Call): Promise<Calls[Call["name"]]["answer"]> {
  switch (call.name) {
    case "apply":
      try {
        await applyOperations(namespaces, call.ask);
      } finally {
        namespaces.dropAhead();
      }
      return undefined;
    case "probe":
      return probeAll(namespaces, listeners.greetsOn, call.ask);
    case "listen":
      stops.set(id, await listeners.listen(call.ask));
      return undefined;
    case "run": {
      const abort = new AbortController();
      running.set(id, abort);
      try {
        const { wantsOutput, ...request } = call.ask;
        const output = wantsOutput ? { onOutput: outputOf(id) } : {};
        return await commands.run({ ...request, ...output, signal: abort.signal });
      } finally {
        running.delete(id);
      }
    }
    case "run-interactive": {
      const command = commands.runInteractive({ ...call.ask, onOutput: outputOf(id) });
      interactive.set(id, command);
      try {
        return await command.exit;
      } finally {
        interactive.delete(id);
      }
    }
  }
}

function outputOf(id: number): (stream: "stdout" | "stderr", chunk: Buffer) => void {
  return (stream, chunk) => tell({ kind: "output", id, stream, chunk });
}

function askOwner(request: Extract<FromFabric, { kind: "http" }>["request"]): Promise<HttpResponse> {
  const id = nextHttp++;
  return new Promise((resolve) => {
    httpWaiting.set(id, resolve);
    tell({ kind: "http", id, request });
  });
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof FabricError) {
    return { kind: "refused", message: error.message, operation: error.operation, code: error.code };
  }
  if (error instanceof SystemError) {
    return { kind: "refused", message: error.message, operation: error.operation, code: error.code };
  }
  if (error instanceof RangeError) return { kind: "refused", message: error.message, code: "EINVAL" };
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && error instanceof Error) return { kind: "refused", message: error.message, code };
  return { kind: "bug", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** A channel that is closing is the owner's leave-taking: `disconnect` follows. */
function tell(message: FromFabric): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
