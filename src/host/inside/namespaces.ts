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
  /** Makes one, or takes one that was made ahead; a name that is taken is refused. */
  add(name: string): Namespace;
  /** Makes up to so many ahead, while nobody asks for one. Making a namespace is the kernel's longest work. */
  makeAhead(count: number): void;
  /** Lets go of those that were made ahead and not asked for. */
  dropAhead(): void;
  /** Throws a `FabricError` when there is none. */
  get(name: string): Namespace;
  /** Whether it is still there. */
  has(namespace: Namespace): boolean;
  /** Forgets it and closes its descriptors; links must be gone. */
  remove(namespace: Namespace): void;
  /** Runs `action` with the main thread inside the namespace: sockets opened and processes started there belong to it. */
  within<Result>(namespace: Namespace, action: () => Result): Result;
}

/** A namespace that nothing has touched. */
interface Unnamed {
  readonly fd: number;
  readonly route: NetlinkSocket;
}

const aheadAtOnce = 8;

/** The index of `lo` in every namespace. */
export const loopbackIndex = 1;

/** Starts with none; the namespace that the process is in now is where the thread returns to. */
export function createNamespaces(): Namespaces {
  const home = openSync("/proc/thread-self/ns/net", "r");
  const byName = new Map<string, Namespace>();
  const ahead: Unnamed[] = [];
  let wantedAhead = 0;

  function makeUnnamed(): Unnamed {
    unshare(CLONE_NEWNET);
    try {
      return { fd: openSync("/proc/thread-self/ns/net", "r"), route: openNetlinkSocket(NETLINK_ROUTE) };
    } finally {
      setns(home, CLONE_NEWNET);
    }
  }

  /** A few at a time: whoever asks for something meanwhile is served in between. */
  function makeSomeAhead(): void {
    try {
      for (let made = 0; made < aheadAtOnce && ahead.length < wantedAhead; made += 1) ahead.push(makeUnnamed());
    } catch {
      // Whoever asks for one that cannot be made is told why.
      wantedAhead = 0;
    }
    if (ahead.length < wantedAhead) setImmediate(makeSomeAhead);
  }

  return {
    add(name) {
      if (byName.has(name)) {
        throw new FabricError("refused", `namespace-add ${name}: there is one already`, { code: "EEXIST" });
      }
      wantedAhead = 0;
      const { fd, route } = ahead.pop() ?? makeUnnamed();
      const namespace: Namespace = {
        name,
        fd,
        links: new Map(),
        nextIndex: loopbackIndex + 1,
        sockets: { route },
        onDelete: new Set(),
      };
      byName.set(name, namespace);
      return namespace;
    },
    makeAhead(count) {
      const idle = ahead.length >= wantedAhead;
      wantedAhead = count;
      if (idle) setImmediate(makeSomeAhead);
    },
    dropAhead() {
      wantedAhead = 0;
      for (const { fd, route } of ahead.splice(0)) {
        closeNetlinkSocket(route);
        closeSync(fd);
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
