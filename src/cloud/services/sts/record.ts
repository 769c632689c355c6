/** A role session that AssumeRole made: temporary keys, and whom they are. */
import type { CloudRecord } from "../../state/record.ts";

/** `OwnerId` is the role's account. */
export interface RoleSessionRecord extends CloudRecord {
  /** `ASIA…`; the account is encoded in it, so that the key works even after the row has expired. */
  readonly AccessKeyId: string;
  readonly RoleArn: string;
  readonly RoleId: string;
  readonly RoleSessionName: string;
  /** Milliseconds since the epoch. */
  readonly ExpiresAt: number;
}
