/**
 * How a command speaks to a running cloud: one request per connection, as JSON lines over a Unix socket that only the user can open.
 * The cloud answers with any number of events and one last `result` or `error`.
 */

export type ControlRequest =
  | { readonly do: "status" }
  | { readonly do: "model" }
  | { readonly do: "stop" }
  | { readonly do: "reset" }
  | {
      readonly do: "exec";
      readonly instance: string;
      readonly argv: readonly string[];
      readonly terminal?: TerminalSize;
    }
  | {
      readonly do: "ping";
      readonly from: string;
      readonly to: string;
      readonly count: number;
      readonly family: "ipv4" | "ipv6" | "any";
    }
  | {
      readonly do: "probe";
      readonly from: string;
      readonly to: string;
      readonly protocol: "tcp" | "udp";
      readonly port: number;
      readonly family: "ipv4" | "ipv6" | "any";
    }
  | { readonly do: "capture"; readonly hop: string; readonly filter: readonly string[] };

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  readonly type?: string;
}

/** What the command sends after its request. Bytes are base64. */
export type ControlInput =
  | { readonly input: string }
  | { readonly end: true }
  | { readonly resize: { readonly columns: number; readonly rows: number } };

export type ControlEvent =
  | { readonly output: string; readonly stream: "stdout" | "stderr" }
  | { readonly result: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly hint?: string } };

export interface StatusResult {
  readonly processId: number;
  readonly port: number;
  readonly endpoint: string;
  readonly statePath: string;
  readonly startedAt: string;
  readonly pace: string;
  readonly packets: { readonly mode: "kernel" | "model"; readonly detail: string };
  readonly counts: { readonly [kind: string]: number };
  readonly fabricProcessId?: number;
}

export interface PingResult {
  readonly from: { readonly id: string; readonly address: string };
  readonly to: { readonly id: string; readonly address: string };
  readonly sent: number;
  readonly received: number;
  /** The kernel's ping, as it was typed. */
  readonly command: string;
}

export interface ProbeResultMessage {
  readonly from: { readonly id: string; readonly address: string };
  readonly to: { readonly id: string; readonly address: string };
  readonly outcome: "answered" | "refused" | "no-answer";
  readonly roundTripMs?: number;
  readonly seenSource?: string;
}
