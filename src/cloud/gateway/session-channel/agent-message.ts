/**
 * The binary messages of Session Manager's data channel, as bytes and as data. Layout and names are those of AWS's public client
 * (github.com/aws/session-manager-plugin, src/message): a header of big-endian fields, then the payload.
 */
import { createHash } from "node:crypto";

/** What the payload of stream data is. Types of the protocol that a shell has no use for are left out. */
export const payloadTypes = {
  none: 0,
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
} as const;

export interface AgentMessage {
  readonly messageType: string;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch. */
  readonly createdDate: number;
  readonly sequenceNumber: number;
  /** Bit 0: the first of its stream. Bit 1: the last. */
  readonly flags: number;
  /** A UUID with hyphens. */
  readonly messageId: string;
  readonly payloadType: number;
  readonly payload: Buffer;
}

const offsets = {
  messageType: 4,
  schemaVersion: 36,
  createdDate: 40,
  sequenceNumber: 48,
  flags: 56,
  messageId: 64,
  payloadDigest: 80,
  payloadType: 112,
  payloadLength: 116,
  payload: 120,
} as const;

/** The header length that goes into a message is without its last field, the payload's length. */
const headerLength = offsets.payloadLength;

export function encodeAgentMessage(message: AgentMessage): Buffer {
  const bytes = Buffer.alloc(offsets.payload + message.payload.length);
  bytes.writeUInt32BE(headerLength, 0);
  bytes.fill(" ", offsets.messageType, offsets.schemaVersion);
  bytes.write(message.messageType, offsets.messageType, 32, "ascii");
  bytes.writeUInt32BE(message.schemaVersion, offsets.schemaVersion);
  bytes.writeBigUInt64BE(BigInt(message.createdDate), offsets.createdDate);
  bytes.writeBigInt64BE(BigInt(message.sequenceNumber), offsets.sequenceNumber);
  bytes.writeBigUInt64BE(BigInt(message.flags), offsets.flags);
  // The two halves of the id change places on the wire.
  const id = Buffer.from(message.messageId.replaceAll("-", ""), "hex");
  if (id.length !== 16) throw new Error(`bug: '${message.messageId}' is not a UUID`);
  id.copy(bytes, offsets.messageId, 8, 16);
  id.copy(bytes, offsets.messageId + 8, 0, 8);
  createHash("sha256").update(message.payload).digest().copy(bytes, offsets.payloadDigest);
  bytes.writeUInt32BE(message.payloadType, offsets.payloadType);
  bytes.writeUInt32BE(message.payload.length, offsets.payloadLength);
  message.payload.copy(bytes, offsets.payload);
  return bytes;
}

/**
 * The message, or why it is none. The payload's digest is not compared: the connection under it is reliable already, and clients
 * in use write it in more than one form.
 */
export function decodeAgentMessage(bytes: Buffer): AgentMessage | { readonly malformed: string } {
  if (bytes.length < offsets.payload) return { malformed: `a message of ${bytes.length} bytes has no whole header` };
  const length = bytes.readUInt32BE(0);
  if (length !== headerLength) return { malformed: `a header length of ${length} instead of ${headerLength}` };
  const payloadLength = bytes.readUInt32BE(offsets.payloadLength);
  const payload = bytes.subarray(offsets.payload);
  if (payload.length !== payloadLength)
    return { malformed: `${payload.length} bytes of payload instead of the announced ${payloadLength}` };
  const createdDate = safeNumber(bytes.readBigUInt64BE(offsets.createdDate));
  const sequenceNumber = safeNumber(bytes.readBigInt64BE(offsets.sequenceNumber));
  const flags = safeNumber(bytes.readBigUInt64BE(offsets.flags));
  if (createdDate === undefined || sequenceNumber === undefined || flags === undefined || sequenceNumber < 0)
    return { malformed: "a number in the header is out of range" };
  const id = bytes.subarray(offsets.messageId, offsets.payloadDigest);
  return {
    messageType: bytes.toString("latin1", offsets.messageType, offsets.schemaVersion).replace(/^[\0 ]+|[\0 ]+$/g, ""),
    schemaVersion: bytes.readUInt32BE(offsets.schemaVersion),
    createdDate,
    sequenceNumber,
    flags,
    messageId: uuidText(Buffer.concat([id.subarray(8), id.subarray(0, 8)])),
    payloadType: bytes.readUInt32BE(offsets.payloadType),
    payload,
  };
}

/** The payload of an `acknowledge` message, in the protocol's own words. */
export interface AcknowledgeContent {
  readonly AcknowledgedMessageType: string;
  readonly AcknowledgedMessageId: string;
  readonly AcknowledgedMessageSequenceNumber: number;
  readonly IsSequentialMessage: boolean;
}

/** A payload that is a JSON object, or undefined when it is not one. */
export function jsonPayload(payload: Buffer | string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function safeNumber(value: bigint): number | undefined {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}
