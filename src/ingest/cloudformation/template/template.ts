/**
 * The parts of a template, checked as CloudFormation checks them before it looks at any value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */

import { noValue } from "./evaluate.ts";
import { type ExpansionScope, expandLoops, languageExtensions, type Unexpanded } from "./for-each.ts";
import { readParameters, type TemplateParameter } from "./parameter-declarations.ts";
import { type ParsedText, parseTemplateText } from "./parse.ts";
import { isPseudoParameter } from "./pseudo-parameters.ts";
import { formatError, type Position, TemplateError } from "./template-error.ts";
import { isList, isObject, objectOf, type TemplateObject, type TemplateValue, unknownValue } from "./value.ts";

export interface Template {
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly metadata: TemplateValue | undefined;
  readonly transforms: readonly string[];
  readonly parameters: ReadonlyMap<string, TemplateParameter>;
  readonly rules: ReadonlyMap<string, TemplateRule>;
  readonly mappings: TemplateObject;
  readonly conditions: ReadonlyMap<string, TemplateValue>;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: ReadonlyMap<string, TemplateOutput>;
  /** What loops make whose collections depend on what is not known. */
  readonly unexpanded: readonly Unexpanded[];
  readonly unexpandedResources: readonly UnexpandedResource[];
  /** Whether nothing in it waits for the values of parameters. */
  readonly isSettled: boolean;
  /** The template after its transforms, as JSON. */
  processedText(): string;
  /** Itself with its loops written out by what the scope knows. */
  expandedWith(scope: ExpansionScope): Template;
  /** Where a path is written in the text. */
  positionOf(path: readonly (string | number)[]): Position | undefined;
}

export interface TemplateResource {
  readonly type: string;
  readonly properties: TemplateObject;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: TemplateValue | undefined;
  readonly updateReplacePolicy: TemplateValue | undefined;
  readonly metadata: TemplateValue | undefined;
  readonly creationPolicy: TemplateValue | undefined;
  readonly updatePolicy: TemplateValue | undefined;
}

/** One stands for all that a loop makes of it. */
export interface UnexpandedResource
  extends Pick<TemplateResource, "type" | "properties" | "metadata">,
    Pick<Unexpanded, "key" | "identifiers" | "unknown"> {}

export interface TemplateOutput {
  readonly value: TemplateValue;
  readonly description: string | undefined;
  readonly exportName: TemplateValue | undefined;
  readonly condition: string | undefined;
}

export interface TemplateRule {
  readonly condition: TemplateValue | undefined;
  readonly assertions: readonly { readonly assert: TemplateValue; readonly description: string | undefined }[];
}

const sections = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
  "Rules",
  "Transform",
];

const attributes = [
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

/** How many of each a template may have. */
const limits = { Parameters: 200, Mappings: 200, Resources: 500, Outputs: 200 } as const;

/** Transforms whose functions are understood; the others are programs of their own. */
const knownTransforms = [languageExtensions];

/** Reads a template's text. Loops over what parameters say are left for when these are known. Throws TemplateError. */
export function readTemplate(text: string): Template {
  const parsed = parseTemplateText(text);
  const { value: root } = parsed;
  if (!isObject(root)) throw formatError("unsupported structure.");
  const unknown = Object.keys(root).filter((name) => !sections.includes(name));
  if (unknown.length > 0) {
    throw new TemplateError(
      `Invalid template property or properties [${unknown.join(", ")}]`,
      parsed.positionOf([unknown[0] ?? ""]),
    );
  }
  const description = root.Description;
  if (description !== undefined && typeof description !== "string")
    throw formatError("Description must be a string.", parsed.positionOf(["Description"]));
  const head = {
    version: readVersion(root.AWSTemplateFormatVersion),
    description,
    metadata: root.Metadata,
    transforms: readTransforms(root.Transform),
    parameters: readParameters(sectionOf(root, "Parameters", parsed)),
    rules: readRules(sectionOf(root, "Rules", parsed)),
    mappings: readMappings(sectionOf(root, "Mappings", parsed), parsed),
  };
  const expanded = (scope: ExpansionScope): Template => {
    const isDeclared = head.transforms.includes(languageExtensions);
    const { root: value, unexpanded, isSettled, writtenPath } = expandLoops(root, isDeclared, scope, parsed.positionOf);
    const positionOf: Template["positionOf"] = (path) => parsed.positionOf(writtenPath(path));
    const written = { value, positionOf };
    const template: Template = {
      ...head,
      conditions: new Map(Object.entries(sectionOf(value, "Conditions", written))),
      resources: readResources(sectionOf(value, "Resources", written), written, unexpanded),
      outputs: readOutputs(sectionOf(value, "Outputs", written), written),
      unexpanded,
      unexpandedResources: unexpanded.flatMap(unexpandedResource),
      isSettled,
      positionOf,
      processedText: () => processed(text, value),
      expandedWith: (more) => (isSettled ? template : expanded(more)),
    };
    return template;
  };
  return expanded(nothingKnown(head.parameters));
}

/** Of parameters, before any has a value. */
function nothingKnown(parameters: ReadonlyMap<string, TemplateParameter>): ExpansionScope {
  return {
    ref(name) {
      if (name === "AWS::NoValue") return noValue;
      if (parameters.has(name)) return unknownValue(`the parameter ${name}`);
      return isPseudoParameter(name) ? unknownValue(name) : undefined;
    },
    ssmParameter: (name) => unknownValue(`the parameter ${name} of Systems Manager`),
  };
}

/** A text without transforms is what it was. */
function processed(text: string, { Transform, ...rest }: TemplateObject): string {
  return Transform === undefined ? text : JSON.stringify(rest);
}

/** `2010-09-09` is the only one there ever was. */
function readVersion(version: TemplateValue | undefined): string | undefined {
  if (version === undefined) return undefined;
  if (version !== "2010-09-09") throw formatError("Unsupported AWSTemplateFormatVersion.");
  return version;
}

function readTransforms(transform: TemplateValue | undefined): readonly string[] {
  if (transform === undefined) return [];
  return (isList(transform) ? transform : [transform]).map((each) => {
    if (typeof each !== "string") throw formatError("Every Transform must be the name of a macro.");
    if (!knownTransforms.includes(each)) {
      throw new TemplateError(
        `Transform ${each} is not modelled by this local cloud; it knows ${knownTransforms.join(", ")}.`,
      );
    }
    return each;
  });
}

function sectionOf(root: TemplateObject, name: string, parsed: ParsedText): TemplateObject {
  const section = root[name];
  if (section === undefined || section === null) return objectOf<TemplateValue>([]);
  if (!isObject(section)) throw formatError(`${name} must be an object.`, parsed.positionOf([name]));
  if (name !== "Metadata") for (const key of Object.keys(section)) refuseName(name, key);
  const limit = Object.entries(limits).find(([limited]) => limited === name)?.[1];
  const count = Object.keys(section).length;
  if (limit !== undefined && count > limit) {
    throw formatError(`Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${limit}`);
  }
  return section;
}

const singular: ReadonlyMap<string, string> = new Map([
  ["Parameters", "Parameter"],
  ["Resources", "Resource"],
  ["Outputs", "Output"],
  ["Mappings", "Mappings"],
]);

function refuseName(section: string, name: string): void {
  const word = singular.get(section);
  if (word !== undefined && !/^[a-zA-Z0-9]{1,255}$/.test(name))
    throw formatError(`${word} name ${name} is non alphanumeric.`);
}

function readMappings(section: TemplateObject, parsed: ParsedText): TemplateObject {
  for (const [name, mapping] of Object.entries(section)) {
    const position = parsed.positionOf(["Mappings", name]);
    if (!isObject(mapping)) throw formatError("Every Mappings member must be a map.", position);
    for (const attributesOfKey of Object.values(mapping)) {
      if (!isObject(attributesOfKey)) throw formatError("Every Mappings attribute must be a map.", position);
    }
  }
  return section;
}

function readResources(
  section: TemplateObject,
  parsed: ParsedText,
  unexpanded: readonly Unexpanded[],
): ReadonlyMap<string, TemplateResource> {
  const entries = Object.entries(section);
  if (entries.length === 0 && !unexpanded.some((each) => each.section === "Resources"))
    throw formatError("At least one Resources member must be defined.");
  return new Map(entries.map(([name, value]) => [name, readResource(name, value, parsed)]));
}

/** Its attributes are checked once it is known which there are. */
function unexpandedResource({ section, key, value, identifiers, unknown }: Unexpanded): readonly UnexpandedResource[] {
  if (section !== "Resources" || !isObject(value) || typeof value.Type !== "string") return [];
  const { Type, Properties, Metadata } = value;
  const properties = isObject(Properties) ? Properties : objectOf<TemplateValue>([]);
  return [{ key, identifiers, unknown, type: Type, properties, metadata: Metadata }];
}

function readResource(name: string, value: TemplateValue, parsed: ParsedText): TemplateResource {
  if (!isObject(value)) throw formatError("Any Resources member must be an object.");
  const unknown = Object.keys(value).find((attribute) => !attributes.includes(attribute));
  if (unknown !== undefined) {
    throw new TemplateError(
      `Invalid template resource property '${unknown}'`,
      parsed.positionOf(["Resources", name, unknown]),
    );
  }
  const { Type, Properties, Condition } = value;
  if (typeof Type !== "string")
    throw formatError(`[/Resources/${name}] Every Resources object must contain a Type member.`);
  if (Properties !== undefined && Properties !== null && !isObject(Properties)) {
    throw formatError(
      `[/Resources/${name}/Properties] Properties must be an object.`,
      parsed.positionOf(["Resources", name, "Properties"]),
    );
  }
  if (Condition !== undefined && typeof Condition !== "string")
    throw formatError(`[/Resources/${name}/Condition] Every Condition member must be a string.`);
  return {
    type: Type,
    properties: isObject(Properties) ? Properties : objectOf<TemplateValue>([]),
    dependsOn: readDependsOn(name, value.DependsOn),
    condition: Condition,
    deletionPolicy: readPolicy(name, "DeletionPolicy", value.DeletionPolicy, ["RetainExceptOnCreate"]),
    updateReplacePolicy: readPolicy(name, "UpdateReplacePolicy", value.UpdateReplacePolicy, []),
    metadata: value.Metadata,
    creationPolicy: value.CreationPolicy,
    updatePolicy: value.UpdatePolicy,
  };
}

function readDependsOn(name: string, value: TemplateValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return (isList(value) ? value : [value]).map((each) => {
    if (typeof each !== "string")
      throw formatError(`[/Resources/${name}/DependsOn] Every DependsOn value must be a string.`);
    return each;
  });
}

/** A word, or a function, which the language extensions allow. */
function readPolicy(
  name: string,
  attribute: string,
  value: TemplateValue | undefined,
  more: readonly string[],
): TemplateValue | undefined {
  if (value === undefined || isObject(value)) return value;
  if (typeof value !== "string" || !["Delete", "Retain", "Snapshot", ...more].includes(value))
    throw formatError(`Unrecognized ${attribute} ${String(value)} for resource ${name}`);
  return value;
}

function readOutputs(section: TemplateObject, parsed: ParsedText): ReadonlyMap<string, TemplateOutput> {
  return new Map(
    Object.entries(section).map(([name, output]) => {
      const position = parsed.positionOf(["Outputs", name]);
      if (!isObject(output)) throw formatError(`[/Outputs/${name}] Every Outputs member must be an object.`, position);
      const { Value, Description, Export, Condition } = output;
      if (Value === undefined || Value === null)
        throw formatError(`[/Outputs/${name}] Every Outputs member must contain a Value object`, position);
      if (Export !== undefined && (!isObject(Export) || Export.Name === undefined))
        throw formatError(`[/Outputs/${name}/Export] Every Export member must contain a Name.`, position);
      return [
        name,
        {
          value: Value,
          description: typeof Description === "string" ? Description : undefined,
          exportName: isObject(Export) ? Export.Name : undefined,
          condition: typeof Condition === "string" ? Condition : undefined,
        },
      ];
    }),
  );
}

function readRules(section: TemplateObject): ReadonlyMap<string, TemplateRule> {
  return new Map(
    Object.entries(section).map(([name, rule]) => {
      if (!isObject(rule) || !isList(rule.Assertions))
        throw formatError(`[/Rules/${name}] Every Rules object must contain an Assertions member.`);
      const assertions = rule.Assertions.map((assertion) => {
        if (!isObject(assertion) || assertion.Assert === undefined)
          throw formatError(`[/Rules/${name}] Every Assertions member must contain an Assert.`);
        const { Assert, AssertDescription } = assertion;
        return { assert: Assert, description: typeof AssertDescription === "string" ? AssertDescription : undefined };
      });
      return [name, { condition: rule.RuleCondition, assertions }];
    }),
  );
}
