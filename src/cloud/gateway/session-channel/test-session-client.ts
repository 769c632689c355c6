/**
 * A client of the data channel that behaves as AWS's session-manager-plugin does: the token first, every message acknowledged,
 * the handshake answered, unacknowledged input repeated, the end by `channel_closed`. For tests.
 */
import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import {
  type AgentMessage,
  decodeAgentMessage,
  encodeAgentMessage,
  jsonPayload,
  payloadTypes,
} from "./agent-message.ts";

export interface TestSessionClientOptions {
  readonly streamUrl: string;
  readonly token: string;
  /** Undefined: a client from before the handshake. */
  readonly clientVersion?: string;
  readonly onOutput?: (chunk: Buffer) => void;
  /** Which arrivals are overheard, as if they were lost on the way: `false` for the n-th message, from 0. */
  readonly hears?: (nth: number) => boolean;
}

export interface TestSessionClient {
  /** Everything the terminal has shown. */
  output(): string;
  /** Resolves when the terminal shows it; rejects when the session ends before. */
  shows(what: string | RegExp): Promise<void>;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  send(payloadType: number, payload: Buffer): void;
  /** Resolves when the handshake is over. */
  readonly ready: Promise<void>;
  /** The closing message's text, or the reason why the connection ended without one. */
  readonly ended: Promise<{ readonly closing: string } | { readonly closeCode: number }>;
  /** Cuts the connection without a word. */
  cut(): void;
  /** Goes on with a new token in a new connection. */
  reconnect(token: string): void;
}

const resendMs = 200;

export function connectSession(options: TestSessionClientOptions): TestSessionClient {
  const { streamUrl, clientVersion, onOutput, hears = () => true } = options;
  let socket = open(options.token);
  let shown = Buffer.alloc(0);
  let expected = 0;
  let nextOut = 0;
  let arrivals = 0;
  let isOver = false;
  const held = new Map<number, AgentMessage>();
  const unacknowledged = new Map<number, Buffer>();
  const watchers = new Set<() => void>();
  let becomeReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  let end: (how: { readonly closing: string } | { readonly closeCode: number }) => void = () => {};
  const ended = new Promise<{ readonly closing: string } | { readonly closeCode: number }>((resolve) => {
    end = (how) => {
      isOver = true;
      clearInterval(resender);
      resolve(how);
      for (const watch of watchers) watch();
    };
  });
  const resender = setInterval(() => {
    const [first] = unacknowledged.values();
    if (first !== undefined && socket.readyState === WebSocket.OPEN) socket.send(first);
  }, resendMs);
  if (clientVersion === undefined) becomeReady();

  function open(token: string): WebSocket {
    const connection = new WebSocket(streamUrl);
    connection.on("open", () => {
      const opening = {
        MessageSchemaVersion: "1.0",
        RequestId: randomUUID(),
        TokenValue: token,
        ClientId: randomUUID(),
      };
      connection.send(
        JSON.stringify({ ...opening, ...(clientVersion !== undefined && { ClientVersion: clientVersion }) }),
      );
      for (const bytes of unacknowledged.values()) connection.send(bytes);
    });
    connection.on("message", (data: Buffer) => received(data));
    connection.on("error", () => undefined);
    connection.on("close", (closeCode) => {
      if (connection === socket && closeCode !== 1006) end({ closeCode });
    });
    return connection;
  }

  function received(bytes: Buffer): void {
    if (!hears(arrivals++)) return;
    const message = decodeAgentMessage(bytes);
    if ("malformed" in message) throw new Error(`the cloud sent ${message.malformed}`);
    if (message.messageType === "acknowledge") {
      const { AcknowledgedMessageSequenceNumber: number } = jsonPayload(message.payload) ?? {};
      if (typeof number === "number") unacknowledged.delete(number);
    } else if (message.messageType === "channel_closed") {
      end({ closing: String(jsonPayload(message.payload)?.Output) });
      socket.close();
    } else if (message.messageType === "output_stream_data") {
      arrived(message);
    }
  }

  function arrived(message: AgentMessage): void {
    acknowledge(message);
    if (message.sequenceNumber < expected) return;
    held.set(message.sequenceNumber, message);
    for (let next = held.get(expected); next !== undefined; next = held.get(expected)) {
      held.delete(expected);
      expected += 1;
      take(next);
    }
  }

  function take({ payloadType, payload }: AgentMessage): void {
    if (payloadType === payloadTypes.handshakeRequest) {
      const actions = jsonPayload(payload)?.RequestedClientActions;
      const ProcessedClientActions = (Array.isArray(actions) ? actions : []).map(({ ActionType }) => ({
        ActionType,
        ActionStatus: ActionType === "SessionType" ? 1 : 3,
        ActionResult: null,
        Error: "",
      }));
      const response = { ClientVersion: clientVersion, ProcessedClientActions, Errors: null };
      send(payloadTypes.handshakeResponse, Buffer.from(JSON.stringify(response)));
    } else if (payloadType === payloadTypes.handshakeComplete) {
      becomeReady();
    } else if (payloadType === payloadTypes.output) {
      shown = Buffer.concat([shown, payload]);
      onOutput?.(payload);
      for (const watch of watchers) watch();
    }
  }

  function acknowledge({ messageType, messageId, sequenceNumber }: AgentMessage): void {
    const content = {
      AcknowledgedMessageType: messageType,
      AcknowledgedMessageId: messageId,
      AcknowledgedMessageSequenceNumber: sequenceNumber,
      IsSequentialMessage: true,
    };
    put(encode("acknowledge", 0, payloadTypes.none, Buffer.from(JSON.stringify(content))));
  }

  function send(payloadType: number, payload: Buffer): void {
    const bytes = encode("input_stream_data", nextOut, payloadType, payload);
    unacknowledged.set(nextOut, bytes);
    nextOut += 1;
    put(bytes);
  }

  function put(bytes: Buffer): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
  }

  return {
    output: () => shown.toString("utf8"),
    shows(what) {
      return new Promise((resolve, reject) => {
        const watch = (): void => {
          const text = shown.toString("utf8");
          const isShown = typeof what === "string" ? text.includes(what) : what.test(text);
          if (!isShown && !isOver) return;
          watchers.delete(watch);
          if (isShown) resolve();
          else reject(new Error(`the session ended without ${what}; it showed:\n${text}`));
        };
        watchers.add(watch);
        watch();
      });
    },
    type: (text) => send(payloadTypes.output, Buffer.from(text)),
    resize: (cols, rows) => send(payloadTypes.size, Buffer.from(JSON.stringify({ cols, rows }))),
    send,
    ready,
    ended,
    cut: () => socket.terminate(),
    reconnect(token) {
      socket = open(token);
    },
  };
}

function encode(messageType: string, sequenceNumber: number, payloadType: number, payload: Buffer): Buffer {
  const message = {
    messageType,
    schemaVersion: 1,
    createdDate: Date.now(),
    sequenceNumber,
    flags: 0,
    payloadType,
    payload,
  };
  return encodeAgentMessage({ ...message, messageId: randomUUID() });
}
