import { describe, expect, test } from "vitest";
import type { NftCommand, NftSet } from "./ast.ts";
import { accept, lookup, match, table, writeFromMap } from "./build.ts";
import { decodeAcks, encodeBatch } from "./netlink.ts";

const t = table("inet", "t");
const addresses: NftSet = { name: "a", key: ["ipv4_addr"] };

interface Header {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
}

function headers(bytes: Uint8Array): readonly Header[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const found: Header[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    found.push({
      length,
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
    });
    at += (length + 3) & ~3;
  }
  return found;
}

/** An NLMSG_ERROR as the kernel sends it. */
function answer(sequence: number, errno: number): Uint8Array {
  const bytes = new Uint8Array(36);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 36, true);
  view.setUint16(4, 2, true);
  view.setUint32(8, sequence, true);
  view.setInt32(16, -errno, true);
  return bytes;
}

const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

describe("batches", () => {
  test("are framed, numbered, and acknowledged by the last command alone", () => {
    const batch = encodeBatch([t.add(), t.chain("c"), t.rule("c", [accept])], 41);
    expect(headers(batch.bytes).map(({ type, flags, sequence }) => [type, flags, sequence])).toEqual([
      [16, 0x1, 41],
      [0xa00, 0x401, 42],
      [0xa03, 0x401, 43],
      [0xa06, 0xc05, 44],
      [17, 0x1, 45],
    ]);
    expect(batch).toMatchObject({ firstSequence: 41, lastSequence: 44, commandOfMessage: [0, 1, 2] });
  });

  test("without commands, and of commands without messages, are empty and done", () => {
    for (const commands of [[], [t.elements(addresses, [])]]) {
      const batch = encodeBatch(commands);
      expect(batch.bytes).toHaveLength(0);
      expect(decodeAcks(new Uint8Array(0), batch)).toEqual({ done: true, failures: [] });
    }
  });

  test("split long element lists over messages that all belong to their command", () => {
    const elements = Array.from({ length: 10_000 }, (_, i) => ({ key: [`10.0.${i >> 8}.${i & 255}`] }));
    const batch = encodeBatch([t.set(addresses), t.elements(addresses, elements), t.flushSet(addresses)]);
    const messages = headers(batch.bytes);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(65_536);
    expect(batch.commandOfMessage[0]).toBe(0);
    expect(batch.commandOfMessage.at(-1)).toBe(2);
    expect(batch.commandOfMessage.slice(1, -1).every((index) => index === 1)).toBe(true);
    expect(batch.commandOfMessage).toHaveLength(messages.length - 2);
  });
});

describe("answers", () => {
  const batch = encodeBatch([t.add(), t.elements(addresses, [{ key: ["10.0.0.1"] }]), t.chain("c")], 10);

  test("an acknowledged last command is success", () => {
    expect(decodeAcks(answer(13, 0), batch)).toEqual({ done: true, failures: [] });
  });

  test("refusals name their command; the last one's ends the answer", () => {
    expect(decodeAcks(answer(12, 2), batch)).toEqual({ done: false, failures: [{ commandIndex: 1, errno: 2 }] });
    expect(decodeAcks(join(answer(12, 2), answer(13, 16)), batch)).toEqual({
      done: true,
      failures: [
        { commandIndex: 1, errno: 2 },
        { commandIndex: 2, errno: 16 },
      ],
    });
  });

  test("a refused batch is answered by its opening message", () => {
    expect(decodeAcks(answer(10, 1), batch)).toEqual({ done: true, failures: [{ errno: 1 }] });
  });

  test("a refusal whose copy of the message was cut off still counts", () => {
    expect(decodeAcks(answer(13, 2).slice(0, 24), batch)).toEqual({
      done: true,
      failures: [{ commandIndex: 2, errno: 2 }],
    });
  });

  test("answers to other batches are passed over", () => {
    expect(decodeAcks(join(answer(9, 2), answer(14, 2)), batch)).toEqual({ done: false, failures: [] });
  });
});

describe("what has no encoding is a bug of the caller", () => {
  const intervals: NftSet = { name: "i", key: ["mark"], intervals: true };
  const map: NftSet = { name: "m", key: ["mark"], data: "ipv4_addr" };
  const cases: readonly (readonly [string, NftCommand])[] = [
    ["an IPv6 field in family ip", table("ip", "t").rule("c", [match.ip6Saddr("fd00::1")])],
    ["IPv4 and IPv6 in one rule", t.rule("c", [match.ipSaddr("10.0.0.1"), match.ip6Saddr("fd00::1")])],
    ["TCP and UDP in one rule", t.rule("c", [match.tcpDport(1), match.udpDport(1)])],
    [
      "more key than registers",
      t.rule("c", [
        lookup(
          Array.from({ length: 5 }, () => "ip6 saddr" as const),
          "s",
        ),
      ]),
    ],
    ["no key at all", t.rule("c", [lookup([], "s")])],
    ["an interval set of marks", t.elements(intervals, [{ key: [1] }])],
    ["a range where no intervals are declared", t.elements(addresses, [{ key: ["10.0.0.0/8"] }])],
    ["too many key parts", t.elements(addresses, [{ key: ["10.0.0.1", 1] }])],
    ["data in a set", t.elements(addresses, [{ key: ["10.0.0.1"], data: 1 }])],
    ["map data of another type", t.elements(map, [{ key: [1], data: "fd00::1" }])],
    ["an address that is none", t.rule("c", [writeFromMap("meta mark", ["ip saddr"], "m"), match.ipSaddr("10.0.0")])],
  ];
  test.each(cases)("%s", (_, command) => {
    expect(() => encodeBatch([command])).toThrow(/^bug: /);
  });
});
