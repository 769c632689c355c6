/** A part: what one account showed in one Region, read list by list. */
import type { AccountId, Region, Unknown } from "../model/index.ts";
import type { Entry, Folder } from "./answer-files.ts";
import type { AnswerKey } from "./answer-keys.ts";
import { type Item, isIdOf, itemOf, MissingField } from "./item.ts";
import type { Report } from "./report.ts";

export interface Part {
  readonly account: AccountId;
  readonly region: Region;
  /** Whether the list was among the answers at all, empty or not. */
  has(key: AnswerKey): boolean;
  /** The objects of a list, each with what it told. */
  readEach<P extends string, T>(key: AnswerKey, id: IdField<P>, read: Read<P, T>): readonly Seen<T>[];
  /** The objects of a list, whose problems and unknowns are the report's at once. */
  items(key: AnswerKey): readonly Item[];
}

export interface IdField<P extends string> {
  readonly field: string;
  readonly prefix: P;
}

/** Undefined when the thing is left out on purpose. */
export type Read<P extends string, T> = (item: Item, id: `${P}-${string}`) => T | undefined;

/** What one part told of a thing. Which of several parts counts is decided later, and with it which unknowns there are. */
export interface Seen<T> {
  readonly id: string;
  /** Undefined when a field is missing that it cannot be told without, or when it is left out on purpose. */
  readonly value: T | undefined;
  readonly unknowns: readonly Unknown[];
  readonly part: Part;
}

export function createPart(folder: Folder, account: AccountId, region: Region, report: Report): Part {
  const entriesOf = (key: AnswerKey): readonly Entry[] => folder.entries.get(key) ?? [];
  const part: Part = {
    account,
    region,
    has: (key) => folder.entries.has(key),
    items: (key) => entriesOf(key).map((entry) => entryItem(entry, report, report.unknown)),
    readEach: (key, id, read) =>
      entriesOf(key).flatMap((entry) => {
        const unknowns: Unknown[] = [];
        const item = entryItem(entry, report, (unknownId, reason) => unknowns.push({ id: unknownId, reason }));
        return readSeen(part, item, id, read).map((seen) => ({ ...seen, unknowns: [...unknowns, ...seen.unknowns] }));
      }),
  };
  return part;
}

/** Objects that lie within others, such as the instances of a reservation. */
export function readNested<P extends string, T>(
  part: Part,
  items: readonly Item[],
  id: IdField<P>,
  read: Read<P, T>,
): readonly Seen<T>[] {
  return items.flatMap((item) => readSeen(part, item, id, read));
}

/** Empty, with a problem, for something that has no id: it cannot even be named. */
function readSeen<P extends string, T>(
  part: Part,
  item: Item,
  { field, prefix }: IdField<P>,
  read: Read<P, T>,
): readonly Seen<T>[] {
  const id = item.text(field);
  if (id === undefined || !isIdOf(prefix, id)) {
    item.notes.problem(
      `${item.path}.${field}`,
      `expected an id ${prefix}-…; without it the whole entry is passed over`,
    );
    return [];
  }
  try {
    return [{ id, value: read(item, id), unknowns: [], part }];
  } catch (error) {
    if (!(error instanceof MissingField)) throw error;
    return [{ id, value: undefined, unknowns: [{ id, reason: `${item.file}: ${error.message}` }], part }];
  }
}

function entryItem(entry: Entry, report: Report, unknown: (id: string, reason: string) => void): Item {
  const problem = (path: string, message: string): void => report.problem(entry.file, path, message);
  return itemOf(entry.fields, { file: entry.file, path: entry.path }, { problem, unknown });
}
