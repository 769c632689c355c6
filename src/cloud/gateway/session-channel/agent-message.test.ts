import { createHash } from "node:crypto";
import { ssm } from "ssm-session";
import { describe, expect, test } from "vitest";
import { type AgentMessage, decodeAgentMessage, encodeAgentMessage, jsonPayload } from "./agent-message.ts";

const base: AgentMessage = {
  messageType: "output_stream_data",
  schemaVersion: 1,
  createdDate: Date.UTC(2026, 0, 1),
  sequenceNumber: 0,
  flags: 1,
  messageId: "01234567-89ab-4def-8123-456789abcdef",
  payloadType: 1,
  payload: Buffer.from("hello\r\n"),
};

const messages: readonly [string, AgentMessage][] = [
  ["output", base],
  ["nothing in it", { ...base, payload: Buffer.alloc(0), payloadType: 0 }],
  ["a long stream", { ...base, sequenceNumber: 2 ** 40, flags: 0 }],
  ["an acknowledgement", { ...base, messageType: "acknowledge", flags: 3, payload: Buffer.from('{"a":1}') }],
  ["the longest name", { ...base, messageType: "x".repeat(32) }],
  ["bytes of every value", { ...base, payload: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)) }],
];

describe("a message on the wire", () => {
  test.each(messages)("%s comes back as it was", (_name, message) => {
    expect(decodeAgentMessage(encodeAgentMessage(message))).toEqual(message);
  });

  test.each(messages)("%s is read alike by a client of other hands", (_name, message) => {
    const { headerLength, payloadLength, payloadDigest: _, payload, ...read } = ssm.decode(encodeAgentMessage(message));
    expect({ ...read, payload: Buffer.from(payload) }).toEqual(message);
    expect({ headerLength, payloadLength }).toEqual({ headerLength: 116, payloadLength: message.payload.length });
  });

  test("what a client of other hands writes is read as it meant it", () => {
    const size = decodeAgentMessage(Buffer.from(ssm.buildInitMessage({ cols: 91, rows: 33 })));
    expect(size).toMatchObject({ messageType: "input_stream_data", sequenceNumber: 0, payloadType: 3 });
    expect("payload" in size && jsonPayload(size.payload)).toEqual({ cols: 91, rows: 33 });
    const typed = decodeAgentMessage(Buffer.from(ssm.buildInputMessage(Buffer.from("ls\n"), 7)));
    expect(typed).toMatchObject({ messageType: "input_stream_data", sequenceNumber: 7, payload: Buffer.from("ls\n") });
    const seen = decodeAgentMessage(Buffer.from(ssm.buildAcknowledge("output_stream_data", 4, base.messageId)));
    expect("payload" in seen && jsonPayload(seen.payload)).toMatchObject({ AcknowledgedMessageSequenceNumber: 4 });
  });

  test("the layout, byte by byte", () => {
    const bytes = encodeAgentMessage(base);
    expect(bytes.subarray(0, 4).toString("hex")).toBe("00000074");
    expect(bytes.toString("ascii", 4, 36)).toBe("output_stream_data".padEnd(32));
    expect(bytes.subarray(64, 80).toString("hex")).toBe("8123456789abcdef0123456789ab4def");
    expect(bytes.subarray(80, 112)).toEqual(createHash("sha256").update(base.payload).digest());
    expect(bytes.subarray(112, 120).toString("hex")).toBe("0000000100000007");
    expect(bytes.toString("ascii", 120)).toBe("hello\r\n");
  });

  const whole = encodeAgentMessage(base);
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(whole);
    change(bytes);
    return bytes;
  };
  test.each<[string, Buffer, string]>([
    ["nothing", Buffer.alloc(0), "no whole header"],
    ["half a header", whole.subarray(0, 60), "no whole header"],
    ["another header length", changed((bytes) => bytes.writeUInt32BE(112, 0)), "header length of 112"],
    ["less payload than announced", whole.subarray(0, whole.length - 1), "6 bytes of payload"],
    ["more payload than announced", Buffer.concat([whole, Buffer.from("!")]), "8 bytes of payload"],
    ["a negative sequence number", changed((bytes) => bytes.writeBigInt64BE(-1n, 48)), "out of range"],
    ["a date beyond numbers", changed((bytes) => bytes.writeBigUInt64BE(2n ** 63n, 40)), "out of range"],
  ])("%s is refused", (_name, bytes, why) => {
    expect(decodeAgentMessage(bytes)).toEqual({ malformed: expect.stringContaining(why) });
  });

  test.each(["", "null", "[1]", '"x"', "{", "\u0000"])("%j is no JSON payload", (text) => {
    expect(jsonPayload(text)).toBeUndefined();
  });
});
