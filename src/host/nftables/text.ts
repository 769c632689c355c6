/**
 * Commands as an `nft -f` script: the form that people read and golden tests compare. It means exactly what `netlink.ts`
 * sends. Source of the grammar: nft(8). Names that are nft keywords (`drop`, `set`) cannot be written as text.
 */
import type {
  NftBaseChain,
  NftCommand,
  NftDataType,
  NftElement,
  NftMapDataType,
  NftPart,
  NftSet,
  NftStatement,
  NftTable,
  NftValue,
  NftVerdict,
} from "./ast.ts";
import { fields } from "./fields.ts";
import { commentText, type ValueType } from "./values.ts";

/** The script; one command a line, elements one a line. */
export function scriptText(commands: readonly NftCommand[]): string {
  return commands.map((command) => `${commandText(command)}\n`).join("");
}

/** One command. */
export function commandText(command: NftCommand): string {
  const table = tableText(command.table);
  switch (command.kind) {
    case "add-table":
      return `add table ${table}`;
    case "delete-table":
      return `delete table ${table}`;
    case "flush-table":
      return `flush table ${table}`;
    case "add-chain":
      return `add chain ${table} ${command.chain}${command.base === undefined ? "" : ` ${baseText(command.base)}`}`;
    case "flush-chain":
      return `flush chain ${table} ${command.chain}`;
    case "delete-chain":
      return `delete chain ${table} ${command.chain}`;
    case "add-set":
      return `add ${setWord(command.set)} ${table} ${command.set.name} ${setText(command.set)}`;
    case "flush-set":
      return `flush ${setWord(command.set)} ${table} ${command.set.name}`;
    case "delete-set":
      return `delete ${setWord(command.set)} ${table} ${command.set.name}`;
    case "add-elements":
    case "delete-elements": {
      if (command.elements.length === 0) return `# no elements for ${table} ${command.set.name}`;
      const verb = command.kind === "add-elements" ? "add" : "delete";
      const lines = command.elements.map((element) => `  ${elementText(command.set, element)}`);
      return `${verb} element ${table} ${command.set.name} {\n${lines.join(",\n")}\n}`;
    }
    case "add-counter":
      return `add counter ${table} ${command.counter}`;
    case "delete-counter":
      return `delete counter ${table} ${command.counter}`;
    case "add-rule":
    case "insert-rule": {
      const verb = command.kind === "add-rule" ? "add" : "insert";
      const comment = command.comment === undefined ? "" : ` comment "${commentText(command.comment)}"`;
      return `${verb} rule ${table} ${command.chain} ${ruleText(command.statements)}${comment}`;
    }
    case "delete-rule":
      return `delete rule ${table} ${command.chain} handle ${command.handle}`;
  }
}

/** The statements of one rule. */
export function ruleText(statements: readonly NftStatement[]): string {
  return statements.map(statementText).join(" ");
}

/** A verdict: `accept`, `jump sg-ingress`. */
export function verdictText(verdict: NftVerdict): string {
  return verdict.kind === "jump" || verdict.kind === "goto" ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

function tableText(table: NftTable): string {
  return `${table.family} ${table.name}`;
}

function baseText(base: NftBaseChain): string {
  const policy = base.policy === undefined ? "" : ` policy ${base.policy};`;
  return `{ type ${base.type} hook ${base.hook} priority ${base.priority};${policy} }`;
}

function setWord(set: NftSet): string {
  return set.data === undefined ? "set" : "map";
}

function setText(set: NftSet): string {
  const data = set.data === undefined ? "" : ` : ${set.data}`;
  const flags = [set.constant ? "constant" : "", set.intervals ? "interval" : ""].filter((flag) => flag !== "");
  return `{ type ${set.key.join(" . ")}${data};${flags.length === 0 ? "" : ` flags ${flags.join(",")};`} }`;
}

function elementText(set: NftSet, element: NftElement): string {
  const key = element.key.map((part, i) => partText(keyType(set, i), part)).join(" . ");
  if (element.data === undefined) return key;
  return `${key} : ${typeof element.data === "object" ? verdictText(element.data) : dataText(set.data, element.data)}`;
}

function keyType(set: NftSet, index: number): NftDataType {
  const type = set.key[index];
  if (type === undefined) throw new Error(`bug: set ${set.name} has ${set.key.length} key parts`);
  return type;
}

function dataText(type: NftMapDataType | undefined, value: NftValue): string {
  if (type === undefined || type === "verdict") throw new Error("bug: a value where a verdict or nothing belongs");
  return valueText(type, value);
}

function partText(type: ValueType, part: NftPart): string {
  if (typeof part !== "object") return valueText(type, part);
  const [from, to] = [valueText(type, part.from), valueText(type, part.to)];
  return from === to ? from : `${from}-${to}`;
}

function valueText(type: ValueType, value: NftValue): string {
  if (type === "ifname") return `"${value}"`;
  if (type === "mark" && typeof value === "number") return markText(value);
  if (type === "inet_proto" && value === "icmpv6") return "ipv6-icmp";
  return String(value);
}

function markText(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

function statementText(statement: NftStatement): string {
  switch (statement.kind) {
    case "match":
      return matchText(statement);
    case "ct-state":
      return bitsText("ct state", statement.states, statement.negate);
    case "ct-status":
      return bitsText("ct status", statement.flags, statement.negate);
    case "ct-label":
      return statement.negate ? `ct label & ${statement.bit} != ${statement.bit}` : `ct label ${statement.bit}`;
    case "set-ct-label":
      return `ct label set ${statement.bit}`;
    case "lookup":
      return `${statement.fields.join(" . ")} ${statement.negate ? "!= " : ""}@${statement.set}`;
    case "vmap":
      return `${statement.fields.join(" . ")} vmap @${statement.map}`;
    case "set":
      return setStatementText(statement);
    case "verdict":
      return verdictText(statement.verdict);
    case "counter":
      return statement.name === undefined ? "counter" : `counter name "${statement.name}"`;
    case "notrack":
      return "notrack";
    case "nat":
      return natText(statement);
    case "masquerade":
    case "redirect":
      return statement.ports === undefined ? statement.kind : `${statement.kind} to :${portsText(statement.ports)}`;
    case "reject":
      return `reject with ${statement.with}`;
    case "maxseg":
      return `tcp option maxseg size set ${statement.size}`;
    case "tcp-flags":
      return `tcp flags & (${statement.mask.join("|")}) == ${statement.flags.length === 0 ? "0" : statement.flags.join("|")}`;
    case "log": {
      const prefix = statement.prefix === undefined ? "" : ` prefix "${commentText(statement.prefix)}"`;
      return `log${prefix}${statement.group === undefined ? "" : ` group ${statement.group}`}`;
    }
  }
}

function matchText(statement: Extract<NftStatement, { kind: "match" }>): string {
  const value = partText(fields[statement.field].type, statement.value);
  if (statement.mask !== undefined) {
    return `${statement.field} & ${markText(statement.mask)} ${statement.negate ? "!=" : "=="} ${value}`;
  }
  return `${statement.field} ${statement.negate ? "!= " : ""}${value}`;
}

function bitsText(field: string, bits: readonly string[], negate: boolean | undefined): string {
  return negate ? `${field} & (${bits.join("|")}) == 0` : `${field} ${bits.join(",")}`;
}

function setStatementText(statement: Extract<NftStatement, { kind: "set" }>): string {
  const { target, source } = statement;
  switch (source.kind) {
    case "constant":
      return `${target} set ${target === "meta nftrace" ? source.value : valueText(fields[target].type, source.value)}`;
    case "field": {
      const and = source.and === undefined ? "" : ` and ${markText(source.and)}`;
      const or = source.or === undefined ? "" : ` or ${markText(source.or)}`;
      return `${target} set ${source.field}${and}${or}`;
    }
    case "map":
      return `${target} set ${source.fields.join(" . ")} map @${source.map}`;
  }
}

function natText(statement: Extract<NftStatement, { kind: "nat" }>): string {
  const { address } = statement;
  const ports = statement.ports === undefined ? "" : `:${portsText(statement.ports)}`;
  const bracket = (text: string) => (statement.family === "ip6" && ports !== "" ? `[${text}]` : text);
  const to =
    typeof address === "string"
      ? bracket(address)
      : "map" in address
        ? `${address.fields.join(" . ")} map @${address.map}`
        : `${bracket(address.from)}-${bracket(address.to)}`;
  return `${statement.direction} ${statement.family} to ${to}${ports}`;
}

function portsText(ports: { readonly from: number; readonly to: number }): string {
  return ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
}
