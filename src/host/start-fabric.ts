/** The owner's end of a fabric: starts its process, turns calls into messages and messages into results. */
import { chownSync, mkdirSync } from "node:fs";
import type {
  CommandResult,
  Fabric,
  HttpRequest,
  HttpResponse,
  InteractiveCommand,
  InteractiveRequest,
} from "./fabric.ts";
import { FabricError } from "./fabric-error.ts";
import type { CallName, Calls, FromFabric, Refusal, ToFabric } from "./fabric-protocol.ts";
import { explain, type FabricEntry, launchFabric, rootUser } from "./launch-fabric.ts";

/** Rejects with a `FabricError` of kind `unavailable`, whose message is for the user, when this machine cannot. */
export async function startFabric(entry: FabricEntry): Promise<Fabric> {
  if (process.platform !== "linux") throw new FabricError("unavailable", explain(""));
  const { child, mode, complaint } = await launchFabric(entry);
  const waiting = new Map<number, Waiting>();
  const outputs = new Map<number, OnOutput>();
  const lostListeners: ((reason: string) => void)[] = [];
  let httpHandler: ((request: HttpRequest) => Promise<HttpResponse>) | undefined;
  let nextId = 1;
  let state: "starting" | "running" | "closing" | "gone" = "starting";
  let whenGone: (() => void) | undefined;

  const tell = (message: ToFabric) => {
    // A channel that closes meanwhile is reported by `exit`, to everybody who waits.
    if (child.connected) child.send(message, () => undefined);
  };

  const ready = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(new FabricError("unavailable", explain(error.message))));
    child.on("exit", (code, signal) => {
      const reason = signal ? `ended by ${signal}` : `exit code ${code ?? "unknown"}`;
      const was = state;
      state = "gone";
      if (was === "starting") reject(new FabricError("unavailable", explain(complaint() || reason)));
      const error = new FabricError("lost", `the fabric is gone (${reason})${complaint() ? `: ${complaint()}` : ""}`);
      for (const { refuse } of waiting.values()) refuse(error);
      waiting.clear();
      outputs.clear();
      if (was === "running") for (const listener of lostListeners.splice(0)) listener(error.message);
      whenGone?.();
    });
    child.on("message", (message: FromFabric) => {
      switch (message.kind) {
        case "ready":
          state = "running";
          return resolve();
        case "answer":
          waiting.get(message.id)?.accept(message.value);
          waiting.delete(message.id);
          return;
        case "refusal":
          waiting.get(message.id)?.refuse(errorOf(message.refusal));
          waiting.delete(message.id);
          return;
        case "output":
          return outputs.get(message.id)?.(message.stream, Buffer.from(message.chunk));
        case "http":
          return void answerHttp(message.id, message.request);
      }
    });
  });

  async function answerHttp(id: number, request: HttpRequest): Promise<void> {
    const unavailable: HttpResponse = { status: 503, headers: {}, body: "" };
    const response = httpHandler ? await httpHandler(request).catch(() => unavailable) : unavailable;
    tell({ kind: "http-answer", id, response });
  }

  function call<Name extends CallName>(
    name: Name,
    ask: Calls[Name]["ask"],
    id = nextId++,
  ): Promise<Calls[Name]["answer"]> {
    return new Promise((resolve, reject) => {
      if (state !== "running") return reject(new FabricError("lost", "the fabric is gone"));
      waiting.set(id, {
        // The codec boundary: the fabric answers a call with its own answer's type, and with nothing else.
        accept: (value) => resolve(value as Calls[Name]["answer"]),
        refuse: reject,
      });
      tell({ kind: "call", id, call: { name, ask } as Extract<ToFabric, { kind: "call" }>["call"] });
    });
  }

  function prepareDisk(disk: string | undefined): void {
    if (disk === undefined) return;
    mkdirSync(disk, { recursive: true, mode: 0o700 });
    if (mode === "root") chownSync(disk, rootUser, rootUser);
  }

  await ready;
  if (child.pid === undefined) throw new Error("bug: a fabric that is ready has a process id");

  return {
    mode,
    processId: child.pid,
    makeAhead: (namespaces) => tell({ kind: "make-ahead", namespaces }),
    apply: (operations) => call("apply", operations),
    async run({ signal, onOutput, ...request }) {
      prepareDisk(request.disk);
      const id = nextId++;
      const kill = () => tell({ kind: "kill", id });
      if (onOutput) outputs.set(id, onOutput);
      try {
        const result: Promise<CommandResult> = call("run", { ...request, wantsOutput: onOutput !== undefined }, id);
        signal?.addEventListener("abort", kill, { once: true });
        if (signal?.aborted) kill();
        return await result;
      } finally {
        signal?.removeEventListener("abort", kill);
        outputs.delete(id);
      }
    },
    runInteractive({ signal, onOutput, ...request }: InteractiveRequest): InteractiveCommand {
      prepareDisk(request.disk);
      const id = nextId++;
      const kill = () => tell({ kind: "kill", id });
      outputs.set(id, onOutput);
      const exit = call("run-interactive", request, id).finally(() => {
        signal?.removeEventListener("abort", kill);
        outputs.delete(id);
      });
      signal?.addEventListener("abort", kill, { once: true });
      if (signal?.aborted) kill();
      return {
        write: (chunk) => tell({ kind: "input", id, chunk }),
        end: () => tell({ kind: "input-end", id }),
        resize: (columns, rows) => tell({ kind: "resize", id, columns, rows }),
        kill,
        exit,
      };
    },
    async probe(request) {
      const [result] = await call("probe", [request]);
      if (!result) throw new Error("bug: a probe without a result");
      return result;
    },
    probeAll: (requests) => call("probe", requests),
    async listen(request) {
      const id = nextId++;
      await call("listen", request, id);
      return async () => tell({ kind: "stop-listening", id });
    },
    onHttp(handler) {
      httpHandler = handler;
    },
    onLost(listener) {
      lostListeners.push(listener);
    },
    async close() {
      if (state === "gone") return;
      const gone = new Promise<void>((resolve) => {
        whenGone = resolve;
      });
      state = "closing";
      // The fabric ends when its channel closes; a fabric that hangs is ended through the process that waits for it.
      if (child.connected) child.disconnect();
      const impatience = setTimeout(() => child.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(impatience);
    },
  };
}

interface Waiting {
  accept(value: Calls[CallName]["answer"]): void;
  refuse(error: Error): void;
}

type OnOutput = (stream: "stdout" | "stderr", chunk: Buffer) => void;

function errorOf(refusal: Refusal): Error {
  if (refusal.kind === "bug") return new Error(refusal.message);
  return new FabricError("refused", refusal.message, { operation: refusal.operation, code: refusal.code });
}
