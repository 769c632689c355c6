/**
 * CloudFormation's published specification of resource types, as scripts/generate-resource-types.mjs extracts it: properties and their
 * types, what a change replaces, attributes. Nothing here knows what a resource does.
 */
import generated from "./models/resource-types.generated.json" with { type: "json" };

export interface ResourceTypeModel {
  /** `AWS::EC2::VPC` */
  readonly name: string;
  readonly properties: ReadonlyMap<string, PropertyModel>;
  /** What Fn::GetAtt may ask for; a dot leads into a structure. */
  readonly attributes: readonly string[];
  /** The names of the properties or attributes that identify one. */
  readonly primaryIdentifier: readonly string[];
  readonly tagProperty: string | undefined;
}

export interface PropertyModel {
  readonly type: PropertyType;
  readonly required: boolean;
  /** Whether a change of it needs another resource in the place of this one. */
  readonly replaces: "always" | "perhaps" | "never";
}

export type PropertyType =
  | { readonly kind: "string" | "number" | "boolean" | "json" | "tag" }
  | { readonly kind: "list" | "map"; readonly item: PropertyType }
  | { readonly kind: "any"; readonly of: readonly PropertyType[] }
  | { readonly kind: "structure"; readonly name: string; readonly properties: ReadonlyMap<string, PropertyModel> };

/** The model of a type that this cloud handles; undefined for all others. */
export function resourceTypeModel(name: string): ResourceTypeModel | undefined {
  const known = models.get(name);
  if (known !== undefined || !Object.hasOwn(source.types, name)) return known;
  const [properties, attributes, primaryIdentifier, tagProperty] = source.types[name] ?? [{}, [], [], ""];
  const model: ResourceTypeModel = {
    name,
    properties: linked(properties),
    attributes,
    primaryIdentifier,
    tagProperty: tagProperty === "" ? undefined : tagProperty,
  };
  models.set(name, model);
  return model;
}

/** Whether AWS has a resource type of that name, handled here or not. */
export function isResourceType(name: string): boolean {
  return Object.hasOwn(source.types, name) || otherNames.has(name);
}

/** The names of the types that have a model here. */
export function resourceTypeNames(): readonly string[] {
  return Object.keys(source.types);
}

/** What the generator writes; it says what the letters mean. */
interface GeneratedTypes {
  readonly types: {
    readonly [name: string]: readonly [
      properties: GeneratedProperties,
      attributes: readonly string[],
      primaryIdentifier: readonly string[],
      tagProperty: string,
    ];
  };
  readonly structures: { readonly [name: string]: GeneratedProperties };
  readonly others: readonly string[];
}

interface GeneratedProperties {
  readonly [name: string]: readonly [type: GeneratedType, flags?: string];
}

type GeneratedType = string | readonly ["list" | "map" | "structure" | "any of", ...GeneratedType[]];

// The JSON file's inferred type is a union of every line's literal shape; the generator's format is the contract.
const source: GeneratedTypes = generated as never;

const models = new Map<string, ResourceTypeModel>();
const structures = new Map<string, ReadonlyMap<string, PropertyModel>>();
const otherNames: ReadonlySet<string> = new Set(source.others);

function linked(properties: GeneratedProperties): ReadonlyMap<string, PropertyModel> {
  return new Map(
    Object.entries(properties).map(([name, [type, flags = ""]]) => [
      name,
      {
        type: typeOf(type),
        required: flags.includes("r"),
        replaces: flags.includes("!") ? "always" : flags.includes("?") ? "perhaps" : "never",
      },
    ]),
  );
}

function typeOf(type: GeneratedType): PropertyType {
  if (typeof type === "string") return { kind: simpleKinds[type] ?? bug(type) };
  const [kind, first = "", ...rest] = type;
  if (kind === "any of") return { kind: "any", of: [first, ...rest].map(typeOf) };
  if (kind !== "structure") return { kind, item: typeOf(first) };
  const name = String(first);
  return {
    kind,
    name,
    // Structures may contain themselves: each is linked when it is first asked for.
    get properties() {
      const known = structures.get(name) ?? linked(source.structures[name] ?? {});
      structures.set(name, known);
      return known;
    },
  };
}

const simpleKinds: { readonly [word: string]: "string" | "number" | "boolean" | "json" | "tag" } = {
  string: "string",
  "date-time": "string",
  integer: "number",
  long: "number",
  number: "number",
  boolean: "boolean",
  json: "json",
  tag: "tag",
};

function bug(type: string): never {
  throw new Error(`bug: the specification has the unknown type ${type}`);
}
