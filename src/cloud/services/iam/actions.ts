/** The actions of IAM: what instances and their roles need. Nobody's permissions are evaluated in this cloud. */
import type { ListAccountAliasesCommandInput, ListAccountAliasesCommandOutput } from "@aws-sdk/client-iam";
import type { Action, Actions } from "../action.ts";
import { instanceProfileActions } from "./instance-profiles.ts";
import { policyActions } from "./policies.ts";
import { roleActions } from "./roles.ts";

const listAccountAliases: Action<ListAccountAliasesCommandInput, ListAccountAliasesCommandOutput> = () => ({
  AccountAliases: [],
  IsTruncated: false,
});

export const iamActions = {
  ...roleActions,
  ...instanceProfileActions,
  ...policyActions,
  ListAccountAliases: listAccountAliases,
} satisfies Actions;
