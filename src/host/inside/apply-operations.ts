/**
 * Turns kernel operations into netlink messages, in order. Messages to one namespace wait for each other and go out in one
 * `send`; whatever another namespace can notice (a veth pair comes or goes) is sent at once, after what was waiting.
 */
import { writeFileSync } from "node:fs";
import type { KernelOperation, LinkEnd } from "../fabric.ts";
import { FabricError } from "../fabric-error.ts";
import { flushConnections } from "../netlink/conntrack.ts";
import { encodeMessages, type NetlinkMessage } from "../netlink/message.ts";
import {
  changeAddress,
  changeRoute,
  changeRule,
  deleteLink,
  newVeth,
  noOwnIpv6Address,
  replaceNeighbour,
  setLink,
} from "../netlink/rtnetlink.ts";
import { type NetlinkSocket, transact } from "../netlink/socket.ts";
import { describeErrno, SystemError } from "../system-error.ts";
import {
  filterSocket,
  linkIn,
  linkIndex,
  loopbackIndex,
  type Namespace,
  type Namespaces,
  routeSocket,
} from "./namespaces.ts";
import { applyNft } from "./nft-transaction.ts";
import { settleLinks, type UnsettledLinks } from "./settle-links.ts";

/** Rejects with a `FabricError` that names the first operation refused; what went before it stays done. Then links carry packets. */
export async function applyOperations(namespaces: Namespaces, operations: readonly KernelOperation[]): Promise<void> {
  const waiting: Waiting = { namespaces, messages: new Map(), unsettled: new Map() };
  let current: KernelOperation | undefined;
  try {
    for (const operation of operations) {
      current = operation;
      applyOne(waiting, operation);
    }
    current = undefined;
    for (const namespace of waiting.messages.keys()) send(waiting, namespace);
  } catch (error) {
    throw current ? naming(error, current) : error;
  }
  await settleLinks(namespaces, waiting.unsettled);
}

interface Waiting {
  readonly namespaces: Namespaces;
  readonly unsettled: UnsettledLinks;
  readonly messages: Map<Namespace, { readonly operation: KernelOperation; readonly message: NetlinkMessage }[]>;
}

/** As many acknowledgements as a socket's receive buffer surely holds. */
const messagesPerSend = 100;

type VethAdd = KernelOperation & { readonly op: "veth-add" };

function applyOne(waiting: Waiting, operation: KernelOperation): void {
  if (operation.op === "veth-add") {
    addVeth(waiting, operation);
  } else if (operation.op === "namespace-add") {
    const namespace = waiting.namespaces.add(operation.namespace);
    later(waiting, namespace, operation, setLink(loopbackIndex, { up: true }));
  } else {
    applyInside(waiting, waiting.namespaces.get(operation.namespace), operation);
  }
}

/** One operation in a namespace that is there. */
function applyInside(waiting: Waiting, namespace: Namespace, operation: Exclude<KernelOperation, VethAdd>): void {
  switch (operation.op) {
    case "namespace-delete":
      for (const link of [...namespace.links.keys()]) dropLink(waiting, namespace, link, operation);
      send(waiting, namespace);
      waiting.namespaces.remove(namespace);
      break;
    case "link-delete":
      dropLink(waiting, namespace, operation.link, operation);
      break;
    case "sysctl":
      send(waiting, namespace);
      waiting.namespaces.within(namespace, () => writeSysctl(operation.path, operation.value));
      break;
    case "nft":
      send(waiting, namespace);
      applyNft(filterSocket(waiting.namespaces, namespace), operation.commands);
      break;
    case "conntrack-flush":
      send(waiting, namespace);
      sendNow(filterSocket(waiting.namespaces, namespace), [{ operation, message: flushConnections() }]);
      break;
    case "namespace-add":
      throw new Error("bug: a namespace is not added inside another");
    default:
      later(waiting, namespace, operation, routeMessage(namespace, operation));
      if (operation.op === "link-set" && operation.up !== undefined)
        noteUp(waiting, namespace, operation.link, operation.up);
  }
}

/** Both ends wait: which of them comes up first, and has its queue later, is decided by the order in which namespaces are sent to. */
function noteUp(waiting: Waiting, namespace: Namespace, name: string, up: boolean): void {
  const link = namespace.links.get(name);
  if (!link || link.up === up) return;
  link.up = up;
  const peer = link.peer.namespace.links.get(link.peer.link);
  if (!up || !peer?.up) return;
  settleLater(waiting, namespace, link.index);
  settleLater(waiting, link.peer.namespace, peer.index);
}

function settleLater({ unsettled }: Waiting, namespace: Namespace, index: number): void {
  unsettled.set(namespace, (unsettled.get(namespace) ?? new Set()).add(index));
}

type RouteOperation = Extract<
  KernelOperation,
  {
    readonly op:
      | "link-set"
      | "address-add"
      | "address-delete"
      | "route-replace"
      | "route-delete"
      | "rule-add"
      | "rule-delete"
      | "neighbour-replace";
  }
>;

/** Those that are one rtnetlink message and concern nobody else. */
function routeMessage(namespace: Namespace, operation: RouteOperation): NetlinkMessage {
  switch (operation.op) {
    case "link-set":
      return setLink(linkIndex(namespace, operation.link), operation);
    case "address-add":
    case "address-delete": {
      const change = operation.op === "address-add" ? "add" : "delete";
      const index = linkIndex(namespace, operation.link);
      return changeAddress(change, index, operation.address, operation.noPrefixRoute ?? false);
    }
    case "route-replace":
    case "route-delete": {
      const change = operation.op === "route-replace" ? "replace" : "delete";
      return changeRoute(change, operation, (link) => linkIndex(namespace, link));
    }
    case "rule-add":
    case "rule-delete":
      return changeRule(operation.op === "rule-add" ? "add" : "delete", operation);
    case "neighbour-replace": {
      const index = linkIndex(namespace, operation.link);
      return replaceNeighbour(index, operation.address, operation.macAddress);
    }
  }
}

function addVeth(waiting: Waiting, operation: VethAdd): void {
  const here = waiting.namespaces.get(operation.end.namespace);
  const there = waiting.namespaces.get(operation.peer.namespace);
  const end = describeEnd(here, operation.end);
  const peer = describeEnd(there, operation.peer);
  later(waiting, here, operation, newVeth(end, peer, there.fd, operation.mtu));
  send(waiting, here);
  if (operation.quiet) {
    later(waiting, here, operation, noOwnIpv6Address(end.index));
    later(waiting, there, operation, noOwnIpv6Address(peer.index));
  }
  here.links.set(end.link, { index: end.index, up: false, peer: { namespace: there, link: peer.link } });
  there.links.set(peer.link, { index: peer.index, up: false, peer: { namespace: here, link: end.link } });
}

function describeEnd(namespace: Namespace, end: LinkEnd) {
  if (end.link.length > 15 || end.link.length === 0) {
    throw new FabricError("refused", `a link's name has 1 to 15 characters: ${end.link}`, { code: "EINVAL" });
  }
  const index = namespace.nextIndex++;
  return { link: end.link, index, macAddress: end.macAddress };
}

function dropLink(waiting: Waiting, namespace: Namespace, link: string, operation: KernelOperation): void {
  const { index, peer } = linkIn(namespace, link);
  send(waiting, peer.namespace);
  send(waiting, namespace);
  try {
    sendNow(routeSocket(waiting.namespaces, namespace), [{ operation, message: deleteLink(index) }]);
  } catch (error) {
    // An instance may take its own link away; then it is as gone as it should be.
    if (!(error instanceof FabricError && error.code === "ENODEV")) throw error;
  }
  namespace.links.delete(link);
  peer.namespace.links.delete(peer.link);
}

function later(waiting: Waiting, namespace: Namespace, operation: KernelOperation, message: NetlinkMessage): void {
  const list = waiting.messages.get(namespace);
  if (!list) waiting.messages.set(namespace, [{ operation, message }]);
  else {
    list.push({ operation, message });
    if (list.length >= messagesPerSend) send(waiting, namespace);
  }
}

function send(waiting: Waiting, namespace: Namespace): void {
  const list = waiting.messages.get(namespace);
  if (!list || list.length === 0) return;
  waiting.messages.delete(namespace);
  sendNow(routeSocket(waiting.namespaces, namespace), list);
}

function sendNow(
  socket: NetlinkSocket,
  list: readonly { readonly operation: KernelOperation; readonly message: NetlinkMessage }[],
): void {
  const first = socket.nextSequence;
  socket.nextSequence += list.length;
  const answers = transact(
    socket,
    encodeMessages(
      list.map(({ message }) => message),
      first,
    ),
  );
  for (const { sequence, errno, text } of answers) {
    const entry = list[sequence - first];
    if (errno === 0 || !entry) continue;
    throw naming(new SystemError("kernel", errno, text), entry.operation);
  }
  if (answers.length < list.length)
    throw new Error(`bug: ${list.length} netlink messages, ${answers.length} acknowledgements`);
}

function writeSysctl(path: string, value: string): void {
  if (!/^net\/[\w./-]+$/.test(path) || path.includes("..")) {
    throw new FabricError("refused", `sysctl ${path}: only net/ belongs to a namespace`, { code: "EINVAL" });
  }
  writeFileSync(`/proc/sys/${path}`, value);
}

function naming(error: unknown, operation: KernelOperation): unknown {
  if (error instanceof FabricError && error.operation !== undefined) return error;
  const named = JSON.stringify(operation, (key, value: unknown) => (key === "commands" ? undefined : value));
  const code = errorCode(error);
  if (code === undefined && !(error instanceof RangeError)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new FabricError("refused", `${message}: ${named}`, { operation: named, code: code ?? "EINVAL" });
}

function errorCode(error: unknown): string | undefined {
  if (error instanceof SystemError || error instanceof FabricError) return error.code;
  if (error instanceof Error && "errno" in error && typeof error.errno === "number") {
    return describeErrno(Math.abs(error.errno))[0];
  }
  return undefined;
}
