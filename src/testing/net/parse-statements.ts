/** Lines as statements, by the grammar; and whether every name stands for something. */
import { grammar, type Kind, type Place, type StatementGrammar } from "./grammar.ts";
import type { Line, Word } from "./lines.ts";
import type { NetProblem } from "./problem.ts";
import { type Statement, type StatementWords, statementOf } from "./statement.ts";

/** What was found while statements are read. */
export interface Reading {
  readonly problems: NetProblem[];
  readonly mentions: Mention[];
}

/** A word that names something. */
interface Mention {
  readonly line: number;
  readonly word: Word;
  readonly kind: Kind;
}

/** `undefined` where a line could not be read; the problems say why. */
export function parseStatement(reading: Reading, line: Line, place: Place): Statement | undefined {
  const [keyword, ...words] = line.words;
  const rule = Object.hasOwn(grammar[place], keyword.text) ? grammar[place][keyword.text] : undefined;
  if (rule === undefined) {
    const allowed = [...Object.keys(grammar[place]), ...(place === "case" ? ["FROM -> TO TRAFFIC VERDICT"] : [])];
    return fail(reading, line, keyword, `"${keyword.text}" is no statement that may stand here`, allowed);
  }
  const read = parseWords(reading, line, rule, words);
  if (read === undefined) return undefined;
  mention(reading, line, rule, read);
  const { inside } = rule;
  const children = line.children.flatMap((child) => {
    if (inside !== undefined) return parseStatement(reading, child, inside) ?? [];
    fail(reading, child, child.words[0], `nothing may stand below "${keyword.text}"`, []);
    return [];
  });
  return statementOf({ keyword: keyword.text, line: line.number, column: keyword.column, children }, read);
}

function parseWords(
  reading: Reading,
  line: Line,
  rule: StatementGrammar,
  words: readonly Word[],
): StatementWords | undefined {
  const args = new Map<string, readonly Word[]>();
  let rest = words;
  for (const { name, kind, many, optional } of rule.args) {
    const end = rest.findIndex((word, index) => {
      const isFull = index > 0 && many !== true;
      const isOption = Object.hasOwn(rule.options, word.text) && (many === true || optional === true);
      return isFull || isOption || !kind.is(word.text);
    });
    const taken = rest.slice(0, end < 0 ? rest.length : end);
    if (taken.length === 0 && optional !== true) return failAt(reading, line, rest[0], name, kind);
    if (taken.length > 0) args.set(name, taken);
    rest = rest.slice(taken.length);
  }
  const options = parseOptions(reading, line, rule, rest);
  return options && { args, options };
}

function parseOptions(
  reading: Reading,
  line: Line,
  rule: StatementGrammar,
  words: readonly Word[],
): StatementWords["options"] | undefined {
  const options = new Map<string, Word>();
  let rest = words;
  while (rest[0] !== undefined) {
    const [word, value] = rest;
    const kind = Object.hasOwn(rule.options, word.text) ? rule.options[word.text] : undefined;
    if (kind === undefined) return fail(reading, line, word, `"${word.text}" may not stand here`, optionsOf(rule));
    if (kind !== "flag" && (value === undefined || !kind.is(value.text)))
      return failAt(reading, line, value, word.text, kind);
    options.set(word.text, kind === "flag" ? word : (value ?? word));
    rest = rest.slice(kind === "flag" ? 1 : 2);
  }
  return options;
}

function mention(reading: Reading, { number: line }: Line, rule: StatementGrammar, words: StatementWords): void {
  // What is gone need not be there.
  if (words.options.has("deleted")) return;
  const named = rule.args.flatMap(({ name, kind }) => (words.args.get(name) ?? []).map((word) => ({ word, kind })));
  for (const [name, word] of words.options) {
    const kind = rule.options[name];
    if (kind !== undefined && kind !== "flag") named.push({ word, kind });
  }
  for (const { word, kind } of named) if (kind.prefixes !== undefined) reading.mentions.push({ line, word, kind });
}

/** What statements say together: names declared twice, names that nothing declares, addresses that are elsewhere. */
export function checkStatements({ problems, mentions }: Reading, statements: readonly Statement[]): void {
  const declared = new Map<string, number>();
  const known = new Set<string>();
  const declare = (statement: Statement, place: Place, parent?: Statement): void => {
    const rule = grammar[place][statement.keyword];
    const { line, column } = statement;
    for (const id of rule?.declares?.(statement, parent) ?? []) {
      const before = declared.get(id);
      if (before !== undefined)
        problems.push({ line, column, message: `${id} is there already, in line ${before}`, allowed: [] });
      declared.set(id, line);
      known.add(id);
    }
    for (const id of rule?.implies?.(statement) ?? []) known.add(id);
    const wrong = rule?.check?.(statement, parent);
    if (wrong !== undefined) problems.push({ line, column, message: wrong, allowed: [] });
    if (rule?.inside === undefined) return;
    for (const child of statement.children) declare(child, rule.inside, statement);
  };
  for (const statement of statements) declare(statement, "case");
  for (const { line, word, kind } of mentions) {
    for (const id of idsIn(kind, word.text)) {
      if (known.has(id)) continue;
      const allowed = [...known].filter((each) => kindOf(each) === kindOf(id));
      problems.push({ line, column: word.column, message: `there is no ${id} in this text`, allowed });
    }
  }
}

/** The ids that a word stands for: none for `none`, `blackhole`, a CIDR block, or the id of a kind that is not modelled. */
function idsIn({ prefixes = [], full, list, words = [] }: Kind, text: string): readonly string[] {
  return (list === true ? text.split(",") : [text]).flatMap((each) => {
    if (words.includes(each)) return [];
    if (full !== true) return prefixes.map((prefix) => `${prefix}${each}`);
    return prefixes.some((prefix) => each.startsWith(prefix)) ? [each] : [];
  });
}

function kindOf(id: string): string {
  return /^(tgw-rtb-|tgw-attach-|[a-z]+-)/.exec(id)?.[0] ?? id;
}

function failAt(reading: Reading, line: Line, found: Word | undefined, what: string, kind: Kind): undefined {
  const message = found === undefined ? `${what}: something is missing` : `"${found.text}" cannot be the ${what}`;
  return fail(reading, line, found ?? endOf(line), message, [kind.says]);
}

function fail(
  reading: Reading,
  { number: line }: Line,
  { column }: { readonly column: number },
  message: string,
  allowed: readonly string[],
): undefined {
  reading.problems.push({ line, column, message, allowed });
  return undefined;
}

function optionsOf({ options }: StatementGrammar): readonly string[] {
  return Object.entries(options).map(([word, kind]) => (kind === "flag" ? word : `${word} (${kind.says})`));
}

function endOf({ words }: Line): { readonly column: number } {
  const last = words.at(-1) ?? words[0];
  return { column: last.column + last.text.length + 1 };
}
