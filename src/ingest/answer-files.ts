/**
 * Files of answers, sorted by folder: what one account showed in one Region. A file is told by the list that it holds (`Vpcs`,
 * `Reservations`, …), not by its name. Only an answer that does not say what it is about (the routes of a transit gateway's table, the
 * entries of a prefix list) needs that thing's id in its path.
 */
import { type AnswerKey, answerKeyOf, isIgnoredKey } from "./answer-keys.ts";
import { isFields, shown } from "./item.ts";
import { placeOfJsonError } from "./json-place.ts";
import type { Report } from "./report.ts";

export interface AnswerFile {
  /** The path, with `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/** One object of a list, and where it stands. */
export interface Entry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly file: string;
  /** E.g. `Vpcs[3]`. */
  readonly path: string;
}

/** The answers of one folder. */
export interface Folder {
  readonly path: string;
  readonly entries: ReadonlyMap<AnswerKey, readonly Entry[]>;
  /** From the answer of GetCallerIdentity, when there is one. */
  readonly callerAccount?: string;
}

/** The folders that hold answers, in the files' order. What cannot be read is told. */
export function foldersOf(files: readonly AnswerFile[], report: Report): readonly Folder[] {
  const folders = new Map<string, FolderBuilder>();
  for (const file of files) {
    const path = file.path.split("/").slice(0, -1).join("/");
    for (const answer of answersIn(file, report)) {
      let folder = folders.get(path);
      if (folder === undefined) {
        folder = { path, entries: new Map() };
        folders.set(path, folder);
      }
      readAnswer(answer, file.path, folder, report);
    }
  }
  return [...folders.values()].filter(({ entries }) => entries.size > 0);
}

interface FolderBuilder extends Folder {
  readonly entries: Map<AnswerKey, Entry[]>;
  callerAccount?: string;
}

type Answer = Readonly<Record<string, unknown>>;

/** One answer; or several, as programs write pages one after the other into a list. */
function answersIn(file: AnswerFile, report: Report): readonly Answer[] {
  const value = parse(file, report);
  if (value === undefined) return [];
  const answers: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return answers.flatMap((each, at) => {
    if (isFields(each)) return [unwrapped(each)];
    const place = Array.isArray(value) && value.length > 0 ? `[${at}]` : "";
    report.problem(file.path, place, `expected an answer like {"Vpcs": […]}, got ${shown(each)}`);
    return [];
  });
}

function parse({ path, text }: AnswerFile, report: Report): unknown {
  // Windows' programs begin texts with a mark.
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (error) {
    const { line, column } = placeOfJsonError(json);
    const why = json.trim() === "" ? "the file is empty" : error instanceof Error ? error.message : String(error);
    report.problem(path, "", `not JSON (line ${line}, column ${column}): ${why}`);
    return undefined;
  }
}

/** The answer within another object that holds nothing else, as some programs keep it: `{"Response": {"Vpcs": […]}}`. */
function unwrapped(answer: Answer): Answer {
  const [only, ...others] = Object.values(answer).filter(isFields);
  const holdsLists = Object.values(answer).some(Array.isArray);
  if (only === undefined || others.length > 0 || holdsLists) return answer;
  return Object.keys(only).some((name) => answerKeyOf(name) !== undefined) ? only : answer;
}

function readAnswer(answer: Answer, file: string, folder: FolderBuilder, report: Report): void {
  if (typeof answer.Account === "string" && typeof answer.Arn === "string") {
    folder.callerAccount = answer.Account;
    return;
  }
  const about = aboutOneThing(answer, file);
  if (about !== undefined) {
    add(folder, about.key, { fields: about.fields, file, path: "" });
    return;
  }
  if (typeof answer.NextToken === "string" && answer.NextToken !== "") {
    report.unknown(file, "the answer ends with a NextToken: there was more to read");
  }
  for (const [name, value] of Object.entries(answer)) {
    const key = answerKeyOf(name);
    if (key !== undefined) readList(key, name, value, file, folder, report);
    else if (Array.isArray(value) && !isIgnoredKey(name)) {
      report.unknown(`${file} ${name}`, "answers of this kind are not read");
    }
  }
}

function readList(
  key: AnswerKey,
  name: string,
  value: unknown,
  file: string,
  folder: FolderBuilder,
  report: Report,
): void {
  if (!Array.isArray(value)) {
    report.problem(file, name, `expected a list, got ${shown(value)}`);
    return;
  }
  // An empty list is an answer too.
  if (!folder.entries.has(key)) folder.entries.set(key, []);
  const items: readonly unknown[] = value;
  for (const [at, fields] of items.entries()) {
    const path = `${name}[${at}]`;
    if (isFields(fields)) add(folder, key, { fields, file, path });
    else report.problem(file, path, `expected an object, got ${shown(fields)}`);
  }
}

function add(folder: FolderBuilder, key: AnswerKey, entry: Entry): void {
  const entries = folder.entries.get(key);
  if (entries === undefined) folder.entries.set(key, [entry]);
  else entries.push(entry);
}

/** Answers about one thing, whose id is in the file's path unless the answer says it itself. */
const singles: readonly {
  readonly list: string;
  readonly key: AnswerKey;
  readonly idField: string;
  readonly id: RegExp;
}[] = [
  { list: "Routes", key: "TransitGatewayRoutes", idField: "TransitGatewayRouteTableId", id: /tgw-rtb-[0-9a-f]+/ },
  {
    list: "Associations",
    key: "TransitGatewayRouteTableAssociations",
    idField: "TransitGatewayRouteTableId",
    id: /tgw-rtb-[0-9a-f]+/,
  },
  {
    list: "TransitGatewayRouteTablePropagations",
    key: "TransitGatewayRouteTablePropagations",
    idField: "TransitGatewayRouteTableId",
    id: /tgw-rtb-[0-9a-f]+/,
  },
  { list: "Entries", key: "PrefixListEntries", idField: "PrefixListId", id: /pl-[0-9a-f]+/ },
  { list: "EnableDnsSupport", key: "VpcAttributes", idField: "VpcId", id: /vpc-[0-9a-f]+/ },
  { list: "EnableDnsHostnames", key: "VpcAttributes", idField: "VpcId", id: /vpc-[0-9a-f]+/ },
];

function aboutOneThing(answer: Answer, file: string): { readonly key: AnswerKey; readonly fields: Answer } | undefined {
  for (const { list, key, idField, id } of singles) {
    if (!Object.hasOwn(answer, list)) continue;
    const told = answer[idField] ?? id.exec(file)?.[0];
    if (typeof told === "string") return { key, fields: { ...answer, [idField]: told } };
  }
  return undefined;
}
