/**
 * One session as the agent on an instance leads it: the handshake, a shell whose terminal is the client's, and the closing message.
 * Pure: time, randomness, the connection and the shell are given. The order of messages is that of AWS's agent and client.
 */
import type { Shell, ShellRequest } from "../../ports.ts";
import { jsonPayload, payloadTypes } from "./agent-message.ts";
import { createDataStream, type StreamData } from "./data-stream.ts";

export interface ShellSessionPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newMessageId: () => string;
  readonly transmit: (bytes: Buffer) => void;
  readonly startShell: (request: Pick<ShellRequest, "columns" | "rows" | "onOutput">) => Shell;
  /** Called once, after the closing message: the connection may be closed, and the session is over. */
  readonly onEnd: () => void;
  /** Something that the shell's user cannot be blamed for. */
  readonly onFault: (message: string, error: unknown) => void;
}

export interface ShellSessionOptions {
  readonly sessionId: string;
  /** The instance's id. */
  readonly target: string;
  readonly sessionType: "Standard_Stream" | "InteractiveCommands";
  readonly agentVersion: string;
  /** Clients from before the handshake (they give no version when they open the channel) get the shell at once. */
  readonly handshake: boolean;
}

export interface ShellSession {
  received(bytes: Buffer): void;
  connectionLost(): void;
  connectionResumed(): void;
  /** Ends it from outside and at once; `reason` is shown to the user. */
  terminate(reason: string): void;
  /** Does what is due by now. */
  tick(): void;
  /** When `tick` wants to be called, in milliseconds since the epoch. */
  nextTick(): number | undefined;
}

/** A terminal's size until its user's is known. */
const firstSize = { columns: 80, rows: 24 } as const;
/** What AWS's agent puts into one message. */
const maxPayloadBytes = 1_024;
const handshakeTimeoutMs = 15_000;
/** How long the closing message waits for the client to acknowledge the last output. */
const farewellMs = 5_000;
/** A shell cannot be told to wait for a slow reader: what is beyond this is left out, and said to be. */
const maxUnreadBytes = 16 * 1024 * 1024;
const terminateSessionFlag = 2;
const maxTerminalSide = 65_535;

type Phase =
  | { readonly name: "handshake"; readonly since: number }
  | { readonly name: "shell"; readonly shell: Shell }
  | { readonly name: "farewell"; readonly until: number; readonly reason: string }
  | { readonly name: "ended" };

export function startShellSession(options: ShellSessionOptions, ports: ShellSessionPorts): ShellSession {
  const { now } = ports;
  const stream = createDataStream(ports);
  let phase: Phase = { name: "handshake", since: now() };
  let leftOut = 0;
  let isConnected = true;

  if (options.handshake) stream.send(payloadTypes.handshakeRequest, json(handshakeRequest(options)));
  else openShell();

  function openShell(): void {
    try {
      const shell = ports.startShell({ ...firstSize, onOutput: output });
      phase = { name: "shell", shell };
      shell.exit.then(() => sayFarewell(""), shellFailed);
    } catch (error) {
      shellFailed(error);
    }
  }

  function shellFailed(error: unknown): void {
    sayFarewell(`The shell failed: ${error instanceof Error ? error.message : String(error)}`);
    ports.onFault(`the shell of session ${options.sessionId} failed`, error);
  }

  function output(chunk: Buffer): void {
    if (phase.name !== "shell") return;
    if (stream.unacknowledgedBytes() > maxUnreadBytes) {
      leftOut += chunk.length;
      return;
    }
    if (leftOut > 0) {
      sendOutput(Buffer.from(`\r\n[${leftOut} bytes of output left out: they came faster than they were read]\r\n`));
      leftOut = 0;
    }
    sendOutput(chunk);
  }

  function sendOutput(chunk: Buffer): void {
    for (let start = 0; start < chunk.length; start += maxPayloadBytes)
      stream.send(payloadTypes.output, chunk.subarray(start, start + maxPayloadBytes));
  }

  function delivered({ payloadType, payload }: StreamData): void {
    if (payloadType === payloadTypes.handshakeResponse) {
      if (phase.name === "handshake") finishHandshake(phase.since, payload);
      return;
    }
    // As the agent does, whatever comes before the handshake is over is taken and forgotten.
    if (phase.name !== "shell") return;
    if (payloadType === payloadTypes.output) phase.shell.write(payload);
    else if (payloadType === payloadTypes.size) resize(phase.shell, payload);
    else if (payloadType === payloadTypes.flag && payload.length === 4) {
      if (payload.readUInt32BE(0) === terminateSessionFlag) terminate("");
    }
  }

  function finishHandshake(since: number, payload: Buffer): void {
    const refused = refusedActions(payload);
    if (refused !== undefined) {
      sayFarewell(`The handshake failed: ${refused}`);
      return;
    }
    // A Go duration: nanoseconds.
    const complete = { HandshakeTimeToComplete: (now() - since) * 1_000_000, CustomerMessage: "" };
    stream.send(payloadTypes.handshakeComplete, json(complete));
    openShell();
  }

  function terminate(reason: string): void {
    if (phase.name === "shell") phase.shell.kill();
    sayFarewell(reason, 0);
  }

  function sayFarewell(reason: string, patienceMs: number = farewellMs): void {
    if (phase.name === "farewell" || phase.name === "ended") return;
    phase = { name: "farewell", until: now() + patienceMs, reason };
    closeWhenRead();
  }

  /** The closing message ends the client at once, so it waits until the client has all of the output. */
  function closeWhenRead(): void {
    if (phase.name !== "farewell") return;
    const { until, reason } = phase;
    if (stream.unacknowledgedBytes() > 0 && isConnected && now() < until) return;
    phase = { name: "ended" };
    const closed = {
      MessageType: "channel_closed",
      MessageId: ports.newMessageId(),
      DestinationId: options.target,
      SessionId: options.sessionId,
      SchemaVersion: 1,
      CreatedDate: new Date(now()).toISOString(),
      Output: reason,
    };
    stream.sendOnce("channel_closed", json(closed));
    ports.onEnd();
  }

  return {
    received(bytes) {
      for (const data of stream.receive(bytes)) delivered(data);
      closeWhenRead();
    },

    connectionLost() {
      isConnected = false;
      stream.disconnected();
      closeWhenRead();
    },

    connectionResumed() {
      isConnected = true;
      stream.reconnected();
    },

    terminate,

    tick() {
      if (phase.name === "handshake" && isConnected && now() - phase.since >= handshakeTimeoutMs)
        sayFarewell(
          "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.",
        );
      if (stream.tick()) terminate("The client does not acknowledge what it is sent.");
      closeWhenRead();
    },

    nextTick() {
      if (phase.name === "ended") return undefined;
      const times = [
        stream.nextTick(),
        phase.name === "handshake" && isConnected ? phase.since + handshakeTimeoutMs : undefined,
        phase.name === "farewell" ? phase.until : undefined,
      ].filter((time) => time !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function handshakeRequest({ agentVersion, sessionType }: ShellSessionOptions): object {
  return {
    AgentVersion: agentVersion,
    RequestedClientActions: [
      { ActionType: "SessionType", ActionParameters: { SessionType: sessionType, Properties: null } },
    ],
  };
}

/** Why the client's answer is no agreement; undefined when it is one. Status 1 is success. */
function refusedActions(payload: Buffer): string | undefined {
  const response = jsonPayload(payload);
  const actions = response?.ProcessedClientActions;
  if (!Array.isArray(actions)) return "the answer of the client is not a handshake response";
  for (const action of actions as readonly unknown[]) {
    if (typeof action !== "object" || action === null || !("ActionStatus" in action)) return "an action has no status";
    if (action.ActionStatus !== 1)
      return "Error" in action && typeof action.Error === "string" ? action.Error.slice(0, 500) : "an action failed";
  }
  return undefined;
}

function resize(shell: Shell, payload: Buffer): void {
  const { cols, rows } = jsonPayload(payload) ?? {};
  if (isTerminalSide(cols) && isTerminalSide(rows)) shell.resize(cols, rows);
}

function isTerminalSide(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= maxTerminalSide;
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
