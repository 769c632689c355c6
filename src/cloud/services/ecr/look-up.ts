/** Which repository a request means. A registry is an account's own: others' are not to be seen without a policy, which is kept and not evaluated. */
import { AwsError } from "../../../aws/index.ts";
import type { ActionContext } from "../action.ts";
import { type RepositoryRecord, repositoryKey } from "./record.ts";

export interface RepositoryInput {
  readonly repositoryName?: string | undefined;
  readonly registryId?: string | undefined;
}

/** Throws RepositoryNotFoundException. */
export function repositoryNamed(
  { get, caller }: Pick<ActionContext, "get" | "caller">,
  { repositoryName: RepositoryName = "", registryId = caller.accountId }: RepositoryInput,
): RepositoryRecord {
  const key = repositoryKey({ OwnerId: caller.accountId, Region: caller.region, RepositoryName });
  const record = registryId === caller.accountId ? get("repository", key) : undefined;
  if (record === undefined) {
    throw new AwsError(
      "RepositoryNotFoundException",
      `The repository with name '${RepositoryName}' does not exist in the registry with id '${registryId}'`,
    );
  }
  return record;
}

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
