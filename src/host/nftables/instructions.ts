/**
 * The kernel's single expressions, each as one list element of a rule. Attribute numbers are those of
 * linux/netfilter/nf_tables.h (NFTA_META_*, NFTA_CMP_*, …).
 */
import type { FieldFacts, PayloadFacts } from "./fields.ts";
import type { MessageWriter } from "./message.ts";
import { valueLength } from "./values.ts";

/** Register 0 holds the verdict; 1 is the first of four 16-byte registers, which are also sixteen 4-byte registers from 8 on. */
export const verdictRegister = 0;
export const register1 = 1;
export const firstWordRegister = 8;

/** Comparisons of NFTA_CMP_OP. */
export const equal = 0;
export const notEqual = 1;
export const lessOrEqual = 3;
export const greaterOrEqual = 5;

/** Reads any field into a register. */
export function load(out: MessageWriter, facts: FieldFacts, register: number): void {
  switch (facts.source) {
    case "meta":
      metaLoad(out, facts.key, register);
      break;
    case "payload":
      payloadLoad(out, facts.base, facts.offset, valueLength(facts.type), register);
      break;
    case "ct":
      ctLoad(out, facts.key, facts.direction, register);
  }
}

/** One expression: its name, and what `body` writes about it. */
export function expression(out: MessageWriter, name: string, body: () => void): void {
  out.nest(1, () => {
    out.string(1, name);
    out.nest(2, body);
  });
}

/** Reads packet metadata into a register. */
export function metaLoad(out: MessageWriter, key: number, register: number): void {
  expression(out, "meta", () => {
    out.u32(2, key);
    out.u32(1, register);
  });
}

/** Writes the first register to packet metadata. */
export function metaStore(out: MessageWriter, key: number): void {
  expression(out, "meta", () => {
    out.u32(2, key);
    out.u32(3, register1);
  });
}

/** Reads header bytes into a register; base 1 is the network header, 2 the transport header. */
export function payloadLoad(out: MessageWriter, base: number, offset: number, length: number, register: number): void {
  expression(out, "payload", () => {
    out.u32(1, register);
    out.u32(2, base);
    out.u32(3, offset);
    out.u32(4, length);
  });
}

/** Writes the first register into the packet and corrects the checksums. */
export function payloadStore(out: MessageWriter, facts: PayloadFacts, length: number): void {
  expression(out, "payload", () => {
    out.u32(5, register1);
    out.u32(2, facts.base);
    out.u32(3, facts.offset);
    out.u32(4, length);
    const checksum = checksumOffset(facts);
    out.u32(6, checksum === undefined ? 0 : 1);
    out.u32(7, checksum ?? 0);
    // An address is part of the transport checksum's pseudo-header.
    out.u32(8, facts.base === 1 ? 1 : 0);
  });
}

/** Where the checksum over the written bytes is, in their own header; IPv6 has none. */
function checksumOffset(facts: PayloadFacts): number | undefined {
  if (facts.base === 1) return facts.nfproto === "ipv4" ? 10 : undefined;
  return facts.l4proto === 6 ? 16 : 6;
}

/** Reads a fact of the connection; `direction` where it has two sides. */
export function ctLoad(out: MessageWriter, key: number, direction: number | undefined, register = register1): void {
  expression(out, "ct", () => {
    out.u32(2, key);
    out.u32(1, register);
    if (direction !== undefined) out.u8(3, direction);
  });
}

/** Writes the first register to the connection. */
export function ctStore(out: MessageWriter, key: number): void {
  expression(out, "ct", () => {
    out.u32(2, key);
    out.u32(4, register1);
  });
}

/** Ends the rule unless the first register compares so. */
export function compare(out: MessageWriter, op: number, value: Uint8Array): void {
  expression(out, "cmp", () => {
    out.u32(1, register1);
    out.u32(2, op);
    out.nest(3, () => out.bytes(1, value));
  });
}

/** Puts a constant into a register. */
export function immediate(out: MessageWriter, register: number, value: Uint8Array): void {
  expression(out, "immediate", () => {
    out.u32(1, register);
    out.nest(2, () => out.bytes(1, value));
  });
}

/** register = (register & mask) ^ xor. */
export function bitwise(out: MessageWriter, register: number, mask: Uint8Array, xor: Uint8Array): void {
  expression(out, "bitwise", () => {
    out.u32(1, register);
    out.u32(2, register);
    out.u32(3, mask.length);
    out.nest(4, () => out.bytes(1, mask));
    out.nest(5, () => out.bytes(1, xor));
  });
}

/** Turns the first register from host to network order. */
export function byteorder(out: MessageWriter, length: number): void {
  expression(out, "byteorder", () => {
    out.u32(1, register1);
    out.u32(2, register1);
    out.u32(3, 1);
    out.u32(4, length);
    out.u32(5, length);
  });
}

/** Asks a named set, or with a destination register a map, for the key in the first registers. */
export function lookup(out: MessageWriter, set: string, destination: number | undefined, negate?: boolean): void {
  expression(out, "lookup", () => {
    out.string(1, set);
    out.u32(2, firstWordRegister);
    if (destination !== undefined) out.u32(3, destination);
    if (negate) out.u32(5, 1);
  });
}
