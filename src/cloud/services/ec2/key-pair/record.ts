/** A key pair; the private half is given once and not kept. */
import type { CloudRecord } from "../../../state/record.ts";

export interface KeyPairRecord extends CloudRecord {
  /** `key-…` */
  readonly KeyPairId: string;
  readonly KeyName: string;
  readonly KeyType: "rsa" | "ed25519";
  readonly KeyFingerprint: string;
  /** OpenSSH form. */
  readonly PublicKey: string;
}
