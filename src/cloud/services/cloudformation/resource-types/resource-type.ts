/** What the stack engine asks of a resource type, and what it gives: every type is a few calls to the very actions that clients call. */

import type { ServiceName } from "../../../../aws/index.ts";
import type { Evaluated } from "../../../../ingest/index.ts";
import type { Scope } from "../../../state/record.ts";
import type { PropertyValues } from "../stack-resource/record.ts";

export interface ResourceTag {
  readonly Key: string;
  readonly Value: string;
}

/** One resource at work. `P` are its properties, which have been checked against the specification. */
export interface ResourceWork<P = PropertyValues> extends Scope {
  readonly stack: { readonly StackId: string; readonly StackName: string };
  readonly logicalId: string;
  /** Empty while the resource is being created. */
  readonly physicalId: string;
  readonly properties: P;
  /** The stack's tags and the resource's own. */
  readonly tags: readonly ResourceTag[];
  /** Milliseconds since the epoch; `since` is when this step began. */
  readonly now: number;
  readonly since: number;
  /** Calls an action as a client of the stack's account and Region would, or one of another's. Throws `AwsError`. */
  call<Output>(action: `${ServiceName}:${string}`, input: object, where?: Partial<Scope>): Output;
  /** `stack-logicalid-xxxxxxxxxxxxx`, no longer than that, for a resource that was given no name. */
  newName(maxLength: number): string;
  /** Marks a resource of EC2 as this stack's, as only AWS itself may. */
  tagAsOwn(resourceType: string, resourceId: string): void;
  /** Asks the function behind a custom resource; its answer is in `customAnswer` later. */
  readonly custom: CustomResourcePort;
  /** Nested stacks, which only the engine may tie to their parent. */
  readonly nested: NestedStackPort;
}

export interface CustomAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason?: string;
  /** Why the answer itself was not taken. */
  readonly Refused?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: PropertyValues;
}

export interface CustomResourcePort {
  request(kind: "Create" | "Update" | "Delete", before?: PropertyValues): void;
  answer(): CustomAnswer | undefined;
}

export interface NestedStackPort {
  /** Answers its id. */
  create(): string;
  /** Does nothing when there is nothing to change. */
  update(): void;
  /** Whether it was made from what is asked for now. */
  isAsAsked(): boolean;
}

/** A reason why a resource can not be had, which no call was needed for. */
export class ResourceFailure extends Error {
  override readonly name = "ResourceFailure";
}

export interface ResourceType<P = PropertyValues> {
  /** `AWS::EC2::VPC` */
  readonly name: string;
  /** The properties that are acted upon. Another one fails the resource, by name. */
  readonly properties: readonly (keyof P & string)[];
  /** What a template may write in another way than the specification has it. */
  asSpecified?(given: PropertyValues): PropertyValues;
  /** Answers the physical id. */
  create(work: ResourceWork<P>): string;
  /** Whether it is what was asked for; asked until it is. Throws when it never will be. Answers a new physical id where that is told late. */
  created?(work: ResourceWork<P>): boolean | string;
  /** Changes what may be changed in place. Without it, every change replaces the resource. */
  update?(work: ResourceWork<P>, before: P): void;
  updated?(work: ResourceWork<P>): boolean | string;
  /** Whether a change replaces the resource, where the specification says "perhaps", or where it is wrong. */
  replaces?(properties: P, before: P): boolean;
  delete(work: ResourceWork<P>): void;
  deleted?(work: ResourceWork<P>): boolean;
  /** What Fn::GetAtt gives, read from the resource as it is. */
  attributes?(work: ResourceWork<P>): { readonly [name: string]: Evaluated | undefined };
}

/**
 * A type whose handler is written against its own properties. The engine hands every handler values that were checked against the
 * specification of its type, which is what the narrowing relies on.
 */
export function resourceType<P extends object>(type: ResourceType<P>): ResourceType {
  return type as unknown as ResourceType;
}
