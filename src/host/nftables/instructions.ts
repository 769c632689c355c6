/**
 * The kernel's single expressions, each as one list element of a rule. Attribute numbers are those of
 * linux/netfilter/nf_tables.h (NFTA_META_*, NFTA_CMP_*, …).
 */
import { nfta } from "./attributes.ts";
import type { FieldFacts, PayloadFacts } from "./fields.ts";
import type { MessageWriter } from "./message.ts";
import { valueLength } from "./values.ts";

/** Register 0 holds the verdict; 1 is the first of four 16-byte registers, which are also sixteen 4-byte registers from 8 on. */
export const verdictRegister = 0;
export const register1 = 1;
export const firstWordRegister = 8;

/** Payload bases. */
export const networkHeader = 1;
export const transportHeader = 2;

/** Comparisons of NFTA_CMP_OP. */
export const equal = 0;
export const notEqual = 1;
export const lessOrEqual = 3;
export const greaterOrEqual = 5;

const noChecksum = 0;
const internetChecksum = 1;
const pseudoHeader = 1;
const hostToNetwork = 1;
const inverted = 1;

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
  out.nest(nfta.list.element, () => {
    out.string(nfta.expression.name, name);
    out.nest(nfta.expression.data, body);
  });
}

/** Reads packet metadata into a register. */
export function metaLoad(out: MessageWriter, key: number, register: number): void {
  expression(out, "meta", () => {
    out.u32(nfta.meta.key, key);
    out.u32(nfta.meta.dreg, register);
  });
}

/** Writes the first register to packet metadata. */
export function metaStore(out: MessageWriter, key: number): void {
  expression(out, "meta", () => {
    out.u32(nfta.meta.key, key);
    out.u32(nfta.meta.sreg, register1);
  });
}

/** Reads header bytes into a register; base 1 is the network header, 2 the transport header. */
export function payloadLoad(out: MessageWriter, base: number, offset: number, length: number, register: number): void {
  expression(out, "payload", () => {
    out.u32(nfta.payload.dreg, register);
    out.u32(nfta.payload.base, base);
    out.u32(nfta.payload.offset, offset);
    out.u32(nfta.payload.length, length);
  });
}

/** Writes the first register into the packet and corrects the checksums. */
export function payloadStore(out: MessageWriter, facts: PayloadFacts, length: number): void {
  expression(out, "payload", () => {
    out.u32(nfta.payload.sreg, register1);
    out.u32(nfta.payload.base, facts.base);
    out.u32(nfta.payload.offset, facts.offset);
    out.u32(nfta.payload.length, length);
    const checksum = checksumOffset(facts);
    out.u32(nfta.payload.csumType, checksum === undefined ? noChecksum : internetChecksum);
    out.u32(nfta.payload.csumOffset, checksum ?? 0);
    // An address is part of the transport checksum's pseudo-header.
    out.u32(nfta.payload.csumFlags, facts.base === networkHeader ? pseudoHeader : 0);
  });
}

/** Where the checksum over the written bytes is, in their own header; IPv6 has none. */
function checksumOffset(facts: PayloadFacts): number | undefined {
  if (facts.base === networkHeader) return facts.nfproto === "ipv4" ? 10 : undefined;
  return facts.l4proto === 6 ? 16 : 6;
}

/** Reads a fact of the connection; `direction` where it has two sides. */
export function ctLoad(out: MessageWriter, key: number, direction: number | undefined, register = register1): void {
  expression(out, "ct", () => {
    out.u32(nfta.ct.key, key);
    out.u32(nfta.ct.dreg, register);
    if (direction !== undefined) out.u8(nfta.ct.direction, direction);
  });
}

/** Writes the first register to the connection. */
export function ctStore(out: MessageWriter, key: number): void {
  expression(out, "ct", () => {
    out.u32(nfta.ct.key, key);
    out.u32(nfta.ct.sreg, register1);
  });
}

/** Ends the rule unless the first register compares so. */
export function compare(out: MessageWriter, op: number, value: Uint8Array): void {
  expression(out, "cmp", () => {
    out.u32(nfta.cmp.sreg, register1);
    out.u32(nfta.cmp.op, op);
    out.nest(nfta.cmp.data, () => out.bytes(nfta.data.value, value));
  });
}

/** Puts a constant into a register. */
export function immediate(out: MessageWriter, register: number, value: Uint8Array): void {
  expression(out, "immediate", () => {
    out.u32(nfta.immediate.dreg, register);
    out.nest(nfta.immediate.data, () => out.bytes(nfta.data.value, value));
  });
}

/** register = (register & mask) ^ xor. */
export function bitwise(out: MessageWriter, register: number, mask: Uint8Array, xor: Uint8Array): void {
  expression(out, "bitwise", () => {
    out.u32(nfta.bitwise.sreg, register);
    out.u32(nfta.bitwise.dreg, register);
    out.u32(nfta.bitwise.length, mask.length);
    out.nest(nfta.bitwise.mask, () => out.bytes(nfta.data.value, mask));
    out.nest(nfta.bitwise.xor, () => out.bytes(nfta.data.value, xor));
  });
}

/** Turns the first register from host to network order. */
export function byteorder(out: MessageWriter, length: number): void {
  expression(out, "byteorder", () => {
    out.u32(nfta.byteorder.sreg, register1);
    out.u32(nfta.byteorder.dreg, register1);
    out.u32(nfta.byteorder.op, hostToNetwork);
    out.u32(nfta.byteorder.length, length);
    out.u32(nfta.byteorder.size, length);
  });
}

/** Asks a named set, or with a destination register a map, for the key in the first registers. */
export function lookup(out: MessageWriter, set: string, destination: number | undefined, negate?: boolean): void {
  expression(out, "lookup", () => {
    out.string(nfta.lookup.set, set);
    out.u32(nfta.lookup.sreg, firstWordRegister);
    if (destination !== undefined) out.u32(nfta.lookup.dreg, destination);
    if (negate) out.u32(nfta.lookup.flags, inverted);
  });
}
