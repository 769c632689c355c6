/**
 * Fn::ForEach written out: every loop of a template as what it stands for, before anything else is read of it. Pure: what collections are
 * made of comes in through the scope, which may also say that it is not known yet; then the loop is told as one that is still there.
 *
 * Where an identifier is put in: in the keys of a loop's fragment (`${Zone}`; `&{Zone}` without what is not alphanumeric), in the text of
 * Fn::Sub (`${Zone}` only), as `Ref: Zone`, and in the name of Fn::If's condition. Any other text keeps its `${Zone}`, as real AWS was
 * measured to (ministackorg/ministack#1739) and as its users found (aws-cloudformation/cfn-language-discussion#162); the documentation's
 * "all instances" says more than that.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 * https://github.com/aws-cloudformation/cfn-language-discussion/blob/main/RFCs/0009-Fn%3A%3AForEach.md
 */
import { conditionValues, type Outcome } from "./conditions.ts";
import { evaluate, type noValue, type Scope, textOf } from "./evaluate.ts";
import { fixedPartsOf, hasParts, withItems } from "./loop-names.ts";
import { referencesIn } from "./references.ts";
import { type Position, TemplateError } from "./template-error.ts";
import {
  type Evaluated,
  functionCallOf,
  isList,
  isLoopKey,
  isObject,
  isUnknownValue,
  loopKeyOf,
  loopPrefix,
  objectOf,
  type TemplateObject,
  type TemplateValue,
  type UnknownValue,
  unknownPartOf,
  unknownValue,
} from "./value.ts";

export const languageExtensions = "AWS::LanguageExtensions";

export type LoopSection = "Conditions" | "Resources" | "Outputs";

/** In this order: collections of resources may depend on conditions. */
const sections: readonly LoopSection[] = ["Conditions", "Resources", "Outputs"];

/** What collections may be made of. */
export interface ExpansionScope {
  /** A parameter or a pseudo parameter; undefined for every other name. */
  ref(name: string): Evaluated | typeof noValue | undefined;
  ssmParameter: Scope["ssmParameter"];
}

/** What a loop makes, it is not known how many of, or what something is that may be there or not. */
export interface Unexpanded {
  readonly section: LoopSection;
  /** `Subnet${Zone}`, with as much put in as is known. */
  readonly key: string;
  readonly value: TemplateValue;
  /** What stands for the identifiers in the value, and why the loop is still there. */
  readonly identifiers: ReadonlyMap<string, UnknownValue>;
  readonly unknown: UnknownValue;
  /** Whether a name may be of one of them. */
  mayBe(name: string): boolean;
}

type Path = readonly (string | number)[];
type PositionOf = (path: Path) => Position | undefined;

export interface Expansion {
  readonly root: TemplateObject;
  readonly unexpanded: readonly Unexpanded[];
  /** Whether nothing in it waits for a value that the scope does not know. */
  readonly isSettled: boolean;
  /** Where in the text a part is written. */
  writtenPath(path: Path): Path;
}

/** A template's size in S3. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const maxSize = 1024 * 1024;

/** Loops in a loop. [RFC 0009] */
const maxNested = 5;

/** Where the walk is: in what is made, and in the text. */
interface Place {
  readonly section: LoopSection;
  readonly path: Path;
  readonly written: Path;
  readonly items: ReadonlyMap<string, string>;
  /** Identifiers of loops whose collections are not known. */
  readonly open: ReadonlyMap<string, UnknownValue>;
  /** The loops around it. */
  readonly loops: number;
}

/** What is gathered on the way. */
interface Walk {
  readonly root: TemplateObject;
  readonly scope: ExpansionScope;
  readonly positionOf: PositionOf;
  readonly expanded: Map<string, TemplateValue>;
  readonly unexpanded: Unexpanded[];
  /** Where in the text what loops made is written, by where it is now. */
  readonly origins: Map<string, Path>;
  isSettled: boolean;
  conditions: ReadonlyMap<string, Outcome> | undefined;
  size: number;
}

/** Throws TemplateError. */
export function expandLoops(
  root: TemplateObject,
  isDeclared: boolean,
  scope: ExpansionScope,
  positionOf: PositionOf,
): Expansion {
  refuseElsewhere(root, positionOf);
  if (!isDeclared) {
    refuseUndeclared(root, positionOf);
    return { root, unexpanded: [], isSettled: true, writtenPath: (path) => path };
  }
  refuseNames(root, positionOf);
  const walk: Walk = {
    root,
    scope,
    positionOf,
    expanded: new Map(),
    unexpanded: [],
    origins: new Map(),
    isSettled: true,
    conditions: undefined,
    size: 0,
  };
  for (const section of sections) writeOutSection(walk, section);
  return {
    root: objectOf(
      Object.entries(root).map(([name, value]): readonly [string, TemplateValue] => [
        name,
        walk.expanded.get(name) ?? value,
      ]),
    ),
    unexpanded: walk.unexpanded,
    isSettled: walk.isSettled,
    writtenPath: (path) => writtenPath(walk, path),
  };
}

function writeOutSection(walk: Walk, section: LoopSection): void {
  const written = walk.root[section];
  if (!isObject(written)) return;
  const place: Place = { section, path: [section], written: [section], items: new Map(), open: new Map(), loops: 0 };
  walk.expanded.set(section, expandedMembers(walk, written, place));
}

function writtenPath(walk: Walk, path: Path): Path {
  for (let length = path.length; length > 0; length -= 1) {
    const origin = walk.origins.get(JSON.stringify(path.slice(0, length)));
    if (origin !== undefined) return [...origin, ...path.slice(length)];
  }
  return path;
}

function expandedValue(walk: Walk, value: TemplateValue, place: Place): TemplateValue {
  if (typeof value !== "object" || value === null) {
    spend(walk, place, String(value).length);
    return value;
  }
  if (isList(value)) return value.map((item, index) => expandedValue(walk, item, inside(place, index)));
  const call = loopKeyOf(value) === undefined ? functionCallOf(value) : undefined;
  if (call === undefined) return expandedMembers(walk, value, place);
  const { name, argument } = call;
  const within = inside(place, name);
  if (name === "Ref") return refOf(walk, argument, within);
  if (name === "Fn::GetAtt" && isList(argument) && isObject(argument[0])) {
    const [logicalId, ...rest] = argument.map((each, index) => expandedValue(walk, each, inside(within, index)));
    return callOf(name, [nameOf(walk, name, logicalId ?? null, within), ...rest]);
  }
  if (place.loops > 0 && name === "Fn::Sub") return subOf(walk, argument, within);
  if (place.loops > 0 && name === "Fn::If" && isList(argument)) {
    const [condition, ...branches] = argument;
    if (typeof condition !== "string") throw refusal(walk, "Fn::If layout is incorrect", within);
    const named = withItems(condition, place.items);
    return callOf(name, [
      named,
      ...branches.map((each, index) => expandedValue(walk, each, inside(within, index + 1))),
    ]);
  }
  return expandedMembers(walk, value, place);
}

function expandedMembers(walk: Walk, object: TemplateObject, place: Place): TemplateObject {
  const members = new Map<string, TemplateValue>();
  const isSection = place.path.length === 1;
  const put = (key: string, value: TemplateValue, at: Place): void => {
    if (members.has(key))
      throw refusal(walk, `Duplicate key '${key}' when merging keys to parent object in Fn::ForEach`, at);
    if (at.loops > place.loops) walk.origins.set(JSON.stringify(at.path), at.written);
    spend(walk, at, key.length);
    const expanded = expandedValue(walk, value, at);
    const settled = isSection ? withCondition(walk, key, expanded, at) : expanded;
    if (settled !== undefined) members.set(key, settled);
  };
  for (const [key, value] of Object.entries(object)) {
    if (isLoopKey(key)) writeOut(walk, key, value, place, put, (loop) => members.set(key, loop));
    else put(key, value, inside(place, key));
  }
  return objectOf(members);
}

function writeOut(
  walk: Walk,
  key: string,
  value: TemplateValue,
  parent: Place,
  put: (key: string, value: TemplateValue, at: Place) => void,
  keep: (loop: TemplateValue) => void,
): void {
  const written = [...parent.written, key];
  const place = { ...parent, written };
  const { identifier, collection, fragment } = layoutOf(walk, key, value, place);
  if (parent.loops > maxNested)
    throw refusal(walk, `${key} is nested too deeply; a loop may have up to ${maxNested} in it`, place);
  if (parent.items.has(identifier) || parent.open.has(identifier))
    throw refusal(walk, `the identifier ${identifier} of ${key} is that of a loop around it too`, place);
  const items = itemsOf(walk, key, collection, { ...place, written: [...written, 1] });
  if (isUnknownValue(items)) {
    walk.isSettled = false;
    const unknown = unknownValue(`${key}, whose collection depends on ${items.name}`);
    const open = { ...place, open: new Map([...parent.open, [identifier, unknown]]) };
    if (parent.path.length === 1) leave(walk, fragment, { ...open, written: [...written, 2] }, unknown);
    else keep([identifier, expandedValue(walk, collection, place), fragment]);
    return;
  }
  for (const item of items) {
    spend(walk, { ...place, loops: parent.loops + 1 }, 0);
    const own: Place = {
      ...parent,
      written: [...written, 2],
      items: new Map([...parent.items, [identifier, item]]),
      loops: parent.loops + 1,
    };
    for (const [each, made] of Object.entries(fragment)) {
      if (isLoopKey(each)) {
        writeOut(walk, each, made, own, put, keep);
        continue;
      }
      const name = withItems(each, own.items);
      const at = { ...own, path: [...own.path, name], written: [...own.written, each] };
      if (parent.path.length === 1) checkName(walk, name, made, at);
      put(name, made, at);
    }
  }
}

function layoutOf(walk: Walk, key: string, value: TemplateValue, place: Place) {
  const [identifier, collection, fragment] = isList(value) && value.length === 3 ? value : [];
  if (
    key.length <= loopPrefix.length ||
    typeof identifier !== "string" ||
    identifier === "" ||
    collection === undefined ||
    typeof collection === "string" ||
    !isObject(fragment)
  )
    throw refusal(walk, "Fn::ForEach layout is incorrect", place);
  const isTaken = [walk.root.Parameters, walk.root.Resources].some((each) => isObject(each) && identifier in each);
  if (isTaken)
    throw refusal(walk, `the identifier ${identifier} of ${key} is the name of a parameter or a resource too`, place);
  return { identifier, collection, fragment };
}

function itemsOf(walk: Walk, key: string, collection: TemplateValue, place: Place): readonly string[] | UnknownValue {
  for (const { kind, name } of referencesIn(collection)) {
    if (kind === "ref" && isSecret(walk.root, name))
      throw refusal(walk, `the collection of ${key} may not refer to ${name}, a parameter with NoEcho`, place);
  }
  const value = evaluate(expandedValue(walk, collection, place), scopeAt(walk, place));
  const unknown = value === undefined ? undefined : unknownPartOf(value);
  if (unknown !== undefined) return unknown;
  if (!Array.isArray(value)) throw noCollection(walk, place);
  return value.map((item: Evaluated) => {
    if (typeof item === "object")
      throw refusal(walk, `the collection of ${key} may hold texts only, and has ${JSON.stringify(item)}`, place);
    return textOf(item);
  });
}

/** What names stand for before anything is made: parameters and identifiers. */
function scopeAt(walk: Walk, place: Place): Scope {
  const refuse = (): never => {
    throw noCollection(walk, place);
  };
  return {
    ref: (name) => place.items.get(name) ?? place.open.get(name) ?? walk.scope.ref(name) ?? refuse(),
    getAtt: refuse,
    importValue: refuse,
    stackOutput: refuse,
    availabilityZones: refuse,
    ssmParameter: walk.scope.ssmParameter,
    mappings: isObject(walk.root.Mappings) ? walk.root.Mappings : objectOf<TemplateValue>([]),
    condition: (name) => conditionOf(walk, name, place),
  };
}

function conditionOf(walk: Walk, name: string, place: Place): Outcome {
  const conditions = walk.expanded.get("Conditions");
  if (place.section === "Conditions")
    throw refusal(walk, "a collection in Conditions may not depend on a condition", place);
  walk.conditions ??= conditionValues(
    new Map(isObject(conditions) ? Object.entries(conditions) : []),
    scopeAt(walk, place),
    (each) => unexpandedOf(walk.unexpanded, "Conditions", each),
  );
  const outcome = walk.conditions.get(name) ?? unexpandedOf(walk.unexpanded, "Conditions", name);
  if (outcome === undefined)
    throw new TemplateError(
      `Template format error: Unresolved condition dependency ${name} in the ${place.section} block of the template`,
    );
  return outcome;
}

function noCollection(walk: Walk, place: Place): TemplateError {
  return refusal(walk, "Could not find a collection or could not be resolved for Fn::ForEach", place);
}

function refOf(walk: Walk, argument: TemplateValue, place: Place): TemplateValue {
  if (typeof argument === "string") return place.items.get(argument) ?? callOf("Ref", argument);
  return callOf("Ref", nameOf(walk, "Ref", expandedValue(walk, argument, place), place));
}

/** A function in the place of a name, which the language extensions allow. */
function nameOf(walk: Walk, call: string, name: TemplateValue, place: Place): TemplateValue {
  if (!isObject(name)) return name;
  const scope = scopeAt(walk, place);
  const notNow = (what: string): never => {
    throw refusal(walk, `the name in ${call} depends on ${what}, which is known only once the stack is there`, place);
  };
  const value = evaluate(name, {
    ...scope,
    ref: (each) =>
      place.items.get(each) ?? place.open.get(each) ?? walk.scope.ref(each) ?? notNow(`the resource ${each}`),
    getAtt: (logicalId) => notNow(`the resource ${logicalId}`),
    importValue: (each) => notNow(`the export ${each}`),
    availabilityZones: () => notNow("the zones of the Region"),
  });
  if (value !== undefined && unknownPartOf(value) !== undefined) {
    walk.isSettled = false;
    return name;
  }
  if (typeof value !== "string") throw refusal(walk, `the name in ${call} has to be a text`, place);
  return value;
}

function subOf(walk: Walk, argument: TemplateValue, place: Place): TemplateValue {
  const [text, variables] = isList(argument) ? argument : [argument];
  const own = isObject(variables) ? variables : objectOf<TemplateValue>([]);
  if (typeof text !== "string") return expandedMembers(walk, callOf("Fn::Sub", argument), outside(place));
  if (/\$\{[^}]*\$\{/.test(text))
    throw new TemplateError(
      "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
    );
  const put = text.replaceAll(/\$\{(!?)([^{}]*)\}/g, (whole, literal: string, name: string) => {
    const item = Object.hasOwn(own, name.trim()) ? undefined : place.items.get(name.trim());
    return literal === "!" || item === undefined ? whole : item.replaceAll("${", "${!");
  });
  spend(walk, place, put.length);
  // Nothing is left to put in: it is a text, and may stand where no function may.
  if (!put.includes("${")) return put;
  return callOf("Fn::Sub", isList(argument) ? [put, expandedValue(walk, own, inside(place, 1))] : put);
}

/**
 * A resource or an output out of a loop, whose condition may be named by a function; NoValue is no condition. AWS wants another
 * attribute to come first:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach-example-conditions.html
 */
function withCondition(walk: Walk, key: string, value: TemplateValue, place: Place): TemplateValue | undefined {
  if (place.loops === 0 || place.section === "Conditions" || !isObject(value) || !isObject(value.Condition))
    return value;
  const condition = evaluate(value.Condition, scopeAt(walk, place));
  const { Condition: _named, ...rest } = value;
  if (condition === undefined) return objectOf(Object.entries(rest));
  const unknown = unknownPartOf(condition);
  if (unknown === undefined)
    return objectOf(
      Object.entries(value).map(([name, each]) => [name, name === "Condition" ? textOf(condition) : each] as const),
    );
  walk.isSettled = false;
  note(
    walk,
    key,
    objectOf(Object.entries(rest)),
    place,
    unknownValue(`the condition of ${key}, which depends on ${unknown.name}`),
  );
  return undefined;
}

function checkName(walk: Walk, name: string, value: TemplateValue, place: Place): void {
  if (!/^[a-zA-Z0-9]{1,255}$/.test(name)) throw refusal(walk, `OutputKey '${name}' should be alphanumeric`, place);
  if (place.section === "Resources" && isObject(value) && Object.keys(value)[0] === "Condition")
    throw refusal(walk, "Condition layout is incorrect", place);
}

/** Of a loop in a section, when it is not known how often it runs. */
function leave(walk: Walk, fragment: TemplateObject, place: Place, unknown: UnknownValue): void {
  for (const [key, value] of Object.entries(fragment)) {
    const at = { ...place, written: [...place.written, key] };
    if (isLoopKey(key)) {
      const inner = layoutOf(walk, key, value, at);
      const open = new Map([...place.open, [inner.identifier, unknown]]);
      leave(walk, inner.fragment, { ...at, open, written: [...at.written, 2] }, unknown);
    } else {
      const name = withItems(key, place.items);
      note(walk, name, expandedValue(walk, value, { ...at, path: [...place.path, name] }), at, unknown);
    }
  }
}

function note(walk: Walk, key: string, value: TemplateValue, { section, open }: Place, unknown: UnknownValue): void {
  const parts = fixedPartsOf(key, (name) => open.has(name));
  walk.unexpanded.push({
    section,
    key,
    value,
    identifiers: open,
    unknown,
    mayBe: (name) => hasParts(name, parts),
  });
}

/** Loops in loops grow fast. */
function spend(walk: Walk, { loops }: Place, characters: number): void {
  if (loops === 0) return;
  walk.size += characters + 1;
  if (walk.size > maxSize)
    throw new TemplateError(`Template may not exceed ${maxSize} bytes in size; with its loops written out it does.`);
}

function refusal(walk: Walk, message: string, { written }: Place): TemplateError {
  return transformError(message, walk.positionOf(written));
}

/** What a name stands for that a loop may make which is still there. */
export function unexpandedOf(
  unexpanded: readonly Unexpanded[],
  section: LoopSection,
  name: string,
): UnknownValue | undefined {
  const found = unexpanded.find((each) => each.section === section && each.mayBe(name));
  return found && unknownValue(`${name} (${found.unknown.name})`);
}

function transformError(message: string, position?: Position): TemplateError {
  const where = position === undefined ? "" : ` (line ${position.line}, column ${position.column})`;
  return new TemplateError(`Transform ${languageExtensions} failed with: ${message}${where}`, position);
}

function inside(place: Place, key: string | number): Place {
  return { ...place, path: [...place.path, key], written: [...place.written, key] };
}

function outside(place: Place): Place {
  return { ...place, path: place.path.slice(0, -1), written: place.written.slice(0, -1) };
}

function callOf(name: string, argument: TemplateValue): TemplateObject {
  return objectOf([[name, argument]]);
}

function isSecret(root: TemplateObject, name: string): boolean {
  const declared = isObject(root.Parameters) ? root.Parameters[name] : undefined;
  return isObject(declared) && (declared.NoEcho === true || declared.NoEcho === "true");
}

/** Every loop in a value, with where it is. */
function* loopsIn(
  value: TemplateValue | undefined,
  path: Path,
): Iterable<{ readonly key: string; readonly path: Path }> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const own = [...path, isList(value) ? Number(key) : key];
    if (!isList(value) && isLoopKey(key)) yield { key, path: own };
    yield* loopsIn(each, own);
  }
}

function refuseElsewhere(root: TemplateObject, positionOf: PositionOf): void {
  for (const section of ["Metadata", "Parameters", "Mappings", "Rules"]) {
    for (const { key, path } of loopsIn(root[section], [section]))
      throw transformError(`${key} is in ${section}; loops may be in ${sections.join(", ")}`, positionOf(path));
  }
}

/** The words of AWS, and what they mean. */
function refuseUndeclared(root: TemplateObject, positionOf: PositionOf): void {
  for (const section of sections) {
    for (const { path } of loopsIn(root[section], [section])) {
      const position = positionOf(path);
      const where = position === undefined ? "" : ` (line ${position.line}, column ${position.column})`;
      throw new TemplateError(
        `Template format error: [/${path.join("/")}] resource definition is malformed: Fn::ForEach needs Transform: ${languageExtensions}${where}`,
        position,
      );
    }
  }
}

/** A loop's name is its own, however often a loop around it repeats it. */
function refuseNames(root: TemplateObject, positionOf: PositionOf): void {
  const names = new Set<string>();
  for (const section of sections) {
    for (const { key, path } of loopsIn(root[section], [section])) {
      const name = key.slice(loopPrefix.length);
      if (names.has(name)) throw transformError(`there is more than one loop ${key}`, positionOf(path));
      for (const other of ["Parameters", "Resources"]) {
        const named = root[other];
        if (isObject(named) && Object.hasOwn(named, name))
          throw transformError(`the loop ${key} has the name of a member of ${other}`, positionOf(path));
      }
      names.add(name);
    }
  }
}
