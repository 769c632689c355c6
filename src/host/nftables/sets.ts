/**
 * Sets, maps and their elements as netlink attributes. A single-key interval set is told as start and end marks; a
 * concatenation with intervals as first and last key. Source: linux/netfilter/nf_tables.h and nft's segtree.
 */
import type { NftDataType, NftElement, NftMapDataType, NftSet, NftTable } from "./ast.ts";
import { nfta } from "./attributes.ts";
import { writeVerdict } from "./expressions.ts";
import type { MessageWriter } from "./message.ts";
import {
  type ByteRange,
  compareBytes,
  hostInteger,
  isHostOrder,
  paddedLength,
  partRange,
  successor,
  typeNumber,
  valueBytes,
  valueLength,
} from "./values.ts";

const flag = { constant: 0x2, interval: 0x4, map: 0x8, concatenation: 0x80 } as const;
const verdictDataType = 0xffffff00 | 0;
const intervalEnd = 1;

/** Writes the attributes of NFT_MSG_NEWSET; `id` must be unique within the batch. */
export function writeSet(out: MessageWriter, table: NftTable, set: NftSet, id: number): void {
  const concatenated = set.key.length > 1;
  out.string(nfta.set.table, table.name);
  out.string(nfta.set.name, set.name);
  out.u32(
    nfta.set.flags,
    (set.constant ? flag.constant : 0) |
      (set.intervals ? flag.interval : 0) |
      (set.data === undefined ? 0 : flag.map) |
      (concatenated && set.intervals ? flag.concatenation : 0),
  );
  // nft reads a concatenation's type as its parts' numbers, six bits each.
  out.u32(
    nfta.set.keyType,
    set.key.reduce((number, type) => (number << 6) | typeNumber(type), 0),
  );
  out.u32(nfta.set.keyLength, keyLength(set));
  if (set.data !== undefined) {
    out.u32(nfta.set.dataType, set.data === "verdict" ? verdictDataType : typeNumber(set.data));
    out.u32(nfta.set.dataLength, set.data === "verdict" ? 0 : valueLength(set.data));
  }
  out.u32(nfta.set.id, id);
  if (concatenated && set.intervals) {
    out.nest(nfta.set.description, () =>
      out.nest(nfta.setDescription.concatenation, () => {
        for (const type of set.key) out.nest(nfta.list.element, () => out.u32(nfta.setField.length, valueLength(type)));
      }),
    );
  }
  out.bytes(nfta.set.userData, byteOrders(set));
}

/** Calls `write` for portions of the elements, each of which fits one message; `write` is given what fills the list. */
export function portionElements(
  set: NftSet,
  elements: readonly NftElement[],
  write: (fill: (out: MessageWriter) => void) => void,
): void {
  const written =
    set.intervals && set.key.length === 1 ? intervalMarks(set, elements) : elements.map((e) => plain(set, e));
  // Upper bound: keys, data with a chain name, and every attribute header.
  const longest = 2 * keyLength(set) + 64 + Math.max(0, ...elements.map(dataSize));
  const perMessage = Math.max(1, Math.floor(60_000 / longest));
  for (let start = 0; start < written.length; start += perMessage) {
    const portion = written.slice(start, start + perMessage);
    write((out) => {
      for (const element of portion) writeElement(out, set, element);
    });
  }
}

interface WrittenElement {
  readonly key: Uint8Array;
  readonly keyEnd?: Uint8Array;
  readonly end?: true;
  readonly data?: NftElement["data"];
}

function writeElement(out: MessageWriter, set: NftSet, element: WrittenElement): void {
  out.nest(nfta.list.element, () => {
    out.nest(nfta.element.key, () => out.bytes(nfta.data.value, element.key));
    const { keyEnd, data } = element;
    if (keyEnd !== undefined) out.nest(nfta.element.keyEnd, () => out.bytes(nfta.data.value, keyEnd));
    if (element.end) out.u32(nfta.element.flags, intervalEnd);
    if (data !== undefined) out.nest(nfta.element.data, () => writeData(out, set.data, data));
  });
}

function writeData(out: MessageWriter, type: NftMapDataType | undefined, data: NonNullable<NftElement["data"]>): void {
  if (typeof data === "object") {
    writeVerdict(out, data);
    return;
  }
  if (type === undefined || type === "verdict") throw new Error("bug: a value where a verdict or nothing belongs");
  out.bytes(nfta.data.value, valueBytes(type, data));
}

/** Start and end of each interval in ascending order, so that the kernel's overlap check sees them closed. */
function intervalMarks(set: NftSet, elements: readonly NftElement[]): readonly WrittenElement[] {
  const type = onlyType(set);
  if (isHostOrder(type)) throw new Error(`bug: no interval sets of ${type}`);
  const ranges = elements.map((element) => ({ element, range: partRange(type, onlyPart(set, element)) }));
  ranges.sort((a, b) => compareBytes(a.range.from, b.range.from));
  return ranges.flatMap(({ element, range }): readonly WrittenElement[] => {
    const start = withData({ key: range.from }, set, element);
    const after = successor(range.to);
    // An interval up to the last value has no end: nothing follows it.
    return after === undefined ? [start] : [start, { key: after, end: true }];
  });
}

function plain(set: NftSet, element: NftElement): WrittenElement {
  if (element.key.length !== set.key.length) {
    throw new Error(`bug: element of ${element.key.length} parts in set ${set.name} of ${set.key.length}`);
  }
  const from = new Uint8Array(keyLength(set));
  const to = new Uint8Array(from.length);
  let at = 0;
  for (const [i, type] of set.key.entries()) {
    const range = elementRange(set, type, element.key[i] ?? "");
    from.set(range.from, at);
    to.set(range.to, at);
    at += set.key.length === 1 ? valueLength(type) : paddedLength(type);
  }
  return withData(set.intervals ? { key: from, keyEnd: to } : { key: from }, set, element);
}

function elementRange(set: NftSet, type: NftDataType, part: NftElement["key"][number]): ByteRange {
  const range = partRange(type, part);
  if (!set.intervals && compareBytes(range.from, range.to) !== 0)
    throw new Error(`bug: set ${set.name} has no intervals`);
  return range;
}

function withData(written: WrittenElement, set: NftSet, element: NftElement): WrittenElement {
  if (set.data === undefined && element.data !== undefined) throw new Error(`bug: set ${set.name} is not a map`);
  return element.data === undefined ? written : { ...written, data: element.data };
}

function keyLength(set: NftSet): number {
  const [first] = set.key;
  if (first === undefined) throw new Error(`bug: set ${set.name} without key`);
  return set.key.length === 1 ? valueLength(first) : set.key.reduce((sum, type) => sum + paddedLength(type), 0);
}

function onlyType(set: NftSet): NftDataType {
  const [type] = set.key;
  if (type === undefined || set.key.length !== 1) throw new Error(`bug: set ${set.name} has not one key part`);
  return type;
}

function onlyPart(set: NftSet, element: NftElement): NftElement["key"][number] {
  const [part] = element.key;
  if (part === undefined || element.key.length !== 1) throw new Error(`bug: set ${set.name} has one key part`);
  return part;
}

function dataSize(element: NftElement): number {
  const { data } = element;
  return typeof data === "object" && "chain" in data ? data.chain.length * 3 : 16;
}

/** User data that only `nft list` reads: byte order of key and data, 1 the machine's, 2 big-endian, 0 not one order. */
function byteOrders(set: NftSet): Uint8Array {
  const order = (type: NftDataType) => (isHostOrder(type) ? 1 : 2);
  const key = set.key.length === 1 ? order(onlyType(set)) : 0;
  const entries = [[0, key]];
  if (set.data !== undefined) entries.push([1, set.data === "verdict" ? 0 : order(set.data)]);
  return Uint8Array.from(entries.flatMap(([type = 0, value = 0]) => [type, 4, ...hostInteger(value, 4)]));
}
