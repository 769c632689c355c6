/**
 * Writes netlink messages: a 16-byte header, a fixed part, then attributes padded to four bytes (rfc3549, linux/netlink.h).
 * Numbers are little-endian, as on every machine that Node supports on Linux here; the kernel reads its own order.
 */

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;

/** An attribute: its type and bytes, a 32-bit number, a zero-ended string, or attributes inside it. */
export type NetlinkAttribute = readonly [
  type: number,
  value: Uint8Array | number | string | readonly NetlinkAttribute[],
];

export interface NetlinkMessage {
  readonly type: number;
  /** `NLM_F_REQUEST` and `NLM_F_ACK` are always added. */
  readonly flags: number;
  /** The fixed part that follows the header, e.g. `struct ifinfomsg`. */
  readonly body: Uint8Array;
  readonly attributes: readonly NetlinkAttribute[];
}

/** One buffer for one `send`; message n carries sequence number `firstSequence + n`. */
export function encodeMessages(messages: readonly NetlinkMessage[], firstSequence: number): Buffer {
  const sizes = messages.map((message) => 16 + align(message.body.length) + attributesSize(message.attributes));
  const buffer = Buffer.alloc(sizes.reduce((sum, size) => sum + align(size), 0));
  let offset = 0;
  messages.forEach((message, i) => {
    const size = sizes[i] ?? 0;
    buffer.writeUInt32LE(size, offset);
    buffer.writeUInt16LE(message.type, offset + 4);
    buffer.writeUInt16LE(message.flags | NLM_F_REQUEST | NLM_F_ACK, offset + 6);
    buffer.writeUInt32LE((firstSequence + i) >>> 0, offset + 8);
    buffer.set(message.body, offset + 16);
    writeAttributes(buffer, offset + 16 + align(message.body.length), message.attributes);
    offset += align(size);
  });
  return buffer;
}

/** Attributes alone, for those that hold a fixed part before them. */
export function encodeAttributes(attributes: readonly NetlinkAttribute[]): Buffer {
  const buffer = Buffer.alloc(attributesSize(attributes));
  writeAttributes(buffer, 0, attributes);
  return buffer;
}

function writeAttributes(buffer: Buffer, start: number, attributes: readonly NetlinkAttribute[]): void {
  let offset = start;
  for (const [type, value] of attributes) {
    const size = 4 + valueSize(value);
    buffer.writeUInt16LE(size, offset);
    buffer.writeUInt16LE(type, offset + 2);
    if (typeof value === "number") buffer.writeUInt32LE(value >>> 0, offset + 4);
    else if (typeof value === "string") buffer.write(value, offset + 4, "latin1");
    else if (value instanceof Uint8Array) buffer.set(value, offset + 4);
    else writeAttributes(buffer, offset + 4, value);
    offset += align(size);
  }
}

function attributesSize(attributes: readonly NetlinkAttribute[]): number {
  return attributes.reduce((sum, [, value]) => sum + align(4 + valueSize(value)), 0);
}

function valueSize(value: NetlinkAttribute[1]): number {
  if (typeof value === "number") return 4;
  if (typeof value === "string") return value.length + 1;
  return value instanceof Uint8Array ? value.length : attributesSize(value);
}

function align(size: number): number {
  return (size + 3) & ~3;
}
