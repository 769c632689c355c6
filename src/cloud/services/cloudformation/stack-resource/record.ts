/** A resource of a stack: what it was made from, what it is, and what is being done to it. */
import type { Evaluated } from "../../../../ingest/index.ts";
import type { CloudRecord } from "../../../state/record.ts";

export interface PropertyValues {
  readonly [name: string]: Evaluated;
}

/** What an update changes, and a failed update brings back. */
export interface ResourceState {
  readonly ResourceType: string;
  readonly PhysicalResourceId: string;
  /** Evaluated, and of the types that the specification gives them. */
  readonly Properties: PropertyValues;
  /** What Fn::GetAtt gives. */
  readonly Attributes: PropertyValues;
  /** The resources that must be there while this one is. */
  readonly Dependencies: readonly string[];
  readonly DeletionPolicy: string;
  readonly UpdateReplacePolicy: string;
  /** The stack's own tags, which it carries besides those of its properties. */
  readonly StackTags: readonly { readonly Key: string; readonly Value: string }[];
  /** JSON text. */
  readonly Metadata?: string | undefined;
}

export interface StackResourceRecord extends CloudRecord, ResourceState {
  readonly StackId: string;
  readonly StackName: string;
  readonly LogicalResourceId: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly UpdatedAt: number;
  /** Under way; looked at again at `PollAt`. */
  readonly Progress?: {
    readonly Step: "create" | "update" | "delete";
    readonly Since: number;
    readonly PollAt: number;
    /** How often it was looked at in vain. */
    readonly Looks?: number;
    /** The deletion was refused for the sake of something else, and is to be tried again. */
    readonly Again?: true;
  };
  /** The phase of the operation that has seen to it. */
  readonly Phase?: number;
  /** As it was before the update that is under way. */
  readonly Before?: ResourceState & { readonly ResourceStatus: string };
  /** Made by the operation that is under way. */
  readonly Fresh?: true;
  /** No longer the resource of its name: another has taken its place, and it is to be deleted. */
  readonly Leaving?: true;
}

export function stackResourceId({
  StackId,
  LogicalResourceId,
  PhysicalResourceId,
  Leaving,
}: Pick<StackResourceRecord, "StackId" | "LogicalResourceId" | "PhysicalResourceId" | "Leaving">): string {
  const name = `${StackId}/${LogicalResourceId}`;
  return Leaving ? `${name}/${PhysicalResourceId}` : name;
}

/** Only the memory of it is left. */
export function isGone({ ResourceStatus }: StackResourceRecord): boolean {
  return ResourceStatus === "DELETE_COMPLETE" || ResourceStatus === "DELETE_SKIPPED";
}
