/**
 * The kernel operations that lead from one plan to another. Level-triggered: only the two states count, not what happened in
 * between. Nothing is opened before it is guarded: links come before addresses and routes, and an unknown link passes nothing.
 */
import type { KernelOperation, ListenRequest, NamespaceName } from "../host/index.ts";
import { diffFirewall, firewallTable } from "./firewall-diff.ts";
import type { Firewall, Fragment, KernelItem } from "./kernel-state.ts";
import { localTable } from "./wiring.ts";

export interface Changes {
  readonly operations: readonly KernelOperation[];
  /** Listeners to open after the operations, and to close before them; by `listenerKey`. */
  readonly listen: ReadonlyMap<string, ListenRequest>;
  readonly unlisten: readonly string[];
}

type Fragments = ReadonlyMap<string, Fragment>;
type Items = Map<string, KernelItem>;

/** From what was applied to what is wanted. The same fragments on both sides cost one comparison each. */
export function diff(before: Fragments, after: Fragments): Changes {
  const old: Items = new Map();
  const wanted: Items = new Map();
  const oldFirewalls = new Map<NamespaceName, Firewall>();
  const firewalls = new Map<NamespaceName, Firewall>();
  for (const [owner, fragment] of before) {
    if (after.get(owner) !== fragment) collect(fragment, old, oldFirewalls);
  }
  for (const [owner, fragment] of after) {
    if (before.get(owner) !== fragment) collect(fragment, wanted, firewalls);
  }

  const lost = lostPlaces(old, wanted);
  const phases = newPhases();
  for (const [key, item] of old) {
    const replacement = wanted.get(key);
    if (replacement === undefined) removeItem(item, lost, phases);
    else if (!lost.has(item) && sameItem(item, replacement)) wanted.delete(key);
    else if (!lost.has(item)) replaceItem(item, replacement, phases);
  }
  for (const item of wanted.values()) addItem(item, phases);
  for (const [namespace, firewall] of firewalls) {
    const known = lost.namespaces.has(namespace) ? undefined : oldFirewalls.get(namespace);
    const commands = diffFirewall(known, firewall);
    if (commands.length > 0) phases.firewalls.push({ op: "nft", namespace, commands });
  }
  for (const namespace of oldFirewalls.keys()) {
    if (firewalls.has(namespace) || lost.namespaces.has(namespace)) continue;
    phases.firewalls.push({ op: "nft", namespace, commands: [firewallTable.delete()] });
  }
  return { operations: inOrder(phases), unlisten: [...phases.unlisten], listen: phases.listen };
}

function collect(fragment: Fragment, items: Items, firewalls: Map<NamespaceName, Firewall>): void {
  for (const [key, item] of fragment.items) {
    if (items.has(key)) throw new Error(`bug: two owners of ${key}`);
    items.set(key, item);
  }
  if (fragment.firewall !== undefined) firewalls.set(fragment.firewall.namespace, fragment.firewall);
}

/** Namespaces and links that go: all that is on them goes too, without being asked. */
interface LostPlaces {
  readonly namespaces: ReadonlySet<NamespaceName>;
  has(item: KernelItem): boolean;
}

function lostPlaces(old: Items, wanted: Items): LostPlaces {
  const namespaces = new Set<NamespaceName>();
  const links = new Set<string>();
  for (const [key, item] of old) {
    if (item.kind === "namespace" && !wanted.has(key)) namespaces.add(item.namespace);
    if (item.kind === "veth" && !keepsVeth(item, wanted.get(key))) {
      for (const { namespace, link } of [item.end, item.peer]) links.add(`${namespace} ${link}`);
    }
  }
  const linksOf = (item: KernelItem): readonly string[] => {
    if (item.kind !== "route") return "link" in item && typeof item.link === "string" ? [item.link] : [];
    return item.route.hops?.map(({ link }) => link) ?? (item.route.link === undefined ? [] : [item.route.link]);
  };
  return {
    namespaces,
    has: (item) => {
      if (item.kind === "veth") return false;
      if (namespaces.has(item.namespace)) return true;
      const own = linksOf(item);
      // A route goes with the last of its hops.
      return own.length > 0 && own.every((link) => links.has(`${item.namespace} ${link}`));
    },
  };
}

/** Only the MTU of a pair can be changed in place. */
function keepsVeth(before: KernelItem & { kind: "veth" }, after: KernelItem | undefined): boolean {
  return (
    after?.kind === "veth" &&
    before.end.macAddress === after.end.macAddress &&
    before.peer.macAddress === after.peer.macAddress
  );
}

interface KernelPhases {
  readonly removals: KernelOperation[];
  readonly linkRemovals: KernelOperation[];
  readonly namespaceRemovals: KernelOperation[];
  readonly namespaces: KernelOperation[];
  readonly sysctls: KernelOperation[];
  readonly links: KernelOperation[];
  readonly addresses: KernelOperation[];
  /** After the new ones: a link that loses its last address loses its routes and neighbours with it. */
  readonly addressRemovals: KernelOperation[];
  readonly neighbours: KernelOperation[];
  readonly routes: KernelOperation[];
  readonly rules: KernelOperation[];
  readonly firewalls: KernelOperation[];
}

interface Phases extends KernelPhases {
  /** Pairs that were changed in place. */
  readonly kept: Set<KernelItem>;
  readonly unlisten: Set<string>;
  readonly listen: Map<string, ListenRequest>;
}

function newPhases(): Phases {
  return {
    removals: [],
    linkRemovals: [],
    namespaceRemovals: [],
    namespaces: [],
    sysctls: [],
    links: [],
    addresses: [],
    addressRemovals: [],
    neighbours: [],
    routes: [],
    rules: [],
    firewalls: [],
    kept: new Set(),
    unlisten: new Set(),
    listen: new Map(),
  };
}

function inOrder(phases: KernelPhases): readonly KernelOperation[] {
  return [
    ...phases.removals,
    ...phases.linkRemovals,
    ...phases.namespaceRemovals,
    ...phases.namespaces,
    ...phases.sysctls,
    ...phases.links,
    ...phases.addresses,
    ...phases.addressRemovals,
    ...phases.neighbours,
    ...phases.routes,
    ...phases.rules,
    ...phases.firewalls,
  ];
}

function removeItem(item: KernelItem, lost: LostPlaces, phases: Phases): void {
  if (item.kind === "listener") {
    phases.unlisten.add(listenerKey(item.request));
    return;
  }
  if (item.kind === "veth") {
    // From the end whose namespace stays; deleting a namespace takes its links only some time later.
    const stays = [item.peer, item.end].find((end) => !lost.namespaces.has(end.namespace));
    if (stays !== undefined)
      phases.linkRemovals.push({ op: "link-delete", namespace: stays.namespace, link: stays.link });
    return;
  }
  if (item.kind === "namespace") {
    phases.namespaceRemovals.push({ op: "namespace-delete", namespace: item.namespace });
    return;
  }
  if (lost.has(item)) return;
  const { namespace } = item;
  switch (item.kind) {
    case "address":
      // The kernel's first address of a subnet takes the others with it when it goes, unless told not to.
      phases.sysctls.push({ op: "sysctl", namespace, path: "net/ipv4/conf/all/promote_secondaries", value: "1" });
      phases.addressRemovals.push({ op: "address-delete", namespace, link: item.link, address: item.address });
      return;
    case "rule":
      phases.removals.push({ op: "rule-delete", namespace, ...item.rule });
      return;
    case "route":
      phases.removals.push({ op: "route-delete", namespace, ...item.route });
      return;
    case "neighbour":
    case "sysctl":
    case "local-last":
      // A neighbour of an address without a route is never asked; a setting goes with its namespace.
      return;
  }
}

/** A changed value of something that stays: what cannot be replaced in place is removed first. */
function replaceItem(item: KernelItem, replacement: KernelItem, phases: Phases): void {
  if (item.kind === "rule") phases.removals.push({ op: "rule-delete", namespace: item.namespace, ...item.rule });
  if (item.kind === "listener") phases.unlisten.add(listenerKey(item.request));
  if (item.kind === "veth" && !keepsVeth(item, replacement)) {
    phases.linkRemovals.push({ op: "link-delete", namespace: item.peer.namespace, link: item.peer.link });
  }
  if (item.kind === "veth" && replacement.kind === "veth" && keepsVeth(item, replacement)) {
    for (const { namespace, link } of [item.end, item.peer]) {
      phases.links.push({ op: "link-set", namespace, link, mtu: replacement.mtu });
    }
    phases.kept.add(replacement);
  }
}

function addItem(item: KernelItem, phases: Phases): void {
  switch (item.kind) {
    case "namespace":
      phases.namespaces.push({ op: "namespace-add", namespace: item.namespace });
      return;
    case "sysctl":
      phases.sysctls.push({ op: "sysctl", namespace: item.namespace, path: item.path, value: item.value });
      return;
    case "veth":
      if (phases.kept.has(item)) return;
      phases.links.push({ op: "veth-add", end: item.end, peer: item.peer, mtu: item.mtu, quiet: true });
      for (const { namespace, link } of [item.end, item.peer])
        phases.links.push({ op: "link-set", namespace, link, up: true });
      return;
    case "address": {
      const { namespace, link, address } = item;
      phases.addresses.push({ op: "address-add", namespace, link, address, noPrefixRoute: true });
      return;
    }
    case "neighbour": {
      const { namespace, link, address, macAddress } = item;
      phases.neighbours.push({ op: "neighbour-replace", namespace, link, address, macAddress });
      return;
    }
    case "rule":
      phases.rules.push({ op: "rule-add", namespace: item.namespace, ...item.rule });
      return;
    case "local-last": {
      const { namespace, family } = item;
      phases.rules.push(
        { op: "rule-add", namespace, family, priority: 33_000, table: localTable },
        { op: "rule-delete", namespace, family, priority: 0, table: localTable },
      );
      return;
    }
    case "route":
      phases.routes.push({ op: "route-replace", namespace: item.namespace, ...item.route });
      return;
    case "listener":
      phases.listen.set(listenerKey(item.request), item.request);
      return;
  }
}

/** Listeners are told apart as sockets are. */
export function listenerKey(request: ListenRequest): string {
  return `${request.namespace} ${request.protocol} ${request.address} ${request.port}`;
}

function sameItem(a: KernelItem, b: KernelItem): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
