/**
 * Sends nf_tables commands as one transaction. A socket's send buffer limits its size (`net.core.wmem_max`, about 400 kB
 * without real root): a longer list goes in several transactions, each atomic, in order.
 */
import { FabricError } from "../fabric-error.ts";
import { receiveBytes, sendBytes, setSocketOption } from "../netlink/libc.ts";
import type { NetlinkSocket } from "../netlink/socket.ts";
import type { NftCommand } from "../nftables/ast.ts";
import { decodeAcks, encodeBatch, type NftBatch, type NftFailure } from "../nftables/netlink.ts";
import { describeErrno, SystemError } from "../system-error.ts";

/** Throws a `FabricError` that names the command refused; then nothing of its transaction is in force. */
export function applyNft(socket: NetlinkSocket, commands: readonly NftCommand[]): void {
  const batch = encodeBatch(commands, socket.nextSequence);
  socket.nextSequence = batch.lastSequence + 2;
  if (batch.bytes.length === 0) return;
  if (batch.bytes.length > usualBuffer) enlargeSendBuffer(socket, batch.bytes.length);
  const sent = sendBytes(socket.fd, batch.bytes);
  if (sent === -EMSGSIZE) {
    const [first, second] = halve(commands);
    applyNft(socket, first);
    applyNft(socket, second);
    return;
  }
  if (sent < 0) throw new SystemError("nf_tables batch", -sent);
  const failure = readFailure(socket, batch);
  if (failure) throw refusal(failure, commands);
}

const EMSGSIZE = 90;
const usualBuffer = 200_000;
const incoming = Buffer.alloc(1 << 16);

function readFailure(socket: NetlinkSocket, batch: NftBatch): NftFailure | undefined {
  let failure: NftFailure | undefined;
  for (;;) {
    const length = receiveBytes(socket.fd, incoming);
    // The kernel has answered all there is to answer when `send` returns; many errors may have overrun the buffer.
    if (length < 0) return failure ?? { errno: -length };
    const answer = decodeAcks(incoming.subarray(0, length), batch);
    failure ??= answer.failures[0];
    if (answer.done) return failure;
  }
}

/** Beyond `wmem_max` only for real root; otherwise as far as it goes. */
function enlargeSendBuffer(socket: NetlinkSocket, bytes: number): void {
  const [solSocket, sendBuffer, sendBufferForce] = [1, 7, 32];
  try {
    setSocketOption(socket.fd, solSocket, sendBufferForce, bytes + 4096);
  } catch (error) {
    if (!(error instanceof SystemError && error.code === "EPERM")) throw error;
    setSocketOption(socket.fd, solSocket, sendBuffer, bytes + 4096);
  }
}

function halve(commands: readonly NftCommand[]): readonly [readonly NftCommand[], readonly NftCommand[]] {
  const [only] = commands;
  if (commands.length > 1) {
    const middle = commands.length >> 1;
    return [commands.slice(0, middle), commands.slice(middle)];
  }
  if (only && (only.kind === "add-elements" || only.kind === "delete-elements") && only.elements.length > 1) {
    const middle = only.elements.length >> 1;
    return [
      [{ ...only, elements: only.elements.slice(0, middle) }],
      [{ ...only, elements: only.elements.slice(middle) }],
    ];
  }
  throw new SystemError("nf_tables batch", EMSGSIZE);
}

function refusal(failure: NftFailure, commands: readonly NftCommand[]): FabricError {
  const [code, text] = describeErrno(failure.errno);
  const command = failure.commandIndex === undefined ? undefined : commands[failure.commandIndex];
  const operation = command ? JSON.stringify(command).slice(0, 600) : "nf_tables transaction";
  return new FabricError("refused", `nf_tables: ${code}, ${text}: ${operation}`, { operation, code });
}
