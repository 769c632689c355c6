/** What a resource type is to a reader of templates: the values that others take from it, and what it makes in the network. */
import type { Evaluated } from "../../template/index.ts";
import type { NetworkDraft } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";

/** Values that Ref and Fn::GetAtt take from resources of a type. Undefined is for what only the deployment knows. */
export interface ReadValues {
  ref(resource: StackResource): Evaluated | undefined;
  attribute(resource: StackResource, name: string): Evaluated | undefined;
  /** The parameters that it writes into Systems Manager, in its own Region where none is named. */
  systemsManager?(resource: StackResource): readonly WrittenParameter[];
}

export interface WrittenParameter {
  readonly region?: string;
  readonly name: string;
  readonly value: () => Evaluated;
}

export interface NetworkType {
  readonly name: string;
  /** Of the id that Ref gives. */
  readonly prefix?: string;
  /** The attributes that are that id too. */
  readonly idAttributes?: readonly string[];
  ref?(resource: StackResource, draft: NetworkDraft): Evaluated | undefined;
  attribute?(resource: StackResource, name: string, draft: NetworkDraft): Evaluated | undefined;
  systemsManager?(resource: StackResource): readonly WrittenParameter[];
  /** Throws NotTold where a value is missing that it cannot do without. */
  build?(resource: StackResource, draft: NetworkDraft): void;
  /** What cannot be said of the network when it cannot be said what this resource does: ids. Itself, when it has an id. */
  touches?(resource: StackResource): readonly string[];
  /** Of a resource with an id: what is not known either when it is not. */
  losesToo?(resource: StackResource): readonly string[];
}
