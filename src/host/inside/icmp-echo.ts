/** Echo requests and what comes back on a raw ICMP socket, both versions. Source: rfc792, rfc4443, raw(7). */

/** A whole ICMP message; the kernel adds the IP header, and for ICMPv6 the checksum. */
export function writeEchoRequest(version: 4 | 6, identifier: number, sequence: number, sizeBytes: number): Buffer {
  const message = Buffer.alloc(8 + Math.min(Math.max(sizeBytes, 0), 65_000));
  message[0] = version === 4 ? 8 : 128;
  message.writeUInt16BE(identifier, 4);
  message.writeUInt16BE(sequence, 6);
  for (let i = 8; i < message.length; i++) message[i] = i & 0xff;
  if (version === 4) message.writeUInt16BE(checksum(message), 2);
  return message;
}

/** Says whether a received packet answers that request; `other` belongs to somebody else. IPv4 packets carry their IP header. */
export function echoReplyFor(
  version: 4 | 6,
  packet: Buffer,
  identifier: number,
  sequence: number,
): "reply" | "other" | { readonly message: string } {
  const message = version === 4 ? packet.subarray(((packet[0] ?? 0) & 0xf) * 4) : packet;
  if (message.length < 8) return "other";
  const type = message[0] ?? 0;
  if (type === (version === 4 ? 0 : 129)) return matches(message, identifier, sequence) ? "reply" : "other";
  const name = (version === 4 ? errors4 : errors6).get(type);
  if (name === undefined) return "other";
  const quoted = message.subarray(8);
  const inner = version === 4 ? quoted.subarray(((quoted[0] ?? 0) & 0xf) * 4) : quoted.subarray(40);
  const isOurs = inner[0] === (version === 4 ? 8 : 128) && matches(inner, identifier, sequence);
  return isOurs ? { message: `ICMP ${name}, code ${message[1] ?? 0}` } : "other";
}

const errors4 = new Map([
  [3, "destination unreachable"],
  [11, "time exceeded"],
  [12, "parameter problem"],
]);
const errors6 = new Map([
  [1, "destination unreachable"],
  [2, "packet too big"],
  [3, "time exceeded"],
  [4, "parameter problem"],
]);

function matches(message: Buffer, identifier: number, sequence: number): boolean {
  return message.length >= 8 && message.readUInt16BE(4) === identifier && message.readUInt16BE(6) === sequence;
}

function checksum(message: Buffer): number {
  let sum = 0;
  for (let i = 0; i < message.length; i += 2) sum += ((message[i] ?? 0) << 8) | (message[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
