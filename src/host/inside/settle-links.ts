/**
 * Waits until links carry packets. When the second end of a veth pair comes up, the kernel switches on the first end's transmit
 * queue a moment later, in its own time (linkwatch), and until then that end drops what it sends. Source: linux/rtnetlink.h,
 * net/core/link_watch.c; `IFLA_OPERSTATE` is up only once that work is done.
 */
import { receiveBytes, sendBytes } from "../netlink/libc.ts";
import { encodeMessages } from "../netlink/message.ts";
import { getLink, readSettledLinks } from "../netlink/rtnetlink.ts";
import { SystemError } from "../system-error.ts";
import { type Namespace, type Namespaces, routeSocket } from "./namespaces.ts";

/** Link indices to wait for, by namespace. */
export type UnsettledLinks = Map<Namespace, Set<number>>;

/** Mostly the kernel needs a millisecond; a machine that is busy with something else may leave it waiting for seconds. */
const quickAttempts = 200;
const attempts = 2000;

/** Resolves when all are operational, gone or without a carrier. After some twenty seconds it waits no longer. */
export async function settleLinks(namespaces: Namespaces, links: UnsettledLinks): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const [namespace, indices] of links) {
      if (isGone(namespaces, namespace)) indices.clear();
      else dropSettled(namespaces, namespace, indices);
      if (indices.size === 0) links.delete(namespace);
    }
    if (links.size === 0) return;
    await new Promise((resolve) => setTimeout(resolve, attempt < quickAttempts ? 1 : 10));
  }
}

/** An answer is about 1 kB: so many fit a socket's receive buffer. */
const linksPerSend = 50;
const incoming = Buffer.alloc(1 << 16);

function dropSettled(namespaces: Namespaces, namespace: Namespace, indices: Set<number>): void {
  const socket = routeSocket(namespaces, namespace);
  const asked = [...indices];
  for (let start = 0; start < asked.length; start += linksPerSend) {
    const some = asked.slice(start, start + linksPerSend);
    const sent = sendBytes(socket.fd, encodeMessages(some.map(getLink), socket.nextSequence));
    if (sent < 0) throw new SystemError("netlink send", -sent);
    socket.nextSequence += some.length;
    for (;;) {
      const length = receiveBytes(socket.fd, incoming);
      if (length < 0) break;
      for (const index of readSettledLinks(incoming.subarray(0, length))) indices.delete(index);
    }
  }
}

function isGone(namespaces: Namespaces, namespace: Namespace): boolean {
  return !namespaces.has(namespace);
}
