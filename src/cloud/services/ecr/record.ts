/** Repositories of container images, as records: none holds an image. */
import { type CloudRecord, scopeKey } from "../../state/record.ts";

export interface RepositoryRecord extends CloudRecord {
  readonly RepositoryName: string;
  readonly ImageTagMutability: "MUTABLE" | "IMMUTABLE";
  readonly ScanOnPush: boolean;
  readonly Encryption: { readonly encryptionType: "AES256" | "KMS"; readonly kmsKey?: string };
  /** JSON text as given. */
  readonly RepositoryPolicy?: string;
  readonly LifecyclePolicy?: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

export function repositoryKey({
  OwnerId,
  Region,
  RepositoryName,
}: Pick<RepositoryRecord, "OwnerId" | "Region" | "RepositoryName">): string {
  return `${scopeKey(OwnerId, Region)}/${RepositoryName}`;
}
