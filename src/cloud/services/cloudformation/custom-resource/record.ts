/** A question to the function behind a custom resource, until its answer has come. */
import type { CloudRecord } from "../../../state/record.ts";
import type { CustomAnswer } from "../resource-types/resource-type.ts";

export interface CustomRequestRecord extends CloudRecord {
  readonly Token: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ServiceToken: string;
  readonly TimeoutMs: number;
  /** JSON text of the event that the function gets, without the place for its answer. */
  readonly Event: string;
  readonly Answer?: CustomAnswer;
}
