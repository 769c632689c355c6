/**
 * Short ways to write the syntax tree by hand: `table("inet", "vpc").rule("forward", [match.iifname("eni1"), accept])`.
 * Nothing is decided here; every function returns plain data of `ast.ts`.
 */
import type {
  NftBaseChain,
  NftCommand,
  NftCtState,
  NftCtStatus,
  NftElement,
  NftFamily,
  NftField,
  NftPart,
  NftPortRange,
  NftSet,
  NftStatement,
  NftTable,
  NftTarget,
  NftValue,
  NftVerdict,
} from "./ast.ts";

/** Verdicts as data, for the elements of verdict maps. */
export const verdict = {
  accept: { kind: "accept" },
  drop: { kind: "drop" },
  continue: { kind: "continue" },
  return: { kind: "return" },
  jump: (chain: string): NftVerdict => ({ kind: "jump", chain }),
  goto: (chain: string): NftVerdict => ({ kind: "goto", chain }),
} as const;

/** Verdict statements. */
export const accept: NftStatement = { kind: "verdict", verdict: verdict.accept };
export const drop: NftStatement = { kind: "verdict", verdict: verdict.drop };
/** Back to the calling chain; in a base chain, to its policy. */
export const returnToCaller: NftStatement = { kind: "verdict", verdict: verdict.return };

/** Runs another chain, then goes on after this rule. */
export function jump(chain: string): NftStatement {
  return { kind: "verdict", verdict: verdict.jump(chain) };
}

/** Runs another chain instead of the rest of this one. */
export function goto(chain: string): NftStatement {
  return { kind: "verdict", verdict: verdict.goto(chain) };
}

/** Field equals a value, prefix or range. */
export function equals(field: NftField, value: NftPart): NftStatement {
  return { kind: "match", field, value };
}

/** The opposite of a match or look-up; a bug for anything else. */
export function not(statement: NftStatement): NftStatement {
  switch (statement.kind) {
    case "match":
    case "lookup":
    case "ct-state":
    case "ct-status":
    case "ct-label":
      return { ...statement, negate: statement.negate !== true };
    default:
      throw new Error(`bug: a ${statement.kind} statement has no opposite`);
  }
}

/** Matches on the packet and what the kernel knows about it. */
export const match = {
  /** A name, or a prefix of names: `eni*`. */
  iifname: (name: string) => equals("meta iifname", name),
  oifname: (name: string) => equals("meta oifname", name),
  mark: (value: number, mask?: number) => masked("meta mark", value, mask),
  l4proto: (protocol: NftValue) => equals("meta l4proto", protocol),
  ipv4: () => equals("meta nfproto", "ipv4"),
  ipv6: () => equals("meta nfproto", "ipv6"),
  ipSaddr: (value: NftPart) => equals("ip saddr", value),
  ipDaddr: (value: NftPart) => equals("ip daddr", value),
  ip6Saddr: (value: NftPart) => equals("ip6 saddr", value),
  ip6Daddr: (value: NftPart) => equals("ip6 daddr", value),
  tcpSport: (ports: NftPart) => equals("tcp sport", ports),
  tcpDport: (ports: NftPart) => equals("tcp dport", ports),
  udpSport: (ports: NftPart) => equals("udp sport", ports),
  udpDport: (ports: NftPart) => equals("udp dport", ports),
  icmpType: (type: NftPart) => equals("icmp type", type),
  icmpCode: (code: NftPart) => equals("icmp code", code),
  icmpv6Type: (type: NftPart) => equals("icmpv6 type", type),
  icmpv6Code: (code: NftPart) => equals("icmpv6 code", code),
  /** A first packet of a TCP connection: SYN without RST. */
  tcpSyn: (): NftStatement => ({ kind: "tcp-flags", flags: ["syn"], mask: ["syn", "rst"] }),
} as const;

/** Matches on the tracked connection. */
export const ct = {
  /** Any of the states. */
  state: (...states: readonly NftCtState[]): NftStatement => ({ kind: "ct-state", states }),
  /** Established or related: the packet belongs to something already allowed. */
  established: (): NftStatement => ({ kind: "ct-state", states: ["established", "related"] }),
  new: (): NftStatement => ({ kind: "ct-state", states: ["new"] }),
  invalid: (): NftStatement => ({ kind: "ct-state", states: ["invalid"] }),
  /** Any of the flags. */
  status: (...flags: readonly NftCtStatus[]): NftStatement => ({ kind: "ct-status", flags }),
  direction: (direction: "original" | "reply") => equals("ct direction", direction),
  mark: (value: number, mask?: number) => masked("ct mark", value, mask),
  label: (bit: number): NftStatement => ({ kind: "ct-label", bit }),
  setLabel: (bit: number): NftStatement => ({ kind: "set-ct-label", bit }),
} as const;

/** The fields, concatenated, are in the named set. */
export function lookup(fields: readonly NftField[], set: string): NftStatement {
  return { kind: "lookup", fields, set };
}

/** The verdict that the named map gives for the fields. */
export function vmap(fields: readonly NftField[], map: string): NftStatement {
  return { kind: "vmap", fields, map };
}

/** Writes a constant. */
export function write(target: NftTarget, value: NftValue): NftStatement {
  return { kind: "set", target, source: { kind: "constant", value } };
}

/** Writes what a named map gives for the fields; no element ends the rule. */
export function writeFromMap(target: NftTarget, fields: readonly NftField[], map: string): NftStatement {
  return { kind: "set", target, source: { kind: "map", fields, map } };
}

/** Copies a mark: `(from & and) | or`. */
export function copyMark(
  target: "meta mark" | "ct mark",
  from: "meta mark" | "ct mark",
  bits: { readonly and?: number; readonly or?: number } = {},
): NftStatement {
  return { kind: "set", target, source: { kind: "field", field: from, ...bits } };
}

/** Counts in the rule, or in a named counter of the table. */
export function counter(name?: string): NftStatement {
  return name === undefined ? { kind: "counter" } : { kind: "counter", name };
}

/** Keeps the packet untracked. */
export const notrack: NftStatement = { kind: "notrack" };

/** Source becomes the outgoing interface's address; ports only after a match on the protocol. */
export function masquerade(ports?: NftPortRange): NftStatement {
  return ports === undefined ? { kind: "masquerade" } : { kind: "masquerade", ports };
}

/** Source becomes `address`; ports only after a match on the protocol. */
export function snat(family: "ip" | "ip6", address: string, ports?: NftPortRange): NftStatement {
  const nat = { kind: "nat", direction: "snat", family, address } as const;
  return ports === undefined ? nat : { ...nat, ports };
}

/** Destination becomes `address`. */
export function dnat(family: "ip" | "ip6", address: string, ports?: NftPortRange): NftStatement {
  const nat = { kind: "nat", direction: "dnat", family, address } as const;
  return ports === undefined ? nat : { ...nat, ports };
}

/** Source or destination becomes what a named map gives for the fields: 1:1 NAT with connection tracking. */
export function natFromMap(
  direction: "snat" | "dnat",
  family: "ip" | "ip6",
  fields: readonly NftField[],
  map: string,
): NftStatement {
  return { kind: "nat", direction, family, address: { map, fields } };
}

/** The commands of one table. */
export interface NftTableCommands {
  readonly table: NftTable;
  add(): NftCommand;
  delete(): NftCommand;
  /** Deletes all rules of the table. */
  flush(): NftCommand;
  chain(chain: string, base?: NftBaseChain): NftCommand;
  flushChain(chain: string): NftCommand;
  deleteChain(chain: string): NftCommand;
  set(set: NftSet): NftCommand;
  flushSet(set: NftSet): NftCommand;
  deleteSet(set: NftSet): NftCommand;
  elements(set: NftSet, elements: readonly NftElement[]): NftCommand;
  deleteElements(set: NftSet, elements: readonly NftElement[]): NftCommand;
  counter(counter: string): NftCommand;
  deleteCounter(counter: string): NftCommand;
  rule(chain: string, statements: readonly NftStatement[], comment?: string): NftCommand;
  insertRule(chain: string, statements: readonly NftStatement[], comment?: string): NftCommand;
  deleteRule(chain: string, handle: number): NftCommand;
}

/** Writes commands for one table: `const t = table("inet", "vpc"); [t.add(), t.chain("forward", …)]`. */
export function table(family: NftFamily, name: string): NftTableCommands {
  const table: NftTable = { family, name };
  return {
    table,
    add: () => ({ kind: "add-table", table }),
    delete: () => ({ kind: "delete-table", table }),
    flush: () => ({ kind: "flush-table", table }),
    chain: (chain, base) =>
      base === undefined ? { kind: "add-chain", table, chain } : { kind: "add-chain", table, chain, base },
    flushChain: (chain) => ({ kind: "flush-chain", table, chain }),
    deleteChain: (chain) => ({ kind: "delete-chain", table, chain }),
    set: (set) => ({ kind: "add-set", table, set }),
    flushSet: (set) => ({ kind: "flush-set", table, set }),
    deleteSet: (set) => ({ kind: "delete-set", table, set }),
    elements: (set, elements) => ({ kind: "add-elements", table, set, elements }),
    deleteElements: (set, elements) => ({ kind: "delete-elements", table, set, elements }),
    counter: (counter) => ({ kind: "add-counter", table, counter }),
    deleteCounter: (counter) => ({ kind: "delete-counter", table, counter }),
    rule: (chain, statements, comment) => rule("add-rule", table, chain, statements, comment),
    insertRule: (chain, statements, comment) => rule("insert-rule", table, chain, statements, comment),
    deleteRule: (chain, handle) => ({ kind: "delete-rule", table, chain, handle }),
  };
}

function rule(
  kind: "add-rule" | "insert-rule",
  table: NftTable,
  chain: string,
  statements: readonly NftStatement[],
  comment: string | undefined,
): NftCommand {
  return comment === undefined ? { kind, table, chain, statements } : { kind, table, chain, statements, comment };
}

function masked(field: NftField, value: number, mask: number | undefined): NftStatement {
  return mask === undefined ? equals(field, value) : { kind: "match", field, value, mask };
}
