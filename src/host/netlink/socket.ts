/**
 * A netlink socket and what the kernel answers: one acknowledgement per message, zero or an errno, with the kernel's own
 * words where it has some (extended acknowledgements). The kernel works through a batch inside `send`, so nothing waits.
 */
import { SystemError } from "../system-error.ts";
import {
  AF_NETLINK,
  closeDescriptor,
  EAGAIN,
  openSocket,
  receiveBytes,
  SOCK_RAW,
  sendBytes,
  setSocketOption,
} from "./libc.ts";

export const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;

/** Bound to the network namespace it was opened in, wherever the thread goes later. */
export interface NetlinkSocket {
  readonly fd: number;
  nextSequence: number;
}

/** What the kernel said to one message; `errno` 0 is yes. */
export interface NetlinkAnswer {
  readonly sequence: number;
  readonly errno: number;
  readonly text: string | undefined;
}

/** Opens one in the calling thread's network namespace. */
export function openNetlinkSocket(protocol: number): NetlinkSocket {
  const fd = openSocket(AF_NETLINK, SOCK_RAW, protocol);
  const [solNetlink, capAck, extAck] = [270, 10, 11];
  setSocketOption(fd, solNetlink, capAck, 1);
  setSocketOption(fd, solNetlink, extAck, 1);
  return { fd, nextSequence: 1 };
}

export function closeNetlinkSocket(socket: NetlinkSocket): void {
  closeDescriptor(socket.fd);
}

/** Sends a buffer of whole messages and returns the answers that are there afterwards, in the kernel's order. */
export function transact(socket: NetlinkSocket, messages: Uint8Array): readonly NetlinkAnswer[] {
  const sent = sendBytes(socket.fd, messages);
  if (sent < 0) throw new SystemError("netlink send", -sent);
  const answers: NetlinkAnswer[] = [];
  for (;;) {
    const length = receiveBytes(socket.fd, incoming);
    if (length === -EAGAIN) return answers;
    if (length < 0) throw new SystemError("netlink receive", -length);
    readAnswers(incoming.subarray(0, length), answers);
  }
}

const incoming = Buffer.alloc(1 << 16);
const NLMSG_ERROR = 2;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;

function readAnswers(bytes: Buffer, answers: NetlinkAnswer[]): void {
  for (let offset = 0; offset + 16 <= bytes.length; ) {
    const size = bytes.readUInt32LE(offset);
    if (size < 16) throw new Error("bug: netlink answer shorter than its header");
    if (bytes.readUInt16LE(offset + 4) === NLMSG_ERROR) {
      answers.push({
        sequence: bytes.readUInt32LE(offset + 8),
        errno: -bytes.readInt32LE(offset + 16),
        text: kernelText(bytes.subarray(offset, offset + size)),
      });
    }
    offset += (size + 3) & ~3;
  }
}

/** `NLMSGERR_ATTR_MSG`: the kernel's own explanation, where the subsystem gives one. */
function kernelText(message: Buffer): string | undefined {
  const flags = message.readUInt16LE(6);
  if ((flags & NLM_F_ACK_TLVS) === 0) return undefined;
  const echoed = flags & NLM_F_CAPPED ? 16 : message.readUInt32LE(20);
  for (let offset = 20 + ((echoed + 3) & ~3); offset + 4 <= message.length; ) {
    const size = message.readUInt16LE(offset);
    if (size < 4) return undefined;
    if ((message.readUInt16LE(offset + 2) & 0x3fff) === 1) {
      return message.toString("latin1", offset + 4, offset + size - 1);
    }
    offset += (size + 3) & ~3;
  }
  return undefined;
}
