/** Forgetting tracked connections over ctnetlink. Source: linux/netfilter/nfnetlink_conntrack.h. */
import type { NetlinkMessage } from "./message.ts";

/** `IPCTNL_MSG_CT_DELETE` without a tuple: every connection of the network namespace. */
export function flushConnections(): NetlinkMessage {
  const [ctnetlink, ctDelete] = [1, 2];
  return { type: (ctnetlink << 8) | ctDelete, flags: 0, body: Buffer.alloc(4), attributes: [] };
}
