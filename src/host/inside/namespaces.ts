/**
 * The anonymous network namespaces of one fabric: each is held by a file descriptor of this process and by nothing else, so
 * that it ends with the process. Knows which links a namespace has, because the fabric chooses their interface indices.
 */
import { closeSync, openSync } from "node:fs";
import { FabricError } from "../fabric-error.ts";
import { CLONE_NEWNET, setns, unshare } from "../netlink/libc.ts";
import {
  closeNetlinkSocket,
  NETLINK_NETFILTER,
  NETLINK_ROUTE,
  type NetlinkSocket,
  openNetlinkSocket,
} from "../netlink/socket.ts";

export interface Namespace {
  readonly name: string;
  /** Holds the kernel's namespace. */
  readonly fd: number;
  readonly links: Map<string, Link>;
  nextIndex: number;
  /** Opened when first asked for; see `routeSocket`. */
  readonly sockets: { route?: NetlinkSocket; filter?: NetlinkSocket };
  /** Called when the namespace goes: listeners close, commands end. */
  readonly onDelete: Set<() => void>;
}

export interface Link {
  readonly index: number;
  /** As last set; both ends up is what gives a carrier. */
  up: boolean;
  readonly peer: { readonly namespace: Namespace; readonly link: string };
}

export interface Namespaces {
  /** Makes one; a name that is taken is refused. */
  add(name: string): Namespace;
  /** Throws a `FabricError` when there is none. */
  get(name: string): Namespace;
  /** Whether it is still there. */
  has(namespace: Namespace): boolean;
  /** Forgets it and closes its descriptors; links must be gone. */
  remove(namespace: Namespace): void;
  /** Runs `action` with the main thread inside the namespace: sockets opened and processes started there belong to it. */
  within<Result>(namespace: Namespace, action: () => Result): Result;
}

/** The index of `lo` in every namespace. */
export const loopbackIndex = 1;

/** Starts with none; the namespace that the process is in now is where the thread returns to. */
export function createNamespaces(): Namespaces {
  const home = openSync("/proc/thread-self/ns/net", "r");
  const byName = new Map<string, Namespace>();

  return {
    add(name) {
      if (byName.has(name)) {
        throw new FabricError("refused", `namespace-add ${name}: there is one already`, { code: "EEXIST" });
      }
      unshare(CLONE_NEWNET);
      try {
        const fd = openSync("/proc/thread-self/ns/net", "r");
        const namespace: Namespace = {
          name,
          fd,
          links: new Map(),
          nextIndex: loopbackIndex + 1,
          sockets: { route: openNetlinkSocket(NETLINK_ROUTE) },
          onDelete: new Set(),
        };
        byName.set(name, namespace);
        return namespace;
      } finally {
        setns(home, CLONE_NEWNET);
      }
    },
    get(name) {
      const namespace = byName.get(name);
      if (!namespace) throw new FabricError("refused", `there is no namespace ${name}`, { code: "ENOENT" });
      return namespace;
    },
    has: (namespace) => byName.get(namespace.name) === namespace,
    remove(namespace) {
      byName.delete(namespace.name);
      for (const end of namespace.onDelete) end();
      const { route, filter } = namespace.sockets;
      if (route) closeNetlinkSocket(route);
      if (filter) closeNetlinkSocket(filter);
      closeSync(namespace.fd);
    },
    within(namespace, action) {
      setns(namespace.fd, CLONE_NEWNET);
      try {
        return action();
      } finally {
        setns(home, CLONE_NEWNET);
      }
    },
  };
}

/** The namespace's rtnetlink socket. */
export function routeSocket(namespaces: Namespaces, namespace: Namespace): NetlinkSocket {
  namespace.sockets.route ??= namespaces.within(namespace, () => openNetlinkSocket(NETLINK_ROUTE));
  return namespace.sockets.route;
}

/** The namespace's nfnetlink socket, for nf_tables and connection tracking. */
export function filterSocket(namespaces: Namespaces, namespace: Namespace): NetlinkSocket {
  namespace.sockets.filter ??= namespaces.within(namespace, () => openNetlinkSocket(NETLINK_NETFILTER));
  return namespace.sockets.filter;
}

/** The link's record; throws a `FabricError` when the namespace has no such link. */
export function linkIn(namespace: Namespace, link: string): Link {
  const found = namespace.links.get(link);
  if (!found)
    throw new FabricError("refused", `there is no link ${link} in namespace ${namespace.name}`, { code: "ENODEV" });
  return found;
}

/** The interface index of a link, `lo` among them. */
export function linkIndex(namespace: Namespace, link: string): number {
  return link === "lo" ? loopbackIndex : linkIn(namespace, link).index;
}
