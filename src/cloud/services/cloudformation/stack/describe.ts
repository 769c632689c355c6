/** Stacks as the API shows them. */
import type {
  DescribeStacksCommandInput,
  DescribeStacksCommandOutput,
  ListStacksCommandInput,
  ListStacksCommandOutput,
  Stack,
  StackSummary,
} from "@aws-sdk/client-cloudformation";
import type { Action, ActionContext } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { namedStack } from "./find-stack.ts";
import type { StackRecord } from "./record.ts";

const pageSize = 100;
const pageLimits = { min: 1, max: pageSize };
const hidden = "****";

export const describeStacks: Action<DescribeStacksCommandInput, DescribeStacksCommandOutput> = (input, context) => {
  if (input.StackName) return { Stacks: [stackToApi(namedStack(input.StackName, context))] };
  const living = newestFirst(context).filter(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE");
  const { items, NextToken } = offsetPage(living, { MaxResults: pageSize, NextToken: input.NextToken }, pageLimits);
  return { Stacks: items.map(stackToApi), NextToken };
};

export const listStacks: Action<ListStacksCommandInput, ListStacksCommandOutput> = (input, context) => {
  const wanted: readonly string[] = input.StackStatusFilter ?? [];
  const stacks = newestFirst(context).filter(({ StackStatus }) => wanted.length === 0 || wanted.includes(StackStatus));
  const { items, NextToken } = offsetPage(stacks, { MaxResults: pageSize, NextToken: input.NextToken }, pageLimits);
  return { StackSummaries: items.map(summaryOf), NextToken };
};

function newestFirst(context: ActionContext): readonly StackRecord[] {
  return [...context.inScope("stack", context.caller.accountId, context.caller.region)].reverse();
}

function stackToApi(stack: StackRecord): Stack {
  const isDeleted = stack.StackStatus === "DELETE_COMPLETE";
  return {
    ...basicsOf(stack),
    ChangeSetId: stack.DeletedAt === undefined ? stack.ChangeSetId : undefined,
    Description: stack.Description,
    Parameters: stack.Parameters.map(shownParameter),
    DisableRollback: stack.DisableRollback,
    NotificationARNs: [...stack.NotificationARNs],
    RollbackConfiguration: {},
    Capabilities: [...stack.Capabilities] as Stack["Capabilities"],
    Outputs: stack.Outputs.map((output) => ({ ...output })),
    RoleARN: stack.RoleARN,
    Tags: stack.Tags.map((tag) => ({ ...tag })),
    TimeoutInMinutes: stack.TimeoutInMinutes,
    ...(!isDeleted && { EnableTerminationProtection: stack.EnableTerminationProtection }),
  };
}

/** A secret shows as stars. */
export function shownParameter({
  ParameterKey,
  ParameterValue,
  ResolvedValue,
  NoEcho,
}: StackRecord["Parameters"][number]) {
  return {
    ParameterKey,
    ParameterValue: NoEcho ? hidden : ParameterValue,
    ...(ResolvedValue !== undefined && { ResolvedValue: NoEcho ? hidden : ResolvedValue }),
  };
}

function summaryOf(stack: StackRecord): StackSummary {
  return { ...basicsOf(stack), TemplateDescription: stack.Description };
}

function basicsOf(stack: StackRecord) {
  return {
    StackId: stack.StackId,
    StackName: stack.StackName,
    CreationTime: new Date(stack.CreatedAt),
    LastUpdatedTime: stack.LastUpdatedAt === undefined ? undefined : new Date(stack.LastUpdatedAt),
    DeletionTime: stack.DeletedAt === undefined ? undefined : new Date(stack.DeletedAt),
    StackStatus: stack.StackStatus,
    StackStatusReason: stack.StackStatusReason,
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" as const },
    ParentId: stack.ParentId,
    RootId: stack.RootId,
  };
}
