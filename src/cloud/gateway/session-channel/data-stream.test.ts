import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeAgentMessage, encodeAgentMessage, jsonPayload, payloadTypes } from "./agent-message.ts";
import { createDataStream, type DataStream } from "./data-stream.ts";

const id = "01234567-89ab-4def-8123-456789abcdef";

function message(messageType: string, sequenceNumber: number, payload: Buffer): Buffer {
  return encodeAgentMessage({
    ...{ messageType, sequenceNumber, payload, messageId: id },
    ...{ schemaVersion: 1, createdDate: 1, flags: 0, payloadType: payloadTypes.output },
  });
}

const input = (sequenceNumber: number, text: string): Buffer =>
  message("input_stream_data", sequenceNumber, Buffer.from(text));
const acknowledgement = (sequenceNumber: number): Buffer =>
  message("acknowledge", 0, Buffer.from(JSON.stringify({ AcknowledgedMessageSequenceNumber: sequenceNumber })));

interface Line {
  readonly stream: DataStream;
  /** What went out since it was last asked: `out:<sequence>:<payload>` or `ack:<sequence>`. */
  sent(): string[];
  at(ms: number): void;
}

function line(): Line {
  let now = 0;
  let sent: string[] = [];
  const stream = createDataStream({
    now: () => now,
    newMessageId: () => id,
    transmit(bytes) {
      const decoded = decodeAgentMessage(bytes);
      if ("malformed" in decoded) throw new Error(decoded.malformed);
      const { messageType, sequenceNumber, payload } = decoded;
      if (messageType === "acknowledge") sent.push(`ack:${jsonPayload(payload)?.AcknowledgedMessageSequenceNumber}`);
      else sent.push(`out:${sequenceNumber}:${payload}`);
    },
  });
  return {
    stream,
    sent() {
      const taken = sent;
      sent = [];
      return taken;
    },
    at(ms) {
      now = ms;
    },
  };
}

const write = ({ stream }: Line, text: string): void => stream.send(payloadTypes.output, Buffer.from(text));
const texts = ({ stream }: Line, bytes: Buffer): string[] => stream.receive(bytes).map(({ payload }) => `${payload}`);

describe("what arrives", () => {
  test("is delivered in order, once, and acknowledged every time", () => {
    const it = line();
    expect(texts(it, input(1, "b"))).toEqual([]);
    expect(texts(it, input(2, "c"))).toEqual([]);
    expect(texts(it, input(0, "a"))).toEqual(["a", "b", "c"]);
    expect(texts(it, input(1, "b"))).toEqual([]);
    expect(it.sent()).toEqual(["ack:1", "ack:2", "ack:0", "ack:1"]);
  });

  test("is not kept when it is far ahead, and not acknowledged then", () => {
    const it = line();
    expect(texts(it, input(10_000, "far"))).toEqual([]);
    expect(it.sent()).toEqual([]);
  });

  test.each([
    ["garbage", Buffer.from("garbage")],
    ["another type", message("start_publication", 0, Buffer.alloc(0))],
    ["an acknowledgement of nothing", acknowledgement(7)],
    ["an acknowledgement without a number", message("acknowledge", 0, Buffer.from("{}"))],
  ])("%s changes nothing", (_name, bytes) => {
    const it = line();
    expect(texts(it, bytes)).toEqual([]);
    expect(it.sent()).toEqual([]);
    expect(texts(it, input(0, "a"))).toEqual(["a"]);
  });
});

describe("what is sent", () => {
  test("is sent again until it is acknowledged, the oldest first", () => {
    const it = line();
    write(it, "a");
    write(it, "b");
    expect(it.sent()).toEqual(["out:0:a", "out:1:b"]);
    expect(it.stream.nextTick()).toBe(200);
    it.at(199);
    it.stream.tick();
    expect(it.sent()).toEqual([]);
    it.at(200);
    it.stream.tick();
    expect(it.sent()).toEqual(["out:0:a"]);
    it.stream.receive(acknowledgement(0));
    it.at(400);
    it.stream.tick();
    expect(it.sent()).toEqual(["out:1:b"]);
    it.stream.receive(acknowledgement(1));
    expect(it.stream.nextTick()).toBeUndefined();
    expect(it.stream.unacknowledgedBytes()).toBe(0);
  });

  test("waits while too much is on the way", () => {
    const it = line();
    for (let n = 0; n < 300; n += 1) write(it, "x");
    expect(it.sent()).toHaveLength(256);
    it.stream.receive(acknowledgement(0));
    it.stream.receive(acknowledgement(5));
    expect(it.sent()).toEqual(["out:256:x", "out:257:x"]);
  });

  test("is sent again when the connection is there again, and not before", () => {
    const it = line();
    write(it, "a");
    it.stream.disconnected();
    write(it, "b");
    it.at(10_000);
    it.stream.tick();
    expect(it.stream.nextTick()).toBeUndefined();
    expect(it.sent()).toEqual(["out:0:a"]);
    it.stream.reconnected();
    expect(it.sent()).toEqual(["out:0:a", "out:1:b"]);
  });

  test("is given up after five minutes of silence", () => {
    const it = line();
    write(it, "a");
    it.at(299_999);
    expect(it.stream.tick()).toBe(false);
    it.at(300_000);
    expect(it.stream.tick()).toBe(true);
  });
});

test("over a connection that loses, repeats and swaps messages, both ends get everything once and in order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 30 }),
      fc.infiniteStream(fc.nat(9)),
      (words, luck) => {
        let now = 0;
        let ids = 0;
        const onTheWay: { readonly to: DataStream; readonly bytes: Buffer }[] = [];
        const got: string[] = [];
        const chance = (): number => luck.next().value ?? 0;
        /** Two of our own ends, the far one with its types exchanged: what the near one sends, the far one takes as input. */
        const far: DataStream = createDataStream({
          now: () => now,
          newMessageId: () => id,
          transmit: (bytes) => lose(near, bytes),
        });
        const near: DataStream = createDataStream({
          now: () => now,
          newMessageId: () => `${id.slice(0, -4)}${(ids++ % 65_536).toString(16).padStart(4, "0")}`,
          transmit: (bytes) => lose(far, asInput(bytes)),
        });
        function lose(to: DataStream, bytes: Buffer): void {
          const fate = chance();
          if (fate < 3) return;
          onTheWay.push({ to, bytes });
          if (fate > 7) onTheWay.push({ to, bytes });
        }
        for (const word of words) near.send(payloadTypes.output, Buffer.from(word));
        for (let turn = 0; turn < 20_000 && near.unacknowledgedBytes() > 0; turn += 1) {
          const [next] = onTheWay.splice(chance() % Math.max(onTheWay.length, 1), 1);
          if (next === undefined) {
            now += 1_000;
            near.tick();
          } else {
            for (const { payload } of next.to.receive(next.bytes)) got.push(payload.toString());
          }
          // A message that is being repeated for minutes of simulated time has not been given up.
          if (now > 250_000) break;
        }
        if (now <= 250_000) expect(got).toEqual(words);
        else expect(words.slice(0, got.length)).toEqual(got);
      },
    ),
  );
});

function asInput(bytes: Buffer): Buffer {
  const decoded = decodeAgentMessage(bytes);
  if ("malformed" in decoded) throw new Error(decoded.malformed);
  const isData = decoded.messageType === "output_stream_data";
  return encodeAgentMessage({ ...decoded, messageType: isData ? "input_stream_data" : decoded.messageType });
}
