/** The nftables commands that turn one table into another, as one transaction: packets see the old rules or the new ones. */
import { type NftCommand, type NftElement, type NftStatement, type NftTableCommands, table } from "../host/index.ts";
import type { Firewall, FirewallChain, FirewallSection, FirewallSet } from "./kernel-state.ts";

/** The one table that the data plane has in a namespace. */
export const firewallTable: NftTableCommands = table("inet", "causeway");

/** Empty when nothing differs. Without `before` the table is made first. */
export function diffFirewall(before: Firewall | undefined, after: Firewall): readonly NftCommand[] {
  const old = partsOf(before?.sections ?? [], new Set(after.sections));
  const wanted = partsOf(after.sections, new Set(before?.sections ?? []));
  const declare: NftCommand[] = before === undefined ? [firewallTable.add()] : [];
  const empty: NftCommand[] = [];
  const fill: NftCommand[] = [];
  const remove: NftCommand[] = [];

  for (const [name, chain] of wanted.chains) {
    const known = old.chains.get(name);
    if (known === chain || (known !== undefined && sameChain(known, chain))) continue;
    if (known === undefined || !sameBase(known, chain)) declare.push(firewallTable.chain(name, chain.base));
    if (known !== undefined) empty.push(firewallTable.flushChain(name));
    for (const rule of chain.rules) fill.push(firewallTable.rule(name, rule.statements, rule.comment));
  }
  for (const [name, set] of wanted.sets) {
    const known = old.sets.get(name);
    if (known === undefined) declare.push(firewallTable.set(set.set));
    else if (!sameShape(known, set)) throw new Error(`bug: the set ${name} changed its shape`);
    const { gone, added } = diffElements(known, set);
    if (gone.length > 0) empty.push(firewallTable.deleteElements(set.set, gone));
    if (added.length > 0) fill.unshift(firewallTable.elements(set.set, added));
  }
  for (const [name, chain] of old.chains) {
    if (wanted.chains.has(name)) continue;
    if (chain.rules.length > 0) empty.push(firewallTable.flushChain(name));
    remove.push(firewallTable.deleteChain(name));
  }
  for (const [name, set] of old.sets) {
    if (wanted.sets.has(name)) continue;
    // Its verdicts hold on to chains until its elements are gone.
    if (set.elements.size > 0) empty.push(firewallTable.flushSet(set.set));
    remove.push(firewallTable.deleteSet(set.set));
  }
  return [...declare, ...empty, ...fill, ...remove];
}

interface Parts {
  readonly chains: ReadonlyMap<string, FirewallChain>;
  readonly sets: ReadonlyMap<string, FirewallSet>;
}

/** Chains and sets of the sections that the other side does not have unchanged. */
function partsOf(sections: readonly FirewallSection[], unchanged: ReadonlySet<FirewallSection>): Parts {
  const chains = new Map<string, FirewallChain>();
  const sets = new Map<string, FirewallSet>();
  for (const section of sections) {
    if (unchanged.has(section)) continue;
    for (const chain of section.chains) {
      if (chains.has(chain.name)) throw new Error(`bug: two chains ${chain.name}`);
      chains.set(chain.name, chain);
    }
    for (const set of section.sets) {
      if (sets.has(set.set.name)) throw new Error(`bug: two sets ${set.set.name}`);
      sets.set(set.set.name, set);
    }
  }
  return { chains, sets };
}

function diffElements(
  before: FirewallSet | undefined,
  after: FirewallSet,
): { readonly gone: readonly NftElement[]; readonly added: readonly NftElement[] } {
  const gone: NftElement[] = [];
  const added: NftElement[] = [];
  for (const [key, element] of after.elements) {
    const known = before?.elements.get(key);
    if (known === undefined) added.push(element);
    else if (!sameData(known, element)) {
      gone.push(known);
      added.push(element);
    }
  }
  for (const [key, element] of before?.elements ?? []) if (!after.elements.has(key)) gone.push(element);
  return { gone, added };
}

function sameData(a: NftElement, b: NftElement): boolean {
  return a === b || JSON.stringify(a.data) === JSON.stringify(b.data);
}

function sameShape(a: FirewallSet, b: FirewallSet): boolean {
  return a.set === b.set || JSON.stringify(a.set) === JSON.stringify(b.set);
}

function sameBase(a: FirewallChain, b: FirewallChain): boolean {
  return JSON.stringify(a.base) === JSON.stringify(b.base);
}

function sameChain(a: FirewallChain, b: FirewallChain): boolean {
  return (
    a.rules.length === b.rules.length &&
    sameBase(a, b) &&
    a.rules.every((rule, index) => {
      const other = b.rules[index];
      return other !== undefined && rule.comment === other.comment && sameStatements(rule.statements, other.statements);
    })
  );
}

function sameStatements(a: readonly NftStatement[], b: readonly NftStatement[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
