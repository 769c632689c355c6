/**
 * What a fabric's owner and its child process say to each other over Node's IPC channel (structured clone): calls with a
 * number, their answers, and events in between.
 */
import type {
  CommandRequest,
  CommandResult,
  HttpRequest,
  HttpResponse,
  InteractiveRequest,
  KernelOperation,
  ListenRequest,
  ProbeRequest,
  ProbeResult,
} from "./fabric.ts";

/** A request without what cannot cross: callbacks and signals. `wantsOutput`: send chunks as they come. */
export type CommandOrder = Omit<CommandRequest, "signal" | "onOutput"> & { readonly wantsOutput: boolean };
export type InteractiveOrder = Omit<InteractiveRequest, "signal" | "onOutput">;

/** Name of a call: what goes there and what comes back. */
export interface Calls {
  readonly apply: { readonly ask: readonly KernelOperation[]; readonly answer: undefined };
  readonly run: { readonly ask: CommandOrder; readonly answer: CommandResult };
  readonly "run-interactive": { readonly ask: InteractiveOrder; readonly answer: number };
  readonly probe: { readonly ask: readonly ProbeRequest[]; readonly answer: readonly ProbeResult[] };
  /** Answered with nothing; the listener is known by the call's number. */
  readonly listen: { readonly ask: ListenRequest; readonly answer: undefined };
}

export type CallName = keyof Calls;

/** One call of any name. */
export type Call = { readonly [Name in CallName]: { readonly name: Name; readonly ask: Calls[Name]["ask"] } }[CallName];

export type ToFabric =
  | { readonly kind: "call"; readonly id: number; readonly call: Call }
  | { readonly kind: "make-ahead"; readonly namespaces: number }
  /** To a running command. */
  | { readonly kind: "input"; readonly id: number; readonly chunk: Uint8Array }
  | { readonly kind: "input-end"; readonly id: number }
  | { readonly kind: "resize"; readonly id: number; readonly columns: number; readonly rows: number }
  | { readonly kind: "kill"; readonly id: number }
  | { readonly kind: "stop-listening"; readonly id: number }
  | { readonly kind: "http-answer"; readonly id: number; readonly response: HttpResponse };

export type FromFabric =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly value: Calls[CallName]["answer"] }
  | { readonly kind: "refusal"; readonly id: number; readonly refusal: Refusal }
  | { readonly kind: "output"; readonly id: number; readonly stream: "stdout" | "stderr"; readonly chunk: Uint8Array }
  | { readonly kind: "http"; readonly id: number; readonly request: HttpRequest };

/** An error on its way; `bug` keeps its stack. */
export interface Refusal {
  readonly kind: "refused" | "bug";
  readonly message: string;
  readonly operation?: string | undefined;
  readonly code?: string | undefined;
}
