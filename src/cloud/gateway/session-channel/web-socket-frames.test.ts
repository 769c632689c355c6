import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFrameReader, encodeClose, encodeFrame, type WebSocketMessage } from "./web-socket-frames.ts";

/** A frame as a client sends it. */
function masked(opcode: number, payload: Buffer, { fin = true, reserved = 0 } = {}): Buffer {
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  header[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const bytesOf = (text: string): Buffer => Buffer.from(text);

describe("RFC 6455", () => {
  test.each<[string, Buffer, WebSocketMessage[]]>([
    ["5.7 a masked text message", hex("81 85 37fa213d 7f9f4d5158"), [{ kind: "text", text: "Hello" }]],
    ["5.7 a masked pong", hex("8a 85 37fa213d 7f9f4d5158"), [{ kind: "pong", bytes: bytesOf("Hello") }]],
    [
      "5.4 a message in three frames with a ping between them",
      Buffer.concat([
        masked(1, bytesOf("a"), { fin: false }),
        masked(0, bytesOf("b"), { fin: false }),
        masked(9, bytesOf("?")),
        masked(0, bytesOf("c")),
      ]),
      [
        { kind: "ping", bytes: bytesOf("?") },
        { kind: "text", text: "abc" },
      ],
    ],
    ["5.2 a length of 16 bits", masked(2, Buffer.alloc(300, 7)), [{ kind: "binary", bytes: Buffer.alloc(300, 7) }]],
    ["5.2 a length of 64 bits", masked(2, Buffer.alloc(70_000)), [{ kind: "binary", bytes: Buffer.alloc(70_000) }]],
    ["5.5.1 a close without a code", masked(8, Buffer.alloc(0)), [{ kind: "close", code: 1005, reason: "" }]],
    ["5.5.1 a close with a reason", masked(8, hex("03e8 6f6b")), [{ kind: "close", code: 1000, reason: "ok" }]],
    [
      "5.6 text in pieces that split a character",
      Buffer.concat([masked(1, hex("c3"), { fin: false }), masked(0, hex("a9"))]),
      [{ kind: "text", text: "é" }],
    ],
  ])("%s", (_name, bytes, messages) => {
    expect(createFrameReader().read(bytes)).toEqual({ messages });
  });

  test.each<[string, Buffer, number]>([
    ["5.1 a frame without a mask", hex("81 05 48656c6c6f"), 1002],
    ["5.2 reserved bits", masked(1, bytesOf("x"), { reserved: 4 }), 1002],
    ["5.2 a reserved opcode", masked(3, bytesOf("x")), 1002],
    ["5.2 a reserved control opcode", masked(11, Buffer.alloc(0)), 1002],
    ["5.4 a continuation of nothing", masked(0, bytesOf("x")), 1002],
    [
      "5.4 a message inside a message",
      Buffer.concat([masked(1, bytesOf("x"), { fin: false }), masked(1, bytesOf("y"))]),
      1002,
    ],
    ["5.5 a ping in pieces", masked(9, Buffer.alloc(0), { fin: false }), 1002],
    ["5.5 a ping that is too long", masked(9, Buffer.alloc(126)), 1002],
    ["5.5.1 half a status code", masked(8, hex("03")), 1002],
    ["7.4.1 a code that must not be sent", masked(8, hex("03ed")), 1002],
    ["8.1 text that is not UTF-8", masked(1, hex("ff")), 1007],
    ["10.4 a frame over the limit", masked(2, Buffer.alloc(1024 * 1024 + 1)), 1009],
    [
      "10.4 a message over the limit in frames below it",
      Buffer.concat([masked(2, Buffer.alloc(700_000), { fin: false }), masked(0, Buffer.alloc(700_000))]),
      1009,
    ],
  ])("%s fails the connection", (_name, bytes, code) => {
    const reader = createFrameReader();
    expect(reader.read(bytes)).toMatchObject({ messages: [], failure: { code } });
    expect(reader.read(masked(1, bytesOf("later")))).toEqual({ messages: [] });
  });

  test("however the bytes are cut, the messages are the same", () => {
    const payload = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 5 }), fc.array(fc.nat(400)), (payloads, cuts) => {
        const reader = createFrameReader();
        const bytes = Buffer.concat(payloads.map((each) => masked(2, each)));
        const read: Buffer[] = [];
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        let start = 0;
        for (const end of ends) {
          for (const message of reader.read(bytes.subarray(start, end)).messages)
            if (message.kind === "binary") read.push(message.bytes);
          start = end;
        }
        expect(read).toEqual(payloads);
      }),
    );
  });

  test("5.7 what a server sends is not masked", () => {
    expect(encodeFrame("text", bytesOf("Hello"))).toEqual(hex("81 05 48656c6c6f"));
    expect(encodeFrame("binary", Buffer.alloc(256)).subarray(0, 4)).toEqual(hex("82 7e 0100"));
    expect(encodeFrame("binary", Buffer.alloc(65_536)).subarray(0, 10)).toEqual(hex("82 7f 0000000000010000"));
    expect(encodeClose(1000, "ok")).toEqual(hex("88 04 03e8 6f6b"));
    expect(encodeClose(1005, "")).toEqual(hex("88 00"));
  });
});
