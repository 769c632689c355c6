/**
 * What is known of the packet while a rule's expressions are written, and the checks that a field needs first: the same that
 * `nft` inserts in front of header fields.
 */
import type { NftField, NftStatement } from "./ast.ts";
import { type FieldFacts, fields } from "./fields.ts";
import { compare, equal, firstWordRegister, load, metaLoad, register1 } from "./instructions.ts";
import type { MessageWriter } from "./message.ts";
import { integerBytes, paddedLength, protocolNumber } from "./values.ts";

/** One kind of statement. */
export type Statement<K extends NftStatement["kind"]> = Extract<NftStatement, { kind: K }>;

/** What earlier statements of the rule have made sure of. */
export interface Known {
  nfproto?: "ipv4" | "ipv6";
  l4proto?: number;
}

/** A rule being written. */
export interface RuleContext {
  readonly out: MessageWriter;
  readonly known: Known;
}

const metaKey = { nfproto: 15, l4proto: 16 } as const;
const nfprotoNumber = { ipv4: 2, ipv6: 10 } as const;

/** Loads the fields side by side, each padded to whole 4-byte registers; a single field is a concatenation of one. */
export function loadKey(context: RuleContext, key: readonly NftField[]): void {
  for (const field of key) requireProtocols(context, fields[field]);
  let register = firstWordRegister;
  for (const field of key) {
    const facts = fields[field];
    load(context.out, facts, register);
    register += paddedLength(facts.type) / 4;
  }
  if (key.length === 0 || register > firstWordRegister + 16) throw new Error(`bug: no such key: ${key.join(" . ")}`);
}

/** Makes sure of what a header field needs, unless the rule already has. */
export function requireProtocols(context: RuleContext, facts: FieldFacts): void {
  if (facts.source !== "payload") return;
  if (facts.nfproto !== undefined) requireNfproto(context, facts.nfproto);
  if (facts.l4proto !== undefined) requireL4proto(context, facts.l4proto);
}

/** Makes sure of the transport protocol, unless the rule already has. */
export function requireL4proto(context: RuleContext, l4proto: number): void {
  const { out, known } = context;
  if (known.l4proto === l4proto) return;
  if (known.l4proto !== undefined) throw new Error(`bug: a rule for protocol ${known.l4proto} asks for ${l4proto}`);
  metaLoad(out, metaKey.l4proto, register1);
  compare(out, equal, integerBytes(l4proto, 1, false));
  known.l4proto = l4proto;
}

/** Notes what a match that a packet passed has made sure of. */
export function learn(known: Known, field: NftField, value: string | number): void {
  if (field === "meta nfproto") known.nfproto = value === "ipv6" || value === 10 ? "ipv6" : "ipv4";
  if (field === "meta l4proto" || field === "ip protocol") known.l4proto = protocolNumber(value);
}

function requireNfproto(context: RuleContext, nfproto: "ipv4" | "ipv6"): void {
  const { out, known } = context;
  if (known.nfproto === nfproto) return;
  if (known.nfproto !== undefined) throw new Error(`bug: a rule for ${known.nfproto} asks for ${nfproto}`);
  metaLoad(out, metaKey.nfproto, register1);
  compare(out, equal, integerBytes(nfprotoNumber[nfproto], 1, false));
  known.nfproto = nfproto;
}
