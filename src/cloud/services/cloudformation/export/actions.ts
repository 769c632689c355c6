/** What stacks export to others, and who uses it. */
import type {
  ListExportsCommandInput,
  ListExportsCommandOutput,
  ListImportsCommandInput,
  ListImportsCommandOutput,
} from "@aws-sdk/client-cloudformation";
import { scopeKey } from "../../../state/record.ts";
import type { Action, Actions } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { validationError } from "../errors.ts";

const pageSize = 100;
const pageLimits = { min: 1, max: pageSize };

const listExports: Action<ListExportsCommandInput, ListExportsCommandOutput> = ({ NextToken: token }, context) => {
  const { accountId, region } = context.caller;
  const exports = context
    .inScope("stack", accountId, region)
    .flatMap(({ StackId, Outputs }) =>
      Outputs.flatMap(({ ExportName, OutputValue }) =>
        ExportName === undefined ? [] : [{ ExportingStackId: StackId, Name: ExportName, Value: OutputValue }],
      ),
    );
  const { items, NextToken } = offsetPage(exports, { MaxResults: pageSize, NextToken: token }, pageLimits);
  return { Exports: items, NextToken };
};

const listImports: Action<ListImportsCommandInput, ListImportsCommandOutput> = (input, context) => {
  const { accountId, region } = context.caller;
  const key = `${scopeKey(accountId, region)}/${input.ExportName ?? ""}`;
  const names = context.by("stack", "import", key).map(({ StackName }) => StackName);
  if (names.length === 0) throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
  const { items, NextToken } = offsetPage(names, { MaxResults: pageSize, NextToken: input.NextToken }, pageLimits);
  return { Imports: items, NextToken };
};

export const exportActions = { ListExports: listExports, ListImports: listImports } satisfies Actions;
