/** Something that has happened to a stack or to one of its resources. Events stay when the stack is gone. */
import type { CloudRecord } from "../../../state/record.ts";

export interface StackEventRecord extends CloudRecord {
  readonly StackId: string;
  readonly StackName: string;
  readonly EventId: string;
  /** From 1, within the stack. */
  readonly Sequence: number;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  /** JSON text. */
  readonly ResourceProperties?: string;
  readonly ClientRequestToken?: string;
}
