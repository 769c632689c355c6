/**
 * Stacks as one network of values: every Ref, attribute, export and parameter is followed to the resource that it comes from, over all
 * stacks of the assembly. Values are read when they are asked for, so that stacks may name each other in any order.
 */

import { parseArn } from "../../../aws/index.ts";
import {
  type AskedOutput,
  checkReferences,
  type Evaluated,
  isLoopKey,
  isTemplateError,
  isUnknownValue,
  loopKeyOf,
  type ParameterValue,
  parameterValues,
  planTemplate,
  possibleReferences,
  readTemplate,
  type Surroundings,
  type Template,
  type TemplatePlan,
  type TemplateResource,
  type TemplateValue,
  type UnexpandedResource,
  type UnknownValue,
  unknownPartOf,
  unknownValue,
} from "../template/index.ts";
import { type Given, givenOf, type NameOutside, NotTold } from "./given.ts";
import {
  deployingAccount,
  deployingRegion,
  type NestedTemplate,
  type TemplateOrigin,
  type TemplateStack,
} from "./template-stack.ts";
import type { ReadValues } from "./types/network-type.ts";

/** A resource of a stack, whose properties are evaluated when they are asked for. */
export interface StackResource {
  readonly stack: ReadStack;
  readonly logicalId: string;
  readonly type: string;
  /** Why nothing can be said of it for certain: it may not be there at all, or any number of times. */
  readonly uncertain: string | undefined;
  /** Of one that stands for all that a loop makes: each of them that may be about something that is known. */
  readonly instances: readonly StackResource[];
  /** The logical ids of what it may be about, too, and nobody can say how. */
  readonly mayBeAbout: readonly string[];
  readonly origin: TemplateOrigin;
  properties(): Given;
  /** An id of the right kind, in which stack and logical id can be read. */
  id<P extends string>(prefix: P, part?: string): `${P}-${string}`;
  /** What Fn::GetAtt and Ref give of another resource's values. */
  value(name: string): Evaluated;
}

export interface ReadStack {
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly resources: ReadonlyMap<string, StackResource>;
  output(name: string): Evaluated | undefined;
}

export interface ReadStacks {
  readonly stacks: readonly ReadStack[];
  /** Stacks whose template cannot be read, with what is wrong. */
  readonly failures: readonly { readonly stackId: string; readonly reason: string }[];
}

interface Stores {
  readonly valuesOf: (resource: StackResource) => ReadValues;
  readonly nameOutside: NameOutside;
  /** Told of every resource before any value is asked for. */
  readonly found: (resource: StackResource) => void;
}

interface StackPlace {
  readonly id: string;
  readonly stackName: string;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly nested: Readonly<Record<string, NestedTemplate>>;
}

export function readStacks(given: readonly TemplateStack[], stores: Stores): ReadStacks {
  const stacks: ReadStack[] = [];
  const failures: { stackId: string; reason: string }[] = [];
  const byName = new Map<string, ReadStack>();
  const exports = new Map<string, () => Evaluated>();
  const parametersOfSystemsManager = new Map<string, () => Evaluated>();
  const outside: Outside = {
    stores,
    importValue: (key, name) => exports.get(key)?.() ?? unknownValue(`the export ${name}`),
    stackOutput: (key, stackName, name) =>
      byName.get(key)?.output(name) ?? unknownValue(`the output ${name} of ${stackName}`),
    ssmParameter: (key, name) =>
      parametersOfSystemsManager.get(key)?.() ?? unknownValue(`the parameter ${name} of Systems Manager`),
    add(place, template, parameters) {
      try {
        const stack = readStack(place, template, parameters, outside);
        stacks.push(stack.read);
        byName.set(placeKey(place, place.stackName), stack.read);
        for (const [name, value] of stack.exports)
          exports.set(placeKey(place, name), once(`the export ${name}`, value));
        for (const [key, value] of stack.parameters) parametersOfSystemsManager.set(key, once(key, value));
        return stack.read;
      } catch (error) {
        if (!isTemplateError(error)) throw error;
        failures.push({ stackId: place.id, reason: error.message });
        return undefined;
      }
    },
  };
  for (const { template, parameters = {}, nested = {}, ...place } of given) {
    const { id, stackName, accountId, region } = place;
    outside.add({ id, stackName, accountId, region, nested }, template, new Map(Object.entries(parameters)));
  }
  return { stacks, failures };
}

/** Read when it is first asked for. Of stacks that name each other in a circle nothing is known. */
function once(name: string, read: () => Evaluated): () => Evaluated {
  let value: Evaluated | undefined;
  return () => {
    if (value !== undefined) return value;
    value = unknownValue(`${name}, which stacks that wait for each other give`);
    value = read();
    return value;
  };
}

interface Outside {
  readonly stores: Stores;
  importValue(key: string, name: string): Evaluated;
  stackOutput(key: string, stackName: string, name: string): Evaluated;
  ssmParameter(key: string, name: string): Evaluated;
  add(place: StackPlace, template: string, parameters: ReadonlyMap<string, Evaluated>): ReadStack | undefined;
}

/** Exports and parameters are of an account and a Region. */
function placeKey(
  { accountId = deployingAccount, region = deployingRegion }: Partial<StackPlace>,
  name: string,
): string {
  return `${accountId} ${region} ${name}`;
}

interface StackFound {
  readonly read: ReadStack;
  readonly exports: readonly (readonly [string, () => Evaluated])[];
  /** Those that its resources write into Systems Manager. */
  readonly parameters: readonly (readonly [string, () => Evaluated])[];
}

function readStack(
  place: StackPlace,
  text: string,
  given: ReadonlyMap<string, Evaluated>,
  outside: Outside,
): StackFound {
  const template = readTemplate(text);
  checkReferences(template);
  const resources = new Map<string, StackResource>();
  const nested = new Map<string, ReadStack | undefined>();
  const nestedOf = (logicalId: string): ReadStack | undefined => {
    const resource = resources.get(logicalId);
    if (resource?.type !== "AWS::CloudFormation::Stack" || nested.has(logicalId)) return nested.get(logicalId);
    nested.set(logicalId, undefined);
    const found = readNested(place, resource, outside);
    nested.set(logicalId, found);
    return found;
  };
  const surroundings = surroundingsOf(place, resources, nestedOf, outside);
  const plan = planTemplate(
    template,
    valuesOfParameters(template, given, place, surroundings),
    pseudoOf(place),
    surroundings,
    "kept",
  );
  const evaluate = (value: TemplateValue): Evaluated | undefined => plan.evaluate(value, surroundings);
  const outputs = new Map<string, () => Evaluated>();
  const read: ReadStack = {
    id: place.id,
    accountId: place.accountId ?? deployingAccount,
    region: place.region ?? deployingRegion,
    resources,
    output(name) {
      const known = outputs.get(name);
      if (known !== undefined) return known();
      const output = plan.outputs.get(name);
      if (output === undefined) return undefined;
      const unknown = `the output ${name} of ${place.id}`;
      const value = once(unknown, () => evaluatedOr(() => evaluate(output.value)) ?? unknownValue(unknown));
      outputs.set(name, value);
      return value();
    },
  };
  const logicalIds = [...plan.resources.keys()];
  for (const [logicalId, resource] of plan.resources) {
    const { names: mayBeAbout } = possibleReferences(resource.properties, new Map(), logicalIds);
    const uncertain = uncertainty(logicalId, resource, mayBeAbout, plan);
    const own = { ...stackResource(read, logicalId, resource, uncertain, evaluate, outside.stores), mayBeAbout };
    resources.set(logicalId, own);
    outside.stores.found(own);
  }
  for (const unexpanded of plan.template.unexpandedResources) {
    const own = anyResource(read, unexpanded, plan, surroundings, outside.stores);
    resources.set(own.logicalId, own);
    outside.stores.found(own);
  }
  for (const logicalId of resources.keys()) nestedOf(logicalId);
  return {
    read,
    exports: [...plan.outputs.values()].flatMap(({ exportName, value }) => {
      const name = exportName === undefined ? undefined : evaluate(exportName);
      return typeof name === "string"
        ? [[name, () => evaluatedOr(() => evaluate(value)) ?? unknownValue(`the export ${name}`)] as const]
        : [];
    }),
    parameters: [...resources.values()].flatMap((resource) =>
      (outside.stores.valuesOf(resource).systemsManager?.(resource) ?? []).map(
        ({ region = place.region, name, value }) => [placeKey({ ...place, region }, name), value] as const,
      ),
    ),
  };
}

function uncertainty(
  logicalId: string,
  { properties }: TemplateResource,
  mayBeAbout: readonly string[],
  plan: TemplatePlan,
): string | undefined {
  const condition = plan.uncertain.get(logicalId);
  if (condition !== undefined) return `whether it is there depends on a condition, and that on ${condition.name}`;
  const loop = loopKeyOf(properties);
  if (loop !== undefined) return `its properties depend on ${loop}, whose collection is known when it is deployed`;
  if (mayBeAbout.length === 0) return undefined;
  return `which of [${mayBeAbout.join(", ")}] it is about is known when it is deployed`;
}

/** One that stands for all that a loop makes whose collection is not known. */
function anyResource(
  stack: ReadStack,
  resource: UnexpandedResource,
  plan: TemplatePlan,
  surroundings: Surroundings,
  stores: Stores,
): StackResource {
  const { key, identifiers, unknown, properties } = resource;
  const uncertain = `whether it is there depends on ${unknown.name}`;
  const withItems = (items: ReadonlyMap<string, Evaluated>): StackResource =>
    stackResource(stack, key, resource, uncertain, (value) => plan.evaluate(value, surroundings, items), stores);
  const { items, names } = possibleReferences(properties, identifiers, [...plan.resources.keys()]);
  const instances = items.map((item) => withItems(new Map<string, Evaluated>([...identifiers, item])));
  return { ...withItems(identifiers), instances, mayBeAbout: names };
}

type Written = Pick<TemplateResource, "type" | "properties" | "metadata">;

function stackResource(
  stack: ReadStack,
  logicalId: string,
  resource: Written,
  uncertain: string | undefined,
  evaluate: (value: TemplateValue) => Evaluated | undefined,
  { nameOutside, valuesOf }: Stores,
): StackResource {
  let properties: Given | undefined;
  const values = new Map<string, Evaluated>();
  const stackPart = stack.id.replaceAll(/[^0-9A-Za-z-]/g, "-");
  const own: StackResource = {
    stack,
    logicalId,
    type: resource.type,
    uncertain,
    instances: [],
    mayBeAbout: [],
    origin: { stackId: stack.id, logicalId, ...constructPath(resource) },
    properties() {
      properties ??= givenOf(evaluatedMembers(resource, evaluate), nameOutside);
      return properties;
    },
    id: (prefix, part) =>
      `${prefix}-${stackPart}-${logicalId.replaceAll(/[^0-9A-Za-z]+/g, "-")}${part === undefined ? "" : `-${part}`}`,
    value(name) {
      const known = values.get(name);
      if (known !== undefined) return known;
      const unknown = unknownValue(name === "" ? `${stack.id}.${logicalId}` : `${stack.id}.${logicalId}.${name}`);
      // While it is being read, a circle of stacks that name each other finds it unknown.
      values.set(name, unknown);
      const type = valuesOf(own);
      const value = toldOr(unknown, () => (name === "" ? type.ref(own) : type.attribute(own, name)));
      values.set(name, value);
      return value;
    },
  };
  return own;
}

/** What cannot be said is unknown, with its reason for a name. */
function toldOr(unknown: UnknownValue, read: () => Evaluated | undefined): Evaluated {
  try {
    return read() ?? unknown;
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    return unknownValue(`${unknown.name}: ${error.message}`);
  }
}

/** Members that cannot be evaluated are as unknown as those that only the deployment knows. */
function evaluatedMembers(
  { properties }: Written,
  evaluate: (value: TemplateValue) => Evaluated | undefined,
): { readonly [name: string]: Evaluated } {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => {
      // What a loop that is still there would make is not known by name.
      if (isLoopKey(name)) return [];
      const evaluated = evaluatedOr(() => evaluate(value));
      return evaluated === undefined ? [] : [[name, evaluated]];
    }),
  );
}

function evaluatedOr(evaluate: () => Evaluated | undefined): Evaluated | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (!isTemplateError(error)) throw error;
    return unknownValue(error.message);
  }
}

function constructPath({ metadata }: Written): { readonly constructPath?: string } {
  const path =
    typeof metadata === "object" && metadata !== null && "aws:cdk:path" in metadata
      ? metadata["aws:cdk:path"]
      : undefined;
  return typeof path === "string" ? { constructPath: path } : {};
}

const ownRegion = "AWS::Region";

function pseudoOf({ id, stackName, accountId, region }: StackPlace) {
  return {
    accountId: accountId ?? unknownValue("AWS::AccountId"),
    region: region ?? unknownValue(ownRegion),
    stackId: `arn:aws:cloudformation:${region ?? deployingRegion}:${accountId ?? deployingAccount}:stack/${stackName}/${id}`,
    stackName,
    notificationArns: [],
  };
}

function surroundingsOf(
  place: StackPlace,
  resources: ReadonlyMap<string, StackResource>,
  nestedOf: (logicalId: string) => ReadStack | undefined,
  outside: Outside,
): Surroundings {
  return {
    ref: (logicalId) => resources.get(logicalId)?.value("") ?? unknownValue(`${place.id}.${logicalId}`),
    getAtt(logicalId, attribute) {
      const output = attribute.startsWith("Outputs.")
        ? nestedOf(logicalId)?.output(attribute.slice("Outputs.".length))
        : undefined;
      return (
        output ?? resources.get(logicalId)?.value(attribute) ?? unknownValue(`${place.id}.${logicalId}.${attribute}`)
      );
    },
    importValue: (name) => outside.importValue(placeKey(place, name), name),
    stackOutput(asked) {
      const region = regionAsked(asked, place);
      if (isUnknownValue(region)) return region;
      const { accountId = place.accountId } = parseArn(asked.roleArn ?? "") ?? {};
      const key = placeKey({ accountId, region }, asked.stackName);
      return outside.stackOutput(key, asked.stackName, asked.outputName);
    },
    availabilityZones: (asked) => zonesOf(isUnknownValue(asked) || asked === "" ? place.region : asked),
    ssmParameter: (name) => outside.ssmParameter(placeKey(place, name), name),
  };
}

/** Stacks of no Region all go to the same one: that one's name is no unknown. */
function regionAsked({ region }: AskedOutput, place: StackPlace): string | undefined | UnknownValue {
  const isOwn = region === undefined || (isUnknownValue(region) && region.name === ownRegion);
  return isOwn ? place.region : region;
}

/** What zones an account has is known when it deploys. Their names say no more here than which is the first, the second, … [AD-34] */
function zonesOf(region = deployingRegion): readonly string[] {
  return [..."abcdef"].map((letter) => `${region}${letter}`);
}

/** Given, default, or unknown. */
function valuesOfParameters(
  template: Template,
  given: ReadonlyMap<string, Evaluated>,
  place: StackPlace,
  { ssmParameter }: Pick<Surroundings, "ssmParameter">,
): ReadonlyMap<string, ParameterValue> {
  const texts = new Map([...given].filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  const unread = [...template.parameters].filter(
    ([name, { default: standard, type }]) =>
      (!texts.has(name) && standard === undefined) || type.fromSsm || isOpen(given.get(name)),
  );
  const names = new Set(unread.map(([name]) => name));
  const checked = { ...template, parameters: new Map([...template.parameters].filter(([name]) => !names.has(name))) };
  const known = new Map([...texts].filter(([name]) => !names.has(name)));
  const { values } = parameterValues(checked, known, { ssmParameter: () => undefined, exists: () => true });
  const open = unread.map(([name, { default: standard, type }]): [string, ParameterValue] => {
    const text = texts.get(name) ?? standard ?? "";
    const value = given.get(name);
    const isNamed = type.fromSsm && text !== "" && !isOpen(value);
    const told = isNamed ? ssmParameter(text, undefined) : value;
    return [
      name,
      { text, resolved: undefined, noEcho: false, value: told ?? unknownValue(`the parameter ${name} of ${place.id}`) },
    ];
  });
  return new Map([...values, ...open]);
}

/** Unknown, or a list that came as one: texts are checked against their declarations, and these cannot be. */
function isOpen(value: Evaluated | undefined): boolean {
  return value !== undefined && (typeof value !== "string" || unknownPartOf(value) !== undefined);
}

function readNested(place: StackPlace, resource: StackResource, outside: Outside): ReadStack | undefined {
  const given = place.nested[resource.logicalId];
  if (given === undefined) return undefined;
  const parameters = resource.properties().raw("Parameters");
  const values =
    typeof parameters === "object" && parameters !== null && !Array.isArray(parameters) && !isUnknownValue(parameters)
      ? Object.entries(parameters as { readonly [name: string]: Evaluated })
      : [];
  const { accountId, region } = place;
  return outside.add(
    {
      id: `${place.id}-${resource.logicalId}`,
      stackName: resource.logicalId,
      accountId,
      region,
      nested: given.nested ?? {},
    },
    given.template,
    new Map(values.map(([name, value]) => [name, typeof value === "object" ? value : String(value)])),
  );
}
