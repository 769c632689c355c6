/** What a deployment or a removal tells while it goes on. */
import type { StackKey } from "./stacks.ts";

export type StackOperation = "create" | "update" | "delete" | "wait";

export type DeployEvent =
  /** Something takes its time that is not a stack's: synthesis, uploads, a cloud that does not answer. */
  | { readonly event: "doing"; readonly what: string }
  | {
      readonly event: "stack-started";
      readonly stack: StackKey;
      readonly operation: StackOperation;
      /** Resources to come, where it is known. */
      readonly total?: number;
    }
  | ResourceEvent
  | {
      readonly event: "stack-ended";
      readonly stack: StackKey;
      readonly outcome: "done" | "unchanged" | "failed";
      readonly status?: string;
      readonly reason?: string;
    }
  /** What CDK or the app says by the way. */
  | { readonly event: "said"; readonly level: "warn" | "error"; readonly text: string };

export interface ResourceEvent {
  readonly event: "resource";
  readonly stack: StackKey;
  readonly time: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly physicalId?: string;
  /** Resources that are done, of this stack. */
  readonly completed: number;
  readonly total?: number;
}

export type OnEvent = (event: DeployEvent) => void;
