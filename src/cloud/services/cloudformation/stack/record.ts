/** A stack: what was asked for, what it has become, and the operation that is under way. */
import type { CloudRecord } from "../../../state/record.ts";

export type StackStatus =
  | "REVIEW_IN_PROGRESS"
  | "CREATE_IN_PROGRESS"
  | "CREATE_COMPLETE"
  | "CREATE_FAILED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_COMPLETE"
  | "ROLLBACK_FAILED"
  | "UPDATE_IN_PROGRESS"
  | "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
  | "UPDATE_COMPLETE"
  | "UPDATE_FAILED"
  | "UPDATE_ROLLBACK_IN_PROGRESS"
  | "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
  | "UPDATE_ROLLBACK_COMPLETE"
  | "UPDATE_ROLLBACK_FAILED"
  | "DELETE_IN_PROGRESS"
  | "DELETE_COMPLETE"
  | "DELETE_FAILED";

export interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

export interface StackParameter {
  readonly ParameterKey: string;
  readonly ParameterValue: string;
  /** What the name stands for, of a parameter of Systems Manager. */
  readonly ResolvedValue?: string;
  readonly NoEcho?: true;
}

export interface StackOutput {
  readonly OutputKey: string;
  readonly OutputValue: string;
  readonly Description?: string | undefined;
  readonly ExportName?: string;
}

/** What a template, with its parameters, makes of a stack. */
export interface StackDefinition {
  readonly TemplateBody: string;
  readonly Description?: string | undefined;
  readonly Parameters: readonly StackParameter[];
  readonly Tags: readonly StackTag[];
  readonly Capabilities: readonly string[];
  readonly NotificationARNs: readonly string[];
  readonly RoleARN?: string | undefined;
}

/** What is being done to a stack. It is in the record, so that a cloud that was killed goes on with it. */
export interface StackOperation {
  readonly StartedAt: number;
  /** Rises with every phase: a resource that carries it has been seen to. */
  readonly Phase: number;
  /** Resources that failed in this phase, in order. */
  readonly Failed: readonly string[];
  /** Fails the whole operation before it has touched a resource. */
  readonly Refused?: string;
  /** What an update returns to when it fails. */
  readonly Before?: StackDefinition & Pick<StackRecord, "Outputs" | "Imports">;
  readonly OnFailure: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  /** Resources that a deletion leaves alone. */
  readonly RetainResources: readonly string[];
  /** Resources that a rollback leaves as they are. */
  readonly ResourcesToSkip?: readonly string[];
  readonly ClientRequestToken?: string;
}

export interface StackRecord extends CloudRecord, StackDefinition {
  /** `arn:aws:cloudformation:…:stack/name/uuid` */
  readonly StackId: string;
  readonly StackName: string;
  readonly StackStatus: StackStatus;
  readonly StackStatusReason?: string;
  readonly Outputs: readonly StackOutput[];
  /** Names of exports that its resources use. */
  readonly Imports: readonly string[];
  readonly DisableRollback: boolean;
  readonly EnableTerminationProtection: boolean;
  readonly TimeoutInMinutes?: number;
  /** The change set that the stack was last made from. */
  readonly ChangeSetId?: string;
  readonly LastUpdatedAt?: number;
  readonly DeletedAt?: number;
  /** The stack that this one is a resource of, and the first of the line. */
  readonly ParentId?: string;
  readonly RootId?: string;
  readonly Operation?: StackOperation;
  /** What it was before updates that failed and were not rolled back: where a rollback still leads. */
  readonly BeforeFailure?: NonNullable<StackOperation["Before"]>;
  /** How many events it has had. */
  readonly EventCount: number;
  /** Milliseconds since 1970; no two events of a stack have the same. */
  readonly LastEventAt?: number;
}
