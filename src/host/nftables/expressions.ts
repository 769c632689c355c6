/**
 * Rule statements as the kernel's expressions: load into a register, compare, look up, write. Header fields get the same
 * protocol checks in front that `nft` inserts. Source: linux/netfilter/nf_tables.h, and what `nft --debug=netlink` prints.
 */

import type { NftCtState, NftCtStatus, NftFamily, NftSource, NftStatement, NftTcpFlag, NftVerdict } from "./ast.ts";
import { nfta } from "./attributes.ts";
import { fields } from "./fields.ts";
import {
  bitwise,
  byteorder,
  compare,
  ctLoad,
  ctStore,
  equal,
  expression,
  immediate,
  load,
  lookup,
  metaStore,
  notEqual,
  payloadLoad,
  payloadStore,
  register1,
  transportHeader,
  verdictRegister,
} from "./instructions.ts";
import { writeMatch } from "./match-expressions.ts";
import type { MessageWriter } from "./message.ts";
import { writeNat, writePortNat } from "./nat-expressions.ts";
import {
  type Known,
  loadKey,
  type RuleContext,
  requireL4proto,
  requireProtocols,
  type Statement,
} from "./rule-context.ts";
import { commentText, hostInteger, integerBytes, valueBytes, valueLength } from "./values.ts";

const stateBits: Readonly<Record<NftCtState, number>> = {
  invalid: 1,
  established: 2,
  related: 4,
  new: 8,
  untracked: 64,
};
const statusBits: Readonly<Record<NftCtStatus, number>> = {
  expected: 1,
  "seen-reply": 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
};
const tcpFlagBits: Readonly<Record<NftTcpFlag, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 };
const ctKey = { state: 0, status: 2, mark: 3, labels: 13, zone: 17 } as const;
const metaKey = { mark: 3, nftrace: 12 } as const;
const icmpxCode = {
  "icmpx no-route": 0,
  "icmpx port-unreachable": 1,
  "icmpx host-unreachable": 2,
  "icmpx admin-prohibited": 3,
} as const;
const rejectWith = { tcpReset: 1, icmpx: 2 } as const;
const rtTcpMss = 3;
const tcp = 6;
const tcpFlagsOffset = 13;
/** The size in the TCP option, after its kind and length. */
const maxsegOption = { kind: 2, offset: 2, length: 2 } as const;
const tcpOption = 1;
const counterObject = 1;

/** Writes the expressions of one rule, in order, as list elements. */
export function writeExpressions(out: MessageWriter, family: NftFamily, statements: readonly NftStatement[]): void {
  const known: Known = family === "inet" ? {} : { nfproto: family === "ip" ? "ipv4" : "ipv6" };
  for (const statement of statements) writeStatement({ out, known }, statement);
}

/** Writes a verdict as an NFTA_DATA_VERDICT. */
export function writeVerdict(out: MessageWriter, verdict: NftVerdict): void {
  const codes = { drop: 0, accept: 1, continue: -1, jump: -3, goto: -4, return: -5 } as const;
  out.nest(nfta.data.verdict, () => {
    out.u32(nfta.verdict.code, codes[verdict.kind]);
    if (verdict.kind === "jump" || verdict.kind === "goto") out.string(nfta.verdict.chain, verdict.chain);
  });
}

function writeStatement(context: RuleContext, statement: NftStatement): void {
  const { out } = context;
  switch (statement.kind) {
    case "match":
      writeMatch(context, statement);
      break;
    case "ct-state":
      writeBits(out, ctKey.state, bitsOf(stateBits, statement.states), statement.negate);
      break;
    case "ct-status":
      writeBits(out, ctKey.status, bitsOf(statusBits, statement.flags), statement.negate);
      break;
    case "ct-label": {
      const label = labelBytes(statement.bit);
      ctLoad(out, ctKey.labels, undefined);
      bitwise(out, register1, label, new Uint8Array(16));
      if (statement.negate) compare(out, notEqual, label);
      else compare(out, notEqual, new Uint8Array(16));
      break;
    }
    case "set-ct-label":
      immediate(out, register1, labelBytes(statement.bit));
      ctStore(out, ctKey.labels);
      break;
    case "lookup":
      loadKey(context, statement.fields);
      lookup(out, statement.set, undefined, statement.negate);
      break;
    case "vmap":
      loadKey(context, statement.fields);
      lookup(out, statement.map, verdictRegister);
      break;
    case "set":
      writeSet(context, statement);
      break;
    case "verdict":
      expression(out, "immediate", () => {
        out.u32(nfta.immediate.dreg, verdictRegister);
        out.nest(nfta.immediate.data, () => writeVerdict(out, statement.verdict));
      });
      break;
    case "counter":
      writeCounter(out, statement);
      break;
    case "notrack":
      expression(out, "notrack", () => {});
      break;
    case "nat":
      writeNat(context, statement);
      break;
    case "masquerade":
      writePortNat(out, "masq", statement.ports);
      break;
    case "redirect":
      writePortNat(out, "redir", statement.ports);
      break;
    case "reject":
      writeReject(context, statement);
      break;
    case "maxseg":
      writeMaxseg(context, statement);
      break;
    case "tcp-flags": {
      requireL4proto(context, tcp);
      payloadLoad(out, transportHeader, tcpFlagsOffset, 1, register1);
      bitwise(out, register1, integerBytes(bitsOf(tcpFlagBits, statement.mask), 1, false), new Uint8Array(1));
      compare(out, equal, integerBytes(bitsOf(tcpFlagBits, statement.flags), 1, false));
      break;
    }
    case "log":
      expression(out, "log", () => {
        if (statement.group !== undefined) out.u16(nfta.log.group, statement.group);
        if (statement.prefix !== undefined) out.string(nfta.log.prefix, commentText(statement.prefix));
      });
  }
}

function writeBits(out: MessageWriter, key: number, bits: number, negate: boolean | undefined): void {
  ctLoad(out, key, undefined);
  bitwise(out, register1, hostInteger(bits, 4), new Uint8Array(4));
  compare(out, negate ? equal : notEqual, new Uint8Array(4));
}

function writeSet(context: RuleContext, statement: Statement<"set">): void {
  const { out } = context;
  const { target, source } = statement;
  switch (target) {
    case "meta mark":
      loadSource(context, source, (value) => valueBytes("mark", value));
      metaStore(out, metaKey.mark);
      break;
    case "meta nftrace":
      loadSource(context, source, (value) => valueBytes("byte", value));
      metaStore(out, metaKey.nftrace);
      break;
    case "ct mark":
      loadSource(context, source, (value) => valueBytes("mark", value));
      ctStore(out, ctKey.mark);
      break;
    case "ct zone":
      loadSource(context, source, (value) => valueBytes("ct_zone", value));
      ctStore(out, ctKey.zone);
      break;
    default: {
      const facts = fields[target];
      if (facts.source !== "payload") throw new Error(`bug: ${target} cannot be written`);
      requireProtocols(context, facts);
      loadSource(context, source, (value) => valueBytes(facts.type, value));
      payloadStore(out, facts, valueLength(facts.type));
    }
  }
}

function loadSource(context: RuleContext, source: NftSource, encode: (value: string | number) => Uint8Array): void {
  const { out } = context;
  switch (source.kind) {
    case "constant":
      immediate(out, register1, encode(source.value));
      break;
    case "field": {
      load(out, fields[source.field], register1);
      if (source.and === undefined && source.or === undefined) return;
      // (x & and) | or, said with the kernel's one operation (x & mask) ^ xor.
      const or = source.or ?? 0;
      const mask = ((source.and ?? 0xffffffff) & ~or) >>> 0;
      bitwise(out, register1, hostInteger(mask, 4), hostInteger(or, 4));
      break;
    }
    case "map":
      loadKey(context, source.fields);
      lookup(out, source.map, register1);
  }
}

function writeCounter(out: MessageWriter, statement: Statement<"counter">): void {
  const { name } = statement;
  if (name === undefined) {
    expression(out, "counter", () => {
      out.u64(nfta.counter.bytes, 0);
      out.u64(nfta.counter.packets, 0);
    });
    return;
  }
  expression(out, "objref", () => {
    out.u32(nfta.objref.type, counterObject);
    out.string(nfta.objref.name, name);
  });
}

function writeReject(context: RuleContext, statement: Statement<"reject">): void {
  const { out } = context;
  if (statement.with === "tcp reset") {
    requireL4proto(context, tcp);
    expression(out, "reject", () => {
      out.u32(nfta.reject.type, rejectWith.tcpReset);
      out.u8(nfta.reject.icmpCode, 0);
    });
    return;
  }
  const code = icmpxCode[statement.with];
  expression(out, "reject", () => {
    out.u32(nfta.reject.type, rejectWith.icmpx);
    out.u8(nfta.reject.icmpCode, code);
  });
}

function writeMaxseg(context: RuleContext, statement: Statement<"maxseg">): void {
  const { out } = context;
  const { size } = statement;
  requireL4proto(context, tcp);
  if (size === "rt mtu") {
    expression(out, "rt", () => {
      out.u32(nfta.rt.dreg, register1);
      out.u32(nfta.rt.key, rtTcpMss);
    });
    byteorder(out, 2);
  } else {
    immediate(out, register1, valueBytes("inet_service", size));
  }
  expression(out, "exthdr", () => {
    out.u8(nfta.exthdr.type, maxsegOption.kind);
    out.u32(nfta.exthdr.offset, maxsegOption.offset);
    out.u32(nfta.exthdr.length, maxsegOption.length);
    out.u32(nfta.exthdr.op, tcpOption);
    out.u32(nfta.exthdr.sreg, register1);
  });
}

function bitsOf<Name extends string>(bits: Readonly<Record<Name, number>>, names: readonly Name[]): number {
  return names.reduce((sum, name) => sum | bits[name], 0);
}

/** Labels are a bitmap of machine words; on little-endian machines that is bytes from the lowest bit up. */
function labelBytes(bit: number): Uint8Array {
  if (!Number.isInteger(bit) || bit < 0 || bit > 127) throw new Error(`bug: no connection label ${bit}`);
  const words = Array.from({ length: 4 }, (_, word) => hostInteger(word === bit >> 5 ? 2 ** (bit & 31) : 0, 4));
  return Uint8Array.from(words.flatMap((word) => [...word]));
}
