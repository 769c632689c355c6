/** What a value refers to: names by Ref, attributes by Fn::GetAtt, both within Fn::Sub, and conditions. */
import {
  functionCallOf,
  getAttPartsOf,
  isList,
  isLoopKey,
  isObject,
  loopKeyOf,
  subPartsOf,
  type TemplateObject,
  type TemplateValue,
} from "./value.ts";

export type Reference =
  | { readonly kind: "ref"; readonly name: string }
  | { readonly kind: "attribute"; readonly name: string; readonly attribute: TemplateValue }
  | { readonly kind: "condition"; readonly name: string };

/** Says how a condition came out, where that is known: then the other side of an Fn::If does not count. */
export type KnownCondition = (name: string) => boolean | undefined;

/** Every reference in a value, in the order in which they stand. */
export function* referencesIn(value: TemplateValue, known: KnownCondition = () => undefined): Iterable<Reference> {
  if (typeof value !== "object" || value === null) return;
  if (isObject(value) && loopKeyOf(value) !== undefined) {
    yield* referencesBesideLoops(value, known);
    return;
  }
  const call = functionCallOf(value);
  if (call === undefined || (call.name !== "Fn::If" && !referring.has(call.name))) {
    for (const part of Object.values(value)) yield* referencesIn(part, known);
    return;
  }
  const { name, argument } = call;
  if (name === "Ref") {
    if (typeof argument === "string") yield { kind: "ref", name: argument };
  } else if (name === "Condition") {
    if (typeof argument === "string") yield { kind: "condition", name: argument };
    else yield* referencesIn(argument, known);
  } else if (name === "Fn::GetAtt") {
    yield* attributeReference(argument, known);
  } else if (name === "Fn::Sub") {
    yield* subReferences(argument, known);
  } else {
    yield* branchReferences(argument, known);
  }
}

/** What the fragment of a loop that is still there refers to, is not known; what its collection is made of, is. */
function* referencesBesideLoops(value: TemplateObject, known: KnownCondition): Iterable<Reference> {
  for (const [key, each] of Object.entries(value)) {
    if (!isLoopKey(key)) yield* referencesIn(each, known);
    else if (isList(each)) yield* referencesIn(each[1] ?? null, known);
  }
}

const referring: ReadonlySet<string> = new Set(["Ref", "Condition", "Fn::GetAtt", "Fn::Sub"]);

function* attributeReference(argument: TemplateValue, known: KnownCondition): Iterable<Reference> {
  const parts = getAttPartsOf(argument);
  if (parts === undefined) return;
  const [logicalId, attribute] = parts;
  if (typeof logicalId === "string") yield { kind: "attribute", name: logicalId, attribute };
  yield* referencesIn(attribute, known);
}

function* subReferences(argument: TemplateValue, known: KnownCondition): Iterable<Reference> {
  const [text, variables] = isList(argument) ? argument : [argument];
  const own: TemplateObject = isObject(variables) ? variables : {};
  if (typeof text === "string") {
    for (const { kind, text: name } of subPartsOf(text)) {
      if (kind === "text" || Object.hasOwn(own, name)) continue;
      const dot = name.indexOf(".");
      if (dot > 0) yield { kind: "attribute", name: name.slice(0, dot), attribute: name.slice(dot + 1) };
      else yield { kind: "ref", name };
    }
  }
  for (const variable of Object.values(own)) yield* referencesIn(variable, known);
}

function* branchReferences(argument: TemplateValue, known: KnownCondition): Iterable<Reference> {
  const [condition, ...branches] = isList(argument) ? argument : [];
  const outcome = typeof condition === "string" ? known(condition) : undefined;
  if (typeof condition === "string") yield { kind: "condition", name: condition };
  for (const [index, branch] of branches.entries()) {
    if (outcome === undefined || index === (outcome ? 0 : 1)) yield* referencesIn(branch, known);
  }
}
