/** A security group's rules by direction, with their far ends as numbers. */
import { type CidrBlock, cidrFrom, type PrefixMap, prefixMap } from "../ip/index.ts";
import type { NetworkModelIndex, SecurityGroup, SecurityGroupPeer, SecurityGroupRule } from "../model/index.ts";

export type FarEnd =
  | { readonly kind: "cidr"; readonly block: CidrBlock }
  | { readonly kind: "prefix-list"; readonly entries: PrefixMap<true> }
  | { readonly kind: "unknown-prefix-list"; readonly prefixListId: string }
  | { readonly kind: "security-group"; readonly peer: SecurityGroupPeer & { readonly kind: "security-group" } };

export interface CompiledRule {
  readonly rule: SecurityGroupRule;
  readonly farEnd: FarEnd;
}

export interface CompiledGroup {
  readonly egress: readonly CompiledRule[];
  readonly ingress: readonly CompiledRule[];
}

export function compileGroup({ rules }: SecurityGroup, index: NetworkModelIndex): CompiledGroup {
  const list = (isEgress: boolean) =>
    rules.filter((rule) => rule.isEgress === isEgress).map((rule) => ({ rule, farEnd: farEndOf(rule.peer, index) }));
  return { egress: list(true), ingress: list(false) };
}

function farEndOf(peer: SecurityGroupPeer, index: NetworkModelIndex): FarEnd {
  switch (peer.kind) {
    case "cidr":
      return { kind: "cidr", block: cidrFrom(peer.cidr) };
    case "prefix-list": {
      const { prefixListId } = peer;
      const list = index.prefixList(prefixListId);
      if (list === undefined) return { kind: "unknown-prefix-list", prefixListId };
      return { kind: "prefix-list", entries: prefixMap(list.entries.map((entry) => [cidrFrom(entry), true] as const)) };
    }
    case "security-group":
      return { kind: "security-group", peer };
  }
}
