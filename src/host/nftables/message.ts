/**
 * A growing buffer of netlink messages with nested attributes. nf_tables wants its attribute integers big-endian, while
 * the headers around them are in the machine's order. Source: linux/netlink.h, linux/netfilter/nfnetlink.h.
 */

import { littleEndian } from "./values.ts";

/** Writes messages one after another; attributes go into the message that was opened last. */
export interface MessageWriter {
  /** Bytes written so far, always a multiple of four between attributes. */
  readonly length: number;
  /** Opens a message with its nfgenmsg; `end` closes it. */
  begin(type: number, flags: number, sequence: number, family: number, resourceId: number): void;
  end(): void;
  bytes(attribute: number, value: Uint8Array): void;
  /** NUL-terminated. */
  string(attribute: number, value: string): void;
  u8(attribute: number, value: number): void;
  u16(attribute: number, value: number): void;
  /** Big-endian; negative numbers as two's complement. */
  u32(attribute: number, value: number): void;
  u64(attribute: number, value: number): void;
  /** Everything that `body` writes is inside the attribute. */
  nest(attribute: number, body: () => void): void;
  /** A copy of everything written. */
  take(): Uint8Array;
}

const headerLength = 20;
const nested = 0x8000;
const utf8 = new TextEncoder();

/** An empty writer. */
export function messageWriter(): MessageWriter {
  let buffer = new Uint8Array(16384);
  let view = new DataView(buffer.buffer);
  let length = 0;
  let messageStart = 0;

  const reserve = (bytes: number) => {
    if (length + bytes <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + bytes));
    larger.set(buffer);
    buffer = larger;
    view = new DataView(buffer.buffer);
  };
  // A fresh buffer is zero everywhere, so skipping over padding leaves it zero.
  const header = (attribute: number, payload: number) => {
    const total = 4 + payload;
    if (total > 0xffff) throw new Error(`bug: netlink attribute ${attribute} of ${total} bytes`);
    reserve(total + 3);
    view.setUint16(length, total, littleEndian);
    view.setUint16(length + 2, attribute, littleEndian);
    const at = length + 4;
    length += (total + 3) & ~3;
    return at;
  };

  return {
    get length() {
      return length;
    },
    begin(type, flags, sequence, family, resourceId) {
      reserve(headerLength);
      messageStart = length;
      view.setUint16(length + 4, type, littleEndian);
      view.setUint16(length + 6, flags, littleEndian);
      view.setUint32(length + 8, sequence, littleEndian);
      view.setUint8(length + 16, family);
      view.setUint16(length + 18, resourceId);
      length += headerLength;
    },
    end() {
      view.setUint32(messageStart, length - messageStart, littleEndian);
    },
    bytes(attribute, value) {
      const at = header(attribute, value.length);
      buffer.set(value, at);
    },
    string(attribute, value) {
      // Names are ASCII, and there are thousands: writing them in place is several times faster than an encoder's copy.
      if (!isAscii(value)) {
        this.bytes(attribute, utf8.encode(`${value}\0`));
        return;
      }
      const at = header(attribute, value.length + 1);
      for (let i = 0; i < value.length; i++) buffer[at + i] = value.charCodeAt(i);
    },
    u8(attribute, value) {
      const at = header(attribute, 1);
      view.setUint8(at, value);
    },
    u16(attribute, value) {
      const at = header(attribute, 2);
      view.setUint16(at, value);
    },
    u32(attribute, value) {
      const at = header(attribute, 4);
      view.setInt32(at, value);
    },
    u64(attribute, value) {
      const at = header(attribute, 8);
      view.setBigUint64(at, BigInt(value));
    },
    nest(attribute, body) {
      const start = length;
      header(attribute | nested, 0);
      body();
      const total = length - start;
      if (total > 0xffff) throw new Error(`bug: nested netlink attribute ${attribute} of ${total} bytes`);
      view.setUint16(start, total, littleEndian);
    },
    take: () => buffer.slice(0, length),
  };
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
