/**
 * Stream data in order, both ways, over a connection that may be lost and opened again: what was sent is sent again until it is
 * acknowledged, what arrives is delivered once and in the order of its sequence numbers. Time-outs are those of AWS's client.
 */
import {
  type AcknowledgeContent,
  type AgentMessage,
  decodeAgentMessage,
  encodeAgentMessage,
  jsonPayload,
  payloadTypes,
} from "./agent-message.ts";

export interface DataStreamPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newMessageId: () => string;
  /** Hands bytes to the connection; what is sent while there is none is lost, which is allowed. */
  readonly transmit: (bytes: Buffer) => void;
}

export interface StreamData {
  readonly payloadType: number;
  readonly payload: Buffer;
}

export interface DataStream {
  send(payloadType: number, payload: Buffer): void;
  /** A message that is not part of the stream: not numbered, not acknowledged, not repeated. */
  sendOnce(messageType: string, payload: Buffer): void;
  /** Takes one message off the connection; answers what became deliverable, oldest first. */
  receive(bytes: Buffer): readonly StreamData[];
  /** After the connection was opened again: everything unacknowledged goes out again. */
  reconnected(): void;
  disconnected(): void;
  /** Repeats what is overdue. True when the other end has stayed silent for too long. */
  tick(): boolean;
  /** When `tick` is due; undefined while nothing waits for an acknowledgement or nobody is there to give one. */
  nextTick(): number | undefined;
  /** Bytes that were sent but not acknowledged, and that wait to be sent. */
  unacknowledgedBytes(): number;
}

/** Messages in flight at once; more wait. AWS's client holds 10,000 that arrive out of order. */
const windowSize = 256;
const maxHeldInput = 10_000;
const firstTimeoutMs = 200;
const maxTimeoutMs = 1_000;
const clockGranularityMs = 10;
/** AWS's client gives up after five minutes without an acknowledgement; so does this end. */
const patienceMs = 5 * 60_000;

interface Outgoing {
  readonly sequenceNumber: number;
  readonly bytes: Buffer;
  firstSentAt: number;
  lastSentAt: number;
  sendings: number;
}

export function createDataStream({ now, newMessageId, transmit }: DataStreamPorts): DataStream {
  let nextOut = 0;
  let expected = 0;
  let connected = true;
  let queuedBytes = 0;
  let timeoutMs = firstTimeoutMs;
  let roundTripMs = 100;
  let variationMs = 0;
  /** By sequence number, in the order of sending. */
  const inFlight = new Map<number, Outgoing>();
  const waiting: Outgoing[] = [];
  let firstWaiting = 0;
  const held = new Map<number, StreamData>();

  function encode(messageType: string, sequenceNumber: number, flags: number, data: StreamData): Buffer {
    const message = { messageType, schemaVersion: 1, createdDate: now(), sequenceNumber, flags, ...data };
    return encodeAgentMessage({ ...message, messageId: newMessageId() });
  }

  function fillWindow(): void {
    while (connected && inFlight.size < windowSize) {
      const next = waiting[firstWaiting];
      if (next === undefined) break;
      firstWaiting += 1;
      inFlight.set(next.sequenceNumber, next);
      next.firstSentAt = now();
      put(next);
    }
    if (firstWaiting > 1_000 || firstWaiting === waiting.length) {
      waiting.splice(0, firstWaiting);
      firstWaiting = 0;
    }
  }

  function put(message: Outgoing): void {
    message.lastSentAt = now();
    message.sendings += 1;
    transmit(message.bytes);
  }

  function acknowledged(sequenceNumber: number): void {
    const message = inFlight.get(sequenceNumber);
    if (message === undefined) return;
    inFlight.delete(sequenceNumber);
    queuedBytes -= message.bytes.length;
    // The answer to a repeated message does not tell which sending it answers.
    if (message.sendings === 1) learn(now() - message.lastSentAt);
    fillWindow();
  }

  /** The time-out follows the measured round trips, as RFC 6298 has it. */
  function learn(measuredMs: number): void {
    variationMs += (Math.abs(roundTripMs - measuredMs) - variationMs) / 4;
    roundTripMs += (measuredMs - roundTripMs) / 8;
    const wanted = roundTripMs + Math.max(clockGranularityMs, 4 * variationMs);
    timeoutMs = Math.min(Math.max(Math.ceil(wanted), firstTimeoutMs), maxTimeoutMs);
  }

  function acknowledge({ messageType, messageId, sequenceNumber }: AgentMessage): void {
    const content: AcknowledgeContent = {
      AcknowledgedMessageType: messageType,
      AcknowledgedMessageId: messageId,
      AcknowledgedMessageSequenceNumber: sequenceNumber,
      IsSequentialMessage: true,
    };
    const payload = Buffer.from(JSON.stringify(content));
    transmit(encode("acknowledge", 0, 3, { payloadType: payloadTypes.none, payload }));
  }

  function arrived(message: AgentMessage): readonly StreamData[] {
    const { sequenceNumber, payloadType, payload } = message;
    if (sequenceNumber >= expected + maxHeldInput) return [];
    // A repeated message was answered before, but its sender has not heard it.
    acknowledge(message);
    if (sequenceNumber < expected) return [];
    held.set(sequenceNumber, { payloadType, payload });
    const deliverable: StreamData[] = [];
    for (let next = held.get(expected); next !== undefined; next = held.get(expected)) {
      held.delete(expected);
      expected += 1;
      deliverable.push(next);
    }
    return deliverable;
  }

  function oldest(): Outgoing | undefined {
    return inFlight.values().next().value;
  }

  return {
    send(payloadType, payload) {
      const sequenceNumber = nextOut;
      nextOut += 1;
      const flags = sequenceNumber === 0 ? 1 : 0;
      const bytes = encode("output_stream_data", sequenceNumber, flags, { payloadType, payload });
      queuedBytes += bytes.length;
      waiting.push({ sequenceNumber, bytes, firstSentAt: 0, lastSentAt: 0, sendings: 0 });
      fillWindow();
    },

    sendOnce(messageType, payload) {
      transmit(encode(messageType, 0, 0, { payloadType: payloadTypes.none, payload }));
    },

    receive(bytes) {
      const message = decodeAgentMessage(bytes);
      if ("malformed" in message) return [];
      if (message.messageType === "input_stream_data") return arrived(message);
      if (message.messageType === "acknowledge") {
        const sequenceNumber = jsonPayload(message.payload)?.AcknowledgedMessageSequenceNumber;
        if (typeof sequenceNumber === "number") acknowledged(sequenceNumber);
      }
      return [];
    },

    reconnected() {
      connected = true;
      for (const message of inFlight.values()) {
        message.firstSentAt = now();
        put(message);
      }
      fillWindow();
    },

    disconnected() {
      connected = false;
    },

    tick() {
      const message = oldest();
      if (!connected || message === undefined) return false;
      if (now() - message.firstSentAt >= patienceMs) return true;
      if (now() - message.lastSentAt >= timeoutMs) put(message);
      return false;
    },

    nextTick() {
      const message = oldest();
      return !connected || message === undefined ? undefined : message.lastSentAt + timeoutMs;
    },

    unacknowledgedBytes: () => queuedBytes,
  };
}
