/** One statement of a `.net` text, checked against the grammar: what is built from has no mistakes of spelling any more. */
import type { Word } from "./lines.ts";

export interface Statement {
  readonly keyword: string;
  readonly line: number;
  readonly column: number;
  readonly children: readonly Statement[];
  /** The first word of an argument. */
  arg(name: string): string | undefined;
  /** The same of one that is not optional. */
  given(name: string): string;
  args(name: string): readonly string[];
  has(option: string): boolean;
  option(name: string): string | undefined;
  /** Of an option that takes several, none when it is not there. */
  list(option: string): readonly string[] | undefined;
}

export interface StatementWords {
  readonly args: ReadonlyMap<string, readonly Word[]>;
  /** A flag's is the word itself. */
  readonly options: ReadonlyMap<string, Word>;
}

export function statementOf(
  place: Pick<Statement, "keyword" | "line" | "column" | "children">,
  { args, options }: StatementWords,
): Statement {
  return {
    ...place,
    arg: (name) => args.get(name)?.[0]?.text,
    given: (name) => {
      const word = args.get(name)?.[0];
      if (word === undefined) throw new Error(`bug: ${place.keyword} without ${name}`);
      return word.text;
    },
    args: (name) => (args.get(name) ?? []).map(({ text }) => text),
    has: (option) => options.has(option),
    option: (name) => options.get(name)?.text,
    list: (option) => options.get(option)?.text.split(","),
  };
}

/** Whose it is and where; the builder's account and Region when it is not said. */
export function placeOf(statement: Statement): { readonly ownerId?: string; readonly region?: string } {
  const ownerId = statement.option("account");
  const region = statement.option("region");
  return { ...(ownerId !== undefined && { ownerId }), ...(region !== undefined && { region }) };
}
