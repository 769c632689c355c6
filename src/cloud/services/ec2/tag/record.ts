/** The tags that one account, in one Region, has put on one resource. Tags on a shared resource are private to each side. [PX-6] */
import type { CloudRecord } from "../../../state/record.ts";

/** `OwnerId` and `Region` are the tagger's. */
export interface TagRecord extends CloudRecord {
  readonly ResourceId: string;
  /** The EC2 resource type, e.g. `vpc-peering-connection`. */
  readonly ResourceType: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}
