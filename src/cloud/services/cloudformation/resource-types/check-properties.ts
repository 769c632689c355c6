/** Properties as the specification wants them: texts that are numbers become numbers, and what does not fit is said in CloudFormation's words. */
import type { PropertyModel, PropertyType, ResourceTypeModel } from "../../../../aws/index.ts";
import type { Evaluated } from "../../../../ingest/index.ts";
import type { PropertyValues } from "../stack-resource/record.ts";

export interface CheckedProperties {
  readonly properties: PropertyValues;
  /** `#/Tags/0: required key [Key] not found` */
  readonly faults: readonly string[];
}

export function checkedProperties(model: ResourceTypeModel, given: PropertyValues): CheckedProperties {
  const faults: string[] = [];
  const properties = checkedMembers(model.properties, given, "#", faults);
  return { properties, faults };
}

function checkedMembers(
  members: ReadonlyMap<string, PropertyModel>,
  given: PropertyValues,
  path: string,
  faults: string[],
): PropertyValues {
  for (const [name, { required }] of members) {
    if (required && (given[name] === undefined || given[name] === null))
      faults.push(`${path}: required key [${name}] not found`);
  }
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const member = members.get(name);
      if (member !== undefined) return [[name, checked(member.type, value, `${path}/${name}`, faults)]];
      faults.push(`${path}: extraneous key [${name}] is not permitted`);
      return [];
    }),
  );
}

const tagMembers: ReadonlyMap<string, PropertyModel> = new Map([
  ["Key", { type: { kind: "string" }, required: true, replaces: "never" }],
  ["Value", { type: { kind: "string" }, required: true, replaces: "never" }],
]);

function checked(type: PropertyType, value: Evaluated, path: string, faults: string[]): Evaluated {
  const wrong = (expected: string): Evaluated => {
    faults.push(`${path}: expected type: ${expected}, found: ${nameOf(value)}`);
    return value;
  };
  switch (type.kind) {
    case "json":
      return value;
    case "string":
      return typeof value === "object" ? wrong("String") : String(value);
    case "number":
      return numberIn(value) ?? wrong("Number");
    case "boolean":
      return booleanIn(value) ?? wrong("Boolean");
    case "list":
      if (!isListOf(value)) return wrong("JSONArray");
      return value.map((item, index) => checked(type.item, item, `${path}/${index}`, faults));
    case "any":
      return firstThatFits(type.of, value, path) ?? wrong(type.of.map(({ kind }) => kind).join(" or "));
    default:
      return isValues(value) ? checkedObject(type, value, path, faults) : wrong("JSONObject");
  }
}

function checkedObject(type: PropertyType, value: PropertyValues, path: string, faults: string[]): Evaluated {
  if (type.kind === "tag") return checkedMembers(tagMembers, value, path, faults);
  if (type.kind === "structure") return checkedMembers(type.properties, value, path, faults);
  if (type.kind !== "map") throw new Error(`bug: ${type.kind} is no object`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, checked(type.item, item, `${path}/${key}`, faults)]),
  );
}

function firstThatFits(types: readonly PropertyType[], value: Evaluated, path: string): Evaluated | undefined {
  for (const type of types) {
    const faults: string[] = [];
    const outcome = checked(type, value, path, faults);
    if (faults.length === 0) return outcome;
  }
  return undefined;
}

function numberIn(value: Evaluated): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}

function booleanIn(value: Evaluated): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" || value === "false" ? value === "true" : undefined;
}

function isListOf(value: Evaluated): value is readonly Evaluated[] {
  return Array.isArray(value);
}

function isValues(value: Evaluated): value is PropertyValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(value: Evaluated): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "JSONArray";
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Number";
  return { string: "String", boolean: "Boolean" }[String(typeof value)] ?? "JSONObject";
}
