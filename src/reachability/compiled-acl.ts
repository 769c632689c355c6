/** A network ACL's two lists, sorted by number, with their blocks as numbers. [NA-3] */
import { type CidrBlock, cidrFrom } from "../ip/index.ts";
import type { NetworkAcl, NetworkAclEntry } from "../model/index.ts";

export interface CompiledEntry {
  readonly entry: NetworkAclEntry;
  readonly block: CidrBlock;
}

export interface CompiledAcl {
  readonly egress: readonly CompiledEntry[];
  readonly ingress: readonly CompiledEntry[];
}

export function compileAcl({ entries }: NetworkAcl): CompiledAcl {
  const list = (egress: boolean) =>
    entries
      .filter((entry) => entry.egress === egress)
      .sort((a, b) => a.ruleNumber - b.ruleNumber)
      .map((entry) => ({ entry, block: cidrFrom(entry.cidrBlock) }));
  return { egress: list(true), ingress: list(false) };
}
