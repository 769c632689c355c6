/**
 * A command list as one nfnetlink batch, which the kernel commits as a whole or not at all, and the kernel's answer to it.
 * Source: linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h. The socket belongs to whoever sends the bytes.
 */
import type { NftBaseChain, NftCommand, NftFamily } from "./ast.ts";
import { nfta } from "./attributes.ts";
import { writeExpressions } from "./expressions.ts";
import { type MessageWriter, messageWriter } from "./message.ts";
import { portionElements, writeSet } from "./sets.ts";
import { commentText, littleEndian } from "./values.ts";

/**
 * One batch. Send `bytes` in one write, then read until `decodeAcks` says `done`. The write fails with EMSGSIZE (90) when the
 * socket's send buffer is smaller: ask for more (SO_SNDBUFFORCE; without rights over the machine SO_SNDBUF gives twice
 * `net.core.wmem_max`, by default 416 KiB, room for some 1,200 rules or 10,000 elements of a plain set).
 */
export interface NftBatch {
  /** Empty for an empty command list: then there is nothing to send. */
  readonly bytes: Uint8Array;
  /** Sequence number of the batch's opening message; a failure of the whole batch carries it. */
  readonly firstSequence: number;
  /** Sequence number of the last command message, the one whose success is acknowledged. */
  readonly lastSequence: number;
  /** For each message after the opening one, the index of the command that it belongs to. */
  readonly commandOfMessage: readonly number[];
}

/** A refusal. Without `commandIndex` it was the whole batch (no permission, commit failed). */
export interface NftFailure {
  readonly commandIndex?: number;
  /** Positive, as in errno.h: 2 no such thing, 17 exists, 16 busy, 1 not permitted. */
  readonly errno: number;
}

/** What one datagram or more of the answer says. */
export interface NftAnswer {
  /** Nothing more will come for this batch. */
  readonly done: boolean;
  readonly failures: readonly NftFailure[];
}

const subsystem = 10;
const batchBegin = 16;
const batchEnd = 17;
const request = 0x1;
const acknowledge = 0x4;
const create = 0x400;
const append = 0x800;

const message = {
  newTable: 0,
  deleteTable: 2,
  newChain: 3,
  deleteChain: 5,
  newRule: 6,
  deleteRule: 8,
  newSet: 9,
  deleteSet: 11,
  newElements: 12,
  deleteElements: 14,
  newObject: 18,
  deleteObject: 20,
} as const;

const familyNumber: Readonly<Record<NftFamily, number>> = { inet: 1, ip: 2, ip6: 10 };
const hookNumber = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 } as const;
const counterObject = 1;

/** Encodes a list of commands; sequence numbers count up from `firstSequence`. A value that has no encoding throws a bug. */
export function encodeBatch(commands: readonly NftCommand[], firstSequence = 1): NftBatch {
  const out = messageWriter();
  const commandOfMessage: number[] = [];
  let lastHeader = 0;
  let sequence = firstSequence;
  out.begin(batchBegin, request, sequence, 0, subsystem);
  out.end();
  for (const [index, command] of commands.entries()) {
    writeCommand(out, command, index + 1, (type, flags, body) => {
      lastHeader = out.length;
      sequence += 1;
      commandOfMessage.push(index);
      out.begin((subsystem << 8) | type, request | flags, sequence, familyNumber[command.table.family], 0);
      body();
      out.end();
    });
  }
  out.begin(batchEnd, request, sequence + 1, 0, subsystem);
  out.end();
  if (commandOfMessage.length === 0) {
    return { bytes: new Uint8Array(0), firstSequence, lastSequence: firstSequence, commandOfMessage };
  }
  const bytes = out.take();
  // Errors are always answered; success only where it is asked for, and once is enough.
  const view = new DataView(bytes.buffer);
  view.setUint16(lastHeader + 6, view.getUint16(lastHeader + 6, littleEndian) | acknowledge, littleEndian);
  return { bytes, firstSequence, lastSequence: sequence, commandOfMessage };
}

/**
 * Reads answers to a batch; those to other batches on the same socket are passed over. An answer
 * repeats the message that it refuses: it may be cut off behind its first 20 bytes.
 */
export function decodeAcks(bytes: Uint8Array, batch: NftBatch): NftAnswer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const failures: NftFailure[] = [];
  let done = batch.commandOfMessage.length === 0;
  for (let at = 0; at + 20 <= bytes.length; ) {
    const length = view.getUint32(at, littleEndian);
    if (length < 16) throw new Error(`bug: netlink answer of ${length} bytes`);
    const sequence = view.getUint32(at + 8, littleEndian);
    const ours = sequence >= batch.firstSequence && sequence <= batch.lastSequence;
    if (ours && view.getUint16(at + 4, littleEndian) === 2) {
      const errno = -view.getInt32(at + 16, littleEndian);
      const commandIndex = batch.commandOfMessage[sequence - batch.firstSequence - 1];
      if (errno !== 0) failures.push(commandIndex === undefined ? { errno } : { commandIndex, errno });
      // The last command is always answered, after all others; a refused batch is answered by its opening message alone.
      if (sequence === batch.lastSequence || sequence === batch.firstSequence) done = true;
    }
    at += (length + 3) & ~3;
  }
  return { done, failures };
}

type Send = (type: number, flags: number, body: () => void) => void;

function writeCommand(out: MessageWriter, command: NftCommand, id: number, send: Send): void {
  const table = command.table.name;
  // The table is attribute 1 of every kind of message.
  const tableAnd = (attribute: number, name: string) => () => {
    out.string(nfta.table.name, table);
    out.string(attribute, name);
  };
  switch (command.kind) {
    case "add-table":
      send(message.newTable, create, () => {
        out.string(nfta.table.name, table);
        out.u32(nfta.table.flags, 0);
      });
      break;
    case "delete-table":
      send(message.deleteTable, 0, () => out.string(nfta.table.name, table));
      break;
    case "flush-table":
      send(message.deleteRule, 0, () => out.string(nfta.table.name, table));
      break;
    case "add-chain":
      send(message.newChain, create, () => {
        tableAnd(nfta.chain.name, command.chain)();
        if (command.base !== undefined) writeBase(out, command.base);
      });
      break;
    case "flush-chain":
      send(message.deleteRule, 0, tableAnd(nfta.rule.chain, command.chain));
      break;
    case "delete-chain":
      send(message.deleteChain, 0, tableAnd(nfta.chain.name, command.chain));
      break;
    case "add-set":
      send(message.newSet, create, () => writeSet(out, command.table, command.set, id));
      break;
    case "flush-set":
      // Elements without a list: all of them.
      send(message.deleteElements, 0, tableAnd(nfta.elementList.set, command.set.name));
      break;
    case "delete-set":
      send(message.deleteSet, 0, tableAnd(nfta.set.name, command.set.name));
      break;
    case "add-elements":
    case "delete-elements": {
      const [type, flags] =
        command.kind === "add-elements" ? [message.newElements, create] : [message.deleteElements, 0];
      portionElements(command.set, command.elements, (fill) =>
        send(type, flags, () => {
          tableAnd(nfta.elementList.set, command.set.name)();
          out.nest(nfta.elementList.elements, () => fill(out));
        }),
      );
      break;
    }
    case "add-counter":
      send(message.newObject, create, () => {
        tableAnd(nfta.object.name, command.counter)();
        out.u32(nfta.object.type, counterObject);
        out.nest(nfta.object.data, () => {
          out.u64(nfta.counter.bytes, 0);
          out.u64(nfta.counter.packets, 0);
        });
      });
      break;
    case "delete-counter":
      send(message.deleteObject, 0, () => {
        tableAnd(nfta.object.name, command.counter)();
        out.u32(nfta.object.type, counterObject);
      });
      break;
    case "add-rule":
    case "insert-rule":
      send(message.newRule, command.kind === "add-rule" ? create | append : create, () => {
        tableAnd(nfta.rule.chain, command.chain)();
        out.nest(nfta.rule.expressions, () => writeExpressions(out, command.table.family, command.statements));
        if (command.comment !== undefined) out.bytes(nfta.rule.userData, ruleComment(command.comment));
      });
      break;
    case "delete-rule":
      send(message.deleteRule, 0, () => {
        tableAnd(nfta.rule.chain, command.chain)();
        out.u64(nfta.rule.handle, command.handle);
      });
  }
}

function writeBase(out: MessageWriter, base: NftBaseChain): void {
  out.nest(nfta.chain.hook, () => {
    out.u32(nfta.hook.number, hookNumber[base.hook]);
    out.u32(nfta.hook.priority, base.priority);
  });
  if (base.policy !== undefined) out.u32(nfta.chain.policy, base.policy === "accept" ? 1 : 0);
  out.string(nfta.chain.type, base.type);
}

/** User data of a rule, as nft writes it: type 0, length, the text with its NUL. */
function ruleComment(comment: string): Uint8Array {
  const text = new TextEncoder().encode(commentText(comment));
  return Uint8Array.from([0, text.length + 1, ...text, 0]);
}
