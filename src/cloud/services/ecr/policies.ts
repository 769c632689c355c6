/** The policies of a repository: kept as they were given, and not evaluated. */
import type {
  DeleteLifecyclePolicyCommandInput,
  DeleteLifecyclePolicyCommandOutput,
  DeleteRepositoryPolicyCommandInput,
  DeleteRepositoryPolicyCommandOutput,
  GetLifecyclePolicyCommandInput,
  GetLifecyclePolicyCommandOutput,
  GetRepositoryPolicyCommandInput,
  GetRepositoryPolicyCommandOutput,
  PutLifecyclePolicyCommandInput,
  PutLifecyclePolicyCommandOutput,
  SetRepositoryPolicyCommandInput,
  SetRepositoryPolicyCommandOutput,
} from "@aws-sdk/client-ecr";
import { AwsError } from "../../../aws/index.ts";
import type { Action, Actions } from "../action.ts";
import { invalid, repositoryNamed } from "./look-up.ts";
import type { RepositoryRecord } from "./record.ts";

const setRepositoryPolicy: Action<SetRepositoryPolicyCommandInput, SetRepositoryPolicyCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  const policyText = checkedJson(input.policyText, "policyText");
  context.put("repository", { ...record, RepositoryPolicy: policyText });
  return { ...named(record), policyText };
};

const getRepositoryPolicy: Action<GetRepositoryPolicyCommandInput, GetRepositoryPolicyCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  return { ...named(record), policyText: repositoryPolicyOf(record) };
};

const deleteRepositoryPolicy: Action<DeleteRepositoryPolicyCommandInput, DeleteRepositoryPolicyCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  const policyText = repositoryPolicyOf(record);
  const { RepositoryPolicy: _, ...without } = record;
  context.put("repository", without);
  return { ...named(record), policyText };
};

const putLifecyclePolicy: Action<PutLifecyclePolicyCommandInput, PutLifecyclePolicyCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  const lifecyclePolicyText = checkedJson(input.lifecyclePolicyText, "LifecyclePolicyText");
  context.put("repository", { ...record, LifecyclePolicy: lifecyclePolicyText });
  return { ...named(record), lifecyclePolicyText };
};

const getLifecyclePolicy: Action<GetLifecyclePolicyCommandInput, GetLifecyclePolicyCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  return { ...named(record), lifecyclePolicyText: lifecyclePolicyOf(record) };
};

const deleteLifecyclePolicy: Action<DeleteLifecyclePolicyCommandInput, DeleteLifecyclePolicyCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  const lifecyclePolicyText = lifecyclePolicyOf(record);
  const { LifecyclePolicy: _, ...without } = record;
  context.put("repository", without);
  return { ...named(record), lifecyclePolicyText };
};

export const repositoryPolicyActions = {
  SetRepositoryPolicy: setRepositoryPolicy,
  GetRepositoryPolicy: getRepositoryPolicy,
  DeleteRepositoryPolicy: deleteRepositoryPolicy,
  PutLifecyclePolicy: putLifecyclePolicy,
  GetLifecyclePolicy: getLifecyclePolicy,
  DeleteLifecyclePolicy: deleteLifecyclePolicy,
} satisfies Actions;

function named({ OwnerId, RepositoryName }: RepositoryRecord): {
  readonly registryId: string;
  readonly repositoryName: string;
} {
  return { registryId: OwnerId, repositoryName: RepositoryName };
}

function repositoryPolicyOf({ RepositoryPolicy, RepositoryName, OwnerId }: RepositoryRecord): string {
  if (RepositoryPolicy === undefined) {
    throw new AwsError(
      "RepositoryPolicyNotFoundException",
      `Repository policy does not exist for the repository with name '${RepositoryName}' in the registry with id '${OwnerId}'`,
    );
  }
  return RepositoryPolicy;
}

function lifecyclePolicyOf({ LifecyclePolicy, RepositoryName, OwnerId }: RepositoryRecord): string {
  if (LifecyclePolicy === undefined) {
    throw new AwsError(
      "LifecyclePolicyNotFoundException",
      `Lifecycle policy does not exist for the repository with name '${RepositoryName}' in the registry with id '${OwnerId}'`,
    );
  }
  return LifecyclePolicy;
}

function checkedJson(text: string | undefined, member: string): string {
  try {
    JSON.parse(text ?? "");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(`Invalid parameter at '${member}' failed to satisfy constraint: 'Invalid policy: it is not JSON'`);
  }
  return text ?? "";
}
