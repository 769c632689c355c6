/** WebSocket frames (RFC 6455 section 5) as bytes and as messages: the server's side, without extensions. Pure. */

export type WebSocketMessage =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary" | "ping" | "pong"; readonly bytes: Buffer }
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

/** Why a connection must be failed, with the code that says so [RFC 6455 7.4.1]. */
export interface WebSocketFailure {
  readonly code: 1002 | 1007 | 1009;
  readonly reason: string;
}

export interface FrameReader {
  /** Takes bytes as they arrive; answers the messages that became whole. After a failure nothing more is read. */
  read(chunk: Buffer): { readonly messages: readonly WebSocketMessage[]; readonly failure?: WebSocketFailure };
}

export const noStatusCode = 1005;

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** The longest message that is taken, in bytes over all of its frames. */
const maxMessageBytes = 1024 * 1024;
const maxControlBytes = 125;

interface Frame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

interface Begun {
  readonly opcode: number;
  readonly parts: Buffer[];
  bytes: number;
}

export function createFrameReader(): FrameReader {
  let pending: Buffer = Buffer.alloc(0);
  let begun: Begun | undefined;
  let failed = false;

  /** The message that this frame completes, if any. */
  function take({ fin, opcode, payload }: Frame): WebSocketMessage | WebSocketFailure | undefined {
    if (opcode >= opcodes.close) return controlMessage(opcode, fin, payload);
    if (opcode === opcodes.continuation) {
      if (begun === undefined) return protocolError("a continuation of nothing");
    } else {
      if (begun !== undefined) return protocolError("a new message inside another one");
      if (opcode !== opcodes.text && opcode !== opcodes.binary) return protocolError(`unknown opcode ${opcode}`);
      begun = { opcode, parts: [], bytes: 0 };
    }
    begun.parts.push(payload);
    begun.bytes += payload.length;
    if (begun.bytes > maxMessageBytes) return tooLong();
    if (!fin) return undefined;
    const bytes = Buffer.concat(begun.parts);
    const isText = begun.opcode === opcodes.text;
    begun = undefined;
    if (!isText) return { kind: "binary", bytes };
    const text = utf8(bytes);
    return text === undefined ? { code: 1007, reason: "text that is not UTF-8" } : { kind: "text", text };
  }

  return {
    read(chunk) {
      const messages: WebSocketMessage[] = [];
      if (failed) return { messages };
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      for (;;) {
        const frame = nextFrame(pending);
        if (frame === undefined) return { messages };
        if ("code" in frame) {
          failed = true;
          return { messages, failure: frame };
        }
        pending = pending.subarray(frame.length);
        const taken = take(frame);
        if (taken === undefined) continue;
        if (!("kind" in taken)) {
          failed = true;
          return { messages, failure: taken };
        }
        messages.push(taken);
      }
    },
  };
}

/** An unmasked frame with a whole message, as servers send them. */
export function encodeFrame(kind: "text" | "binary" | "ping" | "pong" | "close", payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcodes[kind];
  if (length < 126) {
    header[1] = length;
  } else if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

export function encodeClose(code: number, reason: string): Buffer {
  if (code === noStatusCode) return encodeFrame("close", Buffer.alloc(0));
  const text = Buffer.from(reason).subarray(0, maxControlBytes - 2);
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  return encodeFrame("close", payload);
}

/** The first frame of `bytes` with its whole length, undefined when it is not all there. */
function nextFrame(bytes: Buffer): (Frame & { readonly length: number }) | WebSocketFailure | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  if ((first & 0x70) !== 0) return protocolError("reserved bits without an extension");
  // [RFC 6455 5.1] A server must fail a connection whose client does not mask.
  if ((second & 0x80) === 0) return protocolError("an unmasked frame");
  const short = second & 0x7f;
  const opcode = first & 0x0f;
  if (opcode >= opcodes.close && short > maxControlBytes) return protocolError("a control frame that is too long");
  const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < maskAt + 4) return undefined;
  const wide = short === 126 ? BigInt(bytes.readUInt16BE(2)) : short === 127 ? bytes.readBigUInt64BE(2) : BigInt(short);
  if (wide > BigInt(maxMessageBytes)) return tooLong();
  const start = maskAt + 4;
  const length = start + Number(wide);
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(maskAt, start);
  const payload = Buffer.from(bytes.subarray(start, length));
  for (let index = 0; index < payload.length; index += 1)
    payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  return { fin: (first & 0x80) !== 0, opcode, payload, length };
}

function controlMessage(opcode: number, fin: boolean, payload: Buffer): WebSocketMessage | WebSocketFailure {
  if (!fin) return protocolError("a control frame in pieces");
  if (opcode === opcodes.ping) return { kind: "ping", bytes: payload };
  if (opcode === opcodes.pong) return { kind: "pong", bytes: payload };
  if (opcode !== opcodes.close) return protocolError(`unknown opcode ${opcode}`);
  if (payload.length === 0) return { kind: "close", code: noStatusCode, reason: "" };
  if (payload.length === 1) return protocolError("half a status code");
  const reason = utf8(payload.subarray(2));
  if (reason === undefined) return { code: 1007, reason: "a reason that is not UTF-8" };
  const code = payload.readUInt16BE(0);
  if (!isClosingCode(code)) return protocolError(`the status code ${code} is not for closing`);
  return { kind: "close", code, reason };
}

/** [RFC 6455 7.4] Codes that may be sent. */
function isClosingCode(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code < 5000)
  );
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function protocolError(reason: string): WebSocketFailure {
  return { code: 1002, reason };
}

function tooLong(): WebSocketFailure {
  return { code: 1009, reason: `a message of more than ${maxMessageBytes} bytes` };
}
