/** A question to the function behind a custom resource, until its answer has come. */
import type { CloudRecord } from "../../../state/record.ts";
import type { CustomAnswer } from "../resource-types/resource-type.ts";

export interface CustomRequestRecord extends CloudRecord {
  /** Part of the address that the answer goes to: who knows it may answer. */
  readonly Token: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ServiceToken: string;
  /** JSON text of the event that the function gets. */
  readonly Event: string;
  readonly Answer?: CustomAnswer;
}
