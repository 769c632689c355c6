/** The server's end of one WebSocket connection: the opening handshake (RFC 6455 section 4.2), pings answered, an orderly close. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createFrameReader, encodeClose, encodeFrame, type WebSocketMessage } from "./web-socket-frames.ts";

export interface WebSocketHandlers {
  readonly onText: (text: string) => void;
  readonly onBinary: (bytes: Buffer) => void;
  /** Called once, however the connection ended. */
  readonly onClose: () => void;
}

export interface WebSocket {
  send(bytes: Buffer): void;
  /** Says goodbye with a status code; the connection is cut when the client does not answer in time. */
  close(code: number, reason: string): void;
}

const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const closeTimeoutMs = 2_000;

/** Why a request to upgrade cannot be granted, as an HTTP status; undefined when it can. */
export function refusedUpgrade({ method, headers }: IncomingMessage): { status: number; reason: string } | undefined {
  if (method !== "GET" || headers.upgrade?.toLowerCase() !== "websocket")
    return { status: 400, reason: "only WebSocket upgrades by GET are taken" };
  if (headers["sec-websocket-version"] !== "13") return { status: 426, reason: "only WebSocket version 13 is spoken" };
  if (!/^[A-Za-z0-9+/]{22}==$/.test(headers["sec-websocket-key"] ?? ""))
    return { status: 400, reason: "Sec-WebSocket-Key is not a 16-byte nonce" };
  return undefined;
}

/** Answers a request that `refusedUpgrade` lets pass. `head` is what the client sent along with it. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { onText, onBinary, onClose }: WebSocketHandlers,
): WebSocket {
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1").update(`${key}${acceptSuffix}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const frames = createFrameReader();
  let state: "open" | "closing" | "closed" = "open";
  let cut: NodeJS.Timeout | undefined;

  function take(message: WebSocketMessage): void {
    if (message.kind === "close") {
      if (state === "open") goodbye(message.code, "");
      socket.end();
    } else if (state !== "open") {
      // Whatever crosses our goodbye is of no use to anybody.
    } else if (message.kind === "text") onText(message.text);
    else if (message.kind === "binary") onBinary(message.bytes);
    else if (message.kind === "ping") socket.write(encodeFrame("pong", message.bytes));
  }

  function read(chunk: Buffer): void {
    const { messages, failure } = frames.read(chunk);
    for (const message of messages) take(message);
    if (failure !== undefined && state === "open") {
      goodbye(failure.code, failure.reason);
      socket.end();
    }
  }

  function goodbye(code: number, reason: string): void {
    state = "closing";
    socket.write(encodeClose(code, reason));
    cut = setTimeout(() => socket.destroy(), closeTimeoutMs);
  }

  function closed(): void {
    clearTimeout(cut);
    if (state === "closed") return;
    state = "closed";
    onClose();
  }

  // Bytes that came along with the request are read like all others, once the caller has its end in hand.
  if (head.length > 0) socket.unshift(head);
  socket.on("data", read);
  // A reset is one of the ways in which a client leaves; `close` follows.
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.end());
  socket.on("close", closed);

  return {
    send(bytes) {
      if (state === "open") socket.write(encodeFrame("binary", bytes));
    },
    close(code, reason) {
      if (state === "open") goodbye(code, reason);
    },
  };
}

/** Answers in HTTP and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const titles: Readonly<Record<number, string>> = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    426: "Upgrade Required",
  };
  const version = status === 426 ? "Sec-WebSocket-Version: 13\r\n" : "";
  socket.on("error", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${titles[status] ?? "Refused"}\r\n${version}Content-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
