/** The actions of ECR, as far as a CDK bootstrap asks: repositories and their policies. There is no registry behind them: images cannot be pushed. */
import type { Actions } from "../action.ts";
import { repositoryPolicyActions } from "./policies.ts";
import { repositoryActions } from "./repositories.ts";

export const ecrActions = { ...repositoryActions, ...repositoryPolicyActions } satisfies Actions;
