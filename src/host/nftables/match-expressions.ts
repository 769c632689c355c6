/**
 * Matches as expressions: load the field, mask it for a prefix, compare. A prefix of whole bytes is compared without a mask.
 */
import { nfta } from "./attributes.ts";
import { type FieldFacts, fields } from "./fields.ts";
import {
  bitwise,
  byteorder,
  compare,
  equal,
  expression,
  greaterOrEqual,
  lessOrEqual,
  load,
  notEqual,
  payloadLoad,
  register1,
} from "./instructions.ts";
import type { MessageWriter } from "./message.ts";
import { learn, type RuleContext, requireProtocols, type Statement } from "./rule-context.ts";
import {
  compareBytes,
  hostInteger,
  integerBytes,
  isHostOrder,
  maskBytes,
  partPrefix,
  partRange,
  valueBytes,
  valueLength,
} from "./values.ts";

/** A field against a value, prefix or range. */
export function writeMatch(context: RuleContext, statement: Statement<"match">): void {
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
    out.u32(nfta.range.sreg, register1);
    out.u32(nfta.range.op, notEqual);
    out.nest(nfta.range.from, () => out.bytes(nfta.data.value, range.from));
    out.nest(nfta.range.to, () => out.bytes(nfta.data.value, range.to));
  });
}
