/**
 * What the kernel should hold, as data: items that name their namespace, and one nftables table per namespace. A plan is made
 * of fragments, each owned by one thing of the network, so that an unchanged thing is one pointer comparison in the diff.
 */
import type {
  KernelRoute,
  KernelRule,
  LinkEnd,
  ListenRequest,
  NamespaceName,
  NftBaseChain,
  NftElement,
  NftSet,
  NftStatement,
} from "../host/index.ts";

/** One thing that exists, or does not, in a namespace. */
export type KernelItem =
  | { readonly kind: "namespace"; readonly namespace: NamespaceName }
  | { readonly kind: "sysctl"; readonly namespace: NamespaceName; readonly path: string; readonly value: string }
  /** A pair with both ends up. */
  | { readonly kind: "veth"; readonly end: LinkEnd; readonly peer: LinkEnd; readonly mtu: number }
  | {
      readonly kind: "address";
      readonly namespace: NamespaceName;
      readonly link: string;
      /** With prefix length. */
      readonly address: string;
    }
  | {
      readonly kind: "neighbour";
      readonly namespace: NamespaceName;
      readonly link: string;
      readonly address: string;
      readonly macAddress: string;
    }
  | { readonly kind: "rule"; readonly namespace: NamespaceName; readonly rule: KernelRule }
  /**
   * The kernel's table of local addresses is asked after all others, not first: what the namespace has routes for is not its
   * own, though everything else is.
   */
  | { readonly kind: "local-last"; readonly namespace: NamespaceName; readonly family: "ipv4" | "ipv6" }
  | { readonly kind: "route"; readonly namespace: NamespaceName; readonly route: KernelRoute }
  | { readonly kind: "listener"; readonly namespace: NamespaceName; readonly request: ListenRequest };

/** What one thing of the network (a VPC, an instance, a peering, …) needs of the kernel. */
export interface Fragment {
  readonly items: ReadonlyMap<string, KernelItem>;
  readonly firewall?: Firewall;
}

/** The nftables table of one namespace, in sections that are kept by identity while nothing in them changes. */
export interface Firewall {
  readonly namespace: NamespaceName;
  readonly sections: readonly FirewallSection[];
}

export interface FirewallSection {
  readonly sets: readonly FirewallSet[];
  readonly chains: readonly FirewallChain[];
}

export interface FirewallSet {
  readonly set: NftSet;
  /** By `elementKey`. */
  readonly elements: ReadonlyMap<string, NftElement>;
}

export interface FirewallChain {
  readonly name: string;
  readonly base?: NftBaseChain;
  readonly rules: readonly FirewallRule[];
}

export interface FirewallRule {
  readonly statements: readonly NftStatement[];
  /** Which setting of the user this is: a rule id, a rule number. */
  readonly comment?: string;
}

/** The identity of an item: two items with one key are two values of the same thing. */
export function itemKey(item: KernelItem): string {
  switch (item.kind) {
    case "namespace":
      return `namespace ${item.namespace}`;
    case "sysctl":
      return `sysctl ${item.namespace} ${item.path}`;
    case "veth":
      return `veth ${item.end.namespace} ${item.end.link} ${item.peer.namespace} ${item.peer.link}`;
    case "local-last":
      return `local-last ${item.namespace} ${item.family}`;
    case "address":
      return `address ${item.namespace} ${item.link} ${item.address}`;
    case "neighbour":
      return `neighbour ${item.namespace} ${item.link} ${item.address}`;
    case "rule":
      return `rule ${item.namespace} ${item.rule.family} ${item.rule.priority}`;
    case "route":
      return `route ${item.namespace} ${item.route.table} ${item.route.destination}`;
    case "listener": {
      const { address, port, protocol } = item.request;
      return `listener ${item.namespace} ${protocol} ${address} ${port}`;
    }
  }
}

/** A fragment of items and, for the owner of a namespace, its firewall. */
export function fragment(items: Iterable<KernelItem>, firewall?: Firewall): Fragment {
  const byKey = new Map<string, KernelItem>();
  for (const item of items) {
    const key = itemKey(item);
    if (byKey.has(key)) throw new Error(`bug: planned twice: ${key}`);
    byKey.set(key, item);
  }
  return firewall === undefined ? { items: byKey } : { items: byKey, firewall };
}

/** A named set with its elements. Equal keys are one element. */
export function firewallSet(set: NftSet, elements: readonly NftElement[]): FirewallSet {
  return { set, elements: new Map(elements.map((element) => [elementKey(element), element])) };
}

/** The identity of an element in its set. */
export function elementKey(element: NftElement): string {
  if (element.key.length === 1 && typeof element.key[0] === "string") return element.key[0];
  return element.key.map((part) => (typeof part === "object" ? `${part.from}-${part.to}` : `${part}`)).join(" . ");
}
