/** Temporary keys. Signatures are not verified, so nobody compares the secret; it is random all the same. */
import { mintAccessKeyId } from "../../../aws/index.ts";
import type { Transaction } from "../../state/transaction.ts";

/** Temporary keys of an account, in the API's words. */
export interface TemporaryCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

export function newCredentials(
  { now, randomBytes }: Pick<Transaction, "now" | "randomBytes">,
  accountId: string,
  seconds: number,
): TemporaryCredentials {
  return {
    AccessKeyId: mintAccessKeyId(accountId, { bytes: randomBytes }),
    SecretAccessKey: base64(randomBytes(30)),
    SessionToken: base64(randomBytes(180)),
    Expiration: new Date(now + seconds * 1000),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
