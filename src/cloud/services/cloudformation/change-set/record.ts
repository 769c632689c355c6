/** A change set: what a stack would become, for a person to review. */
import type { CloudRecord } from "../../../state/record.ts";
import type { StackDefinition } from "../stack/record.ts";

export type ChangeSetStatus = "CREATE_PENDING" | "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "FAILED";

export interface ChangeSetRecord extends CloudRecord {
  readonly ChangeSetId: string;
  readonly ChangeSetName: string;
  readonly StackId: string;
  readonly StackName: string;
  readonly ChangeSetType: "CREATE" | "UPDATE";
  readonly Status: ChangeSetStatus;
  readonly ExecutionStatus:
    | "UNAVAILABLE"
    | "AVAILABLE"
    | "EXECUTE_IN_PROGRESS"
    | "EXECUTE_COMPLETE"
    | "EXECUTE_FAILED"
    | "OBSOLETE";
  /** The change set's own description. */
  readonly ChangeSetDescription?: string;
  readonly Definition: StackDefinition;
  readonly OnStackFailure?: string;
  readonly IncludeNestedStacks: boolean;
  /** Why it has failed, once it is seen to have. */
  readonly Fault?: string;
  /** JSON text of the changes with their values. */
  readonly Changes: string;
  /** A warning about values that are not known. */
  readonly Warning?: string;
  readonly ClientRequestToken?: string;
}
