/** The nftables commands that turn one table into another, as one transaction: packets see the old rules or the new ones. */
import { type NftCommand, type NftElement, type NftStatement, type NftTableCommands, table } from "../host/index.ts";
import type { Firewall, FirewallChain, FirewallSection, FirewallSet } from "./kernel-state.ts";

/** The one table that the data plane has in a namespace. */
export const firewallTable: NftTableCommands = table("inet", "causeway");

/** Empty when nothing differs. Without `before` the table is made first. */
export function diffFirewall(before: Firewall | undefined, after: Firewall): readonly NftCommand[] {
  const old = partsOf(before?.sections ?? [], new Set(after.sections));
  const wanted = partsOf(after.sections, new Set(before?.sections ?? []));
  const steps: Steps = { declare: before === undefined ? [firewallTable.add()] : [], empty: [], fill: [], remove: [] };
  // Sets first: a rule that is added names sets and chains that are there.
  for (const [name, set] of wanted.sets) changeSet(old.sets.get(name), set, steps);
  for (const [name, chain] of wanted.chains) changeChain(old.chains.get(name), chain, steps);
  for (const [name, chain] of old.chains) if (!wanted.chains.has(name)) removeChain(chain, steps);
  for (const [name, set] of old.sets) if (!wanted.sets.has(name)) removeSet(set, steps);
  return [...steps.declare, ...steps.empty, ...steps.fill, ...steps.remove];
}

/** In this order: nothing is named before it is declared, nothing is removed while something holds on to it. */
interface Steps {
  readonly declare: NftCommand[];
  readonly empty: NftCommand[];
  readonly fill: NftCommand[];
  readonly remove: NftCommand[];
}

function changeChain(known: FirewallChain | undefined, chain: FirewallChain, steps: Steps): void {
  if (known !== undefined && sameChain(known, chain)) return;
  if (known === undefined || !sameBase(known, chain)) steps.declare.push(firewallTable.chain(chain.name, chain.base));
  if (known !== undefined) steps.empty.push(firewallTable.flushChain(chain.name));
  for (const rule of chain.rules) steps.fill.push(firewallTable.rule(chain.name, rule.statements, rule.comment));
}

function changeSet(known: FirewallSet | undefined, set: FirewallSet, steps: Steps): void {
  if (known === undefined) steps.declare.push(firewallTable.set(set.set));
  else if (!sameShape(known, set)) throw new Error(`bug: the set ${set.set.name} changed its shape`);
  const { gone, added } = diffElements(known, set);
  if (gone.length > 0) steps.empty.push(firewallTable.deleteElements(set.set, gone));
  if (added.length > 0) steps.fill.push(firewallTable.elements(set.set, added));
}

function removeChain(chain: FirewallChain, steps: Steps): void {
  if (chain.rules.length > 0) steps.empty.push(firewallTable.flushChain(chain.name));
  steps.remove.push(firewallTable.deleteChain(chain.name));
}

function removeSet(set: FirewallSet, steps: Steps): void {
  // Its verdicts hold on to chains until its elements are gone.
  if (set.elements.size > 0) steps.empty.push(firewallTable.flushSet(set.set));
  steps.remove.push(firewallTable.deleteSet(set.set));
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
