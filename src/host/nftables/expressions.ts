/**
 * Rule statements as the kernel's expressions: load into a register, compare, look up, write. Header fields get the same
 * protocol checks in front that `nft` inserts. Source: linux/netfilter/nf_tables.h, and what `nft --debug=netlink` prints.
 */
import type {
  NftAddressMap,
  NftCtState,
  NftCtStatus,
  NftFamily,
  NftField,
  NftSource,
  NftStatement,
  NftTcpFlag,
  NftVerdict,
} from "./ast.ts";
import { type FieldFacts, fields, type PayloadFacts } from "./fields.ts";
import type { MessageWriter } from "./message.ts";
import {
  commentText,
  compareBytes,
  hostInteger,
  integerBytes,
  isHostOrder,
  maskBytes,
  paddedLength,
  partPrefix,
  partRange,
  protocolNumber,
  valueBytes,
  valueLength,
} from "./values.ts";

type Statement<K extends NftStatement["kind"]> = Extract<NftStatement, { kind: K }>;

/** What earlier statements of the rule have made sure of. */
interface Known {
  nfproto?: "ipv4" | "ipv6";
  l4proto?: number;
}

interface Context {
  readonly out: MessageWriter;
  readonly known: Known;
}

/** The verdict register, and the first of the four 16-byte registers (= sixteen 4-byte registers from 8 on). */
const verdictRegister = 0;
const register1 = 1;
const firstWordRegister = 8;

const equal = 0;
const notEqual = 1;
const lessOrEqual = 3;
const greaterOrEqual = 5;

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
const nfprotoNumber = { ipv4: 2, ipv6: 10 } as const;
const ctKey = { state: 0, status: 2, mark: 3, labels: 13, zone: 17 } as const;
const metaKey = { mark: 3, nftrace: 12, nfproto: 15, l4proto: 16 } as const;
const rejectIcmpx = { "no-route": 0, "port-unreachable": 1, "host-unreachable": 2, "admin-prohibited": 3 } as const;

/** Writes the expressions of one rule, in order, as list elements. */
export function writeExpressions(out: MessageWriter, family: NftFamily, statements: readonly NftStatement[]): void {
  const known: Known = family === "inet" ? {} : { nfproto: family === "ip" ? "ipv4" : "ipv6" };
  for (const statement of statements) writeStatement({ out, known }, statement);
}

/** Writes a verdict as an NFTA_DATA_VERDICT. */
export function writeVerdict(out: MessageWriter, verdict: NftVerdict): void {
  const codes = { drop: 0, accept: 1, continue: -1, jump: -3, goto: -4, return: -5 } as const;
  out.nest(2, () => {
    out.u32(1, codes[verdict.kind]);
    if (verdict.kind === "jump" || verdict.kind === "goto") out.string(2, verdict.chain);
  });
}

function writeStatement(context: Context, statement: NftStatement): void {
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
      // Unset means: what is left of the labels is not the bit.
      compare(out, statement.negate ? notEqual : equal, label);
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
        out.u32(1, verdictRegister);
        out.nest(2, () => writeVerdict(out, statement.verdict));
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
      writePortNat(out, "masq", statement.ports, { flags: 1, from: 2, to: 3 });
      break;
    case "redirect":
      writePortNat(out, "redir", statement.ports, { flags: 3, from: 1, to: 2 });
      break;
    case "reject":
      writeReject(context, statement);
      break;
    case "maxseg":
      writeMaxseg(context, statement);
      break;
    case "tcp-flags": {
      requireL4proto(context, 6);
      payloadLoad(out, 2, 13, 1, register1);
      bitwise(out, register1, integerBytes(bitsOf(tcpFlagBits, statement.mask), 1, false), new Uint8Array(1));
      compare(out, equal, integerBytes(bitsOf(tcpFlagBits, statement.flags), 1, false));
      break;
    }
    case "log":
      expression(out, "log", () => {
        if (statement.group !== undefined) out.u16(1, statement.group);
        if (statement.prefix !== undefined) out.string(2, commentText(statement.prefix));
      });
  }
}

function writeMatch(context: Context, statement: Statement<"match">): void {
  const { out } = context;
  const facts = fields[statement.field];
  const { value, negate } = statement;
  requireProtocols(context, facts);
  if (statement.mask !== undefined) {
    if (facts.type !== "mark" || typeof value === "object") throw new Error(`bug: no mask on ${statement.field}`);
    load(out, facts, register1);
    bitwise(out, register1, hostInteger(statement.mask, 4), new Uint8Array(4));
    compare(out, negate ? notEqual : equal, valueBytes("mark", value));
    return;
  }
  if (facts.type === "ifname" && typeof value === "string" && value.endsWith("*")) {
    load(out, facts, register1);
    compare(out, negate ? notEqual : equal, new TextEncoder().encode(value.slice(0, -1)));
    return;
  }
  const prefix = partPrefix(facts.type, value);
  if (prefix !== undefined) {
    writePrefixMatch(out, facts, prefix, negate);
    return;
  }
  if (typeof value === "object" && value.from !== value.to) {
    writeRangeMatch(out, facts, statement);
    return;
  }
  const single = typeof value === "object" ? value.from : value;
  load(out, facts, register1);
  compare(out, negate ? notEqual : equal, valueBytes(facts.type, single));
  if (!negate) learn(context.known, statement.field, single);
}

function writePrefixMatch(
  out: MessageWriter,
  facts: FieldFacts,
  prefix: { readonly bytes: Uint8Array; readonly length: number },
  negate: boolean | undefined,
): void {
  const op = negate ? notEqual : equal;
  const whole = prefix.length / 8;
  // A prefix of whole bytes needs no mask: load only those bytes.
  if (facts.source === "payload" && Number.isInteger(whole) && whole > 0) {
    payloadLoad(out, facts.base, facts.offset, whole, register1);
    compare(out, op, prefix.bytes.slice(0, whole));
    return;
  }
  load(out, facts, register1);
  const length = prefix.bytes.length;
  bitwise(out, register1, maskBytes(prefix.length, length), new Uint8Array(length));
  compare(out, op, prefix.bytes);
}

function writeRangeMatch(out: MessageWriter, facts: FieldFacts, statement: Statement<"match">): void {
  const { value } = statement;
  if (typeof value !== "object") throw new Error("bug: not a range");
  load(out, facts, register1);
  let range: { readonly from: Uint8Array; readonly to: Uint8Array };
  if (isHostOrder(facts.type)) {
    const length = valueLength(facts.type);
    if (typeof value.from !== "number" || typeof value.to !== "number" || facts.type === "ifname") {
      throw new Error(`bug: no range of ${facts.type}`);
    }
    byteorder(out, length);
    range = { from: integerBytes(value.from, length, false), to: integerBytes(value.to, length, false) };
    if (compareBytes(range.from, range.to) > 0) throw new Error("bug: range ends before it starts");
  } else {
    range = partRange(facts.type, value);
  }
  if (!statement.negate) {
    compare(out, greaterOrEqual, range.from);
    compare(out, lessOrEqual, range.to);
    return;
  }
  expression(out, "range", () => {
    out.u32(1, register1);
    out.u32(2, 1);
    out.nest(3, () => out.bytes(1, range.from));
    out.nest(4, () => out.bytes(1, range.to));
  });
}

function writeBits(out: MessageWriter, key: number, bits: number, negate: boolean | undefined): void {
  ctLoad(out, key, undefined);
  bitwise(out, register1, hostInteger(bits, 4), new Uint8Array(4));
  compare(out, negate ? equal : notEqual, new Uint8Array(4));
}

function writeSet(context: Context, statement: Statement<"set">): void {
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

function loadSource(context: Context, source: NftSource, encode: (value: string | number) => Uint8Array): void {
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
      out.u64(1, 0);
      out.u64(2, 0);
    });
    return;
  }
  expression(out, "objref", () => {
    out.u32(1, 1);
    out.string(2, name);
  });
}

function writeNat(context: Context, statement: Statement<"nat">): void {
  const { out } = context;
  const { address, ports } = statement;
  const type = statement.family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const ranged = typeof address === "object" && !("map" in address) && address.from !== address.to;
  if (typeof address === "string") immediate(out, 1, valueBytes(type, address));
  else if ("map" in address) loadAddress(context, address, ports);
  else immediate(out, 1, valueBytes(type, address.from));
  if (ranged) immediate(out, 2, valueBytes(type, address.to));
  if (ports !== undefined) {
    immediate(out, 3, valueBytes("inet_service", ports.from));
    immediate(out, 4, valueBytes("inet_service", ports.to));
  }
  expression(out, "nat", () => {
    out.u32(1, statement.direction === "snat" ? 0 : 1);
    out.u32(2, statement.family === "ip" ? 2 : 10);
    out.u32(3, 1);
    if (ranged) out.u32(4, 2);
    if (ports !== undefined) {
      out.u32(5, 3);
      if (ports.from !== ports.to) out.u32(6, 4);
      out.u32(7, 2);
    }
  });
}

function loadAddress(context: Context, address: NftAddressMap, ports: unknown): void {
  if (ports !== undefined) throw new Error("bug: an address map takes no ports");
  loadKey(context, address.fields);
  lookup(context.out, address.map, register1);
}

function writePortNat(
  out: MessageWriter,
  name: "masq" | "redir",
  ports: { readonly from: number; readonly to: number } | undefined,
  attribute: { readonly flags: number; readonly from: number; readonly to: number },
): void {
  if (ports !== undefined) {
    immediate(out, 1, valueBytes("inet_service", ports.from));
    immediate(out, 2, valueBytes("inet_service", ports.to));
  }
  expression(out, name, () => {
    if (ports === undefined) return;
    // The flag NF_NAT_RANGE_PROTO_SPECIFIED.
    out.u32(attribute.flags, 2);
    out.u32(attribute.from, 1);
    if (ports.from !== ports.to) out.u32(attribute.to, 2);
  });
}

function writeReject(context: Context, statement: Statement<"reject">): void {
  const { out } = context;
  if (statement.with === "tcp reset") {
    requireL4proto(context, 6);
    expression(out, "reject", () => {
      out.u32(1, 1);
      out.u8(2, 0);
    });
    return;
  }
  const code = {
    "icmpx no-route": rejectIcmpx["no-route"],
    "icmpx port-unreachable": rejectIcmpx["port-unreachable"],
    "icmpx host-unreachable": rejectIcmpx["host-unreachable"],
    "icmpx admin-prohibited": rejectIcmpx["admin-prohibited"],
  }[statement.with];
  expression(out, "reject", () => {
    out.u32(1, 2);
    out.u8(2, code);
  });
}

function writeMaxseg(context: Context, statement: Statement<"maxseg">): void {
  const { out } = context;
  const { size } = statement;
  requireL4proto(context, 6);
  if (size === "rt mtu") {
    expression(out, "rt", () => {
      out.u32(1, register1);
      out.u32(2, 3);
    });
    byteorder(out, 2);
  } else {
    immediate(out, register1, valueBytes("inet_service", size));
  }
  // TCP option 2, its two bytes after kind and length.
  expression(out, "exthdr", () => {
    out.u8(2, 2);
    out.u32(3, 2);
    out.u32(4, 2);
    out.u32(6, 1);
    out.u32(7, register1);
  });
}

/** Loads the fields side by side, each padded to whole 4-byte registers; a single field is a concatenation of one. */
function loadKey(context: Context, key: readonly NftField[]): void {
  for (const field of key) requireProtocols(context, fields[field]);
  let register = firstWordRegister;
  for (const field of key) {
    const facts = fields[field];
    load(context.out, facts, register);
    register += paddedLength(facts.type) / 4;
  }
  if (key.length === 0 || register > firstWordRegister + 16) throw new Error(`bug: no such key: ${key.join(" . ")}`);
}

function requireProtocols(context: Context, facts: FieldFacts): void {
  if (facts.source !== "payload") return;
  if (facts.nfproto !== undefined) requireNfproto(context, facts.nfproto);
  if (facts.l4proto !== undefined) requireL4proto(context, facts.l4proto);
}

function requireNfproto(context: Context, nfproto: "ipv4" | "ipv6"): void {
  const { out, known } = context;
  if (known.nfproto === nfproto) return;
  if (known.nfproto !== undefined) throw new Error(`bug: a rule for ${known.nfproto} asks for ${nfproto}`);
  metaLoad(out, metaKey.nfproto, register1);
  compare(out, equal, integerBytes(nfprotoNumber[nfproto], 1, false));
  known.nfproto = nfproto;
}

function requireL4proto(context: Context, l4proto: number): void {
  const { out, known } = context;
  if (known.l4proto === l4proto) return;
  if (known.l4proto !== undefined) throw new Error(`bug: a rule for protocol ${known.l4proto} asks for ${l4proto}`);
  metaLoad(out, metaKey.l4proto, register1);
  compare(out, equal, integerBytes(l4proto, 1, false));
  known.l4proto = l4proto;
}

function learn(known: Known, field: NftField, value: string | number): void {
  if (field === "meta nfproto") known.nfproto = value === "ipv6" || value === 10 ? "ipv6" : "ipv4";
  if (field === "meta l4proto" || field === "ip protocol") known.l4proto = protocolNumber(value);
}

function load(out: MessageWriter, facts: FieldFacts, register: number): void {
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

function expression(out: MessageWriter, name: string, body: () => void): void {
  out.nest(1, () => {
    out.string(1, name);
    out.nest(2, body);
  });
}

function metaLoad(out: MessageWriter, key: number, register: number): void {
  expression(out, "meta", () => {
    out.u32(2, key);
    out.u32(1, register);
  });
}

function metaStore(out: MessageWriter, key: number): void {
  expression(out, "meta", () => {
    out.u32(2, key);
    out.u32(3, register1);
  });
}

function payloadLoad(out: MessageWriter, base: number, offset: number, length: number, register: number): void {
  expression(out, "payload", () => {
    out.u32(1, register);
    out.u32(2, base);
    out.u32(3, offset);
    out.u32(4, length);
  });
}

function payloadStore(out: MessageWriter, facts: PayloadFacts, length: number): void {
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

function ctLoad(out: MessageWriter, key: number, direction: number | undefined, register = register1): void {
  expression(out, "ct", () => {
    out.u32(2, key);
    out.u32(1, register);
    if (direction !== undefined) out.u8(3, direction);
  });
}

function ctStore(out: MessageWriter, key: number): void {
  expression(out, "ct", () => {
    out.u32(2, key);
    out.u32(4, register1);
  });
}

function compare(out: MessageWriter, op: number, value: Uint8Array): void {
  expression(out, "cmp", () => {
    out.u32(1, register1);
    out.u32(2, op);
    out.nest(3, () => out.bytes(1, value));
  });
}

function immediate(out: MessageWriter, register: number, value: Uint8Array): void {
  expression(out, "immediate", () => {
    out.u32(1, register);
    out.nest(2, () => out.bytes(1, value));
  });
}

function bitwise(out: MessageWriter, register: number, mask: Uint8Array, xor: Uint8Array): void {
  expression(out, "bitwise", () => {
    out.u32(1, register);
    out.u32(2, register);
    out.u32(3, mask.length);
    out.nest(4, () => out.bytes(1, mask));
    out.nest(5, () => out.bytes(1, xor));
  });
}

function byteorder(out: MessageWriter, length: number): void {
  expression(out, "byteorder", () => {
    out.u32(1, register1);
    out.u32(2, register1);
    out.u32(3, 1);
    out.u32(4, length);
    out.u32(5, length);
  });
}

function lookup(out: MessageWriter, set: string, destination: number | undefined, negate?: boolean): void {
  expression(out, "lookup", () => {
    out.string(1, set);
    out.u32(2, firstWordRegister);
    if (destination !== undefined) out.u32(3, destination);
    if (negate) out.u32(5, 1);
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
