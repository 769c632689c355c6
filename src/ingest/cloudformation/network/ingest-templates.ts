/**
 * CloudFormation templates of several stacks, accounts and Regions as the network that deploying them will make. What only the deployment
 * knows is followed as far as no verdict depends on it, and is in `unknowns` where one may.
 */
import { type NetworkModel, networkModelVersion } from "../../../model/index.ts";
import { settle } from "../../settle.ts";
import type { UnknownValue } from "../template/index.ts";
import { chosenAmong, completeNetwork } from "./complete-network.ts";
import { NotTold } from "./given.ts";
import { createDraft, draftedCollections, type NetworkDraft } from "./network-draft.ts";
import { type ReadStack, readStacks, type StackResource } from "./read-stacks.ts";
import type { TemplateOrigin, TemplateStack } from "./template-stack.ts";
import { networkTypes } from "./types/index.ts";
import type { NetworkType } from "./types/network-type.ts";
import { noteUnmodelled } from "./unmodelled.ts";

export interface TemplateNetwork {
  /** Sound: `validateNetworkModel` finds nothing in it. */
  readonly model: NetworkModel;
  /** Stacks whose template could not be read. Without them nothing about the others is certain. */
  readonly failures: readonly { readonly stackId: string; readonly reason: string }[];
  /** Where the things of the model are written, by their ids. */
  readonly origins: ReadonlyMap<string, TemplateOrigin>;
  /** What Ref gives of a stack's resource, when that is a thing of a network. */
  idOf(stackId: string, logicalId: string): string | undefined;
  /** Why it cannot be said who has an address: AWS will choose among it and others. Undefined where it can be said. */
  chosenAmong(address: string): string | undefined;
}

const types: ReadonlyMap<string, NetworkType> = new Map(networkTypes.map((type) => [type.name, type]));

export function ingestTemplates(stacks: readonly TemplateStack[]): TemplateNetwork {
  const draft = createDraft();
  const { stacks: read, failures } = readStacks(stacks, {
    valuesOf: (resource) => valuesOf(types.get(resource.type), draft),
    nameOutside: (prefix, value) => nameOutside(prefix, value, draft),
    found(resource) {
      const prefix = types.get(resource.type)?.prefix;
      if (prefix !== undefined) draft.found(resource.id(prefix), resource);
    },
  });
  const all = read.flatMap((stack) => [...stack.resources.values()]);
  for (const type of networkTypes) {
    for (const resource of all) if (resource.type === type.name) build(type, resource, draft);
  }
  for (const resource of all) if (!types.has(resource.type)) noteUnmodelled(resource, draft);
  completeNetwork(draft);
  return {
    model: settle(modelOf(draft), "no template tells it"),
    failures,
    origins: draft.origins,
    idOf: (stackId, logicalId) => idIn(read, stackId, logicalId),
    chosenAmong: (address) => chosenAmong(draft, address),
  };
}

function valuesOf(type: NetworkType | undefined, draft: NetworkDraft) {
  return {
    ref: (resource: StackResource) =>
      type?.ref?.(resource, draft) ?? (type?.prefix === undefined ? undefined : resource.id(type.prefix)),
    attribute(resource: StackResource, name: string) {
      if (type?.prefix !== undefined && type.idAttributes?.includes(name)) return resource.id(type.prefix);
      return type?.attribute?.(resource, name, draft);
    },
    ...(type?.systemsManager !== undefined && { systemsManager: type.systemsManager }),
  };
}

function build(type: NetworkType, resource: StackResource, draft: NetworkDraft): void {
  if (type.build === undefined) return;
  try {
    if (resource.uncertain !== undefined) throw new NotTold(resource.uncertain);
    type.build(resource, draft);
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    const { logicalId, stack } = resource;
    for (const id of touchedBy(type, resource)) draft.lose(id, `${logicalId} of ${stack.id}: ${error.message}`);
  }
}

function touchedBy(type: NetworkType, resource: StackResource): ReadonlySet<string> {
  const all = [resource, ...resource.instances].flatMap((each) => touchedByOne(type, each));
  const perhaps = resource.mayBeAbout.flatMap((name) => idIn([resource.stack], resource.stack.id, name) ?? []);
  return new Set([...all, ...perhaps]);
}

/** Of something that cannot even say what it changes, nothing is known that could be named. */
function touchedByOne(type: NetworkType, resource: StackResource): readonly string[] {
  const own = type.prefix === undefined ? [] : [resource.id(type.prefix)];
  try {
    return [...own, ...(type.touches?.(resource) ?? []), ...(type.losesToo?.(resource) ?? [])];
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    return own;
  }
}

/** Things outside of the templates are not those that the templates make. */
function nameOutside<P extends string>(prefix: P, { name }: UnknownValue, draft: NetworkDraft): `${P}-${string}` {
  const id = `${prefix}-${name.replaceAll(/[^0-9A-Za-z]+/g, "-").replace(/^-|-$/g, "")}` as const;
  draft.unknown(id, `what it is, the deployment knows: ${name}`);
  return id;
}

function idIn(stacks: readonly ReadStack[], stackId: string, logicalId: string): string | undefined {
  const resource = stacks.find(({ id }) => id === stackId)?.resources.get(logicalId);
  const prefix = resource && types.get(resource.type)?.prefix;
  return prefix === undefined ? undefined : resource?.id(prefix);
}

function modelOf(draft: NetworkDraft): NetworkModel {
  const told = <T>(things: ReadonlyMap<string, T>): readonly T[] =>
    [...things].flatMap(([id, thing]) => (draft.isLost(id) ? [] : [thing]));
  return {
    version: networkModelVersion,
    ...(Object.fromEntries(draftedCollections.map((name) => [name, told<unknown>(draft[name])])) as Omit<
      NetworkModel,
      "version" | "unknowns"
    >),
    unknowns: draft.unknowns(),
  };
}
